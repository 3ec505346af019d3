"""Access control of the demo sign-in: only this computer, without a proxy, at the printed address."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from database.accounts import demo_accounts
from database.this_computer import is_forwarded, is_named_locally, is_token
from ui.account.demo_cookie import (
    SECONDS,
    DemoSignIn,
    cookie_name,
    cookie_value,
    end,
    is_ticket,
    new_sign_in,
    sign_in_of,
    ticket,
)
from ui.account.demo_pages import closed_page
from ui.account.return_path import base_path, own_page
from ui.account.safety import demo_sign_in_is_safe

ACCOUNT_PATH = "/demo-account"
TOKEN, ACCOUNT, PAGE, TICKET = "token", "account", "page", "ticket"  # names of parameters
HEALTH = {"/_stcore/health", "/api/health", "/api/ready"}
PATH_OF_API = "/api/"  # every route there requires a key or a signed link, or reveals nothing about anybody
NOT_OURS = {"cross-site", "same-site"}


class DemoDoor:
    """Refuse requests from other computers, through a proxy, from another site, or with neither token nor cookie.

    The address that Streamlit listens on can be overridden on the command line; the
    address of the client and the Host header cannot. A proxy on this computer that rewrites both
    and adds no header is the reason for the token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or not demo_sign_in_is_safe():
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if TOKEN in query:
            scope["query_string"] = urlencode(query | {TOKEN: "hidden"}).encode()  # access logs print it
        refusal = _refusal(connection) or await _answer(connection, query)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, send)


def account_address(sign_in: DemoSignIn, account_id: UUID | None, page: str) -> str:
    """Set the cookie of another account, or of none, and redirect to the page."""
    account = str(account_id or "")
    said = {ACCOUNT: account, PAGE: page, TICKET: ticket(sign_in, account, page)}
    return f"{base_path()}{ACCOUNT_PATH}?{urlencode(said)}"


def _refusal(connection: HTTPConnection) -> Response | None:
    """Why the request is refused even with a token or cookie; None if it is not."""
    headers = connection.headers
    client = connection.client.host if connection.client else ""
    if not is_named_locally(client, headers.get("host", "")):
        return closed_page("elsewhere")
    if is_forwarded(headers.keys()):
        return closed_page("proxy")
    if _is_of_another_site(connection.scope, headers):
        return closed_page("another site")
    return None


def _is_of_another_site(scope: Scope, headers: Headers) -> bool:
    """Streamlit itself accepts pages from localhost:3000 and any other port of this computer."""
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site", "none")
    own = {f"{scheme}://{headers.get('host', '')}" for scheme in ("http", "https")}
    if scope["type"] == "websocket":
        return (origin is not None and origin not in own) or site in NOT_OURS
    if origin is not None and origin not in own and not (origin == "null" and site in ("same-origin", "none")):
        return True  # forms of pages without a referrer send "null"
    return site in NOT_OURS and not _is_followed_link(scope, headers)


def _is_followed_link(scope: Scope, headers: Headers) -> bool:
    """Whether it was opened from an email, a bookmark or another page, in its own tab."""
    is_page = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return is_page and scope["method"] in ("GET", "HEAD")


async def _answer(connection: HTTPConnection, query: dict[str, str]) -> Response | None:
    """The response of the access control itself; None admits the request."""
    scope = connection.scope
    path = scope["path"].removeprefix(base_path())
    if path in HEALTH or path.startswith(PATH_OF_API):
        return None
    sign_in = sign_in_of(connection.cookies)
    if scope["type"] == "websocket":
        return None if sign_in else PlainTextResponse("", 401)
    if TOKEN in query and (sign_in or is_token(query[TOKEN])):
        return await _let_in(connection, query, sign_in)
    if sign_in is None:
        return closed_page("no token")
    return _changed(connection, query, sign_in) if path == ACCOUNT_PATH else None


async def _let_in(connection: HTTPConnection, query: dict[str, str], known: DemoSignIn | None) -> Response:
    """A redirect to the address without its token, which must not end up in the history or a referrer."""
    sign_in = known if known and not known.has_ended else new_sign_in()
    if query.get(ACCOUNT) and is_token(query[TOKEN]):
        chosen = await run_in_threadpool(_demo_account, query[ACCOUNT])
        if chosen is None:
            return PlainTextResponse(f'There is no demo account "{query[ACCOUNT]}".\n', 404)
        sign_in = chosen
    rest = [(name, value) for name, value in query.items() if name not in (TOKEN, ACCOUNT)]
    path = connection.scope["path"]
    return _redirected(connection, own_page(f"{path}?{urlencode(rest)}") or f"{base_path()}/", sign_in)


def _demo_account(wanted: str) -> DemoSignIn | None:
    found = (account.id for account in demo_accounts() if wanted in (str(account.id), account.name))
    account_id = next(found, None)
    return new_sign_in(account_id) if account_id else None


def _changed(connection: HTTPConnection, query: dict[str, str], sign_in: DemoSignIn) -> Response:
    """Switch to another account, or none: requested by our own page, as the ticket proves."""
    account, page = query.get(ACCOUNT, ""), query.get(PAGE, "")
    if not is_ticket(query.get(TICKET, ""), sign_in, account, page):
        return _redirected(connection, f"{base_path()}/", sign_in)
    if sign_in.account_id:
        end(sign_in)
    changed = new_sign_in(UUID(account) if account else None)
    return _redirected(connection, own_page(page) or f"{base_path()}/", changed)


def _redirected(connection: HTTPConnection, address: str, sign_in: DemoSignIn) -> Response:
    response = RedirectResponse(address, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    response.set_cookie(
        cookie_name(),
        cookie_value(sign_in),
        max_age=SECONDS,
        path="/",
        secure=connection.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response
