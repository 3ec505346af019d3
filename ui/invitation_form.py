"""Inviting students: addresses pasted or uploaded, sorted before anything is sent."""

import streamlit as st

from actions.invitation_list import InvitationList, invitation_list
from actions.invitations import invite
from database.errors import InputError
from ui.viewer import Viewer

LARGEST_MEGABYTES = 1
DONE = "invitations_sent"


def invitation_form(seen_by: Viewer) -> None:
    """Two ways in, what can be used of it, and the button."""
    if DONE in st.session_state:
        st.success(st.session_state.pop(DONE), icon=":material/check:")
    typed = st.text_area(
        "Addresses",
        height=140,
        key="invited_addresses",
        placeholder="ada@example.org, ben@example.org",
        help="One after the other; names, commas and line breaks between them do not matter.",
    )
    file = st.file_uploader(
        "or a file with addresses", type=["csv", "txt"], max_upload_size=LARGEST_MEGABYTES, key="invited_file"
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
    st.markdown(f"**{count:,}** can be invited." if count else "Nobody is left to invite.")
    if count and st.button(f"Invite {count:,}", type="primary", icon=":material/send:", key="invite"):
        _send(seen_by, sorted_list)


def _refused(found: InvitationList) -> None:
    if found.refused:
        st.warning(f"{len(found.refused):,} are passed over.", icon=":material/info:")
        st.dataframe(
            {"Address": [one.address for one in found.refused], "Why": [one.why for one in found.refused]},
            hide_index=True,
            alt="Addresses that are passed over, and why",
        )


def _send(seen_by: Viewer, found: InvitationList) -> None:
    try:
        sent = invite(seen_by.account, seen_by.creator_id, found.addresses, seen_by.creator.timezone)
    except InputError as error:
        st.error(str(error))
        return
    st.session_state[DONE] = f"{sent:,} {'invitation is' if sent == 1 else 'invitations are'} on the way."
    st.rerun()
