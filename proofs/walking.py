"""What the walk does on a page, as somebody with a mouse does it, and what they see of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, TimeoutError, expect

from tests.browser.visitor import MAIN, MILLISECONDS, Visitor

TRIES = 6
PUT_IN_ORDER = {"asc": False, "desc": True}  # whether it is reversed


def choose(who: Visitor, label: str, option: str) -> None:
    """Take an option of a field with a list."""
    _opened(who, label).filter(has_text=re.compile(f"^{re.escape(option)}$")).first.click()
    who.settle()


def options_of(who: Visitor, label: str) -> list[str]:
    """The options of a field with a list."""
    options = _opened(who, label).all_inner_texts()
    who.page.keyboard.press("Escape")
    return options


def pick(who: Visitor, option: str) -> None:
    """One of a few options that all show."""
    who.page.get_by_role("radio", name=option, exact=True).first.click()
    who.settle()


def follow(who: Visitor, name: str | re.Pattern[str]) -> None:
    """A link on the page, not in the menu."""
    who.page.locator(MAIN).get_by_role("link", name=name).locator("visible=true").first.click()
    who.settle()


def type_into(who: Visitor, label: str, words: str) -> None:
    field = who.page.locator(MAIN).get_by_role("textbox", name=label, exact=True).first
    field.fill(words)
    field.press("Control+Enter" if field.evaluate("field => field.tagName") == "TEXTAREA" else "Enter")
    who.settle()


def press(who: Visitor, name: str | re.Pattern[str]) -> None:
    who.page.get_by_role("button", name=name).locator("visible=true").first.click()
    who.settle()


def counted(who: Visitor, things: str) -> int:
    """How many match, as the line above the list says; 0 if it is empty."""
    line = re.compile(rf"to [\d,]+ of ([\d,]+) {things.removesuffix('s')}|No {things} match")
    words = who.page.locator(MAIN).get_by_text(line).first.inner_text()
    found = line.search(words)
    assert found
    return int((found[1] or "0").replace(",", ""))


def counts_by_option(who: Visitor, label: str, options: list[str], things: str) -> dict[str, int]:
    """How many are left with each option of a filter."""
    counts = {}
    for option in options:
        choose(who, label, option)
        counts[option] = counted(who, things)
    return counts


def headings(who: Visitor) -> list[str]:
    """The titles of the list's columns, those that sort it."""
    return [_title(words) for words in _table(who).locator("thead button").all_inner_texts()]


def column(who: Visitor, title: str) -> list[str]:
    """What stands in a column of the list."""
    titles = [_title(words) for words in _table(who).locator("thead th").all_inner_texts()]
    boxes = 1 if _table(who).locator("thead .choice").count() else 0  # to choose rows by, before all others
    cells = _table(who).locator(f"tbody tr > :nth-child({titles.index(title) + boxes + 1})")
    return [text.strip() for text in cells.all_inner_texts()]


def sort_by(who: Visitor, title: str) -> str:
    """Click on a heading; returns the direction that it then says."""
    button = _table(who).locator("thead").get_by_role("button", name=re.compile(f"^{title}")).first
    heading = button.locator("xpath=..")
    was = heading.get_attribute("aria-sort")
    button.click()
    expect(heading).not_to_have_attribute("aria-sort", was or "", timeout=MILLISECONDS)
    who.settle()
    return {"ascending": "asc", "descending": "desc"}[heading.get_attribute("aria-sort") or ""]


def assert_sorts(who: Visitor, title: str, key: Callable[[str], object] | None = None) -> None:
    """A click on the heading puts the list in order."""
    direction = sort_by(who, title)
    assert_in_order(column(who, title), direction, key or number)


def assert_in_order(values: list[str], direction: str, key: Callable[[str], object]) -> None:
    """What is not known, "-", comes last either way."""
    known = [key(value) for value in values if value != "-"]
    assert known == sorted(known, reverse=PUT_IN_ORDER[direction])  # type: ignore[type-var]
    assert "-" not in values[: len(known)]


def number(text: str) -> float:
    found = re.search(r"[\d,]+(\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


def dialog(who: Visitor) -> Locator:
    shown = who.page.get_by_role("dialog")
    shown.wait_for()
    return shown


def _opened(who: Visitor, label: str) -> Locator:
    """The options; again if the page ran meanwhile, which closes them."""
    options = who.page.get_by_role("option")
    for _ in range(TRIES):
        who.page.locator(MAIN).get_by_role("combobox", name=label).first.click()
        try:
            options.first.wait_for(timeout=MILLISECONDS / TRIES)
        except TimeoutError:
            continue
        return options
    raise AssertionError(f"the list of {label} does not open")


def _table(who: Visitor) -> Locator:
    return who.page.locator("table:visible").first


def _title(words: str) -> str:
    return words.strip(" ↕▲▼\n")
