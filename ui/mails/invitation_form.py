"""Inviting students: addresses pasted or uploaded, sorted before anything is sent."""

from uuid import UUID

import streamlit as st

from actions.invitation_list import InvitationList, invitation_list
from actions.invitations import invite
from queries.courses.known import Course
from rules.errors import InputError
from rules.formatting import grouped
from ui.account.viewer import Viewer
from ui.courses.forms import run_choice
from ui.mails.invitation_words import invitable_in_words, queued_in_words, skipped_in_words
from ui.shared.flash import keep_message, show_message

LARGEST_MEGABYTES = 1
DONE, INVITED, TYPED = "invitations_sent", "addresses_invited", "invited_addresses"


def invitation_form(seen_by: Viewer, known: list[Course]) -> None:
    """Two ways to enter addresses, what can be used of them, and the button."""
    show_message(DONE)
    if st.session_state.pop(INVITED, False):
        st.session_state[TYPED] = ""
    typed = st.text_area(
        "Addresses",
        height=140,
        key=TYPED,
        placeholder="ada@example.org, ben@example.org",
        help="Separate addresses with spaces, commas or line breaks; names are ignored.",
    )
    file = st.file_uploader(
        "Or a file with addresses", type=["csv", "txt"], max_upload_size=LARGEST_MEGABYTES, key="invited_file"
    )
    written = typed + "\n" + (file.getvalue().decode("utf-8", "replace") if file else "")
    if not written.strip():
        return
    try:
        sorted_list = invitation_list(seen_by.creator_id, written)
    except InputError as error:
        st.error(str(error))
        return
    _refused(sorted_list)
    count = len(sorted_list.addresses)
    st.markdown(invitable_in_words(count))
    if not count:
        return
    runs = sum(len(course.runs) for course in known if course.closed_at is None)
    run_id = run_choice(known, "Course", "invited_into") if runs > 1 else None
    if runs > 1 and run_id is None:
        st.caption("Choose the course they will join.")
    elif st.button(f"Invite {grouped(count)}", type="primary", icon=":material/send:", key="invite"):
        _send(seen_by, sorted_list, run_id)


def _refused(found: InvitationList) -> None:
    if found.refused:
        st.warning(skipped_in_words(len(found.refused)), icon=":material/info:")
        st.dataframe(
            {"Address": [one.address for one in found.refused], "Why": [one.why for one in found.refused]},
            hide_index=True,
            alt="Skipped addresses, with the reason",
        )


def _send(seen_by: Viewer, found: InvitationList, run_id: UUID | None) -> None:
    try:
        sent = invite(seen_by.account, seen_by.creator_id, found.addresses, seen_by.creator.timezone, run_id)
    except InputError as error:
        st.error(str(error))
        return
    keep_message(DONE, queued_in_words(sent))
    st.session_state[INVITED] = True  # what was typed goes with the next run: its field stands already
    st.rerun()
