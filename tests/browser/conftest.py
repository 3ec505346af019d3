"""One server with the demo data for all tests of a worker, and one browser for those of a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.server import Server, running_server
from tests.browser.visitor import Visitor, visit

INSTALLED = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
# Chromium itself would ask its makers for updates, which is not what the tests look for.
OPTIONS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("served") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium or, without one, that of `playwright install chromium`; neither is an error."""
    installed = next((path for path in INSTALLED if Path(path).exists()), None)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=installed, args=OPTIONS)
        yield launched
        launched.close()


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Visits]:
    """Call it for a fresh session: `visitor()`, `visitor("dark")`, `visitor(width=390)`."""
    came: list[Visitor] = []

    def comes(scheme: str = "light", width: int = 1280) -> Visitor:
        came.append(visit(browser, server, scheme, width))
        return came[-1]

    yield comes
    for one in came:
        one.page.context.close()
