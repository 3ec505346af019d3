"""Announcements that are not sent yet."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from actions.announcement_drafts import delete_draft
from queries.mails.announcement_drafts import KeptDraft
from rules.errors import InputError
from rules.formatting import timed
from ui.account.viewer import Viewer
from ui.composer.opening import draft_link
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain

DELETED = "announcement_draft_deleted"


def drafts_list(seen_by: Viewer, drafts: Sequence[KeptDraft]) -> None:
    """Each draft with a link that goes on with it, and a button that deletes it."""
    show_message(DELETED, "info", ":material/info:")
    if not drafts:
        return
    with st.container(border=True):
        st.header("Drafts")
        for draft in drafts:
            with st.container(horizontal=True, vertical_alignment="center"):
                draft_link(draft.id, draft.recipients, plain(draft.subject) or "Without a subject")
                changed_at = draft.updated_at.astimezone(ZoneInfo(seen_by.creator.timezone))
                st.caption(f"Changed {timed(changed_at)}", width="stretch")
                st.button(
                    "Delete",
                    key=f"delete_draft_{draft.id}",
                    type="tertiary",
                    icon=":material/delete:",
                    on_click=_delete,
                    args=(seen_by, draft),
                )


def _delete(seen_by: Viewer, draft: KeptDraft) -> None:
    try:
        delete_draft(seen_by.account, seen_by.creator_id, draft.id, draft.version)
        keep_message(DELETED, "The draft was deleted.")
    except InputError as error:
        keep_message(DELETED, str(error))
