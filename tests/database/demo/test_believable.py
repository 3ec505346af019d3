"""The demo looks real at any moment: rhythm, consistency and limits, without a database."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from database.demo.activity_rows import activity_rows
from database.demo.batch import batch
from database.demo.courses import PYTHON, WATERCOLOUR, Course, DemoSize
from database.demo.lessons import lessons_of
from database.demo.personas import PATTERN, Persona, persona
from database.demo.rhythm import Rhythm
from database.demo.student_rows import student_rows
from tests.database.demo.loaded import by_id, grouped
from tests.rows import NOW

MOMENTS = (
    NOW,
    datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC),  # the first minutes of a year
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # an hour that occurs twice in Berlin
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # an hour is skipped in Berlin
    datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC),  # the last second of a day in Berlin
)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(
    scope="module",
    params=[(PYTHON, at) for at in MOMENTS] + [(WATERCOLOUR, NOW)],
    ids=lambda param: f"{param[0].subject}-{param[1]:%Y-%m-%dT%H:%M}",
)
def story(request: pytest.FixtureRequest) -> "Story":
    return Story(*request.param)


class Story:
    """The rows of one batch of students, with times as instants."""

    def __init__(self, course: Course, at: datetime, students: int = 150) -> None:
        self.course, self.now, self.zone = course, at, ZoneInfo(course.timezone)
        self.lessons = lessons_of(course, DemoSize(), at)
        self.rows = rows_of_batch(course, at, students, seed=1)

    def instants(self) -> Iterator[tuple[str, datetime]]:
        """Student and time of everything a student did."""
        for table, columns in (
            ("video_progress", ("first_watched", "last_watched")),
            ("watch_segments", ("watched_at",)),
            ("activity_events", ("occurred_at",)),
            ("chat_sessions", ("started_at",)),
            ("chat_messages", ("created_at",)),
            ("quiz_attempts", ("completed_at",)),
        ):
            for row in self.rows[table]:
                yield from ((row["student_id"], row[column]) for column in columns)


def test_nothing_happens_before_enrolment_or_after_now(story):
    students = by_id(story.rows["students"])

    for student_id, at in story.instants():
        assert students[student_id]["created_at"] < at <= story.now


def test_last_active_is_the_newest_sign_of_life(story):
    newest: dict[str, datetime] = {}
    answers = {(m["student_id"], m["created_at"]) for m in story.rows["chat_messages"] if m["role"] == "assistant"}
    for student_id, at in story.instants():
        if (student_id, at) not in answers:
            newest[student_id] = max(newest.get(student_id, at), at)

    for student in story.rows["students"]:
        assert student["last_active"] == newest.get(student["id"])


def test_a_playback_stays_within_its_video_and_ends_before_now(story):
    duration = {str(video.id): video.duration_seconds for video in story.lessons.watchable}

    for segment in story.rows["watch_segments"]:
        seconds = segment["end_second"] - segment["start_second"]
        assert 0 <= segment["start_second"] < segment["end_second"] <= duration[segment["video_id"]]
        assert segment["watched_at"] + timedelta(seconds=seconds) <= story.now


def test_progress_is_the_share_of_different_seconds_played(story):
    duration = {str(video.id): video.duration_seconds for video in story.lessons.watchable}
    played = grouped(story.rows["watch_segments"], "student_id")

    for pair in story.rows["video_progress"]:
        segments = [row for row in played[pair["student_id"]] if row["video_id"] == pair["video_id"]]
        different = {second for row in segments for second in range(row["start_second"], row["end_second"])}
        percent = 100 * len(different) / duration[pair["video_id"]]
        assert pair["watch_percentage"] == pytest.approx(percent, abs=0.01)
        assert pair["watch_percentage"] <= 100
        assert pair["completed"] == (percent >= 90)
        assert pair["watch_duration"] == sum(row["end_second"] - row["start_second"] for row in segments)
        assert pair["first_watched"] == min(row["watched_at"] for row in segments)
        assert pair["last_watched"] == max(row["watched_at"] for row in segments)


def test_attempts_are_numbered_in_time_and_passed_from_70_percent(story):
    answers = grouped(story.rows["quiz_answers"], "attempt_id")
    for attempt in story.rows["quiz_attempts"]:
        right = [answer["is_correct"] for answer in answers[attempt["id"]]]
        assert attempt["score_percent"] == pytest.approx(100 * sum(right) / len(right), abs=0.005)
        assert attempt["passed"] == (attempt["score_percent"] >= 70)
        assert attempt["time_taken_seconds"] > 0

    by_taker = Counter((row["student_id"], row["quiz_id"]) for row in story.rows["quiz_attempts"])
    for taker, count in by_taker.items():
        taken = [row for row in story.rows["quiz_attempts"] if (row["student_id"], row["quiz_id"]) == taker]
        ordered = sorted(taken, key=lambda row: row["completed_at"])
        assert [row["attempt_number"] for row in ordered] == list(range(1, count + 1))
        assert not any(earlier["passed"] for earlier, _ in pairwise(ordered))


def test_answers_are_among_the_options_and_right_when_the_key_says_so(story):
    questions = {str(question.id): question for quiz in story.lessons.quizzes for question in quiz.questions}

    for answer in story.rows["quiz_answers"]:
        question = questions[answer["question_id"]]
        assert answer["answer"] in question.options
        assert answer["is_correct"] == (answer["answer"] == question.correct_answer)


def test_messages_of_a_session_take_turns_beginning_with_the_student(story):
    for messages in grouped(story.rows["chat_messages"], "session_id").values():
        ordered = sorted(messages, key=lambda row: row["created_at"])
        assert [row["role"] for row in ordered] == (["user", "assistant"] * len(ordered))[: len(ordered)]


def test_some_questions_stay_unanswered_and_some_answers_are_rated(story):
    roles = Counter(row["role"] for row in story.rows["chat_messages"])
    rated = [row for row in story.rows["chat_messages"] if row["helpful_rating"] is not None]

    assert 0.8 < roles["assistant"] / roles["user"] < 1
    assert 0.3 < len(rated) / roles["assistant"] < 0.6


def test_the_streak_counts_days_in_a_row_up_to_today_or_yesterday(story):
    days: dict[str, set[int]] = {}
    for student_id, at in story.instants():
        days.setdefault(student_id, set()).add(at.astimezone(story.zone).toordinal())
    today = story.now.astimezone(story.zone).toordinal()

    for student in story.rows["students"]:
        seen = days.get(student["id"], set())
        day = today if today in seen else today - 1
        streak = 0
        while day - streak in seen:
            streak += 1
        assert student["streak_days"] == streak


def test_points_and_levels_grow_with_what_was_done(story):
    completed = Counter(row["student_id"] for row in story.rows["video_progress"] if row["completed"])
    for student in story.rows["students"]:
        assert student["xp_points"] >= 50 * completed[student["id"]]
        assert 100 * (student["level"] - 1) ** 2 <= student["xp_points"] < 100 * student["level"] ** 2
        assert (student["xp_points"] == 0) == (student["last_active"] is None)


def test_someone_enrolled_this_month(story):
    month = story.now.astimezone(story.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    assert any(row["created_at"] >= month for row in story.rows["students"])


def test_addresses_are_unique_and_cannot_be_delivered(story):
    emails = [row["email"] for row in story.rows["students"]]

    assert len(set(emails)) == len(emails)
    assert all(email.endswith(("@example.com", "@example.org")) and email.isascii() for email in emails)
    assert len({row["name"] for row in story.rows["students"]}) > 0.8 * len(emails)


def test_evenings_and_sundays_are_the_busiest():
    story = Story(PYTHON, NOW, students=400)
    local = [row["watched_at"].astimezone(story.zone) for row in story.rows["watch_segments"]]

    assert Counter(at.hour for at in local).most_common(1)[0][0] in (19, 20, 21)
    assert Counter(at.weekday() for at in local).most_common(1)[0][0] == 6


def test_students_mostly_watch_in_course_order_and_fewer_watch_each_later_video():
    story = Story(PYTHON, NOW, students=400)
    position = {str(video.id): video.position for video in story.lessons.published}
    pairs = [row for row in story.rows["video_progress"] if row["video_id"] in position]
    viewers = Counter(position[row["video_id"]] for row in pairs)

    for started in grouped(pairs, "student_id").values():
        ordered = sorted(started, key=lambda row: row["first_watched"])
        positions = [position[row["video_id"]] for row in ordered]
        assert positions == sorted(positions)
    assert viewers[1] > viewers[10] > viewers[20] > viewers[30] > 0


def test_every_persona_is_met_and_most_among_the_first_dozen():
    assert {persona(number) for number in range(50)} == set(Persona)
    assert len(PATTERN) == 50
    assert len({persona(number) for number in range(12)}) >= 10


def rows_of_batch(course: Course, at: datetime, students: int, seed: int) -> Rows:
    lessons = lessons_of(course, DemoSize(), at)
    rhythm = Rhythm(at, course.timezone, 120)
    lived = batch(range(students), students, lessons, rhythm, np.random.default_rng(seed))
    tables = [student_rows(lived, rhythm), *activity_rows(lived, lessons)]
    return {table.name: pa.table(table.columns).to_pylist() for table in tables}
