"""The message as one recipient gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import pandas as pd
import streamlit as st

from database.announcements import Announcement
from mail.announcement import announcement_mail
from queries.mails.recipient_values import recipient_values
from rules.errors import InputError
from ui.composer.suggestions import Text

AS_WHOM = "composer_preview"
MOST = 100  # recipients to choose from


@dataclass(frozen=True)
class Previewed:
    """The recipients to choose from, the chosen one, and what is known of them; None without recipients."""

    names: Mapping[UUID, str]
    student_id: UUID | None
    values: Mapping[str, str] | None


def previewed(creator_id: UUID, chosen: pd.DataFrame) -> Previewed:
    """Takes the frame of `queries.mails.announcement_audience.audience`; those who are skipped have no preview."""
    reached = chosen[chosen["skipped_because"].isna()].head(MOST)
    names = dict(zip(reached["student_id"], reached["name"], strict=True))
    asked = st.session_state.get(AS_WHOM)
    student_id = asked if asked in names else next(iter(names), None)
    if student_id is None:
        return Previewed({}, None, None)
    return Previewed(names, student_id, recipient_values(creator_id, [student_id]).get(student_id, {}))


def preview(shown: Previewed, text: Text, creator_name: str) -> None:
    """The email, or what is missing."""
    if shown.names:
        st.selectbox("As", list(shown.names), format_func=lambda one: shown.names.get(one, ""), key=AS_WHOM)
    if not text.subject.strip() or not text.body.strip():
        st.caption("Write a subject and a message to see the preview.")
        return
    try:
        mail = announcement_mail(Announcement.typed(text.subject, text.body), creator_name, values=shown.values)
    except InputError as error:
        st.error(str(error))
        return
    as_html, as_text = st.tabs(["Email", "Plain text"])
    with as_html:
        st.html(mail.html)
    with as_text:
        st.text(mail.text)
