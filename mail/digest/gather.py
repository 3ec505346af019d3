"""A creator's week, from the queries of the pages, as of the end of the week."""

from uuid import UUID

import pandas as pd

from database.clock import as_of
from database.creators import Creator
from database.frames import records
from database.tenancy import tenant_snapshot_tx
from mail.digest.content import CourseWeek, Day, Digest, Figure, Links
from mail.digest.findings import Findings, findings
from mail.digest.outcome import outcome_of
from mail.digest.people import People, people
from mail.digest.todo import things_to_do
from mail.digest.week import Week
from mail.plain_text import in_one_line
from queries.chat.figures import people_asking, satisfaction_breakdown
from queries.chat.questions import QuestionFilters
from queries.courses.known import several_courses
from queries.courses.level_figures import figures_of_levels
from queries.courses.names import course_name
from queries.mails.digest_items import ListedItems, last_listed
from queries.overview.engagement import (
    ActiveInPeriod,
    DayRow,
    active_in_period,
    daily_active_users,
    daily_total_students,
)
from queries.periods.period import WEEK, Period
from queries.quizzes.results import PeriodResults, period_results
from reports.addresses import page_url
from rules.formatting import weekday

TWO_WEEKS = Period("14d", 14)


def gathered(creator: Creator, week: Week) -> Digest:
    """The complete contents of this week's digest."""
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
        creator_name=in_one_line(creator.shown_name),
        week=week,
        total_students=int(enrolled.iloc[-1]),
        figures=tuple(figures),
        courses=tuple(_courses(creator.id)),
        days=_days(days),
        slipped=who.slipped,
        videos=what.videos,
        quizzes=what.quizzes,
        quiz_questions=what.quiz_questions,
        questions=what.questions,
        came_back=who.came_back,
        finished=who.finished,
        outcome=outcome_of(creator.id, before, what.keys, week.timezone) if before else None,
        todo=things_to_do(who, what),
        keys=(*(("student", key) for key in who.keys), *what.keys),
        links=Links(
            overview=page_url(""),
            students=page_url("students"),
            courses=page_url("courses"),
            settings=page_url("settings"),
        ),
    )


def _figures(creator_id: UUID, week: Week, days: pd.DataFrame, enrolled: pd.Series) -> list[Figure]:
    active = active_in_period.fresh(creator_id, WEEK)
    quizzes = period_results.fresh(creator_id, WEEK)
    asked = _asked(creator_id)
    with as_of(week.before.last_moment):
        asked_before = _asked(creator_id)
    return [
        Figure("Active students", active.seen_this_period, active.seen_period_before),
        Figure("New students", *_new_students(enrolled)),
        *_watching(days, active),
        *_questions(asked, asked_before),
        *_quizzes(quizzes),
    ]


def _asked(creator_id: UUID) -> tuple[int, int]:
    """How many questions were asked in the week, and by how many students."""
    filters = QuestionFilters(WEEK)
    return satisfaction_breakdown.fresh(creator_id, filters).questions, people_asking.fresh(creator_id, filters)


def _courses(creator_id: UUID) -> list[CourseWeek]:
    """A line for each of several courses; a student in two of them counts in both."""
    of_courses = several_courses(creator_id)
    figures = figures_of_levels.fresh(creator_id, WEEK) if of_courses else {}
    return [
        CourseWeek(
            title=in_one_line(course_name(course)),
            students=found.enrolled_students,
            active_students=found.activity.seen_this_period,
            active_before=found.activity.seen_period_before,
            finished_students=found.finished_students,
            url=page_url("", course=str(course.course_id)),
        )
        for course, level in of_courses
        for found in [figures[level.course, level.run]]
    ]


def _new_students(enrolled: pd.Series) -> tuple[int, int]:
    """In the week and in the one before it, of those who are enrolled now; takes how many enrolled each day."""
    now, week_ago, two_weeks_ago = (int(enrolled.iloc[-1 - days]) for days in (0, WEEK.days, TWO_WEEKS.days))
    return now - week_ago, week_ago - two_weeks_ago


def _watching(days: pd.DataFrame, active: ActiveInPeriod) -> list[Figure]:
    minutes = days.groupby("window")["watched_minutes"].sum()
    if not minutes.any():  # the platform sends no playback
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


def _questions(asked: tuple[int, int], before: tuple[int, int]) -> list[Figure]:
    (questions, people), (questions_before, people_before) = asked, before
    if not questions and not questions_before:
        return []
    return [Figure("Questions asked", questions, questions_before, people=people, people_before=people_before)]


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
        Day(weekday(row.activity_date), row.active_students, int(earlier))
        for row, earlier in zip(records(this, DayRow), before, strict=True)
    )
