"""Sentences about students: who is active, who is away, how far they got."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pandas as pd

from queries.courses.funnel import Drop, FunnelRow
from queries.overview.engagement import ActiveInPeriod, HourRow
from queries.overview.headline import OverviewStats
from queries.periods.period import WEEK
from queries.students.history import CourseVideoRow
from queries.students.rows import AtRiskRow
from queries.students.signals import SignalRow
from tests.sentences.case import CannotBe, Cases, says
from tests.typed_rows import a_frame, a_row

ID = UUID(int=1)
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ONE_STUDENT = CannotBe("it is about one student alone")
COUNT_OF_STUDENTS = CannotBe("a count of students is always known")


def a_silence(days: float, *, seen: bool = True, gap: float | None = None, failed: int = 0, **facts: Any) -> AtRiskRow:
    known = {"silent_days": days, "last_active": AT if seen else None, "usual_gap_days": gap, "failed_in_a_row": failed}
    return a_row(AtRiskRow, **(known | facts))


def a_tier(tier: str, started: int, share: float | None = None, *, days: float = 0, seen: bool = True) -> AtRiskRow:
    known = {"engagement_tier": tier, "videos_watched": started, "avg_completion_percent": share}
    return a_silence(days, seen=seen, **known)


def a_signal(kind: str, **facts: Any) -> SignalRow:
    nothing = {"days": 0, "times": 0, "subject": "Loops", "place": 1, "conversations": 1}
    return a_row(SignalRow, **(nothing | {"kind": kind} | facts))


def stats(total: int, new: int = 0, before: int = 0, rate: float | None = None) -> OverviewStats:
    return OverviewStats(total, 0, 0, new, before, 0, 0, rate, 1, 1, 0, 0, 0, 0, 0, 0, None, None)


def an_overview(total: int, active: int, new: int = 0, before: int = 0) -> tuple[Any, ...]:
    return stats(total, new, before), ActiveInPeriod(active, active, 0), WEEK


def steps(*rows: tuple[int, int]) -> pd.DataFrame:
    """A course with this many videos: how many reached each, and how many are stuck at it."""
    titles = ("Loops", "Sorting", "Graphs")
    places = [
        {"place": place, "video_id": ID, "title": titles[place - 1], "reached": reached, "stuck": stuck}
        for place, (reached, stuck) in enumerate(rows, start=1)
    ]
    return a_frame(FunnelRow, *places)


def a_course(*states: str) -> pd.DataFrame:
    titles = ("Loops", "Sorting", "Graphs")
    videos = [
        {"place": place, "title": titles[place - 1], "state": state} for place, state in enumerate(states, start=1)
    ]
    return a_frame(CourseVideoRow, *videos)


def a_snapshot(
    total: int, active: int, *, busiest: int = 8, signs: int = 1, minutes: float | None = None, **more: Any
) -> Any:
    facts: dict[str, Any] = {
        "has_students": total > 0,
        "stats": stats(total, more.get("new", 0), rate=more.get("rate")),
        "active": ActiveInPeriod(active, active, 0),
        "period": WEEK,
        "hours": a_frame(HourRow, {"hour": 0}, {"hour": busiest, "signs_of_life": signs}),
        "session_minutes": minutes,
        "tiers": pd.DataFrame(more.get("tiers", []), columns=["engagement_tier", "students"]),
        "at_risk": pd.DataFrame({"name": ["Ada"] * more.get("at_risk", 0)}),
        "results": SimpleNamespace(pass_rate_percent=None),
        "daily_questions": pd.DataFrame({"window": ["this"], "questions": [0]}),
        "questions": pd.DataFrame(),
        "key_figures": [SimpleNamespace(name="active_in_period", change=more.get("change"))],
    }
    return SimpleNamespace(**facts)


CASES: Cases = {
    "findings.people.nobody_away": {
        "empty": says("No student has been away for over 7 days without finishing the course.", 0),
        "one": says(None, 1),
        "two": says(None, 2),
        "all": CannotBe("it is not told how many there are"),
        "none": says("No student has been away for over 7 days without finishing the course.", 0),
        "unknown": COUNT_OF_STUDENTS,
        "contradiction": CannotBe("one count contradicts nothing else"),
    },
    "queries.students.reasons.at_risk_reason": {
        "empty": CannotBe("only students away for a week come here"),
        "one": says("Away 8 days, usually back every day.", a_silence(8, gap=1)),
        "two": says("Away 8 days, usually back every 2.", a_silence(8, gap=2, failed=2)),
        "all": says(
            "Away 9 days, usually back every 3; failed the last 4 quizzes in a row.",
            a_silence(9, gap=3.4, failed=4),
        ),
        "none": says("Never started; enrolled 9 days ago.", a_silence(9, seen=False)),
        "unknown": says("Away 9 days.", a_silence(9, gap=None)),
        "contradiction": says("Away 9 days, usually back every day.", a_silence(9, gap=0)),
    },
    "queries.students.reasons.silence_in_words": {
        "empty": says("Enrolled today, and has not started yet.", a_silence(0, seen=False)),
        "one": says("Last seen 1 day ago.", a_silence(1)),
        "two": says("Last seen 2 days ago.", a_silence(2)),
        "all": ONE_STUDENT,
        "none": says("Seen within the last day.", a_silence(0)),
        "unknown": says("Never started; enrolled 9 days ago.", a_silence(9, seen=False)),
        "contradiction": says("Seen within the last day.", a_silence(-1)),
    },
    "queries.students.reasons.tier_in_words": {
        "empty": says(
            "0 videos started; a week after the enrolment it should be 3 or more.", a_tier("low_engagement", 0)
        ),
        "one": says("1 video started; from 5 on the tier is Engaged.", a_tier("moderate", 1)),
        "two": says(
            "2 videos started; a week after the enrolment it should be 3 or more.", a_tier("low_engagement", 2)
        ),
        "all": says("12 videos started, and 100% of them watched on average.", a_tier("highly_engaged", 12, 100)),
        "none": says(
            "enrolled 15 days ago and never started; this tier begins after 14 days.",
            a_tier("inactive", 0, days=15, seen=False),
        ),
        "unknown": CannotBe("the tier needs a known share"),
        "contradiction": says("away 8 days; this tier begins after 7 days.", a_tier("at_risk", 12, 100, days=8)),
    },
    "queries.students.reasons.signal_in_words": {
        "empty": says("Enrolled today, and has not started yet.", a_signal("never_started")),
        "one": says("Finished the only published video.", a_signal("finished", times=1)),
        "two": says("Finished all 2 published videos.", a_signal("finished", times=2)),
        "all": says(
            "Came back 1 day ago after 12 days away; usually back every 2 days.",
            a_signal("came_back", days=1, times=12, usual_gap_days=2.2),
        ),
        "none": says("Away 9 days.", a_signal("silent", days=9)),
        "unknown": says(
            "Stuck on video 1, “Loops”: stopped 4 days ago and started no later one.",
            a_signal("stuck", days=4, percent=None),
        ),
        "contradiction": says(
            "Stuck on video 1, “Loops”: stopped after 100% of it 1 day ago and started no later one.",
            a_signal("stuck", days=1, percent=100),
        ),
    },
    "reports.snapshot.people.engagement_sentence": {
        "empty": CannotBe("the chapter has a sentence of its own then"),
        "one": says(
            "1 student, 100% of all, was active in the last 7 days, with most activity in the hour from 08:00. A visit lasts less than a minute on average.",
            a_snapshot(1, 1, minutes=0.2),
        ),
        "two": says(
            "2 students, 67% of all, were active in the last 7 days, with most activity in the hour from 08:00. A visit lasts 1 minute on average.",
            a_snapshot(3, 2, minutes=1),
        ),
        "all": says(
            "6 students, 100% of all, were active in the last 7 days, with most activity in the hour from 08:00. A visit lasts 30 minutes on average.",
            a_snapshot(6, 6, minutes=30.4),
        ),
        "none": says("No students were active in the last 7 days.", a_snapshot(6, 0, signs=0)),
        "unknown": says(
            "3 students, 50% of all, were active in the last 7 days, with most activity in the hour from 08:00.",
            a_snapshot(6, 3, minutes=None),
        ),
        "contradiction": says("No students were active in the last 7 days.", a_snapshot(6, 0, minutes=4)),
    },
    "reports.snapshot.summary.summary": {
        "empty": says(("No students have enrolled yet.",), a_snapshot(0, 0)),
        "one": says(
            (
                "1 of 1 student (100%) was active in the last 7 days.",
                "1 student enrolled this month, 0 in the same days of last month.",
                "The busiest hour of the day starts at 08:00; a visit lasts less than a minute on average.",
                "Of all students, 1 is at risk and 0 are inactive; 1 of them has not finished the course.",
            ),
            a_snapshot(1, 1, new=1, minutes=0.2, tiers=[("at_risk", 1)], at_risk=1),
        ),
        "two": says(
            (
                "2 of 3 students (67%) were active in the last 7 days, 100% more than in the 7 days before.",
                "2 students enrolled this month, 0 in the same days of last month.",
                "The busiest hour of the day starts at 08:00; a visit lasts 2 minutes on average.",
                "Of all students, 0 are at risk and 2 are inactive; 2 of them have not finished the course.",
            ),
            a_snapshot(3, 2, new=2, minutes=1.6, change=100, tiers=[("inactive", 2)], at_risk=2),
        ),
        "all": says(
            (
                "6 of 6 students (100%) were active in the last 7 days.",
                "The busiest hour of the day starts at 08:00.",
                "Students watch 100% of a video they start, on average.",
            ),
            a_snapshot(6, 6, rate=100),
        ),
        "none": says(
            ("0 of 6 students (0%) were active in the last 7 days, 100% fewer than in the 7 days before.",),
            a_snapshot(6, 0, signs=0, change=-100),
        ),
        "unknown": says(
            ("3 of 6 students (50%) were active in the last 7 days.", "The busiest hour of the day starts at 08:00."),
            a_snapshot(6, 3, minutes=None, rate=None, change=None),
        ),
        "contradiction": says(
            (
                "199 of 200 students (99%) were active in the last 7 days.",
                "The busiest hour of the day starts at 08:00.",
                "Of all students, 0 are at risk and 1 is inactive; 0 of them have not finished the course.",
                "Students watch 0% of a video they start, on average.",
            ),
            a_snapshot(200, 199, rate=0, tiers=[("inactive", 1)], at_risk=0),
        ),
    },
    "ui.overview.summary.summary_sentence": {
        "empty": says("No students have enrolled yet.", *an_overview(0, 0)),
        "one": says(
            "**100%** of students were active in the last 7 days; **1** is new this month.", *an_overview(1, 1, 1)
        ),
        "two": says(
            "**67%** of students were active in the last 7 days; **2** are new this month (+100% vs same days last month).",
            *an_overview(3, 2, 2, 1),
        ),
        "all": says(
            "**100%** of students were active in the last 7 days; **6** are new this month (+0% vs same days last month).",
            *an_overview(6, 6, 6, 6),
        ),
        "none": says(
            "**0%** of students were active in the last 7 days; nobody has enrolled this month yet.", *an_overview(6, 0)
        ),
        "unknown": CannotBe("counts of students are always known"),
        "contradiction": says(
            "**99%** of students were active in the last 7 days; nobody has enrolled this month yet.",
            *an_overview(300, 299),
        ),
    },
    "ui.courses.panels.drop_in_words": {
        "empty": CannotBe("a drop has a video that was reached"),
        "one": says(
            "The steepest drop is after **Loops**: 1 of 5 students (20%) went no further.",
            Drop(1, ID, "Loops", "Sorting", 5, 1),
        ),
        "two": says(
            "The steepest drop is after **Loops**: 2 of 6 students (33%) went no further.",
            Drop(1, ID, "Loops", "Sorting", 6, 2),
        ),
        "all": says(
            "The steepest drop is after **Loops**: 5 of 5 students (100%) went no further.",
            Drop(1, ID, "Loops", "Sorting", 5, 5),
        ),
        "none": says("Too few students have got far enough to show where they stop.", None),
        "unknown": says("Too few students have got far enough to show where they stop.", None),
        "contradiction": says(
            "The steepest drop is after **Loops**: 199 of 200 students (99%) went no further.",
            Drop(1, ID, "Loops", "Sorting", 200, 199),
        ),
    },
    "ui.courses.funnel.funnel_sentences": {
        "empty": says("Too few students have got far enough to show where they stop. Nobody is stuck.", steps()),
        "one": says(
            "1 student is stuck at video 1, “Loops”\\. Too few students have got far enough to show where they stop.",
            steps((1, 1), (0, 0)),
        ),
        "two": says(
            "2 students are stuck at video 2, “Sorting”\\. 2 of the 6 students who reached “Loops” never got to “Sorting”\\.",
            steps((6, 0), (4, 2)),
        ),
        "all": says(
            "6 students are stuck at video 1, “Loops”\\. 6 of the 6 students who reached “Loops” never got to “Sorting”\\.",
            steps((6, 6), (0, 0)),
        ),
        "none": says(
            "Too few students have got far enough to show where they stop. Nobody is stuck.", steps((6, 0), (6, 0))
        ),
        "unknown": says(
            "Too few students have got far enough to show where they stop. Nobody is stuck.", steps((4, 0), (1, 0))
        ),
        "contradiction": says(
            "3 students are stuck at video 1, “Loops”\\. Too few students have got far enough to show where they stop.",
            steps((6, 3), (6, 0)),
        ),
    },
    "ui.students.findings.course_sentence": {
        "empty": says("No video is published yet, so there is nothing to complete.", a_course()),
        "one": says("Completed **1 of 1 video**.", a_course("completed")),
        "two": says(
            "Completed **1 of 3 videos** and left 1 unfinished. The first video not started is number 3, “Graphs”.",
            a_course("completed", "started", "not_started"),
        ),
        "all": says("Completed **3 of 3 videos**.", a_course("completed", "completed", "completed")),
        "none": says("Completed **0 of 2 videos**.", a_course("not_started", "not_started")),
        "unknown": CannotBe("each video has one of three states"),
        "contradiction": says(
            "Completed **1 of 2 videos**. The first video not started is number 1, “Loops”.",
            a_course("not_started", "completed"),
        ),
    },
}
