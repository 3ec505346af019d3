"""The figures of an imported course run, against a count in plain Python straight from its files."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL

from database.importers.futurelearn import import_futurelearn
from tests import futurelearn_oracle as oracle
from tests.course_runs import CourseRun
from tests.data_futurelearn import NOW, small_export
from tests.database.importers.found import found

# The real run takes 6 s on two idle cores, and took a minute while the refresh ran without statistics.
IMPORT_SECONDS = 30
HALF_A_HUNDREDTH = 0.005 + 1e-9  # a student's watched share is stored in hundredths of a percent


@dataclass(frozen=True)
class Imported:
    folder: Path
    zone: str
    creator_id: UUID
    seconds: float


@pytest.fixture(scope="module")
def run(course_run: CourseRun, shared_database: URL) -> Iterator[Imported]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", NOW.isoformat())
        began = time.perf_counter()
        report = import_futurelearn(course_run.folder, course_run.name, timezone=course_run.zone)
        yield Imported(course_run.folder, course_run.zone, report.creator_id, time.perf_counter() - began)


def test_the_import_with_its_refresh_is_quick(run):
    assert run.seconds < IMPORT_SECONDS


def test_students_and_active_students(run):
    totals = "select total_students, active_students_7d, active_students_30d from creator_analytics_cache"

    assert found(run.creator_id, totals) == [
        (
            len(oracle.students(run.folder)),
            oracle.active_students(run.folder, NOW, days=7),
            oracle.active_students(run.folder, NOW, days=30),
        )
    ]


def test_every_students_tier(run):
    tiers = found(
        run.creator_id,
        "select external_id, engagement_tier from student_engagement_tiers join students on students.id = student_id",
    )

    assert dict(tiers) == {
        learner_id: oracle.tier(run.folder, NOW, learner_id) for learner_id in oracle.students(run.folder)
    }


@pytest.mark.parametrize(
    ("column", "expected"), [("engagement_tier", oracle.tier_counts), ("status", oracle.status_counts)]
)
def test_students_per_tier_and_status(run, column, expected):
    counted = dict(found(run.creator_id, f"select {column}, count(*) from student_engagement_tiers group by {column}"))

    assert counted == expected(run.folder, NOW)
    assert sum(counted.values()) == len(oracle.students(run.folder))


def test_every_daily_active_count(run):
    days = dict(found(run.creator_id, "select activity_date, active_count from daily_active_users"))

    assert days == oracle.daily_active_students(run.folder, run.zone)


def test_videos_watched_and_their_mean_watched_share(run):
    ((watched, completion),) = found(
        run.creator_id, "select videos_watched, avg_watch_percentage from creator_analytics_cache"
    )

    assert watched == oracle.videos_watched(run.folder)
    assert completion == pytest.approx(oracle.avg_completion(run.folder), abs=HALF_A_HUNDREDTH)


def test_starts_completions_and_completion_rate_of_every_video(run):
    videos = found(
        run.creator_id,
        "select unique_viewers, completions, completion_rate, avg_watch_percentage from video_analytics "
        "join videos on videos.id = video_id order by position",
    )

    starts, completions = oracle.video_starts(run.folder), oracle.video_completions(run.folder)
    rates, means = oracle.video_completion_rates(run.folder), oracle.mean_watched_percent(run.folder)
    in_order = sorted(starts, key=lambda step: [int(part) for part in step.split(".")])
    assert videos == [
        (
            starts[step],
            completions[step],
            pytest.approx(rates[step], abs=1e-9),
            pytest.approx(means[step], abs=HALF_A_HUNDREDTH) if starts[step] else None,
        )
        for step in in_order
    ]


def test_quiz_attempts_and_passes(run):
    totals = "select total_quiz_attempts, quizzes_passed from creator_analytics_cache"

    assert found(run.creator_id, totals) == [(len(oracle.quiz_attempts(run.folder)), oracle.quiz_passes(run.folder))]


def test_every_quiz_attempt(run):
    attempts = found(
        run.creator_id,
        """
        select students.external_id, title, attempt_number, score_percent, passed, completed_at
        from quiz_attempts
        join students on students.id = student_id
        join quizzes on quizzes.id = quiz_id
        where students.deleted_at is null
        order by students.external_id, title, attempt_number
        """,
    )

    expected = sorted(
        oracle.quiz_attempts(run.folder), key=lambda one: (one.learner_id, f"Quiz {one.quiz}", one.number)
    )
    assert attempts == [
        (one.learner_id, f"Quiz {one.quiz}", one.number, pytest.approx(one.score_percent), one.passed, one.completed_at)
        for one in expected
    ]


def test_share_correct_on_first_attempts_of_every_question(run):
    shares = found(
        run.creator_id,
        """
        select prompt, 100.0 * count(*) filter (where is_correct) / count(*)
        from quiz_answers
        join quiz_attempts on quiz_attempts.id = attempt_id
        join quiz_questions on quiz_questions.id = question_id
        join students on students.id = student_id
        where attempt_number = 1 and students.deleted_at is null
        group by prompt
        """,
    )

    expected = oracle.first_attempt_correct_percent(run.folder)
    assert dict(shares) == {
        f"Question {number} of quiz {quiz}": pytest.approx(share) for (quiz, number), share in expected.items()
    }


def test_signs_of_life_of_every_hour(run):
    hours = found(
        run.creator_id,
        "select day, hour, activities from day_hours join shown_generations using (creator_id, generation)",
    )

    assert {(day, hour): signs for day, hour, signs in hours} == oracle.signs_per_hour(run.folder, run.zone)


def test_peak_hours(run):
    hours = dict(
        found(
            run.creator_id,
            "select hour, sum(activities) from day_hours"
            " join shown_generations using (creator_id, generation) group by hour",
        )
    )

    assert [hours.get(hour, 0) for hour in range(24)] == oracle.peak_hours(run.folder, run.zone)


def test_every_session(run):
    sessions = found(
        run.creator_id,
        """
        select external_id, started_at, extract(epoch from ended_at - started_at)
        from visits
        join shown_generations using (creator_id, generation)
        join students on students.id = student_id
        """,
    )

    expected = [(one.learner_id, one.started_at, one.seconds) for one in oracle.sessions(run.folder)]
    assert sorted(sessions) == sorted(expected)


def test_the_small_run_holds_every_tier_and_status(tmp_path):
    folder = small_export(tmp_path)

    assert len(oracle.tier_counts(folder, NOW)) == 6
    assert len(oracle.status_counts(folder, NOW)) == 3
