"""Start an export from any page; the exports page then shows its progress."""

import streamlit as st

from actions.exports import request_export, requester
from reports.exports import ExportRequest
from rules.errors import InputError
from ui.account.viewer import Viewer
from ui.exports.labels import TYPE_LABELS
from ui.shared.flash import RUNNING_ICON, keep_message, show_message

STARTED = "export_started"


def start_export(seen_by: Viewer, request: ExportRequest) -> bool:
    """Request it for the signed-in account; False, with the reason on the page, if it is refused."""
    try:
        by = requester(seen_by.account, seen_by.creator_id)
        request_export(by, seen_by.creator_id, request.type, request.format, request.stored_filters())
    except InputError as error:
        st.error(str(error))
        return False
    keep_message(STARTED, f"{TYPE_LABELS[request.type]}: the file is being created.")
    return True


def tell_what_started() -> None:
    """Show the message once, on the exports page, whichever page it was started from."""
    show_message(STARTED, "toast", icon=RUNNING_ICON)
