"""A message about what a click has done: kept until the page runs again, and shown once."""

from typing import Literal

import streamlit as st

DONE_ICON, RUNNING_ICON = ":material/check:", ":material/hourglass_top:"


def keep_message(key: str, message: str) -> None:
    """Keep the message for the next run of the page; `key` is the caller's own."""
    st.session_state[key] = message


def show_message(
    key: str, how: Literal["success", "toast", "info", "error"] = "success", icon: str = DONE_ICON
) -> None:
    """Show what was kept under this key, if anything."""
    message = st.session_state.pop(key, None)
    if not message:
        return
    if how == "toast":
        st.toast(message, icon=icon)
    else:
        {"success": st.success, "info": st.info, "error": st.error}[how](message, icon=icon)
