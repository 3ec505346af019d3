"""A list as people use it: with the mouse, the keyboard, on a phone, and going back again."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, expect

from rules.searching import name_key
from tests.browser.conftest import Visits
from tests.browser.visitor import MAIN, MILLISECONDS, Visitor

PHONE = 390
TABLE_AS_A_FILE = re.compile("csv|download data|download table", re.IGNORECASE)


def test_sort_page_select_and_open_are_one_step_back_each(visitor: Visits) -> None:
    ada = at(visitor, "/students?status=active")

    heading(ada, "Student").click()
    ada.is_at("/students?status=active&sort=name&order=asc")
    first = first_name(ada)
    ada.page.get_by_role("button", name="Page 2", exact=True).click()
    ada.is_at("/students?status=active&sort=name&order=asc&page=2")
    expect(names(ada).first).not_to_have_text(first, timeout=MILLISECONDS)
    ada.settle()
    box = ada.page.locator("table").bounding_box()
    assert box
    assert 0 < box["y"] < 400  # the view is at its top
    second = first_name(ada)
    names(ada).first.click()
    ada.is_on(second)

    steps = [
        ("/students?status=active&sort=name&order=asc&page=2", second),
        ("/students?status=active&sort=name&order=asc", first),
    ]
    for address, name in steps:
        ada.goes_back()
        ada.is_at(address)
        expect(names(ada).first).to_have_text(name, timeout=MILLISECONDS)
        ada.settle()
    assert sorted(all_names(ada), key=name_key) == all_names(ada)
    ada.goes_back()
    ada.is_at("/students?status=active")


def test_the_link_back_leads_to_the_same_filters_order_and_page(visitor: Visits) -> None:
    ada = at(visitor, "/students?status=active&sort=name&order=asc&page=2")
    first = first_name(ada)

    names(ada).first.click()
    ada.is_on(first)
    ada.follow("All students")

    ada.is_at("/students?status=active&sort=name&order=asc&page=2")
    expect(names(ada).first).to_have_text(first, timeout=MILLISECONDS)


def test_rows_are_chosen_and_opened_by_keys_alone(visitor: Visits) -> None:
    ada = at(visitor, "/students")

    ada.page.locator("tbody tr").first.focus()
    for key in ("x", "j", "j", "x", "k", "r"):
        ada.page.keyboard.press(key)
    ada.settle()
    expect(ada.page.locator(".toolbar")).to_contain_text("2 selected")
    ada.sees("Write to the 2 selected")
    second = all_names(ada)[1]
    ada.page.keyboard.press("Enter")

    ada.is_on(second)


def test_videos_are_moved_by_keys_and_by_dragging_and_saved_once(visitor: Visits) -> None:
    ada = at(visitor, "/videos")
    one, two, three, four, *_ = all_names(ada)

    ada.page.get_by_role("button", name="Change order").click()
    handles = ada.page.locator(".reorders .handle")
    handles.first.focus()
    for key in ("Space", "ArrowDown", "Space"):
        ada.page.keyboard.press(key)
    expect(ada.page.locator(".unseen.said")).to_have_text(re.compile("place 2 of .*, dropped"))
    drag(ada, handles.nth(2), below=handles.nth(3))
    assert moved(ada)[:4] == [two, one, four, three]
    handles.first.focus()
    for key in ("Space", "End", "Escape"):
        ada.page.keyboard.press(key)
    assert moved(ada)[:4] == [two, one, four, three]
    ada.page.get_by_role("button", name="Save order").click()

    try:
        expect(ada.page.get_by_role("button", name="Save order")).to_be_disabled(timeout=MILLISECONDS)
        ada.page.keyboard.press("Escape")
        expect(names(ada).first).to_have_text(two, timeout=MILLISECONDS)
        assert all_names(ada)[:4] == [two, one, four, three]
    finally:
        put_back(ada)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", PHONE)])
def test_tables_are_accessible_and_fit_and_offer_no_file_of_their_own(visitor: Visits, scheme: str, width: int) -> None:
    ada = visitor(scheme, width)
    ada.open("/students")
    ada.sign_in()
    for page in ("/students", "/videos", "/quizzes"):
        ada.goes_to(page)
        ada.page.locator("table").first.wait_for()
        assert table_findings(ada) == []
        assert ada.page.evaluate("main => main.scrollWidth - main.clientWidth", ada.page.query_selector(MAIN)) <= 0
        assert ada.page.get_by_role("button", name=TABLE_AS_A_FILE).count() == 0


def test_the_table_behind_a_chart_offers_no_file(visitor: Visits) -> None:
    ada = at(visitor, "/quizzes")

    ada.page.get_by_test_id("stVegaLiteChart").first.hover()
    ada.page.get_by_role("button", name="Show data").first.click()
    ada.page.get_by_test_id("stDataFrame").first.hover()
    ada.page.get_by_role("button", name="Search: ").first.wait_for()  # the buttons of that table show

    assert ada.page.get_by_role("button", name=re.compile("csv|download", re.IGNORECASE)).count() == 0


def at(visitor: Visits, path: str) -> Visitor:
    ada = visitor()
    ada.open(path)
    ada.sign_in()
    ada.page.locator("table").first.wait_for()
    ada.settle()
    return ada


def heading(ada: Visitor, title: str) -> Locator:
    return ada.page.locator("thead").get_by_role("button", name=title, exact=False).first


def names(ada: Visitor) -> Locator:
    return ada.page.locator(".list:not(.reorders) tbody th a")


def all_names(ada: Visitor) -> list[str]:
    return names(ada).all_inner_texts()


def first_name(ada: Visitor) -> str:
    return all_names(ada)[0]


def moved(ada: Visitor) -> list[str]:
    return ada.page.locator(".reorders tbody th").all_inner_texts()


def drag(ada: Visitor, handle: Locator, below: Locator) -> None:
    begin, end = handle.bounding_box(), below.bounding_box()
    assert begin
    assert end
    ada.page.mouse.move(begin["x"] + 8, begin["y"] + 8)
    ada.page.mouse.down()
    ada.page.mouse.move(end["x"] + 8, end["y"] + end["height"], steps=8)
    ada.page.wait_for_timeout(200)  # the rows follow from frame to frame
    ada.page.mouse.up()


def put_back(ada: Visitor) -> None:
    """The order as it was, for the other tests on this server."""
    ada.page.get_by_role("button", name="Change order").click()
    ada.page.locator(".reorders .handle").first.focus()
    for place in (0, 2):
        ada.page.locator(".reorders .handle").nth(place).focus()
        for key in ("Space", "ArrowDown", "Space"):
            ada.page.keyboard.press(key)
    ada.page.get_by_role("button", name="Save order").click()
    expect(ada.page.get_by_role("button", name="Save order")).to_be_disabled(timeout=MILLISECONDS)


def table_findings(ada: Visitor) -> list[Any]:
    found = Axe().run(ada.page, context={"include": [["[data-testid=stBidiComponentIsolated]"]]}).response
    return [(finding["id"], node["target"]) for finding in found["violations"] for node in finding["nodes"]]
