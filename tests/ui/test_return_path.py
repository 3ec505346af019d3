"""Where the sign-in leads back to, and the cookies on the way."""

import asyncio
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.ui.test_oidc import configured
from ui.account.return_path import COOKIE, ReturnPath, own_page
from ui.account.safety import SecureCookies

HERE = "https://dash.example.com"


class Client:
    """A browser without a window: it keeps its cookies and follows no redirect."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return asyncio.run(self._answer(path, headers))

    async def _answer(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app())
        async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
            answer = await client.get(path, headers=headers)
            self.cookies = client.cookies
            return answer


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    configured(monkeypatch)
    return Client()


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/", "/"),
        ("/students", "/students"),
        ("/student?id=1&t=2", "/student?id=1&t=2"),
        ("/students?search=a%26b+c", "/students?search=a%26b+c"),
        ("/students\r\n", "/students"),
        ("/students?search=#x", "/students?search="),
        ("/students?search=" + "x" * 2_000, "/students"),
    ],
)
def test_own_pages_are_kept(address: str, page: str) -> None:
    assert own_page(address) == page


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example.com/students",
        "https://evil.example.com/students",
        "/\\evil.example.com",
        "\\\\evil.example.com",
        "/students/../api",
        "/api/creator/dashboard",
        "/auth/logout",
        "/oauth2callback",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert own_page(address) is None


def test_the_page_that_asked_is_where_the_sign_in_ends(client: Client) -> None:
    asked = client.get("/auth/login", referer=f"{HERE}/student?id=1&t=2")
    finished = client.get("/oauth2callback")
    again = client.get("/oauth2callback")

    assert finished.headers["location"] == "/student?id=1&t=2"
    assert again.headers["location"] == "/"
    told = asked.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "; secure" in told


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://evil.example.com/students",
        "https://dash.example.com.evil.com/students",
        f"{HERE}//evil.example.com",
        f"{HERE}/auth/logout",
        "ftp://dash.example.com/students",
    ],
)
def test_a_foreign_page_is_not_remembered(client: Client, referer: str) -> None:
    client.get("/auth/login", referer=referer)

    assert client.get("/oauth2callback").headers["location"] == "/"


@pytest.mark.parametrize("forged", ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com"])
def test_a_forged_cookie_leads_nowhere_else(client: Client, forged: str) -> None:
    client.cookies.set(COOKIE, quote(forged, safe=""), domain="dash.example.com")

    assert client.get("/oauth2callback").headers["location"] == "/"


def test_every_cookie_is_secure_over_https_and_only_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    secured = client.get("/").headers["set-cookie"]
    configured(monkeypatch, OIDC_REDIRECT_URI="http://localhost/oauth2callback")
    local = client.get("/").headers["set-cookie"]

    assert secured.endswith("; Secure")
    assert "secure" not in local.lower()


def app() -> Starlette:
    """A server whose sign-in sends to the provider, and back to the start page."""
    return Starlette(
        routes=[
            Route("/auth/login", _to_the_provider),
            Route("/oauth2callback", _to_the_start),
            Route("/", _page),
        ],
        middleware=[Middleware(SecureCookies), Middleware(ReturnPath)],
    )


async def _to_the_provider(_request: Request) -> Response:
    return RedirectResponse("https://issuer.example.com/authorize", 302)


async def _to_the_start(_request: Request) -> Response:
    return RedirectResponse("/", 302)


async def _page(_request: Request) -> Response:
    response = Response("page")
    response.set_cookie("anything", "1")
    return response
