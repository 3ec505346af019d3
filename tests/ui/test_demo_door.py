"""Who gets in while the demo sign-in is on, by address, headers, token and cookie."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from database.this_computer import token
from tests.ui.conftest import SignIn
from ui.account.demo_cookie import DemoSignIn, cookie_name, cookie_value, new_sign_in, sign_in_of
from ui.account.demo_door import DemoDoor, account_address

LOOPBACK = ("127.0.0.1", 50000)
HOST = "localhost:8501"
LET_IN = 200
ACCOUNT = uuid4()
SENT_BY_PROXIES = """
    X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Port X-Forwarded-Server X-Forwarded-User Forwarded
    Forwarded-For X-Forwarded X-Real-IP X-RealIP Via CF-Connecting-IP CF-Ray CF-Visitor CF-IPCountry CDN-Loop
    True-Client-IP X-Client-IP Client-IP X-Cluster-Client-IP WL-Proxy-Client-IP Proxy-Client-IP Fastly-Client-IP
    Fly-Client-IP X-Original-Forwarded-For X-Original-Host X-Original-URL X-Rewrite-URL X-Remote-IP X-Remote-Addr
    Remote-User X-Host X-Scheme X-Proxy-User-Ip Proxy-Authorization X-ProxyUser-Ip X-Envoy-External-Address
    X-Amzn-Trace-Id X-Amz-Cf-Id X-ARR-LOG-ID X-Azure-ClientIP X-AppEngine-User-IP X-Cloud-Trace-Context X-Vercel-Id
    X-NF-Client-Connection-IP X-Varnish Ngrok-Auth-User-Email Tailscale-User-Login X-Nginx-Proxy Front-End-Https
    X-Forwarded_For X_Real_IP
"""
SENT_BY_BROWSERS = """
    Accept Accept-Encoding Accept-Language Authorization Cache-Control Connection Content-Length Content-Type DNT
    Date If-Modified-Since If-None-Match Keep-Alive Origin-Agent-Cluster Pragma Priority Purpose Range Referer
    Save-Data Sec-CH-UA Sec-CH-UA-Mobile Sec-CH-UA-Platform Sec-Fetch-User Sec-GPC Sec-Purpose
    Sec-WebSocket-Extensions Sec-WebSocket-Key Sec-WebSocket-Protocol Sec-WebSocket-Version TE Transfer-Encoding
    Upgrade Upgrade-Insecure-Requests User-Agent X-Requested-With X-Xsrftoken Idempotency-Key X-Csrf-Token
"""
FORWARDING = SENT_BY_PROXIES.split()


@dataclass
class Asked:
    """A request as a browser of this computer sends it, but for what a test changes."""

    path: str = "/"
    query: str = ""
    kind: str = "http"
    method: str = "GET"
    host: str | None = HOST
    client: tuple[str, int] | None = LOOPBACK
    cookie: DemoSignIn | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def scope(self) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.host is not None:
            headers["host"] = self.host
        if self.cookie:
            headers["cookie"] = f"other=1; {cookie_name()}={cookie_value(self.cookie)}"
        scope = {
            "type": self.kind,
            "scheme": "http" if self.kind == "http" else "ws",
            "path": self.path,
            "query_string": self.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": self.client,
            "server": ("127.0.0.1", 8501),
        }
        return scope | ({"method": self.method} if self.kind == "http" else {})


@dataclass
class Answered:
    """What came back; status 200 is what the dashboard behind the door says. `logged` is what an access log prints."""

    status: int
    logged: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sign_in(self) -> DemoSignIn | None:
        """What the cookie that was set says."""
        value = self.headers["set-cookie"].split(";")[0].removeprefix(f"{cookie_name()}=")
        return sign_in_of({cookie_name(): value})


@pytest.fixture(params=["embedded", "DATABASE_URL"], autouse=True)
def demo(
    request: pytest.FixtureRequest, sign_in_settings: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The embedded database, or another one that is said to be for this computer: the door is the same."""
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path / "data"))
    if request.param == "embedded":
        sign_in_settings()
    else:
        sign_in_settings(embedded=False, local="1")


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", ["localhost", "LocalHost:8501", "127.0.0.1:8501", "[::1]:8501", "[::1]"])
@pytest.mark.parametrize("client", [LOOPBACK, ("127.8.9.1", 1), ("::1", 50000)])
def test_the_cookie_lets_in_on_this_computer(kind: str, host: str, client: tuple[str, int]) -> None:
    assert answer(Asked(kind=kind, host=host, client=client, cookie=new_sign_in())).status == LET_IN


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("path", ["/", "/students", "/_stcore/stream", "/_stcore/upload_file/a/b", "/media/x.png"])
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
def test_without_token_and_cookie_nobody_gets_in(kind: str, path: str, method: str) -> None:
    assert answer(Asked(path, kind=kind, method=method)).status in (401, 1008)


