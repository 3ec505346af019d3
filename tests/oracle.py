"""Every pre-aggregated figure again, in plain Python over the source rows.

Written from the published definitions (queries/metrics.toml), not from the SQL: a loop over
all rows per figure, fractions instead of rounding. Slow and obvious on purpose.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from database.tenancy import tenant_tx
from tests.histories import TOPICS

Record = dict[str, Any]
HALF_AN_HOUR = timedelta(minutes=30)
SOURCES = (
    "creators",
    "students",
    "videos",
    "video_progress",
    "watch_segments",
    "retention_points",
    "activity_events",
    "chat_sessions",
    "chat_messages",
    "quiz_attempts",
)


@dataclass(frozen=True)
class Sign:
    """Something a student did."""

    student_id: UUID
    at: datetime
    video_id: UUID | None = None
    seconds: int = 0


@dataclass(frozen=True)
class Pair:
    """A video that a student started; neither is deleted. `share` is in percent, None if not known."""

    student_id: UUID
    video: Record
    completed: bool
    last_watched: datetime
    share: Fraction | None
    seconds: int
    views: int


@dataclass(frozen=True)
class Question:
    student_id: UUID
    topic: str
    content: str
    asked_at: datetime
    is_answered: bool
    rating: Fraction | None


@dataclass(frozen=True)
class Source:
    """All source rows of one creator, by table."""

    rows: dict[str, list[Record]]

    def __getitem__(self, table: str) -> list[Record]:
        return self.rows[table]

    @property
    def creator(self) -> Record:
        return self.rows["creators"][0]

    @property
    def students(self) -> list[Record]:
        return [student for student in self["students"] if student["deleted_at"] is None]

    @property
    def videos(self) -> list[Record]:
        return [video for video in self["videos"] if video["deleted_at"] is None]

    def of_students(self, table: str) -> list[Record]:
        """The table's rows of students who are not deleted."""
        here = {student["id"] for student in self.students}
        return [row for row in self[table] if row["student_id"] in here]


def source(creator_id: UUID) -> Source:
    return Source({table: rows_of(creator_id, table) for table in SOURCES})


def rows_of(creator_id: UUID, relation: str) -> list[Record]:
    """All rows of a table or view that this creator's transactions see."""
    with tenant_tx(creator_id) as connection:
        return [dict(row) for row in connection.execute(text(f"select * from {relation}")).mappings()]


def signs_of_life(source: Source) -> list[Sign]:
    segments = source.of_students("watch_segments")
    progress = source.of_students("video_progress")
    return [
        *(Sign(s["student_id"], s["watched_at"], s["video_id"], s["end_second"] - s["start_second"]) for s in segments),
        *(Sign(p["student_id"], p["first_watched"], p["video_id"]) for p in progress),
        *(Sign(p["student_id"], p["last_watched"], p["video_id"]) for p in progress),
        *(Sign(e["student_id"], e["occurred_at"], e["video_id"]) for e in source.of_students("activity_events")),
        *(Sign(a["student_id"], a["completed_at"]) for a in source.of_students("quiz_attempts")),
        *(Sign(m["student_id"], m["created_at"]) for m in source.of_students("chat_messages") if m["role"] == "user"),
    ]


def started_videos(source: Source) -> list[Pair]:
    videos = {video["id"]: video for video in source.videos}
    return [
        _pair(source, progress, videos[progress["video_id"]])
        for progress in source.of_students("video_progress")
        if progress["video_id"] in videos
    ]


def _pair(source: Source, progress: Record, video: Record) -> Pair:
    played = [
        segment
        for segment in source["watch_segments"]
        if (segment["student_id"], segment["video_id"]) == (progress["student_id"], progress["video_id"])
    ]
    known = progress["watch_percentage"]
    return Pair(
        student_id=progress["student_id"],
        video=video,
        completed=progress["completed"],
        last_watched=progress["last_watched"],
        share=_mean_of_curve(source, video["id"]) if known is None else _exact(known),
        seconds=sum(segment["end_second"] - segment["start_second"] for segment in played)
        if played
        else progress["watch_duration"] or 0,
        views=len(_runs(segment["watched_at"] for segment in played)) or 1,
    )


