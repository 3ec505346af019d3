"""What failed and was skipped, for staff."""

from collections.abc import Mapping
from uuid import UUID

import pandas as pd
import streamlit as st

from actions.staff import settle_failure
from database.frames import records
from queries.staff import LATEST, FailureRow
from rules.formatting import agreeing, grouped
from ui.shared.empty import nothing_yet
from ui.shared.flash import keep_message, show_message
from ui.table.address import ListAddress, Order
from ui.table.cells import moment, named, number, words
from ui.table.table import Column, Row, whole_list

SETTLED = "staff_failure_settled"
FAILURES = ListAddress.of("failure", Order("last", "desc"))
COLUMNS = (
    Column("problem", "Problem", "name", "asc"),
    Column("creator", "Creator", sorts="asc"),
    Column("error", "Error", sorts="asc"),
    Column("times", "Times", "number", "desc"),
    Column("last", "Last (UTC)", "time", "desc"),
    Column("first", "Since (UTC)", "time", "desc"),
    Column("place", "Place"),
)
FIELDS = {
    "problem": "kind",
    "creator": "creator",
    "error": "error",
    "times": "times",
    "last": "last_at",
    "first": "first_at",
}
WHAT = {
    "refresh": "Figures not refreshed",
    "import_errors": "Refused lines of an import not removed",
    "import_recovery": "Import of a dead worker not recovered",
    "import_hand_over": "Import not queued",
    "digest": "Weekly digest not scheduled",
    "alert": "Alert not created",
    "mail": "Email not written or sent",
    "mail_of_creator": "A creator's emails not checked",
    "mail_contents": "Old email contents not deleted",
    "xapi": "xAPI statements not turned into figures",
    "door_counts": "Old counts of incoming events not deleted",
    "recipient": "No email to one recipient",
    "export_recovery": "Export of a lost worker not recovered",
    "export_hand_over": "Waiting export not started",
    "export_removal": "Old export not removed",
    "export_without_file": "Missing file not recorded",
    "file_without_export": "Stray file not removed",
    "archiving": "Old rows not archived",
    "archive_without_file": "File of an archive missing in storage",
    "archive_without_need": "File of an archive not removed",
    "unfinished_file": "Unfinished file not removed",
    "scratch_file": "Leftover temporary file not removed",
    "import_upkeep": "What old imports refused not removed",
    "upload_recovery": "Upload of a lost worker not recovered",
    "upload_hand_over": "Upload that has arrived not checked",
    "upload_abandonment": "Abandoned upload not ended",
    "upload_removal": "Files of an ended upload not removed",
    "part_without_upload": "Stray part of an upload not removed",
    "report": "Report not created",
    "report_request": "Report not requested",
    "report_download": "Report missing from a download",
    "job": "Job of a lost worker not resumed",
}


def failure_warning(failures: pd.DataFrame) -> None:
    """A prominent line at the top, if there are failures."""
    if len(failures) == 0:
        return
    number = f"{grouped(len(failures))} or more" if len(failures) == LATEST else grouped(len(failures))
    said = f"{number} {agreeing(len(failures), 'task failed and was', 'tasks failed and were')}"
    st.error(f"{said} skipped; everything else went on. See **Failures** below.", icon=":material/error:")


def failure_list(failures: pd.DataFrame, staff_id: UUID) -> None:
    """Takes the frame of `queries.staff.failures`; below the table is a form to remove one."""
    show_message(SETTLED)
    if failures.empty:
        nothing_yet(
            "Nothing has failed.",
            "If something fails for one creator, email or export, it appears here; everything else goes on.",
        )
        return

    def described(part: pd.DataFrame) -> list[Row]:
        return [_row(row) for row in records(part, FailureRow)]

    whole_list(FAILURES, "Failures", COLUMNS, failures, described, FIELDS)
    st.caption("Items are retried automatically and leave the list when they succeed. The log has the same messages.")
    _settling({(row.kind, row.item): row for row in records(failures, FailureRow)}, staff_id)


def _settling(listed: Mapping[tuple[str, str], FailureRow], staff_id: UUID) -> None:
    with st.form("settle_failure", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            "Remove from the list",
            list(listed),
            index=None,
            format_func=lambda key: _label(listed[key]),
            placeholder="Choose a failure",
            help="For problems that were solved in another way. If it fails again, it comes back.",
        )
        if st.form_submit_button("Mark as resolved", icon=":material/done_all:"):
            if chosen is None:
                st.error("Choose a failure first.")
                return
            settle_failure(staff_id, *chosen)
            keep_message(SETTLED, f"Removed from the list: {_label(listed[chosen])}")
            st.rerun()


def _label(row: FailureRow) -> str:
    return f"{WHAT.get(row.kind, row.kind)} ({row.creator or row.item})"


def _row(row: FailureRow) -> Row:
    cells = (
        named(WHAT.get(row.kind, row.kind), row.item),
        words(row.creator),
        words(row.error),
        number(row.times),
        moment(row.last_at, "UTC", with_seconds=True),
        moment(row.first_at, "UTC", with_seconds=True),
        words(row.place),
    )
    return Row(f"{row.kind} {row.item}", cells)
