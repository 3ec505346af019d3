"""The top bar and sidebar: search, notifications, whose data it is, who is signed in."""

import logging

import streamlit as st
from sqlalchemy.exc import OperationalError, TimeoutError

from database.accounts import Account, note_opening
from database.levels import EVERYTHING, Level
from ui.account.sign_in import sign_out
from ui.account.viewer import ASKED_FOR, CREATOR_KEY, Viewer, entitled_creators, viewer
from ui.navigation import generate_quiz_page, invitations_page, settings_page
from ui.shared.links import show_link, upload_link
from ui.shared.people import distinct
from ui.shared.text import plain
from ui.top_bar.course_choice import chosen_level, course_choice, forget_course_choice, tell_of_unknown_course
from ui.top_bar.notices import mark_followed, notices_popover
from ui.top_bar.search import search_box

logger = logging.getLogger(__name__)

LAST_NOTED = "opening_noted"
SEARCH_WIDTH = 340


def top_bar(account: Account) -> Level:
    """Search, course, notifications and profile above the page; the account and the shortcuts beside it.

    Returns the level of the chosen course. Staff can choose a creator, and see a banner that says whose
    dashboard they are viewing.
    """
    with st.sidebar:
        if account.role == "staff":
            _creator_choice()
        else:
            _quick_actions()
        with st.container(border=True):
            st.markdown(f"**{plain(account.name)}**  \n{_role(account)}")
            st.button("Sign out", icon=":material/logout:", on_click=sign_out, width="stretch")
    seen_by = _viewer_of_something(account)
    with st.container(horizontal=True, horizontal_alignment="distribute"):  # several lines on a telephone
        with st.container(width=SEARCH_WIDTH):
            if seen_by:
                search_box(seen_by)
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"):
            if seen_by:
                if seen_by.creator.is_demo:
                    st.badge("Demo data", icon=":material/science:", color="orange")
                chosen = course_choice(seen_by)
                _notices_if_there_is_a_database(seen_by)
            _profile(account)
    if seen_by and seen_by.is_staff:
        _read_only_banner(seen_by)
    if seen_by:
        tell_of_unknown_course(seen_by.creator_id)
    return chosen_level(seen_by.creator_id, chosen) if seen_by else EVERYTHING


def _viewer_of_something(account: Account) -> Viewer | None:
    """The viewer; None for staff if no creator has a dashboard."""
    return viewer() if account.role == "creator" or entitled_creators() else None


def _creator_choice() -> None:
    if ASKED_FOR in st.session_state:
        st.session_state[CREATOR_KEY] = st.session_state.pop(ASKED_FOR)
    names = distinct({creator.id: creator.shown_name for creator in entitled_creators()})
    st.selectbox("Creator", list(names), format_func=names.__getitem__, key=CREATOR_KEY, on_change=forget_course_choice)


def _quick_actions() -> None:
    st.caption("Quick actions")
    show_link(upload_link(), label="Upload video", icon=":material/upload:")
    st.page_link(invitations_page(), label="Invite students", icon=":material/person_add:")
    st.page_link(generate_quiz_page(), label="Generate a quiz", icon=":material/auto_awesome:")


def _notices_if_there_is_a_database(seen_by: Viewer) -> None:
    """The bar must not break the page: if something is wrong, the page below says so itself."""
    try:
        mark_followed(seen_by)
        notices_popover(seen_by)
    except (OperationalError, TimeoutError) as error:
        logger.error("no notifications: %s", type(error).__name__)  # the statement may hold personal data


def _profile(account: Account) -> None:
    with st.popover(plain(account.name), icon=":material/account_circle:", key="profile"):
        st.markdown(f"**{plain(account.name)}**  \n{plain(account.email or '')}")
        st.caption(_role(account))
        if account.creator_name:
            st.markdown(f"Dashboard of **{plain(account.creator_name)}**")
            st.page_link(settings_page(), label="Settings", icon=":material/settings:")
        st.button("Sign out", key="profile_sign_out", icon=":material/logout:", on_click=sign_out, width="stretch")


def _read_only_banner(seen_by: Viewer) -> None:
    opened = seen_by.creator
    st.warning(
        f"Read-only: you are viewing the dashboard of **{plain(opened.shown_name)}** as staff.",
        icon=":material/visibility:",
    )
    if st.session_state.get(LAST_NOTED) != opened.id:
        note_opening(seen_by.account.id, opened.id)
        st.session_state[LAST_NOTED] = opened.id


def _role(account: Account) -> str:
    return "Staff" if account.role == "staff" else f"Creator · {(account.subscription_tier or '').upper()}"