def _mean_of_curve(source: Source, video_id: UUID) -> Fraction | None:
    """The mean of the straight lines from (0 %, everyone) through the points, level after the last."""
    points = {
        _exact(point["position_percent"]): _exact(point["viewers_percent"])
        for point in source["retention_points"]
        if point["video_id"] == video_id
    }
    if not points:
        return None
    corners = [(Fraction(0), Fraction(100)), *sorted(points.items())]
    corners.append((Fraction(100), corners[-1][1]))
    return sum(((right - left) * (before + after) / 2 for (left, before), (right, after) in pairwise(corners))) / 100


def _runs(instants: Iterable[datetime]) -> list[list[datetime]]:
    """The different instants, in runs with gaps of up to half an hour."""
    runs: list[list[datetime]] = []
    for at in sorted(set(instants)):
        if runs and at - runs[-1][-1] <= HALF_AN_HOUR:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def questions(source: Source) -> list[Question]:
    """Messages of students who are here; answered and rated by what follows in the conversation."""
    asked = [message for message in source.of_students("chat_messages") if message["role"] == "user"]
    return [_question(message, _messages_after(source, message)) for message in asked]


def _messages_after(source: Source, message: Record) -> list[Record]:
    same_session = [other for other in source["chat_messages"] if other["session_id"] == message["session_id"]]
    ordered = sorted(same_session, key=lambda other: (other["created_at"], other["id"]))
    return ordered[ordered.index(message) + 1 :]


def _question(message: Record, following: list[Record]) -> Question:
    rating = message["helpful_rating"]
    if rating is None and following and following[0]["role"] == "assistant":
        rating = following[0]["helpful_rating"]
    return Question(
        student_id=message["student_id"],
        topic=TOPICS.get(message["content"], message["content"]),
        content=message["content"],
        asked_at=message["created_at"],
        is_answered=any(other["role"] == "assistant" for other in following),
        rating=None if rating is None else _exact(rating),
    )


def daily_active_users(source: Source) -> list[Record]:
    days = _by_local_day(source)
    return [
        {
            "creator_id": source.creator["id"],
            "activity_date": day,
            "active_count": len({sign.student_id for sign in signs}),
            "videos_watched": len({sign.video_id for sign in signs} - {None}),
            "total_watch_time_seconds": sum(sign.seconds for sign in signs),
        }
        for day, signs in days.items()
    ]


def daily_student_activity(source: Source) -> list[Record]:
    return [
        {"creator_id": source.creator["id"], "activity_date": day, "student_id": student_id}
        for day, signs in _by_local_day(source).items()
        for student_id in {sign.student_id for sign in signs}
    ]


def hourly_activity(source: Source) -> list[Record]:
    return [
        {"creator_id": source.creator["id"], "activity_date": day, "hour": hour, "signs_of_life": len(found)}
        for day, signs in _by_local_day(source).items()
        for hour in range(24)
        if (found := {(sign.student_id, sign.at) for sign in signs if _local(source, sign.at).hour == hour})
    ]


def active_students_per_local_day(source: Source) -> dict[date, int]:
    return {day: len({sign.student_id for sign in signs}) for day, signs in _by_local_day(source).items()}


def _by_local_day(source: Source) -> dict[date, list[Sign]]:
    days: dict[date, list[Sign]] = {}
    for sign in signs_of_life(source):
        days.setdefault(_local(source, sign.at).date(), []).append(sign)
    return days


def _local(source: Source, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(source.creator["timezone"]))


