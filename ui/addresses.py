"""Addresses that are no page of ours: the one the product is known by, and unknown ones."""

from difflib import get_close_matches
from html import escape
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.account.demo_pages import PAGE, SAFE
from ui.account.return_path import CREATOR, base_path, own_path
from ui.navigation import ENTRIES, PageEntry

# What Streamlit, its sign-in and the API answer themselves.
NOT_PAGES = (
    "_stcore",
    "static",
    "app",
    "media",
    "component",
    "vendor",
    "auth",
    "oauth2callback",
    "api",
    "demo-account",
)
ALIKE = 0.5  # from here on a page is offered as what was meant
LONGEST = 60  # characters


class Addresses:
    """Lead `/creator` to the dashboard, with its query, and say of an unknown address that it is unknown.

    Streamlit itself answers every address with the start page. Only what a browser opens as a page is looked at.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _answer(Request(scope)) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        await (answer or self.app)(scope, receive, send)


def nearest_page(address: str) -> PageEntry:
    """The page of the menu whose address or title is most like this; the overview if none is."""
    names = {name.lower(): entry for entry in _offered() for name in (entry.address, entry.title)}
    for word in address.removeprefix(CREATOR).lower().split("/"):
        if alike := get_close_matches(word, names, n=1, cutoff=ALIKE):
            return names[alike[0]]
    return ENTRIES[0]


def _answer(request: Request) -> Response | None:
    path = request.url.path.removeprefix(base_path())
    if f"{path}/".startswith(f"{CREATOR}/") and (known := own_path(request.url.path)):
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{known}{asked}", 307)
    if path.rstrip("/") == f"/{ENTRIES[0].address}":  # the start page has no address of its own
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{base_path()}/{asked}", 307)
    if "text/html" not in request.headers.get("accept", "") or not _is_unknown(path):
        return None
    return _unknown(unquote(path))


def _is_unknown(path: str) -> bool:
    first, *rest = path.strip("/").split("/")
    is_file = "." in path.rpartition("/")[2]
    is_page = not rest and first in {"", *(entry.address for entry in ENTRIES)}
    return not is_page and not is_file and first not in NOT_PAGES


def _unknown(path: str) -> HTMLResponse:
    meant, start = nearest_page(path), ENTRIES[0]
    shown = path if len(path) <= LONGEST else f"{path[: LONGEST - 1]}…"
    links = dict.fromkeys((meant, start))
    words = (
        f"<p>There is no page at <code>{escape(shown)}</code>. It may be mistyped, or the link may be incomplete.</p>"
        + "".join(f"<p>{_link(entry)}</p>" for entry in links)
    )
    page = PAGE.read_text(encoding="utf-8").replace("{title}", "Page not found").replace("{words}", words)
    return HTMLResponse(page, 404, SAFE)


def _link(entry: PageEntry) -> str:
    address = f"{base_path()}/{'' if entry.is_start else entry.address}"
    return f'<a href="{escape(address)}">{escape(entry.title)}</a>: {escape(entry.help)}'


def _offered() -> list[PageEntry]:
    return [entry for entry in ENTRIES if entry.section is not None and entry.audience == "everyone"]
