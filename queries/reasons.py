"""Why a student needs attention, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from queries.changes import round_half_up

FAILURES_WORTH_A_WORD = 3
TIER_DAYS = {"inactive": 14, "at_risk": 7}
TIER_REASONS = {
    "low_engagement": "a week after the enrolment it should be 3 or more",
    "engaged": "5 or more, and an activity in the last 7 days",
    "moderate": "from 5 on the tier is Engaged",
}


def at_risk_reason(student: Mapping[str, Any]) -> str:
    """One sentence from a row of `queries.students.at_risk_students`."""
    return f"{_silence(student)}{_failures(student)}."


def silence_in_words(student: Mapping[str, Any]) -> str:
    """When a student was last seen, from a row of `queries.students`."""
    days = int(max(0, student["silent_days"]))
    if _is_missing(student["last_active"]):
        return f"Never started; enrolled {_days(days)} ago." if days else "Enrolled today, and has not started yet."
    return f"Last seen {_days(days)} ago." if days else "Seen within the last day."


def tier_in_words(student: Mapping[str, Any]) -> str:
    """Why a student is in their tier, from a row of `queries.students`."""
    tier, started = student["engagement_tier"], f"{_count(int(student['videos_watched']), 'video')} started"
    if tier in TIER_DAYS:
        since = "since the enrolment, without a start" if _is_missing(student["last_active"]) else "of silence"
        return f"{_days(int(student['silent_days']))} {since}; the tier begins after {TIER_DAYS[tier]} days."
    if tier == "highly_engaged":
        return f"{started}, and {_percent(student['avg_completion_percent'])} of them watched on average."
    return f"{started}; {TIER_REASONS[tier]}."


def signal_in_words(signal: Mapping[str, Any]) -> str:
    """One sentence from a row of `queries.student_signals`; titles and questions stand in it as they are."""
    return SIGNALS[signal["kind"]](signal)


def _never_started(signal: Mapping[str, Any]) -> str:
    return silence_in_words({"last_active": None, "silent_days": signal["days"]})


def _silent(signal: Mapping[str, Any]) -> str:
    return f"{_silent_for(int(signal['days']), signal['usual_gap_days'])}."


def _failing(signal: Mapping[str, Any]) -> str:
    latest = f"the latest was “{signal['subject']}”, with {_percent(signal['percent'])}"
    return f"Failed the last {int(signal['times'])} quizzes in a row; {latest}."


def _stuck(signal: Mapping[str, Any]) -> str:
    far = "" if _is_missing(signal["percent"]) else f" after {_percent(signal['percent'])} of it"
    when = f"{_days(int(signal['days']))} ago"
    video = f"video {int(signal['place'])}, “{signal['subject']}”"
    return f"Stuck on {video}: stopped{far} {when} and started no later one."


def _repeating(signal: Mapping[str, Any]) -> str:
    often = f"{int(signal['times'])} times in {int(signal['conversations'])} conversations"
    return f"Asks the same question again: “{signal['subject']}”, {often}."


def _came_back(signal: Mapping[str, Any]) -> str:
    when = f"{_days(int(signal['days']))} ago" if signal["days"] else "today"
    usual = f"; the usual gap is {_days(max(1, round(signal['usual_gap_days'])))}"
    return f"Came back {when} after {_days(int(signal['times']))} of silence{usual}."


def _finished(signal: Mapping[str, Any]) -> str:
    videos = int(signal["times"])
    return "Finished the only published video." if videos == 1 else f"Finished all {videos:,} published videos."


SIGNALS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "never_started": _never_started,
    "silent": _silent,
    "failing": _failing,
    "stuck": _stuck,
    "repeating": _repeating,
    "came_back": _came_back,
    "finished": _finished,
}


def _silence(student: Mapping[str, Any]) -> str:
    days = int(student["silent_days"])
    if _is_missing(student["last_active"]):
        return f"Never started; enrolled {days} days ago"
    return _silent_for(days, student["usual_gap_days"])


def _silent_for(days: int, usual_gap_days: float) -> str:
    usual = "" if _is_missing(usual_gap_days) else f"; the usual gap is {_days(max(1, round(usual_gap_days)))}"
    return f"Silent for {_days(days)}{usual}"


def _failures(student: Mapping[str, Any]) -> str:
    failed = int(student["failed_in_a_row"])
    return f"; failed the last {failed} quizzes in a row" if failed >= FAILURES_WORTH_A_WORD else ""


def _days(count: int) -> str:
    return _count(count, "day")


def _count(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _percent(value: float) -> str:
    return f"{round_half_up(value)} %"


def _is_missing(value: Any) -> bool:
    return value is None or value != value  # NaN and NaT differ from themselves