def student_sessions(source: Source) -> list[Record]:
    signs = signs_of_life(source)
    return [
        {
            "creator_id": source.creator["id"],
            "student_id": student["id"],
            "started_at": run[0],
            "session_seconds": (run[-1] - run[0]).total_seconds()
            + max(sign.seconds for sign in signs if (sign.student_id, sign.at) == (student["id"], run[-1])),
        }
        for student in source.students
        for run in _runs(sign.at for sign in signs if sign.student_id == student["id"])
    ]


def student_activity(source: Source) -> list[Record]:
    return [
        {"creator_id": source.creator["id"], "student_id": student["id"], **_figures(source, student["id"])}
        for student in source.students
    ]


def _figures(source: Source, student_id: UUID) -> Record:
    pairs = [pair for pair in started_videos(source) if pair.student_id == student_id]
    asked = [question for question in questions(source) if question.student_id == student_id]
    attempts = [attempt for attempt in source["quiz_attempts"] if attempt["student_id"] == student_id]
    shares = _known(pair.share for pair in pairs)
    ratings = _known(question.rating for question in asked)
    return {
        "last_active": max((sign.at for sign in signs_of_life(source) if sign.student_id == student_id), default=None),
        "videos_watched": len(pairs),
        "videos_completed": sum(pair.completed and pair.video["status"] == "completed" for pair in pairs),
        "watched_share_sum": float(sum(shares)),
        "watched_share_count": len(shares),
        "watch_seconds": sum(pair.seconds for pair in pairs),
        "video_views": sum(pair.views for pair in pairs),
        "chat_sessions": sum(session["student_id"] == student_id for session in source["chat_sessions"]),
        "chat_messages": sum(message["student_id"] == student_id for message in source["chat_messages"]),
        "questions_asked": len(asked),
        "questions_answered": sum(question.is_answered for question in asked),
        "rating_sum": float(sum(ratings)),
        "rating_count": len(ratings),
        "quiz_attempts": len(attempts),
        "quizzes_passed": sum(attempt["passed"] for attempt in attempts),
    }


def student_engagement_tiers(source: Source, now: datetime) -> list[Record]:
    return [_tier_row(source, student, now) for student in source.students]


def _tier_row(source: Source, student: Record, now: datetime) -> Record:
    figures = _figures(source, student["id"])
    published = sum(video["status"] == "completed" for video in source.videos)
    silent_since = figures["last_active"] or student["created_at"]
    row = {
        "creator_id": source.creator["id"],
        "student_id": student["id"],
        **{column: student[column] for column in ("name", "email", "xp_points", "level", "streak_days", "created_at")},
        **{column: figures[column] for column in ("last_active", "videos_watched", "videos_completed")},
        **{column: figures[column] for column in ("watch_seconds", "quiz_attempts", "quizzes_passed")},
        "questions_asked": figures["questions_asked"],
        "silent_since": silent_since,
        "avg_completion": _ratio(figures["watched_share_sum"], figures["watched_share_count"]),
        "published_videos": published,
        "progress_percent": _ratio(100 * figures["videos_completed"], published),
        "status": _status(now - silent_since),
        "is_finished": published > 0 and figures["videos_completed"] == published,
    }
    return row | {"engagement_tier": _tier(row, now)}


def _status(silence: timedelta) -> str:
    if silence > timedelta(days=14):
        return "inactive"
    return "at-risk" if silence > timedelta(days=7) else "active"


def _tier(row: Record, now: datetime) -> str:
    if row["status"] != "active":
        return {"inactive": "inactive", "at-risk": "at_risk"}[row["status"]]
    if now - row["created_at"] > timedelta(days=7) and row["videos_watched"] < 3:
        return "low_engagement"
    if row["videos_watched"] >= 10 and (row["avg_completion"] or 0) >= 75:
        return "highly_engaged"
    return "engaged" if row["videos_watched"] >= 5 else "moderate"


def video_analytics(source: Source) -> list[Record]:
    return [_video_row(source, video) for video in source.videos]


