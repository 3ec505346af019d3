"""Every page on every screen, light and dark: as wide as the screen, accessible, with no text cut, and no error.

Each page is opened once, and then looked at on six screens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from tests.browser.conftest import browser, server  # noqa: F401
from tests.browser.mail_of_the_demo import mail_in_every_state
from tests.browser.server import Server
from tests.browser.test_every_page import (
    NOT_OURS,
    PAGES,
    STAFFS,
    brightness,
    pages_of_the_creator,
    pages_of_the_staff,
)
from tests.browser.visitor import Visitor, visit

SCHEMES, WIDTHS = ("light", "dark"), (1440, 1024, 390)
FAULTS = Path(__file__).with_name("looking.js").read_text(encoding="utf-8")
# Streamlit's place for files says that it is nothing but a place, and has a name.
EXCEPT = {"exclude": [*NOT_OURS["exclude"], ["[data-testid=stFileUploaderDropzone]"]]}
TRIES, MILLISECONDS_BETWEEN = 10, 300


@dataclass
class Look:
    """What was seen, by page and screen, such as "video, dark 390"."""

    seen: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    findings: dict[str, list[str]] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def look(browser: Browser, server: Server) -> Iterator[Look]:  # noqa: F811
    mail_in_every_state(server)
    looked = Look()
    ada, noor = (_listening(visit(browser, server, width=1440), looked) for _ in range(2))
    for page in chain(pages_of_the_creator(ada), pages_of_the_staff(noor)):
        looked.seen.append(page)
        _look_at(noor if page in STAFFS else ada, page, looked)
    yield looked
    for visitor in (ada, noor):
        visitor.page.context.close()


def test_every_page_was_seen(look: Look) -> None:
    assert look.seen == PAGES
    assert len(look.faults) == len(PAGES) * len(SCHEMES) * len(WIDTHS)


def test_no_page_is_too_wide_or_shows_an_exception_or_cuts_a_text(look: Look) -> None:
    assert {screen: faults for screen, faults in look.faults.items() if faults} == {}


def test_no_page_has_an_accessibility_finding(look: Look) -> None:
    assert {screen: findings for screen, findings in look.findings.items() if findings} == {}


def test_light_is_light_and_dark_is_dark(look: Look) -> None:
    assert [screen for screen, scheme in look.schemes.items() if scheme not in screen] == []


def test_the_browser_reports_no_error(look: Look) -> None:
    assert look.errors == []


def _look_at(who: Visitor, page: str, looked: Look) -> None:
    for scheme, width in product(SCHEMES, WIDTHS):
        screen = f"{page}, {scheme} {width}"
        who.page.emulate_media(color_scheme=scheme)
        who.page.set_viewport_size({"width": width, "height": 900})
        looked.faults[screen] = _settled_faults(who)
        found = Axe().run(who.page, context=EXCEPT).response["violations"]
        looked.findings[screen] = [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
        looked.schemes[screen] = "light" if brightness(who) > 128 else "dark"
    who.page.emulate_media(color_scheme="light")
    who.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def _settled_faults(who: Visitor) -> list[str]:
    """What is still wrong once everything has moved into its new place."""
    faults: list[str] = []
    for _ in range(TRIES):
        who.page.wait_for_timeout(MILLISECONDS_BETWEEN)
        faults = who.page.evaluate(FAULTS)
        if not faults:
            break
    return faults


def _listening(who: Visitor, looked: Look) -> Visitor:
    who.page.on("console", lambda told: looked.errors.append(told.text) if told.type == "error" else None)
    who.page.on("pageerror", lambda error: looked.errors.append(str(error)))
    return who
