"""The script that runs for every page: who is it, which pages, then the page."""

import secrets

import streamlit as st

from database.logs import about
from database.settings import PROJECT_DIR
from queries.caching import looking_up_once
from ui.errors import database_trouble_explained
from ui.filters import forget_other_pages
from ui.frame import top_bar
from ui.gate import access_denied
from ui.navigation import locked_pages, pages_for
from ui.sign_in import sign_in
from ui.viewer import needs_upgrade, signed_in_account

ASSETS = PROJECT_DIR / "ui" / "assets"

about.set({"requestId": secrets.token_hex(8)})  # of this run, in every line of the log; its thread is its own
st.set_page_config(page_title="Creator Dashboard", page_icon="📊", layout="wide")
st.logo(ASSETS / "logo.svg", size="large")
st.html(ASSETS / "style.css")

with database_trouble_explained():
    account = signed_in_account()
    # Navigation comes first on every run, and offers only what the viewer may open: every
    # address then leads to the sign-in or to the gate, and stays in the URL meanwhile.
    if account is None:
        st.navigation(locked_pages(sign_in), position="hidden").run()
    elif needs_upgrade(account):
        st.navigation(locked_pages(access_denied), position="hidden").run()
    else:
        page = st.navigation(pages_for(account))
        forget_other_pages(page.url_path)
        with looking_up_once():  # what a run writes, it shows in the next one: every change ends in a rerun
            top_bar(account)
            page.run()