def _video_row(source: Source, video: Record) -> Record:
    pairs = [pair for pair in started_videos(source) if pair.video["id"] == video["id"]]
    shares = _known(pair.share for pair in pairs)
    left = _known(pair.share for pair in pairs if not pair.completed)
    completions = sum(pair.completed for pair in pairs)
    return {
        "creator_id": source.creator["id"],
        "video_id": video["id"],
        "unique_viewers": len(pairs),
        "total_views": sum(pair.views for pair in pairs),
        "avg_watch_percentage": _ratio(sum(shares), len(shares)),
        "completions": completions,
        "completion_rate": _ratio(100 * completions, len(pairs)),
        "high_engagement_views": sum(share >= 75 for share in shares),
        "low_engagement_views": sum(share < 25 for share in shares),
        "avg_drop_off_percentage": _ratio(sum(left), len(left)),
        "total_watch_seconds": sum(pair.seconds for pair in pairs),
        "last_watched_at": max((pair.last_watched for pair in pairs), default=None),
    }


def most_asked_questions(source: Source) -> list[Record]:
    """One row per topic that two students asked; `question_key` is whatever its messages carry."""
    asked = questions(source)
    topics = {topic: [question for question in asked if question.topic == topic] for topic in {q.topic for q in asked}}
    return [
        _topic_row(source, found) for found in topics.values() if len({question.student_id for question in found}) >= 2
    ]


def _topic_row(source: Source, found: list[Question]) -> Record:
    ratings = _known(question.rating for question in found)
    contents = {question.content for question in found}
    keys = {message["question_key"] for message in source["chat_messages"] if message["content"] in contents}
    assert len(keys) == 1, f"one question, several keys: {contents}"
    wordings = [question.content.strip() for question in found]
    return {
        "creator_id": source.creator["id"],
        "question_key": keys.pop(),
        "question": min(set(wordings), key=lambda wording: (-wordings.count(wording), wording.encode())),
        "ask_count": len(found),
        "unique_askers": len({question.student_id for question in found}),
        "answered_count": sum(question.is_answered for question in found),
        "avg_satisfaction": _ratio(sum(ratings), len(ratings)),
        "last_asked_at": max(question.asked_at for question in found),
    }


def creator_analytics_cache(source: Source, now: datetime) -> list[Record]:
    pairs, asked = started_videos(source), questions(source)
    attempts = source.of_students("quiz_attempts")
    shares, ratings = _known(pair.share for pair in pairs), _known(question.rating for question in asked)
    totals = {
        "creator_id": source.creator["id"],
        "total_students": len(source.students),
        "total_videos": len(source.videos),
        "processed_videos": sum(video["status"] == "completed" for video in source.videos),
        "total_video_views": sum(pair.views for pair in pairs),
        "videos_watched": len(pairs),
        "avg_watch_percentage": _ratio(sum(shares), len(shares)),
        "total_watch_seconds": sum(pair.seconds for pair in pairs),
        "total_chat_sessions": len(source.of_students("chat_sessions")),
        "total_chat_messages": len(source.of_students("chat_messages")),
        "questions_asked": len(asked),
        "questions_answered": sum(question.is_answered for question in asked),
        "satisfaction_rate": _ratio(sum(ratings), len(ratings)),
        "total_quiz_attempts": len(attempts),
        "quizzes_passed": sum(attempt["passed"] for attempt in attempts),
        "cached_at": now,
        "active_students_7d": len(_active_students(source, now, timedelta(days=7))),
        "active_students_30d": len(_active_students(source, now, timedelta(days=30))),
    }
    return [totals]


def _active_students(source: Source, now: datetime, window: timedelta) -> set[UUID]:
    """Those with a sign of life in the window ending now: what a fixed clock has not reached does not count."""
    return {sign.student_id for sign in signs_of_life(source) if now - window <= sign.at <= now}


def _known(values: Iterable[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]


def _ratio(part: float | Fraction, whole: int) -> float | None:
    return float(part / whole) if whole else None


def _exact(number: float) -> Fraction:
    """The decimal that the column holds, not the float nearest to it."""
    return Fraction(str(number))
