"""What the walk does on a page, as somebody with a mouse does it, and what they see of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.visitor import MAIN, MILLISECONDS, Visitor

PUT_IN_ORDER = {"asc": False, "desc": True}  # whether it is reversed


def choose(who: Visitor, label: str, option: str) -> None:
    """Take an option of a field with a list."""
    who.page.get_by_role("combobox", name=label).first.click()
    who.page.get_by_role("option", name=option, exact=True).click()
    who.settle()


def options_of(who: Visitor, label: str) -> list[str]:
    who.page.get_by_role("combobox", name=label).first.click()
    who.page.get_by_role("option").first.wait_for()
    options = who.page.get_by_role("option").all_inner_texts()
    who.page.keyboard.press("Escape")
    return options


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
    line = re.compile(rf"to [\d,]+ of ([\d,]+) {things}|No {things} match")
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
    return [words.strip(" ↕▲▼\n") for words in who.page.locator("thead button").all_inner_texts()]


def column(who: Visitor, title: str) -> list[str]:
    """What stands in a column of the list."""
    titles = [words.strip(" ↕▲▼\n") for words in who.page.locator("thead th").all_inner_texts()]
    cells = who.page.locator(f"tbody tr > :is(th, td:not(.choice)):nth-child({_place(who, titles.index(title))})")
    return [text.strip() for text in cells.all_inner_texts()]


def sort_by(who: Visitor, title: str) -> str:
    """Click on a heading; returns the direction that it then says."""
    heading = who.page.locator("thead th").filter(has=who.page.locator("button", has_text=title)).first
    was = heading.get_attribute("aria-sort")
    heading.locator("button").click()
    expect(heading).not_to_have_attribute("aria-sort", was or "", timeout=MILLISECONDS)
    who.settle()
    return {"ascending": "asc", "descending": "desc"}[heading.get_attribute("aria-sort") or ""]


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


def _place(who: Visitor, column_number: int) -> int:
    """In its row, from one: a column with boxes to choose by stands before all others."""
    return column_number + (2 if who.page.locator("thead .choice").count() else 1)
