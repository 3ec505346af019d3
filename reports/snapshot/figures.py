"""The figures of a report on one creator, gathered once; PDF and workbook only render them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import pandas as pd

from charts.timeline import Timeline
from database.creators import Creator, creator_of_id
from database.tenancy import tenant_snapshot_tx
from findings.finding import Findings
from findings.gathered import judged, searched_videos
from findings.videos import VideoFacts
from queries.chat.figures import daily_questions
from queries.chat.questions import QuestionFilters, question_groups
from queries.courses.contents import courses_of_contents
from queries.courses.funnel import funnel
from queries.courses.titles import titles_with_course
from queries.overview.engagement import (
    ActiveInPeriod,
    active_in_period,
    average_session_minutes,
    daily_active_users,
    peak_hours,
)
from queries.overview.headline import OverviewStats, overview_stats
from queries.periods.chosen_period import local_day
from queries.periods.markers import markers
from queries.periods.period import Period
from queries.periods.phrases import compared_series
from queries.quizzes.question_analysis import flagged_questions
from queries.quizzes.results import PeriodResults, daily_results, period_results, quizzes
from queries.students.lists import PAGE_LIMIT, at_risk_students, tier_counts
from queries.videos.lists import VideoFilters, videos
from queries.videos.one_video import VideoAnalytics, video_analytics
from queries.videos.playback import retention_curve
from queries.videos.typical import typical_curves
from reports.at_course import at_course
from reports.exports.reading import about_creator
from reports.exports.table import About
from reports.snapshot.key_figures import KeyFigure, key_figures

WORST_VIDEOS = 3


@dataclass(frozen=True)
class WatchedVideo:
    """One video second by second."""

    video: VideoAnalytics
    curve: pd.DataFrame
    typical: pd.DataFrame
    facts: VideoFacts


@dataclass(frozen=True)
class Snapshot:
    """All data of a report on one creator, from the queries of the pages.

    Over several courses, the titles of videos and quizzes are followed by their course; `steps` name it separately.
    """

    creator: Creator
    course: str  # and run; "": all of them
    period: Period
    made_at: datetime  # in the creator's time zone
    data_time: datetime | None  # when the figures were calculated, in the creator's time zone; None: not yet
    stats: OverviewStats
    active: ActiveInPeriod
    key_figures: tuple[KeyFigure, ...]
    timeline: Timeline
    days: pd.DataFrame
    hours: pd.DataFrame
    session_minutes: float | None
    tiers: pd.DataFrame
    at_risk: pd.DataFrame
    steps: pd.DataFrame
    videos: pd.DataFrame
    worst_videos: tuple[WatchedVideo, ...]
    results: PeriodResults
    daily_results: pd.DataFrame
    quizzes: pd.DataFrame
    flagged: pd.DataFrame
    daily_questions: pd.DataFrame
    questions: pd.DataFrame
    findings: Findings

    @cached_property
    def first_day(self) -> date:
        first: date = self.days.loc[self.days["window"] == "this", "activity_date"].min().date()
        return first

    @cached_property
    def last_day(self) -> date:
        last: date = self.days.loc[self.days["window"] == "this", "activity_date"].max().date()
        return last

    @property
    def zone_name(self) -> str:
        """Such as Europe/London."""
        return self.creator.timezone

    @property
    def has_students(self) -> bool:
        return bool(self.stats.total_students)


def snapshot(creator_id: UUID, period: Period, course_id: UUID | None = None, run_id: UUID | None = None) -> Snapshot:
    """All data of one creator as of now, for all courses or one, from one snapshot.

    Raises FeatureAccessDenied for a creator below ENTERPRISE, InputError for an unknown one and an unknown course.
    """
    with tenant_snapshot_tx(creator_id) as connection, at_course(creator_id, course_id, run_id) as course:
        return gathered(creator_id, period, replace(about_creator(connection, creator_id), course=course))


def gathered(creator_id: UUID, period: Period, about: About) -> Snapshot:
    """The same inside an open `tenant_snapshot_tx`, for the current course."""
    filters, courses = QuestionFilters(period), courses_of_contents(creator_id)
    days = daily_active_users.fresh(creator_id, period)
    every = titles_with_course(all_videos(creator_id), courses)
    stats, active = overview_stats.fresh(creator_id), active_in_period.fresh(creator_id, period)
    running = local_day.fresh(creator_id).running_of(period)
    results, asked = period_results.fresh(creator_id, period), daily_questions.fresh(creator_id, filters)
    at_risk, steps = at_risk_students.fresh(creator_id), funnel.fresh(creator_id)
    flagged = titles_with_course(flagged_questions.fresh(creator_id), courses, "quiz_id", "quiz_title")
    all_quizzes = titles_with_course(quizzes.fresh(creator_id), courses, "quiz_id")
    groups = question_groups.fresh(creator_id, filters)
    searched = searched_videos(creator_id)
    return Snapshot(
        creator=creator_of_id(creator_id),
        course=about.course,
        period=period,
        made_at=about.generated_at,
        data_time=about.figures_as_of,
        stats=stats,
        active=active,
        key_figures=key_figures(creator_id, period, stats, active, days, results, asked, len(at_risk), running),
        timeline=Timeline(compared_series(period), running, _marks(creator_id, period)),
        days=days,
        hours=peak_hours.fresh(creator_id, period),
        session_minutes=average_session_minutes.fresh(creator_id, period),
        tiers=tier_counts.fresh(creator_id),
        at_risk=at_risk,
        steps=steps,
        videos=every,
        worst_videos=watched_videos(creator_id, worst_first(searched)[:WORST_VIDEOS]),
        results=results,
        daily_results=daily_results.fresh(creator_id, period),
        quizzes=all_quizzes,
        flagged=flagged,
        daily_questions=asked,
        questions=groups,
        findings=judged(creator_id, period, searched),
    )


def _marks(creator_id: UUID, period: Period) -> pd.DataFrame:
    """What happened, for printed charts, where nothing can be clicked."""
    return markers.fresh(creator_id, period).drop(columns=["target_id"]).assign(href="")


def all_videos(creator_id: UUID) -> pd.DataFrame:
    """Every published video in course order, with the columns of `queries.videos.lists.videos`."""
    pages, offset = [], 0
    while True:
        page = videos.fresh(creator_id, VideoFilters(status="completed", limit=PAGE_LIMIT, offset=offset))
        pages.append(page.videos)
        offset += PAGE_LIMIT
        if not page.has_more:
            return pd.concat(pages, ignore_index=True)


def worst_first(searched: list[VideoFacts]) -> list[VideoFacts]:
    """Those that lose most viewers at one moment, then those that most viewers did not complete."""
    return sorted(searched, key=lambda facts: (-facts.lost_at_once, facts.completions - facts.viewers))


def watched_videos(creator_id: UUID, searched: list[VideoFacts]) -> tuple[WatchedVideo, ...]:
    """Those videos with their retention."""
    typical = typical_curves.fresh(creator_id, tuple(facts.video_id for facts in searched))
    return tuple(
        WatchedVideo(
            video=replace(_analytics(creator_id, facts.video_id), title=facts.title),
            curve=retention_curve.fresh(creator_id, facts.video_id),
            typical=_of_video(typical, facts.video_id),
            facts=facts,
        )
        for facts in searched
    )


def _of_video(rows: pd.DataFrame, video_id: UUID) -> pd.DataFrame:
    return rows[rows["video_id"] == video_id].drop(columns="video_id").reset_index(drop=True)


def _analytics(creator_id: UUID, video_id: UUID) -> VideoAnalytics:
    found = video_analytics.fresh(creator_id, video_id)
    if found is None:
        raise LookupError(f"There is no video {video_id} of this creator.")
    return found
