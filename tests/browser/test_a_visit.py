"""What a person does, in a real browser against a real server with the demo data."""

import re
import time

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.server import Server
from tests.browser.test_every_page import NOT_OURS, grave
from tests.browser.visitor import MAIN, MILLISECONDS, PRO, PROFILE_LINK, STAFF, Visitor

STUDENTS = 245
COUNTED = re.compile(r"to [\d,]+ of ([\d,]+) students")


def test_from_the_overview_to_a_profile_and_back(visitor: Visits) -> None:
    ada = visitor()
    ada.open()
    ada.sign_in()
    ada.is_on("Overview")
    ada.sees("of students were active in the last 30 days")

    ada.follow("Students")
    ada.is_on("Students")
    ada.sees(f"1 to 50 of {STUDENTS} students")

    press_open(ada)
    ada.sees("Videos completed", "All students")
    assert ada.path().startswith("/student?id=")

    ada.goes_back()
    ada.is_on("Students")
    ada.sees(f"1 to 50 of {STUDENTS} students")


def test_a_filter_stands_in_the_address_and_survives_a_reload(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/students")
    ada.sign_in()
    ada.is_on("Students")

    ada.page.get_by_role("combobox", name="Status").click()
    ada.page.get_by_role("option", name="At risk").click()
    ada.is_at("/students?status=at-risk")
    ada.settle()
    chosen = counted(ada)
    ada.page.reload()

    ada.sees(f"of {chosen} students")
    ada.is_at("/students?status=at-risk")
    assert 0 < chosen < STUDENTS


def test_the_way_back_takes_a_filter_back(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/students?status=inactive")
    ada.sign_in()
    ada.is_on("Students")
    inactive = counted(ada)

    ada.follow("Overview")
    ada.is_on("Overview")
    ada.follow("All at risk")
    ada.is_on("Students")
    at_risk = counted(ada)
    ada.goes_back()
    ada.is_on("Overview")
    ada.goes_back()

    ada.sees(f"of {inactive} students")
    ada.is_at("/students?status=inactive")
    assert at_risk != inactive


def test_ctrl_k_opens_what_is_found_in_one_step_of_the_history(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/creator?period=7d")  # the address in the product's description
    ada.sign_in()
    ada.is_on("Overview")
    ada.is_at("/?period=7d")
    ada.page.get_by_role("button", name="Search").wait_for()
    steps = ada.page.evaluate("history.length")

    ada.page.keyboard.press("Control+k")
    ada.page.keyboard.type("announce wri")
    expect(ada.page.get_by_role("option", name="Write an announcement")).to_be_visible()
    found = Axe().run(ada.page, context=NOT_OURS).response
    ada.page.keyboard.press("Enter")
    ada.is_on("Write to students")

    assert ada.page.evaluate("history.length") == steps + 1
    assert grave(found) == []
    ada.goes_back()
    ada.is_at("/?period=7d")


def test_a_link_to_the_page_that_is_open_is_a_step_of_the_history(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/videos?sort=views&order=desc")
    ada.sign_in()
    ada.page.locator("tbody th a").first.click()
    ada.sees("Where viewers stop")
    ada.settle()

    ada.page.locator(MAIN).get_by_role("link", name=re.compile(r"\d+:\d\d$")).locator("visible=true").first.click()
    ada.sees("Remove mark")
    assert re.search(r"&t=\d+$", ada.path())
    ada.page.reload()
    ada.sees("Remove mark")
    ada.goes_back()
    expect(ada.page.get_by_text("Remove mark")).to_have_count(0, timeout=MILLISECONDS)
    assert "&t=" not in ada.path()


def test_search_narrows_the_list_and_stands_in_the_address(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/students")
    ada.sign_in()
    ada.is_on("Students")
    name = ada.page.get_by_role("textbox", name="Search", exact=True)

    name.fill("an")
    name.press("Enter")
    ada.is_at("/students?search=an")
    ada.settle()
    assert 0 < counted(ada) < STUDENTS

    name.fill("nobody at all")
    name.press("Enter")
    ada.sees("No students match these filters.")
    ada.page.get_by_role("button", name="Clear all filters").click()
    ada.sees(f"of {STUDENTS} students")
    ada.is_at("/students")


def test_a_page_of_the_list_stands_in_the_address(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/students?page=5")
    ada.sign_in()

    ada.sees(f"201 to {STUDENTS} of {STUDENTS} students")
    ada.is_at("/students?page=5")


def test_the_period_stands_in_the_address(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/?period=90d")
    ada.sign_in()
    ada.sees("Active in 90 days")

    ada.page.get_by_role("radio", name="7 days").click()

    ada.sees("Active in 7 days")
    ada.is_at("/?period=7d")


@pytest.mark.parametrize("page", ["students", "student"])
def test_a_deep_link_shows_no_data_before_the_sign_in_and_leads_there_after_it(visitor: Visits, page: str) -> None:
    name, profile = somebody_at_risk(visitor())
    link = {"students": f"/students?status=inactive&search={name.split()[0]}", "student": profile}[page]
    stranger = visitor()
    stranger.open(link)

    stranger.is_on("Creator Dashboard")
    assert name not in stranger.page.content()
    assert stranger.was_sent("Look at the demo")
    assert not stranger.was_sent(name)

    stranger.sign_in()
    stranger.is_on({"students": "Students", "student": name}[page])
    stranger.is_at(link)
    assert stranger.was_sent(name)


@pytest.mark.parametrize("path", ["/", "/students?status=at-risk", "/student?id=x"])
def test_the_gate_stands_at_every_address(visitor: Visits, path: str) -> None:
    pro = visitor()
    pro.open(path)
    pro.sign_in(PRO)

    pro.is_on("Feature Access Denied")
    pro.sees("Upgrade to ENTERPRISE")
    assert pro.page.get_by_role("link", name="Students").count() == 0


def test_staff_see_whose_dashboard_it_is(visitor: Visits) -> None:
    staff = visitor()
    staff.open()
    staff.sign_in(STAFF)
    staff.sees("Read-only: you are viewing the dashboard of Ada Lindner (demo) as staff.")

    staff.page.get_by_role("combobox", name="Creator").click()
    staff.page.get_by_role("option", name="Marisol Vega (demo)").click()
    staff.sees("you are viewing the dashboard of Marisol Vega (demo)")


def test_the_server_keeps_one_worker_beside_it(server: Server) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and not workers_of(server):
        time.sleep(0.2)

    assert len(workers_of(server)) == 1


def press_open(ada: Visitor) -> None:
    """Follow the first row's link."""
    ada.settle()
    ada.page.locator("tbody a").first.click()
    expect(ada.page).to_have_url(re.compile("/student\\?id="))


def counted(ada: Visitor) -> int:
    """How many students match, as the line above the table says."""
    said = ada.page.get_by_text(COUNTED).first.inner_text()
    found = COUNTED.search(said)
    assert found
    return int(found[1].replace(",", ""))


def somebody_at_risk(ada: Visitor) -> tuple[str, str]:
    """A name from the overview's alert, and the address of the profile."""
    ada.open()
    ada.sign_in()
    # A name that is the same in addresses and on the wire.
    link = ada.page.locator(PROFILE_LINK).filter(has_text=re.compile("^[A-Za-z ]+$")).first
    return link.locator("p").inner_text(), f"/{link.get_attribute('href')}"


def workers_of(server: Server) -> list[psutil.Process]:
    children = psutil.Process(server.process.pid).children()
    return [child for child in children if "worker" in child.cmdline()]
