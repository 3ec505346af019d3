"""A creator's week, from the queries of the pages, as the dashboard stood when the week ended."""

from uuid import UUID

import pandas as pd

from database.clock import as_of
from database.creators import Creator
from database.frames import records
from database.tenancy import tenant_snapshot_tx
from queries.chat import Satisfaction, satisfaction_breakdown
from queries.chat_questions import QuestionFilters
from queries.digest_items import ListedItems, last_listed
from queries.engagement import ActiveInPeriod, active_in_period, daily_active_users, daily_total_students
from queries.periods import WEEK, Period
from queries.quizzes import PeriodResults, period_results
from reports.addresses import page_url
from reports.digest.content import Day, Digest, Figure, Links
from reports.digest.findings import Findings, findings
from reports.digest.outcome import became
from reports.digest.people import People, people
from reports.digest.todo import things_to_do
from reports.digest.week import Week
from reports.words import in_one_line

TWO_WEEKS = Period("14d", 14)


def gathered(creator: Creator, week: Week) -> Digest:
    """Everything that the digest about this week says."""
    with as_of(week.last_moment), tenant_snapshot_tx(creator.id):
        before = last_listed(creator.id, week.monday)
        return _gathered(creator, week, before)


def _gathered(creator: Creator, week: Week, before: ListedItems | None) -> Digest:
    days = daily_active_users.fresh(creator.id, WEEK)
    enrolled = daily_total_students.fresh(creator.id, TWO_WEEKS)["total_students"]
    who: People = people(creator.id, before)
    what: Findings = findings(creator.id, before)
    figures = _figures(creator.id, week, days, enrolled)
    return Digest(
        creator_id=creator.id,
        creator_name=in_one_line(creator.name),
        week=week,
        total_students=int(enrolled.iloc[-1]),
        figures=tuple(figures),
        days=_days(days),
        slipped=who.slipped,
        videos=what.videos,
        quizzes=what.quizzes,
        quiz_questions=what.quiz_questions,
        questions=what.questions,
        came_back=who.came_back,
        finished=who.finished,
        became=became(creator.id, before, what.keys, week.timezone) if before else None,
        todo=things_to_do(who, what),
        keys=(*(("student", key) for key in who.keys), *what.keys),
        links=Links(overview=page_url(""), students=page_url("students"), settings=page_url("settings")),
    )


def _figures(creator_id: UUID, week: Week, days: pd.DataFrame, enrolled: pd.Series) -> list[Figure]:
    active = active_in_period.fresh(creator_id, WEEK)
    quizzes = period_results.fresh(creator_id, WEEK)
    asked = satisfaction_breakdown.fresh(creator_id, QuestionFilters(WEEK))
    with as_of(week.before.last_moment):
        asked_before = satisfaction_breakdown.fresh(creator_id, QuestionFilters(WEEK))
    return [
        Figure("Active students", active.seen_this_period, active.seen_period_before),
        Figure("New students", *_new_students(enrolled)),
        *_watching(days, active),
        *_questions(asked, asked_before),
        *_quizzes(quizzes),
    ]


def _new_students(enrolled: pd.Series) -> tuple[int, int]:
    """In the week and in the one before it, of those who are enrolled now; takes how many there were each day."""
    now, week_ago, two_weeks_ago = (int(enrolled.iloc[-1 - days]) for days in (0, WEEK.days, TWO_WEEKS.days))
    return now - week_ago, week_ago - two_weeks_ago


def _watching(days: pd.DataFrame, active: ActiveInPeriod) -> list[Figure]:
    minutes = days.groupby("window")["watched_minutes"].sum()
    if not minutes.any():  # the platform tells no playback
        return []
    return [
        Figure(
            "Minutes watched",
            float(minutes["this"]),
            float(minutes["previous"]),
            people=active.seen_this_period,
            people_before=active.seen_period_before,
        )
    ]


def _questions(asked: Satisfaction, before: Satisfaction) -> list[Figure]:
    if not asked.questions and not before.questions:
        return []
    return [
        Figure("Questions asked", asked.questions, before.questions, people=asked.people, people_before=before.people)
    ]


def _quizzes(results: PeriodResults) -> list[Figure]:
    if not results.attempts and not results.attempts_before:
        return []
    people, before = results.students, results.students_before
    return [
        Figure("Quiz attempts", results.attempts, results.attempts_before, "", people, before),
        Figure("Passed", results.pass_rate_percent, results.pass_rate_percent_before, "%", people, before),
    ]


def _days(days: pd.DataFrame) -> tuple[Day, ...]:
    before = days.loc[days["window"] == "previous", "active_students"]
    this = days[days["window"] == "this"]
    return tuple(
        Day(f"{row['activity_date']:%A}", int(row["active_students"]), int(earlier))
        for row, earlier in zip(records(this), before, strict=True)
    )
