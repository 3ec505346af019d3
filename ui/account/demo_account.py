"""The account chosen at the demo sign-in, kept in a cookie, which only an HTTP response can set."""

from urllib.parse import urlencode, urlsplit
from uuid import UUID

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.account.demo_cookie import DemoSignIn, end, sign_in_of
from ui.account.demo_door import account_address
from ui.account.safety import demo_sign_in_is_safe


def chosen_account_id() -> UUID | None:
    """The account this browser signed in as; None for nobody, or if another tab has signed out since."""
    sign_in = _sign_in()
    return None if sign_in is None or sign_in.has_ended else sign_in.account_id


def choose(account_id: UUID, page: str | None = None) -> None:
    """Send the browser to fetch this account's cookie, and to this page, by default back to the current one."""
    if sign_in := _sign_in():
        _go_to(account_address(sign_in, account_id, page or _page()))


def leave() -> None:
    """Sign out, in every tab."""
    if sign_in := _sign_in():
        end(sign_in)
        _go_to(account_address(sign_in, None, "/"))


def _sign_in() -> DemoSignIn | None:
    return sign_in_of(st.context.cookies.to_dict()) if demo_sign_in_is_safe() else None


def _page() -> str:
    path = urlsplit(st.context.url or "").path or "/"  # the start page's has no slash
    return f"{path}?{urlencode(st.query_params.to_dict())}"


def _go_to(address: str) -> None:
    """Navigate as `st.login` and `st.logout` do."""
    # There is no public way to redirect in the same tab: `st.switch_page` only knows pages.
    context = get_script_run_ctx()
    if context:
        message = ForwardMsg()
        message.auth_redirect.url = address
        context.enqueue(message)
