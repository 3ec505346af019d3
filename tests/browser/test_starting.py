"""Starting with one's own data: on another database of this computer, from the printed address to the ways in."""

import urllib.request
from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser

from database.embedded import embedded_url
from tests.browser.server import Server, running_server, stop_database
from tests.browser.visitor import Visitor, visit

SCHOOL = "Riverside & Söhne"


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without the demo: its database is another one, which happens to be on this computer too."""
    folder = tmp_path_factory.mktemp("own")
    address = embedded_url(folder / "elsewhere").render_as_string(hide_password=False)
    with running_server(folder / "data", DATABASE_URL=address, DASHBOARD_LOCAL_SIGN_IN="1") as running:
        yield running
    stop_database(folder / "elsewhere")


def test_from_the_printed_address_to_the_ways_in(own_server: Server, browser: Browser) -> None:
    mia = visit(browser, own_server)
    mia.open()
    mia.sees("Start with my own data", "The demo is not loaded.")

    mia.page.get_by_label("Name of the school or channel").fill(SCHOOL)
    mia.page.get_by_label("Your name").fill("Mia Chen")
    mia.page.get_by_role("button", name="Start", exact=True).click()

    mia.is_at("/own_data")
    mia.is_on("Your data")
    mia.sees("There are no students and no videos yet.", f"--creator '{SCHOOL}'")

    mia.open("/students")
    mia.follow("Bring in data")
    mia.is_on("Your data")
    mia.page.context.close()


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("?token=wrong", {}),
        ("?token={token}", {"X-Forwarded-For": "192.0.2.7"}),
        ("?token={token}", {"Host": "attacker.example"}),
    ],
)
def test_it_is_as_closed_as_the_embedded_one(own_server: Server, token: str, headers: dict[str, str]) -> None:
    known = own_server.printed_address.partition("token=")[2]
    asked = urllib.request.Request(f"{own_server.address}/{token.format(token=known)}", headers=headers)

    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=5)

    refused.value.close()
    assert refused.value.code in (401, 403)


def test_somebody_who_never_opened_it_sees_nothing(own_server: Server, browser: Browser) -> None:
    page = browser.new_context().new_page()

    page.goto(f"{own_server.address}/own_data")

    assert "Open the address that was printed" in Visitor(page, own_server).page.content()
    page.context.close()
