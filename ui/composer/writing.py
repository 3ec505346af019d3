"""The text in the composer: what it began with, kept as a draft while it is written, in the version that was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from actions.announcement_drafts import Draft, keep_draft
from database.announcements import LONGEST_BODY, LONGEST_SUBJECT
from queries.mails.announcement_drafts import KeptDraft, announcement_draft
from rules.edits import VersionConflict
from rules.errors import InputError
from rules.placeholders import PLACEHOLDERS, unknown_placeholders
from ui.account.viewer import Viewer
from ui.composer.opening import DRAFT, Opened, opened
from ui.composer.suggestions import Text, suggested_text, suggested_text_to
from ui.shared.flash import keep_message
from ui.shared.text import plain

SUBJECT, BODY = "announcement_subject", "announcement_body"  # the fields
STATE, CONFIRMING = "composer", "composer_confirming"
GONE, FAILED = "composer_draft_gone", "composer_not_kept"


@dataclass(frozen=True)
class Writing:
    """What is being written: the id of the announcement that it becomes, the draft's version as it was seen.

    `version` is None while nothing is kept. `is_in_conflict`: another version was kept or sent in the meantime.
    """

    opened: Opened
    announcement_id: UUID
    version: int | None = None
    recipients: Mapping[str, Any] | None = None  # as the draft has them
    is_in_conflict: bool = False


def writing(seen_by: Viewer) -> Writing:
    """What is being written at this address; the fields begin with the draft, or with what is suggested."""
    asked = opened()
    known: Writing | None = st.session_state.get(STATE)
    if known and known.opened == asked and SUBJECT in st.session_state:
        return known
    draft = announcement_draft(seen_by.creator_id, asked.draft_id) if asked.draft_id else None
    if asked.draft_id and draft is None:
        keep_message(GONE, "This draft no longer exists: it was sent or deleted.")
    st.session_state.pop(CONFIRMING, None)
    _fill(draft or _suggested(seen_by, asked))
    found = Writing(asked, draft.id, draft.version, draft.recipients) if draft else Writing(asked, uuid4())
    st.session_state[STATE] = found
    return found


def written() -> Text:
    """Subject and text as typed."""
    return Text(st.session_state[SUBJECT], st.session_state[BODY])


def text_fields(seen_by: Viewer, recipients: Mapping[str, Any]) -> None:
    """Subject and text; each change is kept as a draft, with how the recipients were chosen."""
    kept = (seen_by, recipients)
    st.text_input("Subject", max_chars=LONGEST_SUBJECT, key=SUBJECT, on_change=keep, args=kept)
    st.text_area(
        "Text",
        max_chars=LONGEST_BODY,
        height=260,
        key=BODY,
        help="Markdown: **bold**, *italic*, lists with -, links as [words](https://…). Images are removed.",
        on_change=keep,
        args=kept,
    )
    known = ", ".join(f"**{plain(f'{{{word}}}')}**" for word in PLACEHOLDERS)  # code would be too pale to read
    st.caption(f"Filled in for each recipient: {known}")
    text = written()
    if odd := unknown_placeholders(f"{text.subject}\n{text.body}"):
        st.caption(f"Sent as written, because nothing is known by that name: {', '.join(map(plain, odd))}")
    now: Writing = st.session_state[STATE]
    if now.version is not None and not now.is_in_conflict:
        st.caption(":material/check: Saved as a draft.")


def keep(seen_by: Viewer, recipients: Mapping[str, Any]) -> None:
    """Keep what is typed; a version that somebody else kept meanwhile is not replaced, but shown beside it."""
    now: Writing = st.session_state[STATE]
    text = written()
    if now.is_in_conflict or (now.version is None and not (text.subject.strip() or text.body.strip())):
        return
    draft = Draft(text.subject, text.body, recipients)
    try:
        version = keep_draft(seen_by.account, seen_by.creator_id, now.announcement_id, draft, now.version)
    except VersionConflict:
        st.session_state[STATE] = replace(now, is_in_conflict=True)
    except InputError as error:
        keep_message(FAILED, str(error))
    else:
        st.query_params[DRAFT] = str(now.announcement_id)
        st.session_state[STATE] = replace(now, opened=opened(), version=version, recipients=recipients)


def begin_again(version: int | None, announcement_id: UUID) -> None:
    """Go on with what is typed, as the next version of this draft or, without a version, as a new one."""
    now: Writing = st.session_state[STATE]
    st.session_state[STATE] = replace(now, announcement_id=announcement_id, version=version, is_in_conflict=False)


def use(draft: KeptDraft) -> None:
    """Go on with the draft as it is kept."""
    now: Writing = st.session_state[STATE]
    st.session_state[STATE] = replace(now, version=draft.version, is_in_conflict=False)
    _fill(draft)


def forget_writing() -> None:
    """It was sent or deleted: the composer begins with nothing the next time."""
    for key in (STATE, CONFIRMING, SUBJECT, BODY):
        st.session_state.pop(key, None)


def _suggested(seen_by: Viewer, asked: Opened) -> Text:
    if len(asked.students) == 1 and not asked.about:
        return suggested_text_to(seen_by.creator_id, asked.students[0], seen_by.creator.name)
    return suggested_text(asked.about, seen_by.creator.name)


def _fill(text: Text | KeptDraft) -> None:
    st.session_state[SUBJECT] = text.subject
    st.session_state[BODY] = text.body
