"""Where addresses lead that are no page of ours."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ui.account.return_path import own_page
from ui.addresses import Addresses, nearest_page

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def answer(path: str, headers: dict[str, str] = BROWSER) -> httpx.Response:
    async def streamlit(request: Request) -> PlainTextResponse:
        return PlainTextResponse("the start page")

    async def ask() -> httpx.Response:
        app = Starlette(routes=[Route("/{path:path}", streamlit)], middleware=[Middleware(Addresses)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/creator", "/"),
        ("/creator/", "/"),
        ("/creator?period=7d&a=b%20c", "/?period=7d&a=b%20c"),
        ("/creator/students?status=at-risk", "/students?status=at-risk"),
        ("/creator/video?id=1", "/video?id=1"),
    ],
)
def test_the_address_of_the_description_opens_the_dashboard(path: str, leads_to: str) -> None:
    response = answer(path)

    assert (response.status_code, response.headers["location"]) == (307, leads_to)
    assert own_page(path.replace("%20", "+")) == leads_to.replace("%20", "+") or path.endswith("/")


@pytest.mark.parametrize(("path", "leads_to"), [("/overview", "/"), ("/overview/?period=7d", "/?period=7d")])
def test_the_start_page_is_found_by_its_name_too(path: str, leads_to: str) -> None:
    response = answer(path)

    assert (response.status_code, response.headers["location"]) == (307, leads_to)


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/studnets", "/students"),
        ("/students/5", "/students"),
        ("/creator/quizes", "/quizzes"),
        ("/Funnel", "/funnel"),
        ("/questions", "/chat"),
        ("/xyzzy", "/"),
        ("/wp-admin/", "/"),
    ],
)
def test_an_unknown_address_says_so_and_offers_the_nearest_page(path: str, offered: str) -> None:
    response = answer(path)

    assert response.status_code == 404
    assert f"There is no page at <code>{path}</code>" in response.text
    assert f'<a href="{offered}">' in response.text


def test_a_hostile_address_is_shown_as_it_is() -> None:
    response = answer("/%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script" not in response.text
    assert "&lt;script&gt;" in response.text


@pytest.mark.parametrize(
    "path", ["/", "/students", "/students/", "/_stcore/health", "/media/x", "/favicon.png", "/api/creator/dashboard"]
)
def test_everything_else_is_answered_as_ever(path: str) -> None:
    assert answer(path).text == "the start page"


def test_what_is_no_browser_opening_a_page_is_left_alone() -> None:
    assert answer("/healthz", {"accept": "*/*"}).text == "the start page"


def test_pages_that_not_everybody_may_open_are_not_offered() -> None:
    assert nearest_page("/staf").address != "staff"
