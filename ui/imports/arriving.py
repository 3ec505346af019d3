"""Choosing files of rows and sending them, and the list of those that are still arriving."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from actions.arriving_files import EXTENSIONS, ArrivingRows
from actions.uploads import begin_file, cancel_upload, retry_upload
from queries.imports.files import ImportFile
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.uploads.component import Kind, choice, listed, note_begun, upload_row

FILES = Kind(
    EXTENSIONS,
    "Drop a CSV file or an Excel workbook here",
    "Drop CSV files or Excel workbooks here",
    "CSV, Excel or a tracking log, up to 2 GB. You can visit other pages meanwhile.",
)


def choose_files(seen_by: Viewer) -> None:
    """A place to drop files; those that were dropped begin to arrive."""
    with acting():
        chosen = choice("import_choice", FILES, several=True)
        for one in chosen:
            file = ArrivingRows(one.name, one.size_bytes, one.modified_ms, one.head)
            note_begun(begin_file(seen_by.account, seen_by.creator_id, file), one.token)
        if chosen:
            st.rerun()


def arriving_list(seen_by: Viewer, files: Sequence[ImportFile]) -> None:
    """Files that are arriving or failed to, with what can be done about each."""
    if not files:
        return
    rows = [upload_row(seen_by.creator_id, one, is_replaceable=False) for one in files]
    told = listed("import_uploads", FILES, rows)
    with acting():
        if told.get("cancelled"):
            cancel_upload(seen_by.account, seen_by.creator_id, UUID(told["cancelled"]))
        if told.get("retried"):
            retry_upload(seen_by.account, seen_by.creator_id, UUID(told["retried"]))
    if told.get("cancelled") or told.get("retried") or told.get("ended"):
        st.rerun()
