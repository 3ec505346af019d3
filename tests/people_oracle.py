"""What is known of each student, recalculated in plain Python on top of the oracles of activity, watching and chat."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tests import activity_oracle, oracle_chat, watching_oracle
from tests.oracle import Question, Record, Source, questions

NOTHING_WATCHED = {
    "videos_watched": 0,
    "videos_completed": 0,
    "share_sum": 0,
    "share_count": 0,
    "watched_seconds": 0,
    "views": 0,
}
OF_STUDENTS = ("name", "email", "xp_points", "level", "streak_days", "created_at")


def student_engagement_tiers(source: Source, now: datetime) -> list[Record]:
    """One row per student who is here."""
    seen = {row["student_id"]: row for row in activity_oracle.student_totals(source, now)}
    watched = watching_oracle.student_figures(source, now)
    asked = questions(source, now)
    return [
        _tier_row(source, now, student, seen.get(student["id"]), watched.get(student["id"], NOTHING_WATCHED), asked)
        for student in source.students
    ]


def _tier_row(
    source: Source, now: datetime, student: Record, seen: Record | None, watched: Record, asked: list[Question]
) -> Record:
    attempts = attempts_until(source, now, student["id"])
    published = sum(video["status"] == "completed" and video["is_published"] for video in source.videos)
    last_active = seen["last_at"] if seen else None
    silent_since = last_active or student["created_at"]
    row = {
        "creator_id": source.creator["id"],
        "student_id": student["id"],
        **{column: student[column] for column in OF_STUDENTS},
        "last_active": last_active,
        "silent_since": silent_since,
        "videos_watched": watched["videos_watched"],
        "videos_completed": watched["videos_completed"],
        "avg_completion": mean(watched["share_sum"], watched["share_count"]),
        "watch_seconds": watched["watched_seconds"],
        "quiz_attempts": len(attempts),
        "quizzes_passed": sum(attempt["passed"] for attempt in attempts),
        "questions_asked": sum(question.student_id == student["id"] for question in asked),
        "published_videos": published,
        "progress_percent": 100 * watched["videos_completed"] / published if published else None,
        "status": _status(now - silent_since),
        "is_finished": published > 0 and watched["videos_completed"] == published,
        "seen_days": seen["seen_days"] if seen else 0,
        "first_at": seen["first_at"] if seen else None,
        "last_at": last_active,
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


def course_totals(source: Source, now: datetime) -> Record:
    """The headline figures that are just sums."""
    asked, attempts = questions(source, now), attempts_until(source, now)
    watched = watching_oracle.course_figures(source, now)
    ratings = ratings_of(asked)
    return {
        "total_students": len(source.students),
        "total_videos": len(source.videos),
        "processed_videos": sum(video["status"] == "completed" for video in source.videos),
        "total_video_views": watched["views"],
        "videos_watched": watched["videos_watched"],
        "avg_completion_percent": mean(watched["share_sum"], watched["share_count"]),
        "quiz_attempts": len(attempts),
        "quizzes_passed": sum(attempt["passed"] for attempt in attempts),
        "questions_asked": len(asked),
        "questions_answered": sum(question.is_answered for question in asked),
        "satisfaction_rate": mean(sum(ratings), len(ratings)),
    }


def creator_analytics_cache(source: Source, now: datetime) -> list[Record]:
    """One row: the headline figures, and who was active in the windows that end now."""
    totals, chat = course_totals(source, now), oracle_chat.course_totals(source, now)
    last = [row["last_at"] for row in activity_oracle.student_totals(source, now)]
    renamed = {"avg_completion_percent": "avg_watch_percentage", "quiz_attempts": "total_quiz_attempts"}
    return [
        {renamed.get(name, name): value for name, value in totals.items()}
        | {
            "creator_id": source.creator["id"],
            "total_watch_seconds": watching_oracle.course_figures(source, now)["watched_seconds"],
            "total_chat_sessions": chat["chat_sessions"],
            "total_chat_messages": chat["chat_messages"],
            "cached_at": now,
            "active_students_7d": sum(at >= now - timedelta(days=7) for at in last),
            "active_students_30d": sum(at >= now - timedelta(days=30) for at in last),
        }
    ]


def attempts_until(source: Source, now: datetime, student_id: UUID | None = None) -> list[Record]:
    """Attempts of students who are here, completed by now, including those at deleted quizzes."""
    return [
        attempt
        for attempt in source.of_students("quiz_attempts")
        if attempt["completed_at"] <= now and student_id in (None, attempt["student_id"])
    ]


def ratings_of(asked: Iterable[Question]) -> list[int]:
    """In hundredths."""
    return [round(100 * question.rating) for question in asked if question.rating is not None]


def mean(hundredths: int, count: int) -> float | None:
    return hundredths / 100 / count if count else None
