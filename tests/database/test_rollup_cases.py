"""Small histories whose figures can be counted by eye, one for each way to get them wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from tests.builders import (
    NOW,
    ACreator,
    History,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_retention_curve,
    a_segment,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
    histories,
    refreshed,
)
from tests.database.snapshots import CORE, ROLLUPS, VIEWS, shown_rows
from tests.oracle import Record, rows_of

pytestmark = pytest.mark.usefixtures("shared_database")


def test_a_creator_without_anything_has_totals_of_zero_and_no_shares():
    totals = only(a_creator(), "creator_analytics_cache")

    assert {column for column, value in totals.items() if value is None} == {
        "avg_watch_percentage",
        "satisfaction_rate",
    }
    assert {value for column, value in totals.items() if isinstance(value, int)} == {0}


def test_totals_do_not_multiply_students_with_videos_with_messages():
    students, videos = [a_student() for _ in range(4)], [a_video() for _ in range(3)]
    watched = [a_progress(student, video, watch_duration=500) for student in students for video in videos]
    attempts = [an_attempt(student) for student in students[:2]]
    creator = a_creator(students, videos, watched, attempts, [a_chat(student=student) for student in students])

    totals = only(creator, "creator_analytics_cache")

    assert totals["total_watch_seconds"] == 4 * 3 * 500
    assert (totals["videos_watched"], totals["total_video_views"]) == (12, 12)
    assert (totals["total_quiz_attempts"], totals["quizzes_passed"]) == (2, 2)
    assert (totals["questions_asked"], totals["total_chat_messages"], totals["total_chat_sessions"]) == (4, 4, 4)


def test_one_students_seconds_and_quizzes_are_counted_once():
    videos = [a_video() for _ in range(3)]
    creator = a_creator(
        videos,
        [a_progress(video=video, watch_duration=500) for video in videos],
        an_attempt(passed=True),
        an_attempt(passed=False),
        an_attempt(passed=True),
        a_chat(a_question(), an_answer(), a_question()),
    )

    student = only(creator, "student_totals")

    assert student["watched_seconds"] == 1500
    assert (student["attempts"], student["passed"]) == (3, 2)
    assert (student["questions"], student["answered"], student["chat_messages"]) == (2, 1, 3)


def test_progress_never_exceeds_100_percent():
    published, drafted, deleted = a_video(), a_video(status="processing"), a_video(deleted_days_ago=1)
    completed = [a_progress(video=video, completed=True) for video in (published, drafted, deleted)]
    creator = a_creator(a_student(), published, drafted, deleted, completed)

    student = only(creator, "student_engagement_tiers")

    assert (student["videos_completed"], student["published_videos"], student["progress_percent"]) == (1, 1, 100)


def test_one_video_on_five_days_counts_on_five_days():
    creator = a_creator([a_watch(days_ago=days) for days in range(5)])

    assert [day["active_count"] for day in rows_of(creator.id, "daily_active_users")] == [1] * 5


def test_last_active_is_the_newest_sign_of_life_and_enrolling_is_none():
    ada, bo = a_student("Ada Moss", enrolled_days_ago=0), a_student("Bo Lind")
    creator = a_creator(ada, bo, an_event(bo, days_ago=9), an_attempt(bo, days_ago=3), a_watch(bo, days_ago=5))

    rows = {row["student_id"]: row["last_active"] for row in rows_of(creator.id, "student_engagement_tiers")}

    assert rows == {ada.id: None, bo.id: NOW - timedelta(days=3)}


@pytest.mark.parametrize(
    "sign",
    [a_segment, an_event, a_progress, an_attempt, a_chat],
    ids=["playback", "event", "progress", "attempt", "question"],
)
def test_every_kind_of_activity_counts(sign):
    creator = a_creator(a_student(), sign(days_ago=3))

    assert only(creator, "student_totals")["last_at"] == NOW - timedelta(days=3)
    assert only(creator, "daily_active_users")["active_count"] == 1
    assert only(creator, "day_hours")["activities"] == 1


def test_an_answer_of_the_assistant_is_no_sign_of_life():
    creator = a_creator(a_chat(an_answer()))

    assert only(creator, "student_engagement_tiers")["last_active"] is None
    assert rows_of(creator.id, "daily_active_users") == []


def test_deleted_students_and_videos_are_in_no_figure():
    gone, loops, old = a_student(deleted_days_ago=1), a_video(), a_video(deleted_days_ago=1)
    creator = a_creator(gone, loops, old, a_watch(gone, loops), a_watch(gone, old), a_chat(student=gone))

    totals = only(creator, "creator_analytics_cache")

    assert (totals["total_students"], totals["total_videos"], totals["videos_watched"]) == (0, 1, 0)
    assert only(creator, "video_analytics")["unique_viewers"] == 0
    for relation in ("daily_active_users", "day_hours", "visits", "student_days", "student_totals"):
        assert rows_of(creator.id, relation) == []


def test_unknown_shares_take_the_mean_of_the_curve_or_are_left_out():
    curved, unknown = a_video("Loops"), a_video("Tuples")
    creator = a_creator(
        curved,
        unknown,
        a_retention_curve({50: 50, 100: 0}, curved),
        a_progress(video=curved),
        a_progress(video=unknown),
    )

    shares = {row["video_id"]: row["avg_watch_percentage"] for row in rows_of(creator.id, "video_analytics")}

    assert shares == {curved.id: 50, unknown.id: None}
    assert only(creator, "creator_analytics_cache")["avg_watch_percentage"] == 50


def test_a_figure_of_nothing_is_unknown_and_a_figure_of_zero_is_zero():
    never, unwatched = a_video("Loops"), a_video("Tuples")
    creator = a_creator(never, unwatched, a_progress(video=unwatched, watch_percentage=0))

    rows = {row["video_id"]: row for row in rows_of(creator.id, "video_analytics")}

    assert (rows[never.id]["completion_rate"], rows[never.id]["avg_watch_percentage"]) == (None, None)
    assert (rows[unwatched.id]["completion_rate"], rows[unwatched.id]["avg_watch_percentage"]) == (0, 0)


def test_a_view_is_a_run_of_playback_with_gaps_of_up_to_half_an_hour():
    start = NOW - timedelta(days=1)
    minutes = (0, 30, 61)
    creator = a_creator([a_watch(at=start + timedelta(minutes=minute), seconds=10) for minute in minutes])

    video = only(creator, "video_analytics")

    assert (video["total_views"], video["unique_viewers"], video["total_watch_seconds"]) == (2, 1, 30)


def test_a_visit_lasts_to_the_end_of_what_was_last_watched():
    start = NOW - timedelta(days=1)
    creator = a_creator(
        an_event(at=start), a_watch(at=start + timedelta(minutes=30), seconds=60), an_event(at=NOW - timedelta(hours=1))
    )

    visits = sorted(rows_of(creator.id, "visits"), key=lambda row: row["started_at"])

    assert [visit["ended_at"] - visit["started_at"] for visit in visits] == [timedelta(minutes=31), timedelta(0)]


def test_one_student_who_keeps_asking_is_no_content_gap():
    creator = a_creator(a_chat(a_question("What is x?"), a_question("what is X"), a_question("What is x?")))

    assert rows_of(creator.id, "most_asked_questions") == []
    assert only(creator, "creator_analytics_cache")["questions_asked"] == 3


def test_two_students_wordings_of_one_question_are_counted_together():
    ada, bo = a_student("Ada Moss"), a_student("Bo Lind")
    creator = a_creator(
        ada,
        bo,
        a_chat(a_question("What is x?"), an_answer(rating=1), a_question("what is X"), student=ada, days_ago=2),
        a_chat(a_question("Please explain the X", rating=0), student=bo, days_ago=1),
        a_chat(a_question("What is x?"), student=bo, days_ago=1),
    )

    question = only(creator, "most_asked_questions")

    assert (question["question"], question["ask_count"], question["unique_askers"]) == ("What is x?", 4, 2)
    assert (question["answered_count"], question["avg_satisfaction"]) == (1, 0.5)
    assert question["last_asked_at"] == NOW - timedelta(days=1)


def test_satisfaction_takes_the_questions_own_rating_before_its_answers():
    creator = a_creator(
        a_chat(a_question(rating=0), an_answer(rating=1)),
        a_chat(a_question(), an_answer(rating=1)),
        a_chat(a_question(), a_question(), an_answer()),
    )

    assert only(creator, "creator_analytics_cache")["satisfaction_rate"] == 0.5


@pytest.mark.parametrize(
    ("zone", "at", "day", "hour"),
    [
        ("UTC", datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC), date(2026, 3, 3), 23),
        ("UTC", datetime(2026, 3, 4, tzinfo=UTC), date(2026, 3, 4), 0),
        ("Asia/Kolkata", datetime(2026, 3, 3, 18, 29, 59, tzinfo=UTC), date(2026, 3, 3), 23),
        ("Asia/Kolkata", datetime(2026, 3, 3, 18, 30, tzinfo=UTC), date(2026, 3, 4), 0),
        ("America/New_York", datetime(2026, 3, 4, 4, 59, 59, tzinfo=UTC), date(2026, 3, 3), 23),
        ("America/New_York", datetime(2026, 3, 4, 5, tzinfo=UTC), date(2026, 3, 4), 0),
        ("Pacific/Apia", datetime(2026, 3, 3, 11, tzinfo=UTC), date(2026, 3, 4), 0),
        ("Pacific/Kiritimati", datetime(2026, 3, 3, 10, tzinfo=UTC), date(2026, 3, 4), 0),
        ("Etc/GMT+12", datetime(2026, 3, 4, 11, 59, 59, tzinfo=UTC), date(2026, 3, 3), 23),
        # The clocks go from 2 to 3 on 8 March 2026, and back from 2 to 1 on 2 November 2025.
        ("America/New_York", datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC), date(2026, 3, 8), 1),
        ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC), date(2026, 3, 8), 3),
        ("America/New_York", datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC), date(2026, 3, 8), 23),
        ("America/New_York", datetime(2025, 11, 2, 5, 30, tzinfo=UTC), date(2025, 11, 2), 1),
        ("America/New_York", datetime(2025, 11, 2, 6, 30, tzinfo=UTC), date(2025, 11, 2), 1),
        ("America/New_York", datetime(2025, 11, 3, 4, 59, 59, tzinfo=UTC), date(2025, 11, 2), 23),
        # Lord Howe moves its clocks by half an hour, from 2:00 back to 1:30 on 5 April 2026.
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 59, 59, tzinfo=UTC), date(2026, 4, 5), 1),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC), date(2026, 4, 5), 1),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC), date(2011, 12, 29), 23),
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC), date(2011, 12, 31), 0),
    ],
)
def test_an_activity_belongs_to_the_creators_day_and_hour(
    zone: str, at: datetime, day: date, hour: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DASHBOARD_NOW", (at + timedelta(days=1)).isoformat())
    creator = a_creator(an_event(at=at), timezone=zone)

    found = only(creator, "day_hours")

    assert (found["day"], found["hour"]) == (day, hour)
    assert only(creator, "daily_active_users")["activity_date"] == day


def test_the_hour_that_comes_twice_counts_both_times():
    creator = a_creator(
        an_event(at=datetime(2025, 11, 2, 5, 30, tzinfo=UTC)),
        an_event(at=datetime(2025, 11, 2, 6, 30, tzinfo=UTC)),
        timezone="America/New_York",
    )

    assert only(creator, "day_hours")["activities"] == 2


def test_two_activities_at_the_same_instant_count_once():
    creator = a_creator(a_student(enrolled_days_ago=1), a_watch(days_ago=1), an_event(days_ago=1))

    assert only(creator, "day_hours")["activities"] == 1
    assert only(creator, "days")["visit_seconds"] == 60


@given(histories(until=NOW))
def test_keys_are_unique_and_the_books_balance(history: History):
    creator = refreshed(history)
    rows = {relation: rows_of(creator.id, relation) for relation in ROLLUPS | VIEWS}
    rows |= {relation: shown_rows(creator.id, relation) for relation in CORE}

    for relation, key in (ROLLUPS | VIEWS | CORE).items():
        assert len({tuple(row[column] for column in key) for row in rows[relation]}) == len(rows[relation]), relation
    [totals] = rows["creator_analytics_cache"]
    students, videos = rows["student_totals"], rows["video_analytics"]
    assert totals["total_students"] == len(rows["enrolled_students"]) == len(rows["student_engagement_tiers"])
    assert totals["total_videos"] == len(videos)
    assert totals["videos_watched"] == total(students, "videos_watched")
    assert totals["total_video_views"] == total(students, "views")
    assert totals["total_watch_seconds"] == total(students, "watched_seconds")
    assert totals["questions_asked"] == total(students, "questions")
    assert total(rows["most_asked_questions"], "ask_count") <= totals["questions_asked"]
    assert total(rows["daily_active_users"], "active_count") == len(rows["student_days"])
    assert total(rows["student_totals"], "seen_days") == len(rows["student_days"])
    assert {day["activity_date"] for day in rows["daily_active_users"]} == {hour["day"] for hour in rows["day_hours"]}
    assert total(rows["day_hours"], "activities") == total(rows["student_days"], "activities")
    assert total(rows["days"], "activities") == total(rows["student_days"], "activities") >= len(rows["visits"])
    assert total(rows["days"], "visits") == len(rows["visits"])
    assert sum(student["last_active"] is not None for student in rows["student_engagement_tiers"]) == len(
        {row["student_id"] for row in rows["student_days"]}
    )
    for row in rows["student_engagement_tiers"]:
        assert (row["engagement_tier"], row["status"]) in TIERS_OF_STATUS
        assert 0 <= (row["progress_percent"] or 0) <= 100


TIERS_OF_STATUS = {
    ("inactive", "inactive"),
    ("at_risk", "at-risk"),
    ("low_engagement", "active"),
    ("moderate", "active"),
    ("engaged", "active"),
    ("highly_engaged", "active"),
}


def total(rows: list[Record], column: str) -> int:
    return sum(row[column] for row in rows)


def only(creator: ACreator, relation: str) -> Record:
    [row] = rows_of(creator.id, relation)
    return row
