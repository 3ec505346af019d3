"""Start an export from any page; the page of exports then shows how far it is."""

import streamlit as st

from actions.exports import asker, request_export
from database.errors import InputError
from reports.exports import ExportRequest
from ui.export_words import TYPE_LABELS
from ui.viewer import Viewer

STARTED = "export_started"


def start_export(seen_by: Viewer, request: ExportRequest) -> bool:
    """Ask for it in the name of whoever looks; False, and the reason on the page, where it is refused."""
    try:
        by = asker(seen_by.account, seen_by.creator_id)
        request_export(by, seen_by.creator_id, request.type, request.format, request.stored_filters())
    except InputError as error:
        st.error(str(error))
        return False
    st.session_state[STARTED] = f"{TYPE_LABELS[request.type]}: the export has started."
    return True


def tell_what_started() -> None:
    """Once, on the page of exports, whichever page it was started from."""
    if STARTED in st.session_state:
        st.toast(st.session_state.pop(STARTED), icon=":material/hourglass_top:")
