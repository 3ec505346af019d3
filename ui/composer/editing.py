"""Changing a scheduled announcement: a form that knows which version it was opened with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import streamlit as st

from actions.announcement_drafts import Draft, keep_draft
from actions.announcements import UNDO_SECONDS, change
from database.announcements import LONGEST_BODY, LONGEST_SUBJECT, Announcement
from database.clock import now
from queries.mails.announcements import AnnouncementRow
from rules.edits import VersionConflict
from rules.errors import InputError
from ui.account.viewer import Viewer
from ui.composer.conflict import Choice, both_versions
from ui.composer.opening import DRAFT, draft_address
from ui.composer.sending import due_choice
from ui.composer.suggestions import Text
from ui.shared.flash import keep_message, show_message
from ui.shared.links import go_to

EDITING, SAVED, REFUSED = "announcement_editing", "announcement_saved", "announcement_not_saved"
SUBJECT, BODY = "edited_subject", "edited_body"


@dataclass(frozen=True)
class Editing:
    """The version that the form was opened with; text and time as chosen, where somebody else was faster."""

    announcement_id: UUID
    version: int
    mine: Text | None = None
    due_at: datetime | None = None


def edit_panel(seen_by: Viewer, row: AnnouncementRow) -> None:
    """The form while nothing is sent, or both versions after a conflict; nothing for staff."""
    show_message(SAVED)
    show_message(REFUSED, "info", ":material/info:")
    if seen_by.is_staff:
        return
    editing: Editing | None = st.session_state.get(EDITING)
    if editing and editing.announcement_id == row.announcement_id and editing.mine:
        _both(seen_by, row, editing.mine, editing.due_at)
    elif is_changeable(row):
        _form(seen_by, row, editing)


def is_changeable(row: AnnouncementRow) -> bool:
    """Whether no email is sent within the next minute, nor has been."""
    is_later = row.due_at > now() + timedelta(seconds=UNDO_SECONDS)
    return is_later and row.cancelled_at is None and row.waiting == row.recipients


def _form(seen_by: Viewer, row: AnnouncementRow, editing: Editing | None) -> None:
    if editing is None or editing.announcement_id != row.announcement_id or SUBJECT not in st.session_state:
        _open(row)
    with st.expander("Change text or time", icon=":material/edit:"):
        st.text_input("Subject", max_chars=LONGEST_SUBJECT, key=SUBJECT)
        st.text_area("Text", max_chars=LONGEST_BODY, height=220, key=BODY)
        due_at = due_choice("edited", seen_by.creator.timezone, row.due_at)
        st.button(
            "Save changes",
            type="primary",
            key="save_announcement",
            on_click=lambda: _save(seen_by, row, st.session_state[EDITING].version, Text(*_typed()), due_at),
        )


def _open(row: AnnouncementRow) -> None:
    st.session_state[EDITING] = Editing(row.announcement_id, row.version)
    st.session_state[SUBJECT], st.session_state[BODY] = row.subject, row.body


def _typed() -> tuple[str, str]:
    return st.session_state[SUBJECT], st.session_state[BODY]


def _save(seen_by: Viewer, row: AnnouncementRow, version: int, mine: Text, due_at: datetime | None) -> None:
    try:
        content = Announcement.typed(mine.subject, mine.body)
        change(seen_by.account, seen_by.creator_id, row.announcement_id, content, due_at or now(), version)
    except VersionConflict:
        st.session_state[EDITING] = Editing(row.announcement_id, version, mine, due_at)
    except InputError as error:
        keep_message(REFUSED, str(error))
    else:
        _close()
        keep_message(SAVED, "Changed. It will be sent as it is now.")


def _both(seen_by: Viewer, row: AnnouncementRow, mine: Text, due_at: datetime | None) -> None:
    theirs = Text(row.subject, row.body)
    use_theirs = Choice("Keep what is saved", _close)
    if is_changeable(row):
        keep_mine = Choice("Save mine", lambda: _save(seen_by, row, row.version, mine, due_at))
        both_versions("This announcement was changed in another tab.", mine, theirs, keep_mine, use_theirs)
        return
    keep_mine = Choice("Save mine as a draft", lambda: _keep_as_draft(seen_by, mine))
    both_versions("This announcement was sent or cancelled in the meantime.", mine, theirs, keep_mine, use_theirs)
    if draft_id := st.session_state.pop(DRAFT, None):
        go_to(draft_address(draft_id))


def _keep_as_draft(seen_by: Viewer, mine: Text) -> None:
    draft_id = uuid4()
    try:
        keep_draft(seen_by.account, seen_by.creator_id, draft_id, Draft(mine.subject, mine.body), None)
    except InputError as error:
        keep_message(REFUSED, str(error))
    else:
        st.session_state[DRAFT] = str(draft_id)


def _close() -> None:
    for key in (EDITING, SUBJECT, BODY):
        st.session_state.pop(key, None)
