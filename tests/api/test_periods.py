"""Any period by its key, and what it is compared with; an invalid one is refused, with the allowed values."""

from datetime import timedelta
from uuid import UUID

import pytest

from actions.courses import RunDates, change_run
from queries.chat.figures import daily_questions, satisfaction_breakdown
from queries.chat.questions import QuestionFilters
from queries.courses.known import courses
from queries.overview.engagement import active_in_period, daily_active_users
from queries.periods.changes import change_percent
from queries.periods.period import resolve, run_key
from tests.api.asking import by_key
from tests.builders import NOW, a_chat, a_creator, a_question, a_student, an_event
from tests.pages.test_periods import author_of

TODAY = NOW.date()
NOBODYS = run_key(UUID(int=5))
ASKED = (1, 5, 9, 20, 40, 50, 380)  # of the NOW of 4 March: three in February, two in January
AGO = (0, 9, 31, 40, 380, 410)
MONTHS = [
    ("this-month", "before"),
    ("last-month", "before"),
    ("2026-01-20..2026-02-10", "before"),
    ("2026-02-10..2026-01-20", "last-year"),
    ("30d", "last-year"),
    ("2026-03-01..2026-12-31", "before"),
]


@pytest.fixture(scope="module")
def school(shared_database):
    people = [a_student(f"Student {number}", enrolled_days_ago=500) for number in range(4)]
    rows = [
        an_event(one, days_ago=days + place) for place, one in enumerate(people) for days in (0, 9, 31, 40, 380, 410)
    ]
    asked = [a_chat(a_question("What is a loop?", rating=1), student=people[0], days_ago=days) for days in ASKED]
    return a_creator(people, rows, asked)


@pytest.mark.parametrize(("key", "compare"), MONTHS)
def test_the_engagement_of_any_period_is_that_of_the_queries(school, key, compare):
    answer = by_key(school.id).get(f"/creator/engagement?period={key}&compare={compare}").json()

    period = resolve(key, TODAY, compare)
    active, days = active_in_period.fresh(school.id, period), daily_active_users.fresh(school.id, period)
    this, before = (days[days["window"] == window] for window in ("this", "previous"))
    beside = dict(zip(before["shown_at"], before["active_students"], strict=True))
    assert (answer["activeStudents"], answer["changePercent"]) == (active.active_students, active.change_percent)
    assert [day["date"] for day in answer["days"]] == [f"{day:%Y-%m-%d}" for day in this["activity_date"]]
    assert [day["activeStudents"] for day in answer["days"]] == this["active_students"].tolist()
    assert [day["activeStudentsBefore"] for day in answer["days"]] == [beside.get(day) for day in this["shown_at"]]


@pytest.mark.parametrize(("key", "compare"), MONTHS)
def test_the_chat_of_any_period_is_that_of_the_queries(school, key, compare):
    answer = by_key(school.id).get(f"/creator/chat?period={key}&compare={compare}").json()

    filters = QuestionFilters(resolve(key, TODAY, compare))
    days, rated = daily_questions.fresh(school.id, filters), satisfaction_breakdown.fresh(school.id, filters)
    this, before = (days[days["window"] == window] for window in ("this", "previous"))
    beside = dict(zip(before["shown_at"], before["questions"], strict=True))
    assert (answer["questionsAsked"], answer["satisfactionRate"]) == (rated.questions, rated.mean_rating)
    assert answer["questionsAskedBefore"] == before["questions"].sum()
    assert answer["changePercent"] == change_percent(this["questions"].sum(), before["questions"].sum())
    told = [(day["date"], day["count"], day["countBefore"]) for day in answer["dailyVolume"]]
    assert told == [(f"{row.shown_at:%Y-%m-%d}", row.questions, beside.get(row.shown_at)) for row in this.itertuples()]


def test_the_chat_is_compared_with_days_on_which_something_was_asked(school):
    answer = by_key(school.id).get("/creator/chat?period=2026-02-01..2026-02-28").json()

    assert (answer["questionsAsked"], answer["questionsAskedBefore"], answer["changePercent"]) == (3, 2, 50)


@pytest.mark.parametrize(("key", "compare"), MONTHS)
def test_the_dashboard_has_an_entry_for_each_day_that_has_come(school, key, compare):
    answer = by_key(school.id).get(f"/creator/dashboard?period={key}").json()

    of = resolve(key, TODAY, compare).windows
    assert len(answer["engagement"]["dailyActiveUsers"]) == of.days
    assert answer["engagement"]["dailyActiveUsers"][-1]["date"] == of.last_day.isoformat() <= TODAY.isoformat()


def test_the_days_since_the_start_of_a_run(school):
    [course] = courses.fresh(school.id).courses
    run = course.runs[0]
    change_run(author_of(school), school.id, run.run_id, RunDates("Spring", NOW - timedelta(days=10), None))
    asking = by_key(school.id)

    by_id, chosen = (asking.get(f"/creator/engagement?period={key}") for key in (run_key(run.run_id), "run"))

    assert len(by_id.json()["days"]) == 11
    assert by_id.json() == chosen.json()


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("period=2026-02-30..2026-03-01", 422, "Write it as 2026-01-05..2026-02-10."),
        ("period=1989-01-01..2026-03-01", 422, "choose days from 1990-01-01 on"),
        ("compare=yesterday", 422, "choose one of before, last-year or run:<id>"),
        (f"period={NOBODYS}", 404, "there is no such run with a start"),
        (f"compare={NOBODYS}", 404, "there is no such run with a start"),
        ("period=2026-03-05..2026-03-06", 409, "has not begun; today is 2026-03-04"),
    ],
)
def test_what_is_no_period_is_refused_with_what_would_do(query, status, said):
    answer = by_key(a_creator().id).get(f"/creator/engagement?{query}")

    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_another_creators_run_is_unknown(school):
    [foreign] = courses.fresh(a_creator(a_student()).id).courses

    answer = by_key(school.id).get(f"/creator/engagement?period={run_key(foreign.runs[0].run_id)}")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ({"period": "last-month", "compare": "last-year"}, 200),
        ({"period": "last-year"}, 422),
        ({"compare": "30d"}, 422),
        ({"period": "2027-01-01..2027-02-01"}, 409),
    ],
)
def test_an_export_takes_the_same_periods(school, filters, status):
    order = {"type": "analytics", "format": "json", "filters": filters}

    assert by_key(school.id, "export")("POST", "/creator/export", json=order).status_code == status
