"""Every page, button, filter and form that the product's description names, used in a browser and with its effect."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from proofs.walking import (
    assert_in_order,
    assert_sorts,
    choose,
    column,
    counted,
    counts_by_option,
    dialog,
    follow,
    headings,
    number,
    options_of,
    pick,
    press,
    sort_by,
    type_into,
)
from queries.labels import LAST_ACTIVE, STUDENT_STATUSES
from queries.students.tiers import TIER_LABELS
from rules.searching import name_key
from tests.browser.conftest import browser, server  # noqa: F401
from tests.browser.server import Server
from tests.browser.visitor import MAIN, MILLISECONDS, PRO, STAFF, Visitor, visit

STUDENTS, VIDEOS = 245, 40
TIERS = [tier.name for tier in TIER_LABELS.values()]
ORDERS = {  # how a column of the list of students is compared
    "Student": lambda text: name_key(text.split("\n")[0]),
    "Tier": TIERS.index,
    "Progress": number,
    "Last active": lambda text: datetime.strptime(text, "%d %b %Y, %H:%M").replace(tzinfo=UTC),
    "Videos": number,
    "Quizzes passed": number,
    "Questions": number,
    "XP": number,
}


@pytest.fixture(scope="module")
def ada(browser: Browser, server: Server) -> Iterator[Visitor]:  # noqa: F811
    yield from signed_in(browser, server)


@pytest.fixture(scope="module")
def noor(browser: Browser, server: Server) -> Iterator[Visitor]:  # noqa: F811
    yield from signed_in(browser, server, STAFF)


def signed_in(browser: Browser, server: Server, *who: str) -> Iterator[Visitor]:  # noqa: F811
    """The same person through the whole walk; nothing may fail in their browser meanwhile."""
    person, failed = visit(browser, server, width=1440), []
    person.page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    person.page.on("pageerror", lambda error: failed.append(str(error)))
    person.open("/creator")
    person.sign_in(*who)
    yield person
    person.page.context.close()
    assert failed == []


def test_the_overview_follows_its_period(ada: Visitor) -> None:
    ada.goes_to("/")
    ada.is_on("Overview")
    ada.sees("Total students", "Active in 30 days", "Completion rate", "AI satisfaction", "Daily active users")
    for days in ("7 days", "90 days", "30 days"):
        pick(ada, days)
        ada.sees(f"of students were active in the last {days}", f"Active in {days}")


def test_the_alert_leads_to_the_students_at_risk_and_to_their_messages(ada: Visitor) -> None:
    ada.goes_to("/")
    alert = ada.page.get_by_role("heading", name=re.compile("students need attention")).inner_text()
    counts = []
    for link in ("All at risk", "All inactive"):
        ada.goes_to("/")
        ada.follow(link)
        ada.is_on("Students")
        counts.append(counted(ada, "students"))

    assert 0 < number(alert) <= sum(counts)  # people who have finished need no attention
    assert_sorts(ada, "Last active", ORDERS["Last active"])


@pytest.mark.parametrize(
    ("action", "title"),
    [("Upload video", "Videos"), ("Invite students", "Invitations"), ("Generate a quiz", "Generate a quiz")],
)
def test_a_quick_action_leads_there_from_every_page(ada: Visitor, action: str, title: str) -> None:
    ada.goes_to("/funnel")
    ada.page.get_by_test_id("stSidebar").get_by_role("link", name=action).first.click()

    ada.is_on(title)
    if action == "Upload video":
        expect(dialog(ada).get_by_text("Drop video files here")).to_be_visible()
        ada.page.keyboard.press("Escape")


def test_each_filter_of_students_divides_them_all(ada: Visitor) -> None:
    ada.goes_to("/students")
    ada.is_on("Students")
    ranges = [option for option in options_of(ada, "Progress") if "%" in option]
    for label, options in (("Status", list(STUDENT_STATUSES.values())), ("Tier", TIERS), ("Progress", ranges)):
        ada.goes_to("/students")
        assert sum(counts_by_option(ada, label, options, "students").values()) == STUDENTS, label

    ada.goes_to("/students")
    active = counts_by_option(ada, "Last active", list(LAST_ACTIVE.values()), "students")
    today, week, month, inactive = active.values()
    assert 0 < today < week < month < STUDENTS
    assert 0 < inactive < STUDENTS - week


def test_search_of_students_takes_any_words_in_any_order(ada: Visitor) -> None:
    ada.goes_to("/students")
    ada.is_on("Students")
    first, last = column(ada, "Student")[0].split("\n")[0].rsplit(" ", 1)

    type_into(ada, "Search", f"{last[:4]} {first}".lower())

    assert f"{first} {last}" in [text.split("\n")[0] for text in column(ada, "Student")]
    assert counted(ada, "students") < 5


def test_every_column_of_students_sorts_the_whole_list_both_ways(ada: Visitor) -> None:
    ada.goes_to("/students")
    ada.is_on("Students")

    assert headings(ada) == list(ORDERS)
    for title, key in ORDERS.items():
        directions = {sort_by(ada, title): column(ada, title) for _ in range(2)}
        assert set(directions) == {"asc", "desc"}
        for direction, values in directions.items():
            assert_in_order(values, direction, key)
        assert directions["asc"] != directions["desc"]


def test_a_list_goes_on_to_its_last_page(ada: Visitor) -> None:
    ada.goes_to("/students")
    ada.page.get_by_role("button", name="Page 5", exact=True).click()

    ada.sees(f"201 to {STUDENTS} of {STUDENTS} students")


def test_chosen_students_are_written_to(ada: Visitor) -> None:
    ada.goes_to("/students")
    boxes = ada.page.locator("tbody .choice input")
    for place in (0, 2):
        boxes.nth(place).check()
    ada.settle()
    follow(ada, "Write to the 2 selected")
    ada.is_on("Write to students")
    type_into(ada, "Subject", "How is it going?")
    type_into(ada, "Text", "Hello {first name}, write to me.")
    ada.sees("Send to 2 students")
    preview = ada.page.locator(MAIN).get_by_text(re.compile("Hello .+, write to me"))
    assert "{first name}" not in preview.last.inner_text()
    press(ada, "Send to 2 students")
    press(ada, "Yes, send to 2 students")
    ada.is_on("How is it going?")
    press(ada, "Undo")
    ada.is_on("Write to students")  # as it was, not sent
    press(ada, "Send to 2 students")
    press(ada, "Yes, send to 2 students")
    ada.is_on("How is it going?")
    ada.goes_to("/announcements")
    ada.sees("How is it going?")
    ada.goes_to("/delivery")
    ada.sees("2 emails")


def test_a_profile_says_what_happened_and_drafts_a_message(ada: Visitor) -> None:
    ada.goes_to("/students?sort=quizzes")
    name = column(ada, "Student")[0].split("\n")[0]
    ada.page.locator("tbody a").first.click()

    ada.is_on(name)
    ada.sees("Watch history", "Quizzes", "Questions in the chat", "Timeline", "What you can do")
    follow(ada, re.compile("^Write a message"))
    ada.is_on("Write to students")
    ada.sees("Send to 1 student")
    ada.goes_back()
    ada.is_on(name)
    follow(ada, "PDF progress report")
    ada.is_on("Exports")
    ada.sees(name)
    press(ada, "Create file")
    ada.sees("Progress · PDF Ready")
    ada.settle()
    with ada.page.expect_download() as started:
        ada.page.get_by_role("link", name="Download").first.click()
    assert started.value.path().read_bytes().startswith(b"%PDF")


def test_videos_are_filtered_sorted_and_edited(ada: Visitor) -> None:
    ada.goes_to("/videos")
    ada.is_on("Videos")
    statuses = [option for option in options_of(ada, "Status") if option != "All"]
    assert sum(counts_by_option(ada, "Status", statuses, "videos").values()) == VIDEOS
    for label in ("Category", "Completion"):
        ada.goes_to("/videos")
        counts = counts_by_option(ada, label, options_of(ada, label), "videos")
        assert 0 < sum(counts.values()) <= VIDEOS
    ada.goes_to("/videos")
    for title in ("Views", "Completion"):
        assert_sorts(ada, title)

    ada.goes_to("/videos?search=first+program")
    assert column(ada, "Video")[0].startswith("Your first program")
    for title in ("Your very first program", "Your first program"):
        press(ada, "Edit")
        dialog(ada).get_by_role("textbox", name="Title").fill(title)
        dialog(ada).get_by_role("button", name="Save").click()
        expect(ada.page.locator("tbody th").first).to_contain_text(title, timeout=MILLISECONDS)
        ada.settle()


def test_a_video_says_where_students_stop(ada: Visitor) -> None:
    ada.goes_to("/videos?sort=views&order=desc")
    ada.page.locator("tbody th a").first.click()

    ada.sees("Who is still watching", "How often each second is played", "Where viewers stop", "Related questions")
    follow(ada, re.compile(r"\d+:\d\d$"))
    expect(ada.page).to_have_url(re.compile(r"&t=\d+"), timeout=MILLISECONDS)
    ada.sees("Remove mark")
    ada.goes_back()
    expect(ada.page.get_by_text("Remove mark")).to_have_count(0, timeout=MILLISECONDS)
    press(ada, "Unpublish")
    press(ada, "Publish")
    ada.sees("Published")


def test_quizzes_say_what_students_struggle_with(ada: Visitor) -> None:
    ada.goes_to("/quizzes")
    ada.is_on("Quizzes")
    ada.sees("Pass rate over time", "Struggling areas", "All quizzes")
    assert_sorts(ada, "Pass rate")
    ada.page.locator("tbody th a").first.click()
    ada.sees("Correct at first attempt", "What students answered", "Scores", "Not passed yet")
    pick(ada, "1")
    expect(ada.page).to_have_url(re.compile("question=1"), timeout=MILLISECONDS)


def test_questions_are_found_by_their_words(ada: Visitor) -> None:
    ada.goes_to("/chat?period=90d")
    ada.is_on("Questions")
    ada.sees("Most asked questions", "Ratings of the answers", "Unanswered", "By video")
    type_into(ada, "Search", "compreh list what")
    assert all("comprehension" in question for question in column(ada, "Question"))
    ada.goes_to("/chat?period=90d")
    video = options_of(ada, "Video")[0]
    choose(ada, "Video", video)
    assert all(video in title for title in column(ada, "Video"))


@pytest.mark.parametrize("form", ["CSV", "JSON", "PDF", "Excel"])
def test_data_is_exported_in_every_format(ada: Visitor, form: str) -> None:
    ada.goes_to("/exports?type=videos")
    ada.is_on("Exports")
    choose(ada, "Format", form)
    press(ada, "Create file")
    ada.sees(f"Videos · {form} Ready")
    ada.settle()
    with ada.page.expect_download() as started:
        ada.page.get_by_role("link", name="Download").first.click()

    content = started.value.path().read_bytes()
    begins = {"CSV": b"\xef\xbb\xbf", "JSON": b"{", "PDF": b"%PDF", "Excel": b"PK"}[form]
    assert content.startswith(begins)
    if form == "CSV":
        assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == VIDEOS + 1


def test_a_quiz_is_generated_edited_published_and_hidden(ada: Visitor) -> None:
    ada.goes_to("/generate_quiz")
    ada.is_on("Generate a quiz")
    choose(ada, "Video", options_of(ada, "Video")[0])
    press(ada, "Draft quiz")
    ada.is_on("Edit quiz")
    type_into(ada, "Title", "A quiz of the walk")
    press(ada, "Save and publish")
    ada.sees("Published")
    press(ada, "Unpublish")
    ada.sees("Draft")
    ada.goes_to("/quizzes")
    ada.sees("A quiz of the walk")


def test_people_are_invited(ada: Visitor) -> None:
    ada.goes_to("/invitations")
    ada.is_on("Invitations")
    type_into(ada, "Addresses", "walker@example.org, no address")
    ada.sees("no address")
    press(ada, re.compile("^Invite 1"))

    ada.sees("0 of 1")
    assert column(ada, "Email")[0].startswith("walker@example.org")


def test_preferences_stay(ada: Visitor) -> None:
    ada.goes_to("/settings")
    ada.is_on("Settings")
    choose(ada, "Default period", "Last 90 days")
    ada.page.get_by_text("Send me a weekly summary by email").click()
    press(ada, "Save")
    ada.sees("Settings saved.")
    ada.goes_to("/")

    ada.sees("of students were active in the last 90 days")
    ada.goes_to("/settings")
    switch = ada.page.locator("label").filter(has_text="Send me a weekly summary by email").locator("input")
    expect(switch).to_be_checked(timeout=MILLISECONDS)


def test_notifications_are_marked_and_the_top_bar_finds_things(ada: Visitor) -> None:
    ada.goes_to("/")
    press(ada, re.compile("^Notifications"))
    press(ada, "Mark all as seen")
    expect(ada.page.get_by_role("button", name=re.compile(r"Notifications \(\d"))).to_have_count(0)
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Control+k")
    ada.page.keyboard.type("program first")
    ada.page.get_by_role("option", name=re.compile("Your first program")).first.click()
    ada.is_on("Your first program")


def test_a_video_is_deleted(ada: Visitor) -> None:
    ada.goes_to("/videos?search=first+program")
    title = column(ada, "Video")[0].split("\n")[0]
    press(ada, "Edit")
    dialog(ada).get_by_role("button", name="Delete this video…").click()
    dialog(ada).get_by_role("button", name="Delete video").click()
    expect(ada.page.get_by_role("dialog")).to_have_count(0, timeout=MILLISECONDS)
    ada.settle()
    ada.goes_to("/videos")
    assert counted(ada, "videos") == VIDEOS - 1
    assert title not in [words.split("\n")[0] for words in column(ada, "Video")]


def test_staff_refresh_read_and_report(noor: Visitor) -> None:
    noor.goes_to("/")
    noor.sees("Read-only: you are viewing the dashboard of Ada Lindner (demo) as staff.")
    press(noor, "Refresh")
    noor.sees("Updated")
    noor.goes_to("/staff")
    noor.is_on("Staff")
    type_into(noor, "Find a creator", "vega")
    assert len(column(noor, "Creator")) == 1
    noor.page.locator("table:visible tbody").get_by_role("button", name="Open").first.click()
    noor.sees("you are viewing the dashboard of Marisol Vega (demo)")


def test_other_tiers_stand_before_the_gate(browser: Browser, server: Server) -> None:  # noqa: F811
    for tomasz in signed_in(browser, server, PRO):
        for address in ("/", "/students", "/exports"):
            tomasz.goes_to(address)
            tomasz.is_on("Feature Access Denied")
