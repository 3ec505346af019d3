"""What holds on every page on a wide screen in light mode also holds in dark mode and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import browser, server  # noqa: F401
from tests.browser.server import Server
from tests.browser.test_every_page import (  # noqa: F401
    WIDE,
    Walk,
    a_walk,
    test_every_page_was_seen,
    test_light_is_light_and_dark_is_dark,
    test_no_page_has_a_grave_accessibility_finding,
    test_no_page_scrolls_sideways,
    test_the_browser_asks_no_other_host,
)

PHONE = 390


@pytest.fixture(scope="module", params=[("dark", WIDE), ("light", PHONE)], ids=str)
def walk(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Walk]:  # noqa: F811
    yield from a_walk(*request.param, browser, server)  # type: ignore[call-arg]
