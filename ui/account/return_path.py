"""Where somebody was before signing in, so that they land there and not on the start page."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.account.oidc import CALLBACK
from ui.navigation import ENTRIES

COOKIE = "dashboard_return"
LOGIN = "/auth/login"
CREATOR = "/creator"  # where the product's description has the dashboard
SECONDS_TO_SIGN_IN = 900
LONGEST = 1_500  # characters; a cookie holds 4,096 bytes


class ReturnPath:
    """Remember the page that required the sign-in in a cookie; redirect there after signing in.

    The page comes from the Referer header of the request that starts the sign-in. Only addresses
    of our own pages are remembered, and checked again before use: no way out to another site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(base_path()) if scope["type"] == "http" else ""
        if path == LOGIN:
            await self.app(scope, receive, _with_headers(send, _remembered_cookie(Request(scope))))
        elif path == CALLBACK and COOKIE in (request := Request(scope)).cookies:
            remembered = own_page(unquote(request.cookies[COOKIE]))
            await self.app(scope, receive, _with_headers(send, _forgotten_cookie(), remembered))
        else:
            await self.app(scope, receive, send)


def own_page(address: str) -> str | None:
    """The path and query of an address if it leads to a page of the dashboard, else None."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an unclosed [
        return None
    path = own_path(parts.path)
    if parts.scheme or parts.netloc or path is None:
        return None
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True))
    page = f"{path}?{query}" if query else path
    return page if len(page) <= LONGEST else path


def own_path(path: str) -> str | None:
    """The path of a page of the dashboard, which may also be written behind `/creator`; None for any other."""
    base = base_path()
    written = path.removeprefix(base)
    if written == CREATOR or written.startswith(f"{CREATOR}/"):
        written = f"/{written.removeprefix(CREATOR).strip('/')}"
        path = f"{base}{written}"
    return path if path in {f"{base}/", *(f"{base}/{entry.address}" for entry in ENTRIES)} else None


def _remembered_cookie(request: Request) -> str:
    page = own_page(_own_referer(request))
    if page is None:
        return _forgotten_cookie()
    return _cookie(quote(page, safe=""), SECONDS_TO_SIGN_IN)


def _own_referer(request: Request) -> str:
    """The path and query of the page that sent the request, if it is on this host."""
    origin, referer = request.url.netloc, request.headers.get("referer", "")
    for scheme in ("https", "http"):  # a proxy may use another scheme with us than with the browser
        if referer.startswith(f"{scheme}://{origin}/"):
            return referer.removeprefix(f"{scheme}://{origin}")
    return ""


def _forgotten_cookie() -> str:
    return _cookie("", 0)


def _cookie(value: str, seconds: int) -> str:
    response = Response()
    response.set_cookie(COOKIE, value, max_age=seconds, path=base_path() or "/", httponly=True, samesite="lax")
    return response.headers["set-cookie"]


def _with_headers(send: Send, cookie: str, location: str | None = None) -> Send:
    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.append("set-cookie", cookie)
            if location and "location" in headers:
                headers["location"] = location
        await send(message)

    return send_changed


def base_path() -> str:
    """The prefix of every path: server.baseUrlPath with a leading slash; "" for none."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
