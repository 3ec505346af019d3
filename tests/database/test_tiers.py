"""Tiers and statuses at their boundaries, and as time passes without any refresh."""

from datetime import timedelta

import pytest

from tests.builders import NOW, ACreator, a_creator, a_progress, a_student, a_video, an_event
from tests.oracle import Record, rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

WEEK, FORTNIGHT, MOMENT = timedelta(days=7), timedelta(days=14), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("silence", "tier", "status"),
    [
        (WEEK - MOMENT, "low_engagement", "active"),
        (WEEK, "low_engagement", "active"),
        (WEEK + MOMENT, "at_risk", "at-risk"),
        (FORTNIGHT - MOMENT, "at_risk", "at-risk"),
        (FORTNIGHT, "at_risk", "at-risk"),
        (FORTNIGHT + MOMENT, "inactive", "inactive"),
    ],
)
def test_silence_decides_at_7_and_14_days_to_the_microsecond(silence: timedelta, tier: str, status: str):
    creator = a_creator(a_student(enrolled_days_ago=60), an_event(at=NOW - silence))

    student = only_student(creator)

    assert (student["engagement_tier"], student["status"]) == (tier, status)


@pytest.mark.parametrize(
    ("silence", "status"),
    [(WEEK, "active"), (WEEK + MOMENT, "at-risk"), (FORTNIGHT, "at-risk"), (FORTNIGHT + MOMENT, "inactive")],
)
def test_silence_of_who_never_started_counts_from_enrolment(silence: timedelta, status: str):
    creator = a_creator(a_student(created_at=NOW - silence))

    student = only_student(creator)

    assert student["status"] == status
    assert student["last_active"] is None


def test_the_platforms_own_stamp_of_activity_makes_nobody_active():
    creator = a_creator(a_student(created_at=NOW - timedelta(days=60), last_active=NOW))

    assert only_student(creator)["status"] == "inactive"
    assert rows_of(creator.id, "creator_analytics_cache")[0]["active_students_7d"] == 0


@pytest.mark.parametrize(("age", "tier"), [(WEEK, "moderate"), (WEEK + MOMENT, "low_engagement")])
def test_the_first_week_is_never_low_engagement(age: timedelta, tier: str):
    creator = a_creator(a_student(created_at=NOW - age), an_event())

    assert only_student(creator)["engagement_tier"] == tier


@pytest.mark.parametrize(
    ("started", "share", "tier"),
    [
        (2, 100, "low_engagement"),
        (3, 100, "moderate"),
        (4, 100, "moderate"),
        (5, 0, "engaged"),
        (9, 100, "engaged"),
        (10, 74.9, "engaged"),
        (10, 75, "highly_engaged"),
        (10, None, "engaged"),
    ],
)
def test_started_videos_and_watched_share_decide_among_the_active(started: int, share: float | None, tier: str):
    videos = [a_video() for _ in range(started)]
    creator = a_creator(
        a_student(enrolled_days_ago=30), videos, [a_progress(video=video, watch_percentage=share) for video in videos]
    )

    assert only_student(creator)["engagement_tier"] == tier


def test_a_tier_follows_the_clock_without_a_refresh(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator(a_student(enrolled_days_ago=60), an_event())
    seen = []

    for days in (0, 8, 15, 31):
        monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=days)).isoformat())
        totals = rows_of(creator.id, "creator_analytics_cache")[0]
        seen.append((only_student(creator)["status"], totals["active_students_7d"], totals["active_students_30d"]))

    assert seen == [("active", 1, 1), ("at-risk", 0, 1), ("inactive", 0, 1), ("inactive", 0, 0)]


def test_statuses_and_tiers_partition_the_students():
    silences = [timedelta(days=days, hours=12) for days in range(20)]
    students = [a_student(created_at=NOW - silence) for silence in silences]
    creator = a_creator(students, a_student(deleted_days_ago=1))

    rows = rows_of(creator.id, "student_engagement_tiers")

    assert [row["status"] for row in sorted(rows, key=lambda row: row["silent_since"], reverse=True)] == (
        ["active"] * 7 + ["at-risk"] * 7 + ["inactive"] * 6
    )


def test_who_completed_every_published_video_is_finished():
    ada, bo = a_student("Ada Moss"), a_student("Bo Lind")
    loops, tuples, draft = a_video(), a_video(), a_video(status="processing")
    completed = [a_progress(ada, loops, completed=True), a_progress(ada, tuples, completed=True)]
    creator = a_creator(ada, bo, loops, tuples, draft, completed, a_progress(bo, draft, completed=True))

    rows = {row["name"]: row for row in rows_of(creator.id, "student_engagement_tiers")}

    assert {name: (row["progress_percent"], row["is_finished"]) for name, row in rows.items()} == {
        "Ada Moss": (100, True),
        "Bo Lind": (0, False),
    }


def test_without_published_videos_nobody_is_finished_and_there_is_no_progress():
    creator = a_creator(a_student())

    student = only_student(creator)

    assert (student["progress_percent"], student["is_finished"]) == (None, False)


def only_student(creator: ACreator) -> Record:
    [student] = rows_of(creator.id, "student_engagement_tiers")
    return student
