"""Every figure of an imported course run's dashboard against plain Python straight from its CSV files."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL

from database.importers.futurelearn import import_futurelearn
from queries.overview.dashboard import dashboard_response
from queries.overview.engagement import active_in_period, daily_active_users
from queries.periods.period import PERIODS, Period
from queries.students.lists import tier_counts
from tests import futurelearn_oracle as oracle
from tests.course_runs import AFTER_THE_RUN, DURING_THE_RUN, CourseRun
from tests.queries.expected import change, share, whole

every_period = pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)


@dataclass(frozen=True)
class Run:
    folder: Path
    zone: str
    creator_id: UUID
    now: datetime


@pytest.fixture(scope="module")
def imported(course_run: CourseRun, shared_database: URL) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", AFTER_THE_RUN.isoformat())
        report = import_futurelearn(course_run.folder, f"{course_run.name} for its figures", timezone=course_run.zone)
    return Run(course_run.folder, course_run.zone, report.creator_id, AFTER_THE_RUN)


@pytest.fixture(params=[AFTER_THE_RUN, DURING_THE_RUN], ids=["after the run", "during the run"])
def run(request: pytest.FixtureRequest, imported: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DASHBOARD_NOW", request.param.isoformat())
    return Run(imported.folder, imported.zone, imported.creator_id, request.param)


def today(run: Run) -> date:
    return local_date(run, run.now)


def local_date(run: Run, at: datetime) -> date:
    return at.astimezone(ZoneInfo(run.zone)).date()


def days_of(run: Run, days: int, ended_days_ago: int = 0) -> list[date]:
    return [today(run) - timedelta(days=ended_days_ago + ago) for ago in reversed(range(days))]


def seen_on(run: Run, days: list[date]) -> int:
    """Distinct students with an activity on the local days."""
    wanted = set(days)
    signs = oracle.signs_of_life(run.folder).values()
    return sum(any(at <= run.now and local_date(run, at) in wanted for at in instants) for instants in signs)


def students_of(run: Run) -> dict[str, Any]:
    enrolled = Counter(local_date(run, at) for at in oracle.students(run.folder).values())
    total, active = enrolled.total(), oracle.active_students(run.folder, run.now, 7)
    first = today(run).replace(day=1)
    last_month = first - timedelta(days=1)
    this = sum(enrolled[first.replace(day=day)] for day in range(1, today(run).day + 1))
    before = sum(enrolled[last_month.replace(day=day)] for day in range(1, min(today(run).day, last_month.day) + 1))
    return {
        "total": total,
        "active": active,
        "activePercentage": share(active, total),
        "newThisMonth": this,
        "trends": {
            "active": change(seen_on(run, days_of(run, 7)), seen_on(run, days_of(run, 7, ended_days_ago=7))),
            "new": change(this, before),
        },
    }


def engagement_of(run: Run, period: Period) -> dict[str, Any]:
    days = days_of(run, period.days)
    daily = oracle.daily_active_students(run.folder, run.zone, run.now)
    hourly = oracle.signs_per_hour(run.folder, run.zone, run.now)
    return {
        "dailyActiveUsers": [{"date": day.isoformat(), "count": daily.get(day, 0)} for day in days],
        "peakHours": [{"hour": hour, "count": sum(hourly.get((day, hour), 0) for day in days)} for hour in range(24)],
        "avgSessionTime": session_minutes(run, set(days)),
    }


def session_minutes(run: Run, days: set[date]) -> int | None:
    seconds = [
        min(Fraction(session.seconds), Fraction((run.now - session.started_at).total_seconds()))
        for session in oracle.sessions(run.folder)
        if local_date(run, session.started_at) in days and session.started_at <= run.now
    ]
    return whole(sum(seconds) / len(seconds) / 60) if seconds else None


@every_period
def test_every_figure_of_the_dashboard(run, period):
    answer = dashboard_response(run.creator_id, period)

    assert answer == {
        "students": students_of(run),
        "progress": {
            "avgCompletion": whole(Fraction(oracle.avg_completion(run.folder))),
            "videosWatched": oracle.videos_watched(run.folder),
            "quizzesPassed": oracle.quiz_passes(run.folder),
        },
        "engagement": engagement_of(run, period),
        # The export holds no chat.
        "support": {"questionsAsked": 0, "aiAnswered": 0, "satisfactionRate": None},
    }


@every_period
def test_every_active_count_of_the_period_and_of_its_days(run, period):
    days = daily_active_users(run.creator_id, period)
    daily = oracle.daily_active_students(run.folder, run.zone, run.now)
    active = active_in_period(run.creator_id, period)

    two_periods = days_of(run, 2 * period.days)
    assert days.activity_date.dt.date.tolist() == two_periods
    assert days.active_students.tolist() == [daily.get(day, 0) for day in two_periods]
    assert active.active_students == oracle.active_students(run.folder, run.now, period.days)
    assert active.seen_this_period == seen_on(run, days_of(run, period.days))
    assert active.seen_period_before == seen_on(run, days_of(run, period.days, ended_days_ago=period.days))


def test_every_tier_count(run):
    tiers = tier_counts(run.creator_id)

    counted = dict(zip(tiers.engagement_tier, tiers.students, strict=True))
    assert counted == oracle.tier_counts(run.folder, run.now)
    by_status = tiers.groupby("status").students.sum().to_dict()
    assert by_status == oracle.status_counts(run.folder, run.now)


def test_there_is_something_to_count_during_the_run(imported):
    assert oracle.active_students(imported.folder, DURING_THE_RUN, 90) > 0
    assert len(oracle.tier_counts(imported.folder, DURING_THE_RUN)) >= 3
