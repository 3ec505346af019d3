"""Students who stopped coming, and where they stop in a course."""

import pandas as pd

from findings.finding import Finding
from queries.courses.funnel import Drop, FunnelRow, most_stuck, steepest_drop
from queries.courses.titles import steps_by_course
from rules.formatting import agreeing, grouped
from rules.formatting import students as counted_students
from rules.limits import AT_RISK_DAYS
from rules.sentences import sentence


def about_silence(students: pd.DataFrame) -> list[Finding]:
    """Students away for over a week, and for over two; takes `queries.students.lists.at_risk_students`."""
    at_risk, inactive = (int((students["engagement_tier"] == tier).sum()) for tier in ("at_risk", "inactive"))
    return [*([_at_risk(at_risk)] if at_risk else []), *([_inactive(inactive)] if inactive else [])]


@sentence
def nobody_away(away: int) -> str | None:
    """That no student needs attention, if that is so: those who finished may be away, newcomers need time."""
    return None if away else f"No student has been away for over {AT_RISK_DAYS} days without finishing the course."


def about_the_course(steps: pd.DataFrame) -> list[Finding]:
    """Where most students of each course are stuck, and its steepest drop; takes `queries.courses.funnel.funnel`."""
    return [found for course, of_course in steps_by_course(steps) for found in _about_one_course(course, of_course)]


def _at_risk(count: int) -> Finding:
    return Finding(
        "at_risk",
        count,
        f"{counted_students(count)} stopped coming in the last two weeks.",
        f"Write to {counted_students(count)} before they are gone",
        "Look at where each of them stopped, and write to them before they are gone.",
        "students",
        (("status", "at-risk"), ("sort", "lastActive"), ("order", "asc")),
    )


def _inactive(count: int) -> Finding:
    return Finding(
        "inactive",
        count,
        f"{counted_students(count)} {agreeing(count, 'has', 'have')} been away for over two weeks without finishing.",
        f"Invite {counted_students(count)} back",
        "Invite them back together, with a reason to start again: a re-engagement campaign.",
        "students",
        (("status", "inactive"), ("sort", "lastActive"), ("order", "asc")),
    )


def _about_one_course(course: str, steps: pd.DataFrame) -> list[Finding]:
    stuck, drop = most_stuck(steps), steepest_drop(steps)
    return [*([_stuck(stuck, course)] if stuck else []), *([_drop(drop, course)] if drop else [])]


def _stuck(step: FunnelRow, course: str) -> Finding:
    count = step.stuck
    return Finding(
        "stuck",
        count,
        f"{counted_students(count)} {agreeing(count)} stuck at video {grouped(step.place)}, "
        f"“{step.title}”{_of(course)}.",
        f"Write to students stuck at “{step.title}”",
        "They started it, did not finish it and started nothing later. Write to them and find out what stops them.",
        "funnel",
        (("stuck_at", str(step.video_id)),),
        str(step.video_id),
        step.title,
    )


def _drop(drop: Drop, course: str) -> Finding:
    return Finding(
        "drop",
        drop.lost,
        f"{grouped(drop.lost)} of the {grouped(drop.reached)} students who reached “{drop.title}” never got to "
        f"“{drop.next_title}”{_of(course)}.",
        f"Look at the end of “{drop.title}” and the beginning of “{drop.next_title}”",
        "This is the steepest drop of the course: look at how the first ends and how the second begins.",
        "video",
        (("id", str(drop.video_id)),),
        str(drop.video_id),
        drop.title,
    )


def _of(course: str) -> str:
    """Which of several courses."""
    return f", in the course “{course}”" if course else ""
