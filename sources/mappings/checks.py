"""What the fields of one fact must be to each other; which field is wrong otherwise, and why."""

from collections.abc import Callable
from typing import Any

from sources.facts import Attempt, Enrolment, Progress, Run, Segment, Student, Video

Found = tuple[str, str] | None  # the field, and the rule
LONGEST_VIDEO = 24 * 3600


def _segment(fact: Segment) -> Found:
    if fact.end_second <= fact.start_second:
        return "end_second", "A segment ends after it starts."
    return ("end_second", "A video has at most 24 hours.") if fact.end_second > LONGEST_VIDEO else None


def _progress(fact: Progress) -> Found:
    return ("last_watched", "The last instant is before the first.") if fact.last_watched < fact.first_watched else None


def _run(fact: Run) -> Found:
    if fact.starts_at and fact.ends_at and fact.ends_at <= fact.starts_at:
        return "ends_at", "The end is not after the start."
    return None


def _enrolment(fact: Enrolment) -> Found:
    if fact.enrolled_at and fact.ended_at and fact.ended_at < fact.enrolled_at:
        return "ended_at", "The end is before the enrolment."
    return None


def _video(fact: Video) -> Found:
    if fact.duration_seconds is not None and not 0 < fact.duration_seconds <= LONGEST_VIDEO:
        return "duration_seconds", "A video has from 1 second to 24 hours."
    return None


def _attempt(fact: Attempt) -> Found:
    return ("number", "Attempts are counted from 1.") if fact.number is not None and fact.number < 1 else None


def _student(fact: Student) -> Found:
    for name in ("xp_points", "level", "streak_days"):
        if (getattr(fact, name) or 0) < 0:
            return name, "This cannot be less than 0."
    return None


CHECKS: dict[type, Callable[[Any], Found]] = {
    Segment: _segment,
    Progress: _progress,
    Run: _run,
    Enrolment: _enrolment,
    Video: _video,
    Attempt: _attempt,
    Student: _student,
}