def test_an_address_without_token_says_where_to_find_it() -> None:
    told = answer(Asked("/students"))

    assert told.status == 401
    assert "cat .data/address" in told.body
    assert told.headers["cache-control"] == "no-store"
    assert token() not in told.body


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "client"),
    [
        (HOST, ("192.168.1.9", 50000)),
        (HOST, ("2001:db8::1", 50000)),
        (HOST, ("unix", 0)),
        (HOST, None),
        ("192.168.1.5:8501", LOOPBACK),
        ("attacker.example", LOOPBACK),
        ("localhost.attacker.example:8501", LOOPBACK),
        ("127.0.0.1.attacker.example", LOOPBACK),
        ("[::1].attacker.example", LOOPBACK),
        ("localhost:8501@attacker.example", LOOPBACK),
        ("localhost:8501.attacker.example", LOOPBACK),
        ("localhost:8501, attacker.example", LOOPBACK),
        ("attacker.example@localhost", LOOPBACK),
        ("localhost.", LOOPBACK),
        ("127.1:8501", LOOPBACK),
        ("0.0.0.0:8501", LOOPBACK),
        ("", LOOPBACK),
        (None, LOOPBACK),
    ],
)
def test_who_is_elsewhere_is_turned_away_whatever_they_know(
    kind: str, host: str | None, client: tuple[str, int] | None
) -> None:
    asked = Asked("/api/health", f"token={token()}", kind, host=host, client=client, cookie=new_sign_in(ACCOUNT))

    assert answer(asked).status in (403, 1008)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("header", FORWARDING)
def test_what_a_proxy_passed_on_is_refused_whatever_it_knows(kind: str, header: str) -> None:
    asked = Asked("/", f"token={token()}", kind, cookie=new_sign_in(ACCOUNT), headers={header: "x"})

    assert answer(asked).status in (403, 1008)


def test_headers_of_browsers_are_not_taken_for_those_of_proxies() -> None:
    asked = Asked(cookie=new_sign_in(), headers=dict.fromkeys(SENT_BY_BROWSERS.split(), "x"))

    assert answer(asked).status == LET_IN


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://127.0.0.1:8501",
        "http://0.0.0.0:8501",
        "https://evil.example",
        "null",
        "http://localhost",
    ],
)
def test_a_web_socket_of_another_origin_is_refused(origin: str) -> None:
    def opened(by: str) -> int:
        asked = Asked("/_stcore/stream", kind="websocket", cookie=new_sign_in(ACCOUNT), headers={"Origin": by})
        return answer(asked).status

    assert opened(origin) == 1008
    assert opened(f"http://{HOST}") == LET_IN


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, 403),
        ("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Origin": "http://localhost:3000"}, 403),
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 403),
        ("PUT", {"Origin": "http://localhost:3000"}, 403),
        ("PUT", {"Origin": "null"}, 200),  # a program; browsers say where it comes from
        ("PUT", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ("PUT", {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}, 200),
        ("PUT", {}, 200),
    ],
)
def test_pages_of_other_origins_may_link_here_and_nothing_else(
    method: str, headers: dict[str, str], status: int
) -> None:
    assert answer(Asked("/students", method=method, cookie=new_sign_in(ACCOUNT), headers=headers)).status == status


