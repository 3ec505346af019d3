"""The page that explains which figures are counted differently from before."""

import streamlit as st

from database.settings import PROJECT_DIR
from rules.sentences import always
from ui.account.viewer import viewer

WORDS = PROJECT_DIR / "docs" / "changed-figures.md"
WIDTH = 760

viewer()
title, _, words = WORDS.read_text(encoding="utf-8").partition("\n")
st.title(title.removeprefix("# "))
with st.container(width=WIDTH):
    st.markdown(always(words))
