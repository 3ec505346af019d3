"""The analytics as data: each figure next to the one it is compared with, as the queries count both."""

import json
from datetime import timedelta
from typing import Any

import pytest

from actions.courses import RunDates, add_run, change_run
from actions.enrolments import enrol
from database.clock import as_of
from database.levels import at_level
from queries.chat.figures import daily_questions
from queries.chat.questions import QuestionFilters
from queries.courses.known import courses, level_of
from queries.overview.engagement import active_in_period, daily_active_users
from queries.periods.changes import change_percent
from queries.periods.chosen_period import chosen_period
from queries.periods.period import resolve, run_key
from queries.periods.phrases import compared
from queries.periods.whole_days import whole_period
from queries.quizzes.results import period_results
from rules.formatting import round_half_up
from tests.builders import (
    NOW,
    ACreator,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_student,
    a_video,
    add,
    an_attempt,
    an_event,
    refreshed,
)
from tests.pages.test_periods import author_of
from tests.reports.exports.opened import csv_records, exported

pytestmark = pytest.mark.usefixtures("shared_database")

TODAY = NOW.date()
COMPARED = [
    ("30d", "before"),
    ("last-month", "last-year"),
    ("this-month", "before"),
    ("2026-01-25..2026-02-20", "before"),
]


@pytest.fixture(scope="module")
def creator(shared_database: object) -> ACreator:
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(3)]
    chats = [a_chat(a_question(), student=people[days % 3], days_ago=days) for days in range(0, 70, 4)]
    tried = [an_attempt(people[days % 3], days_ago=days, passed=days % 2 == 0) for days in range(0, 70, 3)]
    return a_creator(people, chats, tried, an_event(people[0], days_ago=70), an_event(people[1], days_ago=10))


@pytest.mark.parametrize(("key", "compare"), COMPARED)
def test_figures_stand_beside_those_of_what_they_are_compared_with(creator: ACreator, key: str, compare: str) -> None:
    rows = json.loads(exported(creator, "analytics", "json", period=key, compare=compare))["rows"]

    told = {row["measure"]: row for row in rows if row["section"] == "Key figures"}
    period = resolve(key, TODAY, compare)
    whole = whole_period(period, TODAY if period.windows is None or period.windows.last_day == TODAY else None)
    active, active_whole = (active_in_period.fresh(creator.id, of) for of in (period, whole))
    tried, tried_whole = (period_results.fresh(creator.id, of) for of in (period, whole))
    assert beside(told["Active in the period"]) == (active.seen_period_before, active_whole.change_percent, "percent")
    assert beside(told["Quiz attempts in the period"]) == (
        tried.attempts_before,
        change_percent(tried_whole.attempts, tried_whole.attempts_before),
        "percent",
    )
    assert beside(told["Quiz attempts passed in the period"]) == (
        tried.passed_before,
        change_percent(tried_whole.passed, tried_whole.passed_before),
        "percent",
    )
    rate = told["Pass rate in the period"]
    assert rate["value"] == round_half_up(tried.pass_rate_percent)
    assert beside(rate) == (
        None if tried.pass_rate_percent_before is None else round_half_up(tried.pass_rate_percent_before),
        tried_whole.pass_rate_change_points,
        "points",
    )
    days = daily_questions.fresh(creator.id, QuestionFilters(period))
    asked = days.groupby("window")["questions"].sum()
    assert (told["Questions asked in the period"]["value"], told["Questions asked in the period"]["before"]) == (
        asked["this"],
        asked["previous"],
    )
    assert told["Active in the period"]["compared_with"] == compared(period)


@pytest.mark.parametrize(("key", "compare"), COMPARED)
def test_each_day_stands_beside_the_one_in_its_place(creator: ACreator, key: str, compare: str) -> None:
    rows = json.loads(exported(creator, "analytics", "json", period=key, compare=compare))["rows"]

    days = daily_active_users.fresh(creator.id, resolve(key, TODAY, compare))
    this, before = (days[days["window"] == window] for window in ("this", "previous"))
    other = {row.shown_at: row for row in before.itertuples()}
    found = [row for row in rows if row["section"] == "Days" and row["measure"] == "Daily active users"]
    assert [row["value"] for row in found] == this["active_students"].tolist()
    for row, day in zip(found, this.itertuples(), strict=True):
        on = other.get(day.shown_at)
        assert row["before"] == (None if on is None else on.active_students)
        assert row["compared_with"] == (None if on is None else f"{on.activity_date:%Y-%m-%d}")
        is_over = on is not None and day.activity_date.date() < TODAY
        assert row["change"] == (change_percent(row["value"], row["before"]) if is_over else None)
    assert any(row["change"] for row in found) or compare == "last-year"


def test_figures_are_compared_with_another_run() -> None:
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(3)]
    loops = a_video("Loops")
    creator = a_creator(people, loops)
    author = author_of(creator)
    course = courses.fresh(creator.id).courses[0]
    change_run(author, creator.id, course.runs[0].run_id, RunDates("Winter", NOW - timedelta(days=60)))
    spring = add_run(author, creator.id, course.course_id, RunDates("Spring", NOW - timedelta(days=10)))
    with as_of(NOW - timedelta(days=9)):
        enrol(author, creator.id, spring, [people[2].id])
    add(creator, [a_progress(who, loops, days_ago=55) for who in people[:2]], a_progress(people[2], loops, days_ago=5))
    refreshed(creator)
    winter = run_key(course.runs[0].run_id)

    filters = {"period": run_key(spring), "compare": winter, "course_id": course.course_id, "run_id": spring}
    rows = json.loads(exported(creator, "analytics", "json", **filters))["rows"]

    with at_level(level_of(creator.id, course.course_id, spring)):
        active = active_in_period.fresh(creator.id, chosen_period(creator.id, run_key(spring), winter))
    told = next(row for row in rows if row["measure"] == "Active in the period")
    assert (told["value"], told["before"]) == (active.active_students, active.seen_period_before) == (1, 2)
    assert (told["change"], told["change_unit"]) == (active.change_percent, "percent") == (-50, "percent")
    assert told["compared_with"] == "the same days of Winter"


def test_without_anything_to_compare_with_there_is_no_change() -> None:
    creator = a_creator(a_student("Ada", enrolled_days_ago=3), an_attempt(days_ago=1))

    rows = csv_records(exported(creator, "analytics", "csv", period="7d"))

    told = {row["Measure"]: row for row in rows if row["Section"] == "Key figures"}
    assert [told["Quiz attempts in the period"][title] for title in ("Value", "Before", "Change", "Change in")] == [
        "1",
        "0",
        "",
        "",
    ]
    assert told["Videos watched"]["Compared with"] == ""


def beside(row: dict[str, Any]) -> tuple[Any, ...]:
    unit = row["change_unit"] or {"percent": "points"}.get(row["unit"], "percent")
    assert (row["change_unit"] is None) == (row["change"] is None)
    return row["before"], row["change"], unit
