"""The address with a token admits a browser, a cookie keeps it signed in, and signing out ends that."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Response, expect

from tests.browser.server import Server
from tests.browser.visitor import ENTERPRISE, MILLISECONDS, Visitor


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context()
    yield fresh
    fresh.close()


def test_an_address_without_its_token_says_where_to_find_it(context: BrowserContext, server: Server) -> None:
    stranger = tab(context, server)

    answer = went(stranger, "/students")

    assert answer.status == 401
    expect(stranger.page.get_by_role("heading")).to_have_text("Open the address that was printed")
    assert "address" in stranger.page.locator("code").first.inner_text()
    assert ENTERPRISE not in stranger.page.content()


def test_reload_new_tab_bookmark_and_link_stay_signed_in(context: BrowserContext, server: Server) -> None:
    ada = tab(context, server)
    ada.page.goto(server.printed_address)
    assert "token" not in ada.page.url
    ada.sign_in()
    ada.is_on("Overview")

    ada.page.reload()
    ada.is_on("Overview")
    new_tab = tab(context, server)
    new_tab.open("/students?status=at-risk")
    new_tab.is_on("Students")
    from_a_mail = tab(context, server)
    from_a_mail.page.set_content(f'<a href="{server.address}/quizzes">Look</a>')  # a page of another site
    from_a_mail.page.get_by_role("link", name="Look").click()
    from_a_mail.is_on("Quizzes")


def test_the_token_stands_in_no_address_and_no_referrer(context: BrowserContext, server: Server) -> None:
    asked: list[tuple[str, str]] = []
    context.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    ada = tab(context, server)

    ada.page.goto(server.printed_address)
    ada.settle()

    token = server.printed_address.partition("token=")[2]
    assert [url for url, _ in asked if token in url] == [server.printed_address]
    assert not [referrer for _, referrer in asked if token in referrer]
    assert token not in ada.page.evaluate("performance.getEntriesByType('navigation')[0].name")
    assert token not in str(ada.page.evaluate("document.cookie"))


def test_signing_out_ends_it_in_every_tab(context: BrowserContext, server: Server) -> None:
    first, second = tab(context, server), tab(context, server)
    first.page.goto(server.printed_address)
    first.sign_in()
    second.open("/students")
    second.is_on("Students")
    kept = context.cookies()

    with first.page.expect_event("load"):
        first.page.get_by_role("button", name="Sign out").first.click()
    expect(first.page.get_by_role("heading", name="Look at the demo")).to_be_visible(timeout=MILLISECONDS)
    second.follow("Overview")
    expect(second.page.get_by_role("heading", name="Look at the demo")).to_be_visible(timeout=MILLISECONDS)
    first.page.reload()
    expect(first.page.get_by_role("heading", name="Look at the demo")).to_be_visible(timeout=MILLISECONDS)

    context.add_cookies(kept)  # the copied cookie no longer opens anything
    first.page.reload()
    expect(first.page.get_by_role("heading", name="Look at the demo")).to_be_visible(timeout=MILLISECONDS)


def tab(context: BrowserContext, server: Server) -> Visitor:
    visitor = Visitor(context.new_page(), server)
    visitor.page.set_default_timeout(MILLISECONDS)
    return visitor


def went(visitor: Visitor, path: str) -> Response:
    answer = visitor.page.goto(visitor.server.address + path)
    assert answer
    return answer
