"""The figures of a report on one creator, gathered once; PDF and workbook only render them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import pandas as pd

from database.creators import Creator, creator_of_id
from database.frames import records
from database.tenancy import tenant_snapshot_tx
from queries.chat import daily_questions
from queries.chat_questions import QuestionFilters, question_groups
from queries.engagement import (
    ActiveInPeriod,
    active_in_period,
    average_session_minutes,
    daily_active_users,
    peak_hours,
)
from queries.funnel import funnel
from queries.overview import OverviewStats, overview_stats
from queries.periods import Period
from queries.question_analysis import flagged_questions
from queries.quizzes import PeriodResults, daily_results, period_results, quizzes
from queries.spoken_lines import transcripts
from queries.students import PAGE_LIMIT, at_risk_students, tier_counts
from queries.video import VideoAnalytics, video_analytics
from queries.video_drop_offs import drop_offs_of_videos
from queries.video_editions import LEAST_VIEWERS
from queries.video_playback import replayed_sections, retention_curve
from queries.video_typical import typical_curves
from queries.videos import VideoFilters, videos
from reports.exports.reading import about_creator
from reports.exports.table import About
from reports.insights import Action, VideoFacts, ranked_actions
from reports.key_figures import KeyFigure, key_figures

WORST_VIDEOS = 3
VIDEOS_SEARCHED = 12  # second by second, for places where viewers leave: those that lose most viewers


@dataclass(frozen=True)
class WatchedVideo:
    """One video second by second."""

    video: VideoAnalytics
    curve: pd.DataFrame
    typical: pd.DataFrame
    facts: VideoFacts


@dataclass(frozen=True)
class Snapshot:
    """Everything that a report on one creator tells, from the queries of the pages."""

    creator: Creator
    period: Period
    made_at: datetime  # in the creator's time zone
    data_time: datetime | None  # when the figures were computed, in the creator's time zone; None: not yet
    stats: OverviewStats
    active: ActiveInPeriod
    key_figures: tuple[KeyFigure, ...]
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
    actions: tuple[Action, ...]

    @cached_property
    def first_day(self) -> date:
        first: date = self.days.loc[self.days["window"] == "this", "activity_date"].min().date()
        return first

    @cached_property
    def last_day(self) -> date:
        last: date = self.days["activity_date"].max().date()
        return last

    @property
    def zone_name(self) -> str:
        """Such as Europe/London."""
        return self.creator.timezone

    @property
    def has_students(self) -> bool:
        return bool(self.stats.total_students)


def snapshot(creator_id: UUID, period: Period) -> Snapshot:
    """Everything of one creator as of now, all of it of one instant.

    Raises FeatureAccessDenied for a creator below ENTERPRISE, InputError for an unknown one.
    """
    with tenant_snapshot_tx(creator_id) as connection:
        return gathered(creator_id, period, about_creator(connection, creator_id))


def gathered(creator_id: UUID, period: Period, about: About) -> Snapshot:
    """The same inside a `tenant_snapshot_tx` that is open already."""
    filters = QuestionFilters(period)
    days, every = daily_active_users.fresh(creator_id, period), all_videos(creator_id)
    stats, active = overview_stats.fresh(creator_id), active_in_period.fresh(creator_id, period)
    results, asked = period_results.fresh(creator_id, period), daily_questions.fresh(creator_id, filters)
    at_risk, steps = at_risk_students.fresh(creator_id), funnel.fresh(creator_id)
    flagged, all_quizzes = flagged_questions.fresh(creator_id), quizzes.fresh(creator_id)
    groups = question_groups.fresh(creator_id, filters)
    searched = searched_videos(creator_id, losing_most(every, VIDEOS_SEARCHED))
    return Snapshot(
        creator=creator_of_id(creator_id),
        period=period,
        made_at=about.generated_at,
        data_time=about.figures_as_of,
        stats=stats,
        active=active,
        key_figures=key_figures(creator_id, period, stats, active, days, results, asked, len(at_risk)),
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
        actions=tuple(ranked_actions(at_risk, steps, searched, flagged, all_quizzes, groups)),
    )


def all_videos(creator_id: UUID) -> pd.DataFrame:
    """Every published video in the order of the course, with the columns of `queries.videos.videos`."""
    pages, offset = [], 0
    while True:
        page = videos.fresh(creator_id, VideoFilters(status="completed", limit=PAGE_LIMIT, offset=offset))
        pages.append(page.videos)
        offset += PAGE_LIMIT
        if not page.has_more:
            return pd.concat(pages, ignore_index=True)


def losing_most(every: pd.DataFrame, count: int) -> pd.DataFrame:
    """The videos that most viewers did not complete, of those with enough viewers to tell."""
    judged = every[every["unique_viewers"] >= LEAST_VIEWERS]
    lost = judged.assign(lost=judged["unique_viewers"] - judged["completions"])
    return lost[lost["lost"] > 0].sort_values("lost", ascending=False, kind="stable").head(count)


def worst_first(searched: list[VideoFacts]) -> list[VideoFacts]:
    """Those that lose most viewers at one moment, then those that most viewers did not complete."""
    return sorted(searched, key=lambda facts: (-facts.lost_at_once, facts.completions - facts.viewers))


def watched_videos(creator_id: UUID, searched: list[VideoFacts]) -> tuple[WatchedVideo, ...]:
    """Those videos with their retention."""
    typical = typical_curves.fresh(creator_id, tuple(facts.video_id for facts in searched))
    return tuple(
        WatchedVideo(
            video=_analytics(creator_id, facts.video_id),
            curve=retention_curve.fresh(creator_id, facts.video_id),
            typical=_of_video(typical, facts.video_id),
            facts=facts,
        )
        for facts in searched
    )


def searched_videos(creator_id: UUID, videos: pd.DataFrame) -> list[VideoFacts]:
    """Where viewers of these videos stop and what they play again; takes rows of `all_videos`."""
    video_ids = tuple(videos["video_id"])
    said = {row["video_id"]: row for row in records(transcripts.fresh(creator_id, video_ids))}
    drop_offs = drop_offs_of_videos.fresh(creator_id, video_ids)
    return [
        VideoFacts(
            video_id=row["video_id"],
            title=row["title"],
            duration_seconds=said[row["video_id"]]["duration_seconds"] or None,
            transcript=said[row["video_id"]]["transcript"],
            viewers=row["unique_viewers"],
            completions=row["completions"],
            drop_offs=_of_video(drop_offs, row["video_id"]),
            replayed=replayed_sections.fresh(creator_id, row["video_id"]),
        )
        for row in records(videos)
    ]


def _of_video(rows: pd.DataFrame, video_id: UUID) -> pd.DataFrame:
    return rows[rows["video_id"] == video_id].drop(columns="video_id").reset_index(drop=True)


def _analytics(creator_id: UUID, video_id: UUID) -> VideoAnalytics:
    found = video_analytics.fresh(creator_id, video_id)
    if found is None:
        raise LookupError(f"There is no video {video_id} of this creator.")
    return found
