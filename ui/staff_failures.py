"""What failed and was left out while the rest went on, for staff."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from actions.staff import settle_failure
from database.frames import records
from queries.staff import LATEST
from ui.empty import nothing_yet

SETTLED = "staff_failure_settled"
WHAT = {
    "refresh": "Figures not recomputed",
    "digest": "Weekly digest not scheduled",
    "alert": "Alert not asked for",
    "mail": "Mail not written or sent",
    "mail_of_creator": "A creator's mail not looked at",
    "mail_contents": "Old mails not forgotten",
    "recipient": "No mail to one recipient",
    "export_recovery": "Export of a lost worker not given back",
    "export_hand_over": "Waiting export not handed over",
    "export_removal": "Old export not removed",
    "export_without_file": "Missing file not noted",
    "file_without_export": "Stray file not removed",
    "unfinished_file": "Unfinished file not removed",
    "scratch_file": "Forgotten scratch file not removed",
    "report": "Report not made",
    "report_request": "Report not asked for",
    "report_download": "Report missing from a download",
    "job": "Job of a lost worker not taken up",
}


def failure_warning(failures: pd.DataFrame) -> None:
    """One loud line above everything, where there is something to look at."""
    if len(failures) == 0:
        return
    number = f"{len(failures)} or more" if len(failures) == LATEST else str(len(failures))
    said = "1 thing failed and was" if len(failures) == 1 else f"{number} things failed and were"
    st.error(f"{said} left out while the rest went on: see **Failures** below.", icon=":material/error:")


def failure_list(failures: pd.DataFrame, staff_id: UUID) -> None:
    """Takes the frame of `queries.staff.failures`; below the table the way to take one off it."""
    if SETTLED in st.session_state:
        st.success(st.session_state.pop(SETTLED), icon=":material/check:")
    if failures.empty:
        nothing_yet("Nothing has failed.", "What fails for one creator, mail or export appears here; the rest goes on.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Last (UTC)": _utc(failures["last_at"]),
                "What": failures["kind"].map(lambda kind: WHAT.get(kind, kind)),
                "Creator": failures["creator"].fillna("-"),
                "Error": failures["error"],
                "Times": failures["times"],
                "Since (UTC)": _utc(failures["first_at"]),
                "Item": failures["item"],
                "Place": failures["place"],
            }
        ),
        hide_index=True,
        column_config={
            name: st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss")
            for name in ("Last (UTC)", "Since (UTC)")
        },
        alt="Failures, the latest first",
    )
    st.caption("An item leaves the list when it succeeds. It is tried again by itself; the log has the same words.")
    _settling({(row["kind"], row["item"]): row for row in records(failures)}, staff_id)


def _settling(listed: Mapping[tuple[str, str], Mapping[str, Any]], staff_id: UUID) -> None:
    with st.form("settle_failure", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            "Take off the list",
            list(listed),
            index=None,
            format_func=lambda key: _label(listed[key]),
            placeholder="Choose a failure that needs nothing more",
            help="For what was settled in another way. Should it fail again, it comes back.",
        )
        if st.form_submit_button("It is settled", icon=":material/done_all:"):
            if chosen is None:
                st.error("No failure is chosen; choose one first.")
                return
            settle_failure(staff_id, *chosen)
            st.session_state[SETTLED] = f"Taken off the list: {_label(listed[chosen])}"
            st.rerun()


def _label(row: Mapping[str, Any]) -> str:
    return f"{WHAT.get(row['kind'], row['kind'])} ({row['creator'] or row['item']})"


def _utc(instants: "pd.Series[Any]") -> "pd.Series[Any]":
    return pd.to_datetime(instants, utc=True).dt.tz_localize(None)
