"""One demo creator has three courses, one of them with two groups: figures per course against plain Python."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import BREAD, PYTHON, SECOND_GROUP_DAYS_AGO, WATERCOLOUR
from database.demo.ids import stable_id
from database.demo.personas import Persona, numbers_of
from database.levels import at_level
from queries.courses.funnel import funnel
from queries.courses.known import Course, courses, level_of
from queries.overview.headline import overview_stats
from queries.students.lists import PAGE_LIMIT, StudentFilters, students
from tests.database.demo.loaded import Loaded, by_id, grouped, loaded
from tests.oracle import Record, rows_of
from tests.rows import NOW

SIZE = DemoSize()
EVERYBODY = StudentFilters(limit=PAGE_LIMIT)
FIRST, SECOND, THIRD = "Watercolour from the first wash", "Light and colour", "Finishing pictures"


@pytest.fixture(scope="module")
def marisol(shared_database: object) -> Loaded:
    load_demo(SIZE)
    return loaded(WATERCOLOUR, SIZE)


@pytest.fixture
def known(marisol: Loaded) -> list[Course]:
    return courses.fresh(WATERCOLOUR.creator_id).courses


@pytest.mark.parametrize("course", [PYTHON, BREAD], ids=["ada", "tomasz"])
def test_the_other_creators_have_one_course_without_a_name(marisol, course):
    (only,) = courses.fresh(course.creator_id).courses

    assert (only.title, [run.title for run in only.runs]) == ("", [""])
    assert len(rows_of(course.creator_id, "enrolments")) == len(rows_of(course.creator_id, "students"))


def test_the_courses_stand_in_order_and_the_second_has_two_groups(known):
    assert [(course.title, [run.title for run in course.runs]) for course in known] == [
        (FIRST, [""]),
        (SECOND, ["First group", "Second group"]),
        (THIRD, [""]),
    ]
    first, second = known[1].runs
    assert first.ends_at == second.starts_at == NOW - timedelta(days=SECOND_GROUP_DAYS_AGO)
    assert second.ends_at is None


def test_many_are_in_one_course_some_in_two_and_few_in_three(marisol):
    course_of = {run["id"]: run["course_id"] for run in marisol.rows["course_runs"]}
    joined = grouped(marisol.rows["enrolments"], "student_id")

    counts = [len({course_of[row["run_id"]] for row in rows}) for rows in joined.values()]

    assert len(counts) == len(marisol.rows["students"])
    assert counts.count(1) > counts.count(2) > counts.count(3) > 5


def test_nobody_does_anything_in_a_course_before_enrolling_in_it(marisol):
    course_of = {run["id"]: run["course_id"] for run in marisol.rows["course_runs"]}
    begun = {(row["student_id"], course_of[row["run_id"]]): row["enrolled_at"] for row in marisol.rows["enrolments"]}
    videos, quizzes = by_id(marisol.rows["videos"]), by_id(marisol.rows["quizzes"])
    created = {row["id"]: row["created_at"] for row in marisol.rows["students"]}

    for pair in marisol.rows["video_progress"]:
        course_id = videos[pair["video_id"]]["course_id"]
        assert created[pair["student_id"]] <= begun[pair["student_id"], course_id] < pair["first_watched"]
    for attempt in marisol.rows["quiz_attempts"]:
        course_id = quizzes[attempt["quiz_id"]]["course_id"]
        assert begun[attempt["student_id"], course_id] < attempt["completed_at"]


def test_some_of_the_silent_left_the_first_course_and_nobody_else(marisol):
    left = {row["student_id"] for row in marisol.rows["enrolments"] if row["ended_at"]}
    count = sum(row["deleted_at"] is None for row in marisol.rows["students"])
    silent = {stable_id(WATERCOLOUR.subject, "student", number) for number in numbers_of(Persona.SILENT, count)}

    assert left
    assert left < silent
    assert all(row["enrolled_at"] < row["ended_at"] < NOW for row in marisol.rows["enrolments"] if row["ended_at"])


def test_a_quiz_is_in_the_course_of_its_video(marisol):
    videos = by_id(marisol.rows["videos"])

    for quiz in marisol.rows["quizzes"]:
        assert quiz["course_id"] == videos[quiz["video_id"]]["course_id"]
    assert all(grouped(marisol.rows[table], "course_id").keys() == _ids(marisol) for table in ("videos", "quizzes"))


def test_the_second_group_finishes_better_than_the_first(known):
    shares = []
    for run in known[1].runs:
        with at_level(level_of(WATERCOLOUR.creator_id, known[1].course_id, run.run_id)):
            there = students.fresh(WATERCOLOUR.creator_id, EVERYBODY).students
        assert len(there) >= 20
        shares.append(there.is_finished.mean())

    first, second = shares
    assert second > 2 * first > 0


def test_the_figures_of_each_course_and_group_are_those_of_its_rows(marisol, known):
    for course in known:
        for run_id in (None, *(run.run_id for run in course.runs)):
            members = _members(marisol, course.course_id, run_id)
            videos, quizzes = (
                {
                    row["id"]
                    for row in marisol.rows[table]
                    if row["course_id"] == course.course_id and not row["deleted_at"]
                }
                for table in ("videos", "quizzes")
            )
            watched = _of(marisol.rows["video_progress"], members, lambda row, there=videos: row["video_id"] in there)  # type: ignore[misc]
            tried = _of(marisol.rows["quiz_attempts"], members, lambda row, there=quizzes: row["quiz_id"] in there)  # type: ignore[misc]
            with at_level(level_of(WATERCOLOUR.creator_id, course.course_id, run_id)):
                stats = overview_stats.fresh(WATERCOLOUR.creator_id)
                steps = funnel.fresh(WATERCOLOUR.creator_id)
            assert stats.total_students == len(members)
            assert stats.total_videos == len(videos)
            assert stats.videos_watched == len(watched)
            assert stats.quiz_attempts == len(tried)
            assert stats.quizzes_passed == sum(row["passed"] for row in tried)
            assert steps.started.sum() == len(watched)


def _members(marisol: Loaded, course_id: UUID, run_id: UUID | None) -> set[UUID]:
    runs = {row["id"] for row in marisol.rows["course_runs"] if row["course_id"] == course_id}
    wanted = {run_id} if run_id else runs
    here = {row["id"] for row in marisol.rows["students"] if not row["deleted_at"]}
    enrolled = [row for row in marisol.rows["enrolments"] if row["run_id"] in wanted and not row["ended_at"]]
    return {row["student_id"] for row in enrolled} & here


def _of(rows: list[Record], members: set[UUID], is_there: Callable[[Record], bool]) -> list[Record]:
    return [row for row in rows if row["student_id"] in members and is_there(row)]


def _ids(marisol: Loaded) -> set[UUID]:
    return {row["id"] for row in marisol.rows["courses"]}
