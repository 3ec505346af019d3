"""The button that removes the demo, for staff and for the person who uses the dashboard on their own computer."""

import streamlit as st

from actions.demo import may_remove_demo, remove_demo
from ui.account.demo_account import leave
from ui.account.safety import demo_sign_in_is_safe
from ui.account.viewer import forget_accounts_and_creators, known_creators, signed_in_account
from ui.shared.acting import acting

ASKED = "remove the demo"  # in the session, while the dialog is open
SENTENCE = (
    "Removes the demo creators with their students, videos, files, emails and accounts, for good. "
    "Everything else stays. `make demo` loads the demo again."
)


def is_demo_removable() -> bool:
    """Whether there is a demo that the signed-in account may remove; to be asked while the page gathers."""
    account = signed_in_account()
    if account is None or not may_remove_demo(account, is_local=demo_sign_in_is_safe()):
        return False
    return any(creator.is_demo for creator in known_creators())


def remove_demo_button() -> None:
    """A button that asks before it removes the demo."""
    if st.button("Remove the demo", icon=":material/delete:", key="remove_demo"):
        st.session_state[ASKED] = True
    if st.session_state.get(ASKED):
        st.dialog("Remove the demo?", on_dismiss=_keep)(_confirmation)()


def _confirmation() -> None:
    st.markdown(SENTENCE)
    with st.container(horizontal=True):
        is_sure = st.button("Remove it", type="primary", icon=":material/delete:", key="remove_demo_now")
        if st.button("Keep it", key="keep_demo"):
            _keep()
            st.rerun()
    if is_sure:
        with acting(), st.spinner("Removing…"):
            _remove()


def _remove() -> None:
    account = signed_in_account()
    if account is None:
        return
    remove_demo(account, is_local=demo_sign_in_is_safe())
    _keep()
    forget_accounts_and_creators()
    if signed_in_account() is None:  # it was an account of the demo
        leave()
        return
    st.rerun()


def _keep() -> None:
    st.session_state.pop(ASKED, None)
