"""Why a student needs attention, in words."""

from collections.abc import Callable

from queries.students.rows import AtRiskRow, StudentRow
from queries.students.signals import SignalRow
from rules.formatting import counted, grouped, percent
from rules.limits import AT_RISK_DAYS, INACTIVE_DAYS
from rules.sentences import sentence

FAILURES_WORTH_A_WORD = 3
TIER_DAYS = {"inactive": INACTIVE_DAYS, "at_risk": AT_RISK_DAYS}
TIER_REASONS = {
    "low_engagement": "a week after the enrolment it should be 3 or more",
    "engaged": "5 or more, and an activity in the last 7 days",
    "moderate": "from 5 on the tier is Engaged",
}


@sentence
def at_risk_reason(student: AtRiskRow) -> str:
    """One sentence from a row of `queries.students.lists.at_risk_students`."""
    return f"{_silence(student)}{_failures(student)}."


@sentence
def silence_in_words(student: StudentRow) -> str:
    """When a student was last seen, from a row of `queries.students.lists`."""
    days = int(max(0, student.silent_days))
    if student.last_active is None:
        return f"Never started; enrolled {_days(days)} ago." if days else "Enrolled today, and has not started yet."
    return f"Last seen {_days(days)} ago." if days else "Seen within the last day."


@sentence
def tier_in_words(student: StudentRow) -> str:
    """Why a student is in their tier, from a row of `queries.students.lists`."""
    tier, started = student.engagement_tier, f"{_count(int(student.videos_watched), 'video')} started"
    if tier in TIER_DAYS:
        days = _days(int(student.silent_days))
        since = f"enrolled {days} ago and never started" if student.last_active is None else f"away {days}"
        return f"{since}; this tier begins after {TIER_DAYS[tier]} days."
    if tier == "highly_engaged":
        return f"{started}, and {percent(student.avg_completion_percent)} of them watched on average."
    return f"{started}; {TIER_REASONS[tier]}."


@sentence
def signal_in_words(signal: SignalRow) -> str:
    """One sentence from a row of `queries.students.signals`; titles and questions are quoted unchanged."""
    return SIGNALS[signal.kind](signal)


def _never_started(signal: SignalRow) -> str:
    return _never_seen(signal.days or 0)


def _never_seen(silent_days: float) -> str:
    days = int(max(0, silent_days))
    return f"Never started; enrolled {_days(days)} ago." if days else "Enrolled today, and has not started yet."


def _silent(signal: SignalRow) -> str:
    return f"{_away_for(_whole(signal.days), signal.usual_gap_days)}."


def _failing(signal: SignalRow) -> str:
    latest = f"the latest was “{signal.subject}”, with {percent(signal.percent)}"
    return f"Failed the last {_whole(signal.times)} quizzes in a row; {latest}."


def _stuck(signal: SignalRow) -> str:
    far = "" if signal.percent is None else f" after {percent(signal.percent)} of it"
    when = f"{_days(_whole(signal.days))} ago"
    video = f"video {_whole(signal.place)}, “{signal.subject}”"
    return f"Stuck on {video}: stopped{far} {when} and started no later one."


def _repeating(signal: SignalRow) -> str:
    often = f"{_whole(signal.times)} times in {_whole(signal.conversations)} conversations"
    return f"Asks the same question again: “{signal.subject}”, {often}."


def _came_back(signal: SignalRow) -> str:
    when = f"{_days(_whole(signal.days))} ago" if signal.days else "today"
    usual = max(1, round(signal.usual_gap_days or 0))
    every = "day" if usual == 1 else _days(usual)
    return f"Came back {when} after {_days(_whole(signal.times))} away; usually back every {every}."


def _finished(signal: SignalRow) -> str:
    videos = _whole(signal.times)
    return (
        "Finished the only published video." if videos == 1 else f"Finished all {counted(videos, 'published video')}."
    )


SIGNALS: dict[str, Callable[[SignalRow], str]] = {
    "never_started": _never_started,
    "silent": _silent,
    "failing": _failing,
    "stuck": _stuck,
    "repeating": _repeating,
    "came_back": _came_back,
    "finished": _finished,
}


def _silence(student: AtRiskRow) -> str:
    days = int(student.silent_days)
    if student.last_active is None:
        return f"Never started; enrolled {_days(days)} ago"
    return _away_for(days, student.usual_gap_days)


def _away_for(days: int, usual_gap_days: float | None) -> str:
    if usual_gap_days is None:
        return f"Away {_days(days)}"
    usual = max(1, round(usual_gap_days))
    return f"Away {_days(days)}, usually back every {'day' if usual == 1 else grouped(usual)}"


def _failures(student: AtRiskRow) -> str:
    failed = student.failed_in_a_row
    return f"; failed the last {failed} quizzes in a row" if failed >= FAILURES_WORTH_A_WORD else ""


def _days(count: int) -> str:
    return _count(count, "day")


def _count(count: int, noun: str) -> str:
    return counted(count, noun)


def _whole(value: float | None) -> int:
    """What every signal of this kind has, without the part of a day that has just begun."""
    return int(value or 0)
