"""The recent files: running, ready and failed; updated live while something is running."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from actions.exports import cancel_export, requester
from queries.courses.names import course_and_run_names
from queries.exports.known import Export, exports, students_of_exports
from queries.exports.waiting import Waiting, reasons_for_waiting
from reports.links import download_link
from rules.formatting import dated, size
from ui.account.viewer import Viewer
from ui.exports.labels import STATUS_BADGES, asked_by, filters_in_words, moment, progress, rows, title
from ui.shared.empty import nothing_yet
from ui.shared.errors import database_trouble_explained
from ui.shared.gathering import gathering
from ui.shared.text import plain

SECONDS_BETWEEN_LOOKS = 2
SHOWN_AT_FIRST = 10
RUNNING, SHOW_ALL = "exports_running", "exports_show_all"


def export_history(seen_by: Viewer) -> None:
    """Every export, newest first; polls every two seconds while one is unfinished."""
    found = exports(seen_by.creator_id)
    is_live = any(one.is_unfinished for one in found)
    look = st.fragment(_history, run_every=SECONDS_BETWEEN_LOOKS if is_live else None)
    look(seen_by, is_live, [found])


def _history(seen_by: Viewer, is_live: bool, just_read: list[list[Export]]) -> None:
    """When the page runs, it shows what the page has just read; as a fragment it reads again."""
    with database_trouble_explained():
        with gathering():
            found = just_read.pop() if just_read else exports(seen_by.creator_id)
            waiting = reasons_for_waiting(found)
            names = course_and_run_names(seen_by.creator_id) | students_of_exports(seen_by.creator_id, found)
        _tell_what_ended(found)
        if is_live and not any(one.is_unfinished for one in found):
            st.rerun()  # reruns the page, and stops polling
        _list(seen_by, found, waiting, names)


def _list(seen_by: Viewer, found: list[Export], waiting: dict[UUID, Waiting], names: Mapping[str, str]) -> None:
    if not found:
        nothing_yet("No files yet.", "Choose the data above; the file appears here as soon as it is ready.")
        return
    is_all = st.session_state.get(SHOW_ALL, False) or len(found) <= SHOWN_AT_FIRST
    for one in found if is_all else found[:SHOWN_AT_FIRST]:
        _card(seen_by, one, waiting.get(one.id), names)
    if not is_all:
        st.button(f"Show {len(found) - SHOWN_AT_FIRST} earlier files", on_click=_show_all)


def _card(seen_by: Viewer, one: Export, waiting: Waiting | None, names: Mapping[str, str]) -> None:
    with (
        st.container(border=True, key=f"export_{one.id}"),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
    ):
        with st.container(width="stretch"):
            st.markdown(f"**{title(one)}** {STATUS_BADGES[one.status]}")
            st.caption(_details(one, seen_by.creator.timezone, names))
            if one.is_unfinished:
                _bar(one, waiting)
            elif one.error_message:
                st.markdown(plain(one.error_message))
        if one.status == "completed":
            link = download_link(seen_by.creator_id, one.id)
            st.link_button("Download", link.path, icon=":material/download:", key=f"download_{one.id}")
        if one.is_unfinished:
            st.button(
                "Cancel", key=f"cancel_{one.id}", icon=":material/close:", on_click=_cancel, args=(seen_by, one.id)
            )


def _details(one: Export, timezone: str, names: Mapping[str, str]) -> str:
    parts = [filters_in_words(one.export_type, one.filters, names), asked_by(one), moment(one.created_at, timezone)]
    if one.status == "completed" and one.file_size_bytes is not None:
        parts += [rows(one.rows_written), size(one.file_size_bytes), f"kept until {_day(one, timezone)}"]
    return " · ".join(parts)


def _day(one: Export, timezone: str) -> str:
    return dated(one.kept_until.astimezone(ZoneInfo(timezone)))


def _bar(one: Export, waiting: Waiting | None) -> None:
    share, words = progress(one)
    st.progress(share, words if waiting is None or waiting.is_stuck else waiting.reason)
    if waiting and waiting.is_stuck:
        st.warning(waiting.reason, icon=":material/hourglass_disabled:")


def _tell_what_ended(found: list[Export]) -> None:
    """A toast for each export that ended while the page was open."""
    running = st.session_state.get(RUNNING, frozenset())
    for one in found:
        if one.id in running and one.status == "completed":
            st.toast(f"{title(one)} is ready.", icon=":material/check:")
        if one.id in running and one.status == "failed":
            st.toast(f"{title(one)} failed.", icon=":material/error:")
    st.session_state[RUNNING] = frozenset(one.id for one in found if one.is_unfinished)


def _cancel(seen_by: Viewer, export_id: UUID) -> None:
    cancel_export(requester(seen_by.account, seen_by.creator_id), seen_by.creator_id, export_id)


def _show_all() -> None:
    st.session_state[SHOW_ALL] = True
