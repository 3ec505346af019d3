"""What holds on every page, light and dark, on a wide screen and on a phone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.server import Server
from tests.browser.visitor import MAIN, PROFILE_LINK, Visitor, visit

WIDE, PHONE = 1280, 390
# Streamlit's own sparklines and menu sections, and Vega's own groups inside a chart that has a name.
NOT_OURS = {"exclude": [[".stMetric svg"], [".role-mark"], ["[data-testid=stSidebarNavItems]"]]}
GRAVE = ("serious", "critical")
PAGES = ["Creator Dashboard", "Overview", "Students", "Student"]


@dataclass
class Walk:
    """What was seen on the way through all pages, by page."""

    scheme: str
    addresses: list[str] = field(default_factory=list)
    brightness: dict[str, int] = field(default_factory=dict)
    overhang_pixels: dict[str, int] = field(default_factory=dict)
    rules_passed: dict[str, int] = field(default_factory=dict)
    grave_findings: dict[str, list[Any]] = field(default_factory=dict)


@pytest.fixture(scope="module", params=[("light", WIDE), ("dark", WIDE), ("light", PHONE)], ids=str)
def walk(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Walk:
    scheme, width = request.param
    ada, walked = visit(browser, server, scheme, width), Walk(scheme)
    for page in pages_shown(ada):
        walked.brightness[page] = brightness(ada)
        walked.overhang_pixels[page] = overhang(ada)
        found = Axe().run(ada.page, context=NOT_OURS).response
        walked.rules_passed[page] = len(found["passes"])
        walked.grave_findings[page] = grave(found)
    walked.addresses = ada.addresses
    ada.page.context.close()
    return walked


def test_every_page_was_seen(walk: Walk) -> None:
    assert list(walk.overhang_pixels) == PAGES


def test_no_page_has_a_grave_accessibility_finding(walk: Walk) -> None:
    assert walk.grave_findings == {page: [] for page in PAGES}
    assert min(walk.rules_passed.values()) > 10


def test_no_page_scrolls_sideways(walk: Walk) -> None:
    assert max(walk.overhang_pixels.values()) <= 0, walk.overhang_pixels


def test_light_is_light_and_dark_is_dark(walk: Walk) -> None:
    assert {value > 128 for value in walk.brightness.values()} == {walk.scheme == "light"}


def test_the_browser_asks_no_other_host(walk: Walk, server: Server) -> None:
    hosts = {urlparse(address).netloc for address in walk.addresses if not address.startswith(("data:", "blob:"))}

    assert hosts == {f"localhost:{server.port}"}
    assert any(address.startswith("ws://") for address in walk.addresses)


def pages_shown(ada: Visitor) -> Iterator[str]:
    """Sign-in, overview, students, student, one after the other, each standing still."""
    steps: dict[str, Callable[[], None]] = {
        "Creator Dashboard": ada.open,
        "Overview": ada.sign_in,
        "Students": lambda: ada.follow("Find a student"),
    }
    for heading, step in steps.items():
        step()
        ada.is_on(heading)
        yield heading
    ada.goes_back()
    ada.is_on("Overview")
    ada.page.locator(PROFILE_LINK).first.click()
    ada.sees("Videos completed")
    ada.settle()
    yield "Student"


def grave(found: dict[str, Any]) -> list[Any]:
    return [
        (finding["id"], node["target"], node["failureSummary"])
        for finding in found["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]


def overhang(ada: Visitor) -> int:
    """By how many pixels the page or its main part is wider than what shows of it."""
    wider: int = ada.page.evaluate(
        "main => Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth)",
        ada.page.query_selector(MAIN),
    )
    return wider


def brightness(ada: Visitor) -> int:
    """Of the background, 0 to 255."""
    colour = ada.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    return max(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
