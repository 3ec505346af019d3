"""Every figure of every kind of period against plain Python: months, two dates, years apart, runs; clocks anywhere."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from database.engine import engine
from database.levels import at_level
from database.refresh import rebuild
from database.tenancy import one_reading
from queries.chat import figures as chat
from queries.chat.questions import QuestionFilters, question_groups
from queries.overview import engagement
from queries.overview.engagement import active_in_period, average_session_minutes, daily_active_users, peak_hours
from queries.overview.good_news import finished_students, returned_students
from queries.periods.chosen_period import chosen_period, local_day, runs_by_key
from queries.periods.period import Windows, range_key, resolve
from queries.quizzes import results as quizzes
from queries.quizzes.results import period_results
from rules.searching import is_found
from tests import oracle
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_student,
    a_video,
    an_answer,
    an_attempt,
    an_event,
    histories,
    refreshed,
    written,
)
from tests.levels import level_named, placed_histories, put
from tests.oracle import Source
from tests.queries.comparing import assert_same_rows, nearly, rows_of
from tests.queries.expected import active_students, local_date
from tests.queries.periods import period_expected as wanted
from tests.queries.test_clock import returns

pytestmark = pytest.mark.usefixtures("shared_database")

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
MOMENTS = (
    NOW,
    datetime(2026, 3, 31, 22, 30, tzinfo=UTC),  # April has begun in Kolkata
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2025, 10, 26, 13, tzinfo=UTC),  # the clocks went back in London that night
)
FRAMES = {
    engagement: ("daily_active_users", "daily_total_students", "daily_completion", "daily_satisfaction", "peak_hours"),
    quizzes: ("daily_results",),
}
LONG = timedelta(days=500)  # longer than a year: the same days of last year are among them


def choices(now: datetime, today: date) -> st.SearchStrategy[tuple[str, str]]:
    """Keys of every kind, with what they are compared with."""
    starts = st.integers(0, 60) | st.integers(0, 500)
    lengths = st.sampled_from([0, 1, 30, 400]) | st.integers(0, 60)
    ranges = st.builds(lambda ago, more: range_key(today - ago * DAY, today - (ago - more) * DAY), starts, lengths)
    keys = st.sampled_from(["7d", "30d", "90d", "this-month", "last-month"]) | ranges
    return st.tuples(keys, st.sampled_from(["before", "last-year"]))


moments = st.sampled_from(MOMENTS)
lives = moments.flatmap(lambda now: st.tuples(st.just(now), histories(until=now), st.data()))


@given(lives)
def test_every_figure_of_every_period(life):
    now, history, data = life
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", now.isoformat())
        creator = refreshed(history)
        source = oracle.source(creator.id)
        today = local_day.fresh(creator.id).today
        assert today == local_date(source, now)
        for key, compare in data.draw(st.lists(choices(now, today), min_size=1, max_size=4)):
            with one_reading():
                check_figures(creator.id, source, now, resolve(key, today, compare))


def check_figures(creator_id, source: Source, now: datetime, period) -> None:
    of = period.windows or resolve(period.key, local_date(source, now), "last-year").windows
    if period.windows is None:
        before = of.first_day - DAY
        of = Windows(of.first_day, of.last_day, before - (period.days - 1) * DAY, before)
    for module, names in FRAMES.items():
        for name in names:
            assert_same_rows(getattr(module, name).fresh(creator_id, period), getattr(wanted, name)(source, now, of))
    filters = QuestionFilters(period)
    assert_same_rows(chat.daily_questions.fresh(creator_id, filters), wanted.daily_questions(source, now, of))
    on_days = wanted.seen(source, now, of.first_day, of.last_day)
    assert asdict(active_in_period.fresh(creator_id, period)) == {
        "active_students": active_students(source, now, period.days) if period.is_rolling else on_days,
        "seen_this_period": on_days,
        "seen_period_before": wanted.seen(source, now, of.compared_first_day, of.compared_last_day),
    }
    minutes = average_session_minutes.fresh(creator_id, period)
    assert minutes == pytest.approx(wanted.average_session_minutes(source, now, of))
    assert asdict(period_results.fresh(creator_id, period)) == nearly(wanted.period_results(source, now, of))
    check_questions(creator_id, source, now, of, filters)


def check_questions(creator_id, source: Source, now: datetime, of: Windows, filters: QuestionFilters) -> None:
    asked = [(one, local_date(source, one.asked_at)) for one in oracle.questions(source, now)]
    this = [one for one, day in asked if of.first_day <= day <= of.last_day]
    before = [one for one, day in asked if of.compared_first_day <= day <= of.compared_last_day]
    found = rows_of(question_groups.fresh(creator_id, filters).drop(columns=["wordings", "video_titles"]))
    people = sorted(len({one.student_id for one in this if one.topic == topic}) for topic in {q.topic for q in this})
    people_before = sorted(
        len({one.student_id for one in before if one.topic == topic}) for topic in {q.topic for q in this}
    )
    assert sorted(row["people"] for row in found) == people
    assert sorted(row["people_before"] for row in found) == people_before
    rated = chat.satisfaction_breakdown.fresh(creator_id, filters)
    assert rated.questions == len(this)
    assert chat.people_asking.fresh(creator_id, filters) == len({one.student_id for one in this})
    searched = chat.satisfaction_breakdown.fresh(creator_id, QuestionFilters(filters.period, search="a"))
    fitting = [one for one in this if is_found("a", one.content)]
    assert searched.questions == len(fitting)


@pytest.fixture(scope="module")
def school(shared_database: object):
    """Students who come and go for sixty days, never on a full hour; loaded up to NOW."""
    chance = Random(11)
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(8)]
    rows = []
    for one in people:
        minutes = [chance.randrange(1, 24 * 60 * 60) for _ in range(25)]
        rows += [an_event(one, at=NOW - timedelta(minutes=minute + (minute % 60 == 0))) for minute in minutes]
        rows += [
            an_attempt(one, passed=chance.random() < 0.5, at=NOW - timedelta(minutes=61 * 67 * place))  # type: ignore[misc]
            for place in range(1, 15)
        ]
    creator = a_creator(people, rows, timezone="Asia/Kolkata")
    return creator, oracle.source(creator.id)


@pytest.mark.parametrize("hours", range(0, 24 * 40, 103))
def test_the_clock_set_back_in_what_is_loaded(school, hours: int, monkeypatch):
    creator, source = school
    now = NOW - timedelta(hours=hours)
    monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
    today = local_date(source, now)

    for key in ("this-month", "last-month", range_key(today - 20 * DAY, today - 5 * DAY), range_key(today, today)):
        period = resolve(key, today)
        of = period.windows
        days = rows_of(daily_active_users.fresh(creator.id, period))
        columns = ("activity_date", "shown_at", "window", "active_students", "signs_of_life")
        assert [[row[column] for column in columns] for row in days] == [
            [row[column] for column in columns] for row in wanted.daily_active_users(source, now, of)
        ]
        active = active_in_period.fresh(creator.id, period)
        assert active.seen_this_period == active.active_students == wanted.seen(source, now, of.first_day, of.last_day)
        assert rows_of(peak_hours.fresh(creator.id, period)) == wanted.peak_hours(source, now, of)
        assert asdict(period_results.fresh(creator.id, period)) == nearly(wanted.period_results(source, now, of))


@pytest.mark.parametrize(
    ("timezone", "key", "begins", "ends"),
    [
        ("Asia/Kolkata", "2026-02-01..2026-02-28", "2026-01-31T18:30Z", "2026-02-28T18:30Z"),
        ("America/New_York", "2025-11-02..2025-11-02", "2025-11-02T04:00Z", "2025-11-03T05:00Z"),  # 25 hours
        ("America/New_York", "2025-03-09..2025-03-09", "2025-03-09T05:00Z", "2025-03-10T04:00Z"),  # 23
        ("UTC", "2024-02-29..2024-02-29", "2024-02-29T00:00Z", "2024-03-01T00:00Z"),
    ],
)
def test_the_edges_of_a_period_in_the_past(timezone, key, begins, ends):
    begins, ends = (datetime.fromisoformat(instant) for instant in (begins, ends))
    instants = [begins - INSTANT, begins, ends - INSTANT, ends]
    people = [a_student(f"Student {number}", created_at=begins - 30 * DAY) for number in range(4)]
    video = a_video(created_at=begins - 30 * DAY)
    creator = a_creator(
        people,
        video,
        [
            a_progress(one, video, at=at, watch_percentage=100, completed=True)
            for one, at in zip(people, instants, strict=True)
        ],
        [
            a_chat(a_question(rating=0.5), an_answer(), student=one, at=at)
            for one, at in zip(people, instants, strict=True)
        ],
        [an_attempt(one, at=at) for one, at in zip(people, instants, strict=True)],
        timezone=timezone,
    )
    period = resolve(key, local_day.fresh(creator.id).today)

    assert daily_active_users.fresh(creator.id, period).query("window == 'this'").active_students.sum() == 2
    assert active_in_period.fresh(creator.id, period).active_students == 2
    assert period_results.fresh(creator.id, period).students == 2
    assert chat.people_asking.fresh(creator.id, QuestionFilters(period)) == 2
    assert finished_students.fresh(creator.id, period)["student_id"].tolist() == [people[2].id, people[1].id]


def test_who_came_back_in_a_month_that_is_over(school, monkeypatch):
    creator, source = school
    today = local_date(source, NOW)
    first, last = today - 40 * DAY, today - 3 * DAY

    found = returned_students.fresh(creator.id, resolve(range_key(first, last), today))

    until_then = [(who, day, gap) for who, day, gap in returns(source, NOW, 41) if day <= last]  # type: ignore[operator]
    assert {row["return_date"].date() for row in rows_of(found)} >= {day for _, day, _ in until_then}
    assert all(first <= row["return_date"].date() <= last for row in rows_of(found))


def test_days_that_have_not_come_are_no_rows():
    creator = a_creator(an_event(days_ago=0))
    period = resolve("2026-03-01..2026-12-31", NOW.date())

    days = daily_active_users.fresh(creator.id, period).query("window == 'this'")

    assert days.activity_date.max().date() == NOW.date()
    assert days.active_students.tolist() == [0, 0, 0, 1]


def test_a_clock_before_the_period_finds_nothing(monkeypatch):
    creator = a_creator(an_event(days_ago=0), an_attempt(days_ago=0))
    period = resolve("this-month", NOW.date())
    monkeypatch.setenv("DASHBOARD_NOW", "2026-02-10T12:00:00Z")

    assert daily_active_users.fresh(creator.id, period).query("window == 'this'").empty
    assert active_in_period.fresh(creator.id, period).active_students == 0
    assert period_results.fresh(creator.id, period).attempts == 0


@given(placed_histories(), st.integers(0, 40), st.integers(1, 30))
@settings(max_examples=15)
def test_another_run_is_counted_at_its_own_level(placed, ago, shift):
    history, in_courses = placed
    creator = written(history)
    put(creator, in_courses)
    starts = {2: NOW - timedelta(days=ago), 3: NOW - timedelta(days=ago + shift)}
    with engine().begin() as owner:
        for number, start in starts.items():
            owner.execute(
                text("update course_runs set starts_at = :start where creator_id = :id and number = :number"),
                {"id": creator.id, "number": number, "start": start},
            )
    rebuild(creator.id)
    this, other = level_named(creator, 2, 2), level_named(creator, 2, 3)
    with at_level(this):
        named = runs_by_key(creator.id, creator.timezone)
        [compare] = [key for key in named if named[key] is not named["run"]]
    with at_level(this):
        period = chosen_period(creator.id, "run", compare)
        days = daily_active_users.fresh(creator.id, period)
        active, results = active_in_period.fresh(creator.id, period), period_results.fresh(creator.id, period)
    with at_level(other):
        alone = period.windows.compared
        days_there = daily_active_users.fresh(creator.id, alone).query("window == 'this'")
        active_there, results_there = active_in_period.fresh(creator.id, alone), period_results.fresh(creator.id, alone)

    before = days.query("window == 'previous'")
    assert before.activity_date.tolist() == days_there.activity_date.tolist()
    assert before.active_students.tolist() == days_there.active_students.tolist()
    assert before.shown_at.tolist() == days.query("window == 'this'").activity_date.tolist()
    assert active.seen_period_before == active_there.seen_this_period
    assert (results.attempts_before, results.students_before) == (results_there.attempts, results_there.students)


def test_who_asked_the_question_before_is_counted_on_the_compared_days():
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(3)]
    creator = a_creator(
        people,
        a_chat(a_question("What is recursion?"), student=people[0], days_ago=1),
        [a_chat(a_question("What is recursion?"), student=one, days_ago=20) for one in people[1:]],
    )
    period = resolve("2026-03-01..2026-03-04", NOW.date())
    apart = resolve("2026-03-01..2026-03-04", NOW.date(), "last-year")
    windows = Windows(period.windows.first_day, period.windows.last_day, date(2026, 2, 10), date(2026, 2, 14))

    def people_before(of):
        return question_groups.fresh(creator.id, QuestionFilters(of))["people_before"].tolist()

    assert people_before(period) == people_before(apart) == [0]
    assert people_before(type(period)(period.key, 4, windows)) == [2]
