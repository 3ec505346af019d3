"""The creator's data as files: the page. Staff may export too; the ledger says who asked."""

import streamlit as st

from ui.export_form import export_form
from ui.export_history import export_history
from ui.export_start import start_export, tell_what_started
from ui.viewer import viewer

seen_by = viewer()

st.title("Exports")
st.write("Files are written in the background, with the filters and figures of the pages.")
tell_what_started()

with st.container(border=True):
    st.header("New export")
    request = export_form(seen_by)
    is_asked = st.button("Start the export", type="primary", icon=":material/download:", disabled=request is None)
    if is_asked and request and start_export(seen_by, request):
        st.rerun()  # the history below begins to look

st.header("Exports so far")
st.caption(
    "A download link works for 24 hours, and whoever has it can use it; this page makes a new one each time. "
    "Files are removed after 30 days."
)
export_history(seen_by)
