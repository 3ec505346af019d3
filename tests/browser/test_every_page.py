"""What holds on every page, light and dark, on a wide screen and on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from tests.browser.mail_of_the_demo import mail_in_every_state
from tests.browser.server import Server
from tests.browser.visitor import MAIN, STAFF, Visitor, visit
from ui.navigation import ENTRIES

WIDE = 1280
TRIES, MILLISECONDS_BETWEEN = 10, 200
# Streamlit's own sparklines and menu sections, and Vega's own groups inside a chart that has a name.
NOT_OURS = {"exclude": [[".stMetric svg"], [".role-mark"], ["[data-testid=stSidebarNavItems]"]]}
GRAVE = ("serious", "critical")
SIGN_IN, OVERVIEW = "sign-in", "overview"
# Pages about one thing are opened at an address that another page links to.
LINKED = {"student": ("overview", "student"), "video": ("funnel", "video"), "quiz": ("quizzes", "quiz")}
SAME_THING = {"quiz_edit": "quiz"}
EVERYONES = [entry.address for entry in ENTRIES if entry.audience == "everyone" and not entry.is_start]
STAFFS = [entry.address for entry in ENTRIES if entry.audience == "staff"]
PAGES = [SIGN_IN, OVERVIEW, *EVERYONES, *STAFFS]


@dataclass
class Walk:
    """What was seen on the way through all pages, by page."""

    scheme: str
    addresses: list[str] = field(default_factory=list)
    headings: dict[str, list[str]] = field(default_factory=dict)
    brightness: dict[str, int] = field(default_factory=dict)
    overhang_pixels: dict[str, int] = field(default_factory=dict)
    rules_passed: dict[str, int] = field(default_factory=dict)
    grave_findings: dict[str, list[Any]] = field(default_factory=dict)


@pytest.fixture(scope="module", params=[("light", WIDE)], ids=str)
def walk(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Walk]:
    yield from a_walk(*request.param, browser, server)  # type: ignore[call-arg]


def a_walk(scheme: str, width: int, browser: Browser, server: Server) -> Iterator[Walk]:
    """Through all pages on one screen; `proofs/test_every_page.py` looks at it on six."""
    mail_in_every_state(server)
    ada, noor, walked = visit(browser, server, scheme, width), visit(browser, server, scheme, width), Walk(scheme)
    for page in chain(pages_of_the_creator(ada), pages_of_the_staff(noor)):
        shown = noor if page in STAFFS else ada
        if page not in SAME_THING:
            wait_for_another_heading(shown, walked)
        walked.brightness[page] = brightness(shown)
        walked.overhang_pixels[page] = overhang(shown)
        walked.headings[page] = shown.page.locator("h1").all_inner_texts()
        found = Axe().run(shown.page, context=NOT_OURS).response
        walked.rules_passed[page] = len(found["passes"])
        walked.grave_findings[page] = grave(found)
    walked.addresses = ada.addresses + noor.addresses
    yield walked
    for visitor in (ada, noor):
        visitor.page.context.close()


def wait_for_another_heading(shown: Visitor, walked: Walk) -> None:
    """On a busy machine the previous page may still be shown; the tests report it if it stays."""
    before = [heading for headings in list(walked.headings.values())[-1:] for heading in headings]
    for _ in range(TRIES):
        if shown.page.locator("h1").all_inner_texts() != before:
            return
        shown.page.wait_for_timeout(MILLISECONDS_BETWEEN)
        shown.settle()


def test_every_page_was_seen(walk: Walk) -> None:
    assert list(walk.overhang_pixels) == PAGES
    assert {page: len(headings) for page, headings in walk.headings.items()} == dict.fromkeys(PAGES, 1)
    different = {headings[0] for page, headings in walk.headings.items() if page not in SAME_THING}
    assert len(different) == len(PAGES) - len(SAME_THING), walk.headings


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


def pages_of_the_creator(ada: Visitor) -> Iterator[str]:
    """The sign-in and every page that a creator may open, one after the other, each after it has settled."""
    ada.open()
    ada.is_on("Creator Dashboard")
    yield SIGN_IN
    ada.sign_in()
    ada.is_on("Overview")
    yield OVERVIEW
    for page in EVERYONES:
        ada.goes_to(address_of(page, ada))
        yield page


def pages_of_the_staff(noor: Visitor) -> Iterator[str]:
    noor.open()
    noor.sign_in(STAFF)
    for page in STAFFS:
        noor.goes_to(f"/{page}")
        yield page


def address_of(page: str, ada: Visitor) -> str:
    thing = SAME_THING.get(page, page)
    if thing not in LINKED:
        return f"/{page}"
    linking, linked = LINKED[thing]
    ada.goes_to(f"/{linking}")
    link = ada.page.locator(f'{MAIN} a[href*="/{linked}?id="], {MAIN} a[href^="{linked}?id="]').first.get_attribute(
        "href"
    )
    assert link
    return f"/{page}?{urlparse(link).query}"


def grave(found: dict[str, Any]) -> list[Any]:
    return [
        (finding["id"], node["target"], node["failureSummary"])
        for finding in found["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]


def overhang(ada: Visitor) -> int:
    """By how many pixels the page or its main part is wider than its visible part."""
    wider: int = ada.page.evaluate(
        "main => Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth)",
        ada.page.query_selector(MAIN),
    )
    return wider


def brightness(ada: Visitor) -> int:
    """Of the background, 0 to 255."""
    colour = ada.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    return max(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
