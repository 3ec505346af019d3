"""What of a creator's old chats and activity is archived: choosing, and restoring."""

from zoneinfo import ZoneInfo

import streamlit as st

from actions.archive_restores import restore_for
from actions.archives import choose_archiving
from queries.archives import ArchiveRow
from rules.archive import KINDS, LABELS, ROWS
from rules.formatting import counted, dated, size
from rules.sentences import always, sentence
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.flash import keep_message

HELP = {
    "chat": always(
        "Conversations in which nothing was said for six months. Questions keep their words; answers are archived."
    ),
    "activity": always("What the platform reported of days more than six months ago. Playback and quizzes stay."),
}
NOTHING_YET = always("Nothing is archived.")


def archive_panel(states: list[ArchiveRow], seen_by: Viewer, saved_under: str) -> None:
    """Takes the rows of `queries.archives.archive_state`; read-only for staff."""
    known = {row.kind: row for row in states}
    with st.container(border=True):
        st.header("Archive")
        st.caption(
            always(
                "Every night, what is older than six months is moved to files in storage. Every figure stays as it is. "
                "What is archived accepts nothing that arrives late, until it is restored."
            )
        )
        for kind in KINDS:
            _kind(kind, known.get(kind), seen_by, saved_under)


def _kind(kind: str, state: ArchiveRow | None, seen_by: Viewer, saved_under: str) -> None:
    is_on = state is not None and state.is_on
    wanted = st.toggle(
        LABELS[kind],
        is_on,
        key=f"archive_{kind}_{'on' if is_on else 'off'}",  # a new one once it is saved
        help=HELP[kind],
        disabled=seen_by.is_staff,
    )
    st.caption(archived_in_words(kind, state, seen_by.creator.timezone))
    if wanted != is_on and not seen_by.is_staff:
        with acting():
            choose_archiving(seen_by.account, seen_by.creator_id, kind, wanted)
            keep_message(saved_under, _chosen(kind, wanted))
            st.rerun()
    has_rows = state is not None and state.files > 0
    if has_rows and not seen_by.is_staff and st.button(f"Restore {LABELS[kind].lower()}", key=f"restore_{kind}"):
        with acting(), st.spinner("Restoring…"):
            restored = restore_for(seen_by.account, seen_by.creator_id, kind)
            keep_message(saved_under, restored_in_words(kind, restored))
            st.rerun()


@sentence
def archived_in_words(kind: str, state: ArchiveRow | None, timezone: str) -> str:
    """Such as "Archived: 1,200 messages from 2 Mar 2026 to 4 Apr 2026, in 1.4 MB"."""
    if state is None or not state.files or state.earliest_at is None or state.latest_at is None:
        return NOTHING_YET
    zone = ZoneInfo(timezone)
    first, last = (dated(at.astimezone(zone).date()) for at in (state.earliest_at, state.latest_at))
    return f"Archived: {counted(state.row_count, ROWS[kind])} from {first} to {last}, in {size(state.size_bytes)}."


@sentence
def restored_in_words(kind: str, restored: int) -> str:
    """How many messages or events were restored."""
    return f"Restored: {counted(restored, ROWS[kind])}. Archiving is off, so that nothing restored is archived again."


def _chosen(kind: str, is_on: bool) -> str:
    if is_on:
        return f"{LABELS[kind]} will be archived, beginning tonight."
    return f"{LABELS[kind]} will no longer be archived. What is archived stays so until you restore it."
