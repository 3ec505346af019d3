"""The snippet in a real browser: what arrives is what was played, whatever happens to the tab."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from sqlalchemy import text

from database.api_keys import NewKey, new_key
from database.tenancy import tenant_tx
from proofs.player_pages import School, school
from tests.api.server import served
from tests.browser.conftest import INSTALLED, OPTIONS
from tests.builders import ACreator, a_creator, refreshed
from tests.sources.events.test_tokens import a_token

PLAY = "() => document.querySelector('video').play()"
PAUSE = "() => document.querySelector('video').pause()"
PLAYED = """() => { // as the browser itself noted it
  const { played } = document.querySelector("video");
  return Array.from({ length: played.length }, (_, place) => [played.start(place), played.end(place)]);
}"""
SECONDS_TO_ARRIVE = 40
SPARE = 1.0  # second: positions are rounded, and a player's last moment may be missing

Ranges = list[tuple[float, float]]


@dataclass(frozen=True)
class Lessons:
    """A school whose pages have the snippet, and the dashboard that it sends to."""

    creator: ACreator
    key: NewKey
    school: School
    snippet: str

    def open(self, context: BrowserContext, video: str = "loops", student: str | None = "ada") -> Page:
        page = context.new_page()
        page.goto(self.address(video, student))
        page.wait_for_function("document.querySelector('video').readyState > 2")
        return page

    def address(self, video: str = "loops", student: str | None = "ada") -> str:
        token = a_token(student, key=self.key.id, expires=int(time.time()) + 3_600) if student else ""
        who = {"student": token} if student else {"anonymous": "yes"}
        return self.school.lesson(video, self.snippet, key=self.key.key, **who)

    def stretches(self, student: str = "ada", video: str = "loops") -> Ranges:
        asked = {"student": student, "video": video}
        statement = """
            select start_second, end_second
            from watch_segments
            join students on students.creator_id = watch_segments.creator_id and students.id = student_id
            join videos on videos.creator_id = watch_segments.creator_id and videos.id = video_id
            where students.external_id = :student and videos.external_id = :video
            order by watched_at, start_second
        """
        with tenant_tx(self.creator.id) as connection:
            return [(row[0], row[1]) for row in connection.execute(text(statement), asked)]

    def arrived(self, played: Ranges, student: str = "ada", video: str = "loops") -> Ranges:
        """Wait until what was played has arrived; returns it."""
        end = time.monotonic() + SECONDS_TO_ARRIVE
        while not same(joined(self.stretches(student, video)), played) and time.monotonic() < end:
            time.sleep(0.5)
        found = self.stretches(student, video)
        assert same(joined(found), played), f"{found} arrived of {played}"
        return found


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHBOARD_NOW")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    installed = next((path for path in INSTALLED if os.path.exists(path)), None)
    options = [*OPTIONS, "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=installed, args=options)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def lessons(shared_database) -> Iterator[Lessons]:
    with school() as pages, served(DASHBOARD_NOW="") as address:
        creator = a_creator()
        key = new_key(creator.id, "Lessons", "ingest", [pages.origin])
        yield Lessons(creator, key, pages, f"{address}/ingest/v1/player.js")


def test_pauses_seeks_and_speeds_are_told_as_they_were(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    play(page, 12.5)
    page.evaluate("() => { document.querySelector('video').currentTime = 40 }")  # while it plays
    page.wait_for_timeout(3_000)
    page.evaluate("() => { document.querySelector('video').playbackRate = 2 }")
    page.wait_for_timeout(3_000)
    page.evaluate(PAUSE)
    page.evaluate("() => { document.querySelector('video').currentTime = 20 }")
    page.wait_for_timeout(1_000)
    play(page, 3)
    page.evaluate(PAUSE)

    played = page.evaluate(PLAYED)
    found = lessons.arrived(played)

    refreshed(lessons.creator)
    [(watched, share)] = rows(lessons, "select watched_seconds, share_hundredths from watched_videos where course = 0")
    total = sum(end - start for start, end in played)
    assert len(played) == 3
    assert abs(watched - total) <= 2 * SPARE
    assert abs(share / 100 - 100 * total / 60) < 4  # the length came with the events
    assert len(found) >= 5  # at most ten seconds each, and one speed


def test_a_closed_tab_loses_nothing(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    play(page, 7)
    played = page.evaluate(PLAYED)
    page.close()

    lessons.arrived(played)


def test_a_crashed_tab_is_caught_up_by_the_next_one(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    address = page.url
    context.set_offline(True)  # nothing is sent before the crash
    play(page, 12)
    with suppress(Error):
        page.goto("chrome://crash")
    page.close()
    context.set_offline(False)
    assert lessons.stretches() == []

    again = context.new_page()
    again.goto(address)
    again.wait_for_timeout(75_000)  # the queue of the other tab has been silent for a minute

    assert lessons.arrived([(0, 10)]) == [(0, 10)]  # a crash costs at most the last ten seconds


def test_a_computer_that_sleeps_goes_on_afterwards(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    play(page, 4)
    with asleep():
        time.sleep(12)
    page.wait_for_timeout(4_000)
    page.evaluate(PAUSE)
    played = page.evaluate(PLAYED)

    lessons.arrived(played)
    assert sum(end - start for start, end in played) < 14  # it did not play while it slept


def test_without_a_network_events_wait_even_in_a_closed_tab(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    address = page.url
    context.set_offline(True)
    play(page, 12)
    played = page.evaluate(PLAYED)
    assert lessons.stretches() == []
    page.close()
    assert lessons.stretches() == []

    context.set_offline(False)
    other = context.new_page()
    other.goto(address)

    deadline = time.monotonic() + 90  # a queue is another tab's until it was silent for a minute
    while not lessons.stretches() and time.monotonic() < deadline:
        other.wait_for_timeout(1_000)
    lessons.arrived(played)


def test_a_network_that_comes_back_is_enough(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    context.set_offline(True)
    play(page, 23)
    page.evaluate(PAUSE)
    context.set_offline(False)

    lessons.arrived(page.evaluate(PLAYED))


def test_two_tabs_are_both_told(lessons: Lessons, context: BrowserContext):
    first, second = lessons.open(context), lessons.open(context, "recursion")
    play(first, 0)
    play(second, 11)
    for page in (first, second):
        page.evaluate(PAUSE)
    played = [page.evaluate(PLAYED) for page in (first, second)]
    second.close()

    lessons.arrived(played[0])
    lessons.arrived(played[1], video="recursion")


def test_another_student_at_the_same_computer_is_not_credited(lessons: Lessons, context: BrowserContext):
    page = lessons.open(context)
    context.set_offline(True)
    play(page, 4)
    played = page.evaluate(PLAYED)
    page.close()
    context.set_offline(False)

    other = lessons.open(context, student="bo")
    play(other, 3)
    other.evaluate(PAUSE)
    of_other = other.evaluate(PLAYED)
    other.wait_for_timeout(75_000)  # the first one's queue has been silent for a minute

    lessons.arrived(of_other, "bo")  # and nothing of the first one's
    other.goto(lessons.address())  # the first one is back
    lessons.arrived(played)
    assert {name for (name,) in rows(lessons, "select external_id from students")} == {"ada", "bo"}


def test_a_viewer_who_is_not_signed_in_stays_one_viewer(lessons: Lessons, context: BrowserContext):
    for seconds in (3, 4):
        page = lessons.open(context, student=None)
        play(page, seconds)
        page.close()
    time.sleep(3)

    [(student,)] = rows(lessons, "select external_id from students")
    assert student.startswith("anonymous:")
    assert "ada" not in context.storage_state()["origins"].__repr__()


@contextmanager
def asleep() -> Iterator[None]:
    """Every process of the browser stands still, as on a computer whose lid is closed."""
    processes = [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]
    assert processes
    for one in processes:
        one.suspend()
    try:
        yield
    finally:
        for one in processes:
            one.resume()


def play(page: Page, seconds: float) -> None:
    page.evaluate(PLAY)
    page.wait_for_timeout(1000 * seconds)


def rows(lessons: Lessons, statement: str) -> list[tuple[Any, ...]]:
    with tenant_tx(lessons.creator.id) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def joined(stretches: Ranges) -> Ranges:
    """The union of the stretches, which may miss a second between two of them."""
    found: Ranges = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1] + SPARE:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def same(one: Ranges, other: Ranges) -> bool:
    ends = [[place for stretch in sorted(stretches) for place in stretch] for stretches in (one, other)]
    return len(one) == len(other) and all(abs(mine - theirs) <= SPARE for mine, theirs in zip(*ends, strict=True))
