"""The exports so far: what is running, what is ready, what failed; live while something runs."""

from uuid import UUID

import streamlit as st

from actions.exports import asker, cancel_export
from queries.export_waiting import Waiting, reasons_for_waiting
from queries.exports import Export, exports
from reports.links import download_link
from ui.empty import nothing_yet
from ui.errors import database_trouble_explained
from ui.export_words import STATUS_BADGES, asked_by, filters_in_words, moment, progress, rows, size, title
from ui.text import plain
from ui.viewer import Viewer

SECONDS_BETWEEN_LOOKS = 2
SHOWN_AT_FIRST = 10
RUNNING, SHOW_ALL = "exports_running", "exports_show_all"


def export_history(seen_by: Viewer) -> None:
    """Every export, newest first; looks again every two seconds for as long as one is not finished."""
    is_live = any(one.is_unfinished for one in exports(seen_by.creator_id))
    look = st.fragment(_history, run_every=SECONDS_BETWEEN_LOOKS if is_live else None)
    look(seen_by, is_live)


def _history(seen_by: Viewer, is_live: bool) -> None:
    with database_trouble_explained():
        found = exports(seen_by.creator_id)
        _tell_what_ended(found)
        if is_live and not any(one.is_unfinished for one in found):
            st.rerun()  # draws the page once more, and stops looking
        _list(seen_by, found)


def _list(seen_by: Viewer, found: list[Export]) -> None:
    if not found:
        nothing_yet(
            "There is no export yet.", "Choose above what you want; the file appears here as soon as it is written."
        )
        return
    waiting = reasons_for_waiting(found)
    is_all = st.session_state.get(SHOW_ALL, False) or len(found) <= SHOWN_AT_FIRST
    for one in found if is_all else found[:SHOWN_AT_FIRST]:
        _card(seen_by, one, waiting.get(one.id))
    if not is_all:
        st.button(f"Show {len(found) - SHOWN_AT_FIRST} earlier exports", on_click=_show_all)


def _card(seen_by: Viewer, one: Export, waiting: Waiting | None) -> None:
    with (
        st.container(border=True, key=f"export_{one.id}"),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
    ):
        with st.container(width="stretch"):
            st.markdown(f"**{title(one)}** {STATUS_BADGES[one.status]}")
            st.caption(_details(one, seen_by.creator.timezone))
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


def _details(one: Export, timezone: str) -> str:
    parts = [filters_in_words(one.export_type, one.filters), asked_by(one), moment(one.created_at, timezone)]
    if one.status == "completed" and one.file_size_bytes is not None:
        parts += [rows(one.rows_written), size(one.file_size_bytes), f"kept until {_day(one, timezone)}"]
    return " · ".join(parts)


def _day(one: Export, timezone: str) -> str:
    return moment(one.kept_until, timezone).split(",")[0]


def _bar(one: Export, waiting: Waiting | None) -> None:
    share, words = progress(one)
    st.progress(share, words if waiting is None or waiting.is_stuck else waiting.reason)
    if waiting and waiting.is_stuck:
        st.warning(waiting.reason, icon=":material/hourglass_disabled:")


def _tell_what_ended(found: list[Export]) -> None:
    """A short message for each export that ended while somebody looked on."""
    running = st.session_state.get(RUNNING, frozenset())
    for one in found:
        if one.id in running and one.status == "completed":
            st.toast(f"{title(one)} is ready.", icon=":material/check:")
        if one.id in running and one.status == "failed":
            st.toast(f"{title(one)} failed.", icon=":material/error:")
    st.session_state[RUNNING] = frozenset(one.id for one in found if one.is_unfinished)


def _cancel(seen_by: Viewer, export_id: UUID) -> None:
    cancel_export(asker(seen_by.account, seen_by.creator_id), seen_by.creator_id, export_id)


def _show_all() -> None:
    st.session_state[SHOW_ALL] = True
