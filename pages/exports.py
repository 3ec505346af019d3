"""The page for exporting a creator's data. Staff may export too; the export log records who did."""

import streamlit as st

from queries.overview.data_there import data_there
from rules.sentences import always
from ui.account.viewer import viewer
from ui.exports.form import export_form
from ui.exports.history import export_history
from ui.exports.start import start_export, tell_what_started
from ui.own_data.missing import missing_note

seen_by = viewer()

there = data_there(seen_by.creator_id)

st.title("Exports")
st.write("Files are created in the background, with the same filters and figures as the pages.")
missing_note(there)
tell_what_started()

with st.container(border=True):
    st.header("New export")
    request = export_form(seen_by)
    is_asked = st.button("Create file", type="primary", icon=":material/download:", disabled=request is None)
    if is_asked and request and start_export(seen_by, request):
        st.rerun()  # so that the history below starts polling

st.header("Recent files")
st.caption(
    always(
        "Download links work for 24 hours, for anyone who has them; this page creates a new one each time. "
        "Files are deleted after 30 days."
    )
)
export_history(seen_by)