def test_the_token_becomes_a_cookie_and_leaves_the_address() -> None:
    told = answer(Asked("/students", f"status=at-risk&token={token()}"))

    assert told.status == 303
    assert told.headers["location"] == "/students?status=at-risk"
    assert told.headers["referrer-policy"] == "no-referrer"
    assert told.headers["cache-control"] == "no-store"
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(told.headers["set-cookie"].split("; "))
    assert told.sign_in is not None
    assert told.sign_in.account_id is None


@pytest.mark.parametrize("spelled", ["token={}", "%74oken={}", "a=b&token={}&c=d", "token=x&token={}"])
def test_a_log_of_addresses_has_no_token(spelled: str) -> None:
    for kind in ("http", "websocket"):
        assert token() not in answer(Asked("/", spelled.format(token()), kind)).logged


@pytest.mark.parametrize("wrong", ["", "x", "hidden", "é", "%ff", "x" * 5_000])
def test_a_wrong_token_lets_nobody_in(wrong: str) -> None:
    assert answer(Asked("/", f"token={wrong}")).status == 401


def test_a_token_opens_no_web_socket() -> None:
    assert answer(Asked("/_stcore/stream", f"token={token()}", "websocket")).status == 1008


def test_the_printed_address_keeps_the_account_of_a_browser_that_has_one() -> None:
    known = new_sign_in(ACCOUNT)

    assert answer(Asked("/", f"token={token()}", cookie=known)).sign_in == known


def test_our_page_changes_the_account_and_goes_back_to_itself() -> None:
    before = new_sign_in()

    changed = answer(asked_for(account_address(before, ACCOUNT, "/students?page=2"), before))
    assert changed.status == 303
    assert changed.headers["location"] == "/students?page=2"
    assert changed.sign_in is not None
    assert changed.sign_in.account_id == ACCOUNT

    left = answer(asked_for(account_address(changed.sign_in, None, "/"), changed.sign_in))
    assert left.sign_in is not None
    assert left.sign_in.account_id is None
    assert changed.sign_in.has_ended


@pytest.mark.parametrize("page", ["https://evil.example", "//evil.example", "/\\evil.example", "/demo-account"])
def test_a_changed_account_leads_to_no_other_site(page: str) -> None:
    before = new_sign_in()

    assert answer(asked_for(account_address(before, ACCOUNT, page), before)).headers["location"] == "/"


def test_no_other_page_changes_the_account() -> None:
    mine, anothers = new_sign_in(ACCOUNT), new_sign_in(uuid4())
    for address in (account_address(anothers, UUID(int=1), "/"), "/demo-account?account=&page=/", "/demo-account"):
        assert answer(asked_for(address, mine)).sign_in == mine
    assert not mine.has_ended


@pytest.mark.parametrize("path", ["/_stcore/health", "/api/health", "/api/ready", "/api/unsubscribe", "/api/docs"])
def test_health_and_what_has_a_key_or_signature_of_its_own_needs_no_cookie(path: str) -> None:
    assert answer(Asked(path)).status == LET_IN


def test_with_a_provider_everybody_reaches_its_sign_in(sign_in_settings: SignIn) -> None:
    sign_in_settings(oidc=True)

    asked = Asked(host="dashboard.example", client=("192.168.1.9", 1), headers={"X-Forwarded-For": "x"})
    assert answer(asked).status == LET_IN


def test_the_server_may_always_start_and_stop() -> None:
    assert answer(Asked(kind="lifespan")).status == LET_IN


def asked_for(address: str, cookie: DemoSignIn) -> Asked:
    parts = urlsplit(address)
    assert not parts.query or parse_qs(parts.query, keep_blank_values=True)
    return Asked(parts.path, parts.query, cookie=cookie)


def answer(asked: Asked) -> Answered:
    scope, messages = asked.scope(), []

    async def dashboard(_scope: Any, _receive: Any, _send: Any) -> None:
        messages.append({"status": LET_IN})

    async def receive() -> Any:
        raise AssertionError("nothing is read from somebody who is turned away")

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(DemoDoor(dashboard)(scope, receive, send))
    first, body = messages[0], b"".join(message.get("body", b"") for message in messages)  # type: ignore[misc]
    headers = {name.decode(): value.decode() for name, value in first.get("headers", [])}
    status = first.get("status") or first["code"]
    return Answered(status, scope["query_string"].decode(), body.decode(), headers)
