"""Several runs of a course are loaded for one creator: one course, its runs, and every learner once."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from database.creators import creators
from database.importers.futurelearn import import_futurelearn
from database.levels import at_level
from queries.courses.known import Course, courses, level_of
from queries.overview.headline import overview_stats
from rules.errors import InputError
from tests.data_futurelearn import ADA, ARTICLE, BEN, DAYS_BETWEEN, IDA, SHORT_QUIZ, at, edit, file_of, two_runs
from tests.database.importers.found import contents, counts, found, marks
from tests.database.importers.test_futurelearn import attempts_of, instant, progress_of

pytestmark = pytest.mark.usefixtures("database")

KNOTS = "Knots and hitches"
ENROLLED = """
    select course_runs.title, enrolled_at, ended_at
    from enrolments
    join course_runs on course_runs.id = run_id
    join students on students.id = student_id
    where students.external_id = :learner_id
    order by course_runs.title
"""


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """The later and the earlier run."""
    return two_runs(tmp_path)


def test_two_runs_of_a_course_are_one_course_with_two_runs(runs):
    creator_id = both(runs)

    assert courses_of(creator_id) == [(KNOTS, ["Run 1", "Run 2"])]


def test_steps_of_the_same_number_and_title_are_the_courses_once(runs):
    creator_id = loaded(runs[1])
    before = counts(creator_id)

    loaded(runs[0])

    after = counts(creator_id)
    for table in ("videos", "retention_points", "quizzes", "quiz_questions"):
        assert after[table] == before[table] > 0
    assert after["students"] == 2 * before["students"] - 1  # Ben is in both


def test_a_video_of_the_same_number_and_another_title_is_another_video(runs):
    edit(runs[0], "video-stats", 'Knot ""1.1"", slowly', "The bowline")

    creator_id = both(runs)

    titles = [title for (title,) in found(creator_id, "select title from videos order by position, title")]
    assert len(titles) == 13
    assert titles[:2] == ['Knot "1.1", slowly', "The bowline"]


def test_a_learner_in_two_runs_is_one_student_who_is_enrolled_in_both(runs):
    creator_id = both(runs)

    assert found(creator_id, ENROLLED, learner_id=BEN) == [
        ("Run 1", instant(at(80)) - timedelta(days=DAYS_BETWEEN), None),
        ("Run 2", instant(at(80)), None),
    ]
    assert found(creator_id, "select created_at, deleted_at from students where external_id = :ben", ben=BEN) == [
        (instant(at(80)) - timedelta(days=DAYS_BETWEEN), None)
    ]


def test_whoever_left_one_run_is_still_a_student_of_the_other_and_whoever_left_all_is_none(runs):
    edit(runs[1], "enrolments", f"{BEN},{at(80 + DAYS_BETWEEN)},", f"{BEN},{at(80 + DAYS_BETWEEN)},{at(250)}")

    creator_id = both(runs)

    assert [ended_at for *_, ended_at in found(creator_id, ENROLLED, learner_id=BEN)] == [instant(at(250)), None]
    assert [ended_at for *_, ended_at in found(creator_id, ENROLLED, learner_id=IDA)] == [instant(at(20))]
    deleted = "select external_id from students where deleted_at is not null and external_id in (:ben, :ida)"
    assert found(creator_id, deleted, ben=BEN, ida=IDA) == [(IDA,)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the later one first", "the earlier one first"])
def test_attempts_at_a_quiz_are_numbered_by_time_over_all_runs(runs, order):
    creator_id = both([runs[place] for place in order])

    shift = timedelta(days=DAYS_BETWEEN)
    assert [(number, at_) for number, _, _, at_, _ in attempts_of(creator_id, BEN, SHORT_QUIZ)] == [
        (1, instant(at(4, 1.1)) - shift),
        (2, instant(at(4, 2)) - shift),
        (3, instant(at(4, 1.1))),
        (4, instant(at(4, 2))),
    ]


def test_what_a_learner_did_with_a_video_in_two_runs_lasts_from_the_first_to_the_last(runs):
    text = file_of(runs[1], "step-activity").read_text(encoding="utf-8")
    file_of(runs[1], "step-activity").write_text(text.replace(f"{BEN},1.7,1,7,", f"{BEN},1.1,1,1,"), encoding="utf-8")

    creator_id = both(runs)
    again = [import_futurelearn(folder, "Mira Vale", course=KNOTS).rows_changed for folder in (*runs, *runs)]

    assert again == [0, 0, 0, 0]
    shift = timedelta(days=DAYS_BETWEEN)
    assert progress_of(creator_id, BEN, '%"1.1"%') == [(instant(at(5)) - shift, instant(at(5, 0.2)), True, None, None)]


def test_a_visit_belongs_to_the_course_by_its_video(runs):
    creator_id = both(runs)

    videos = found(
        creator_id,
        "select distinct video_id is null from activity_events where kind = 'step_visited' and occurred_at in"
        " (:article, :video)",
        article=instant(at(3, 1)),
        video=instant(at(40, 23.75)),
    )
    assert sorted(videos) == [(False,), (True,)], ARTICLE


def test_loading_runs_again_in_any_order_changes_nothing(runs):
    creator_id = both(runs)
    before = everything(creator_id)

    for folder in (runs[1], runs[0], runs[1]):
        assert import_futurelearn(folder, "Mira Vale", course=KNOTS.upper()).rows_changed == 0

    assert everything(creator_id) == before
    assert marks(creator_id) == 0


def test_a_run_that_went_into_a_course_goes_there_again_without_being_told(runs):
    creator_id = both(runs)
    before = everything(creator_id)

    assert import_futurelearn(runs[1], "Mira Vale").rows_changed == 0

    assert everything(creator_id) == before


def test_a_first_run_without_a_course_makes_the_rows_that_it_ever_made(runs):
    creator_id = import_futurelearn(runs[1], "Mira Vale").creator_id

    assert courses_of(creator_id) == [("", [""])]
    assert found(creator_id, "select count(*) from activity_events where video_id is not null") == [(0,)]
    assert {(one, None) for one, *_ in found(creator_id, "select id from students")} == {
        (one, ended) for one, ended in found(creator_id, "select student_id, ended_at from enrolments")
    }


def test_the_course_of_a_first_run_without_one_is_named_when_the_next_run_comes(runs):
    creator_id = import_futurelearn(runs[1], "Mira Vale").creator_id

    loaded(runs[0])
    loaded(runs[1])

    assert courses_of(creator_id) == [(KNOTS, ["Run 1", "Run 2"])]
    assert shape(creator_id) == shape(both(runs, "Noah Reed"))


def test_another_course_stands_beside_the_one_without_a_name(runs, tmp_path):
    creator_id = import_futurelearn(renamed(runs[1], tmp_path / "splices", "splices-1"), "Mira Vale").creator_id

    loaded(runs[0])

    assert courses_of(creator_id) == [("", [""]), (KNOTS, ["Run 2"])]
    assert counts(creator_id)["videos"] == 24


def test_a_run_of_another_course_is_refused_with_the_title_of_its_own(runs):
    creator_id = both(runs)
    before = everything(creator_id)

    with pytest.raises(InputError, match=f'into the course "{KNOTS}", not into the course "Splices"'):
        import_futurelearn(runs[1], "Mira Vale", course="Splices")

    assert everything(creator_id) == before


def test_where_there_are_several_runs_a_new_one_needs_a_course(runs, tmp_path):
    both(runs)

    with pytest.raises(InputError, match=f'splices-1 .*"{KNOTS}".*--course TITLE'):
        import_futurelearn(renamed(runs[1], tmp_path / "splices", "splices-1"), "Mira Vale")


@pytest.mark.parametrize("title", [" ", "Knots\nand hitches", "x" * 201])
def test_a_title_that_cannot_be_is_refused(runs, title):
    with pytest.raises(InputError, match="1 to 200 printable"):
        import_futurelearn(runs[0], "Mira Vale", course=title)

    assert creators() == []


def test_every_student_counts_once_over_the_runs(runs):
    creator_id = both(runs)

    course = courses.fresh(creator_id).courses[0]
    counted = []
    for run in course.runs:
        with at_level(level_of(creator_id, course.course_id, run.run_id)):
            counted.append(overview_stats.fresh(creator_id).total_students)
    assert counted == [9, 9]
    assert overview_stats.fresh(creator_id).total_students == 17
    assert found(creator_id, "select count(*) from students where external_id = :ada", ada=ADA) == [(1,)]


def loaded(folder: Path, name: str = "Mira Vale") -> UUID:
    return import_futurelearn(folder, name, course=KNOTS).creator_id


def both(runs: Any, name: str = "Mira Vale") -> UUID:
    creator_ids = [loaded(folder, name) for folder in runs]
    return creator_ids[0]


def courses_of(creator_id: UUID) -> list[tuple[str, list[str]]]:
    known: list[Course] = courses.fresh(creator_id).courses
    return [(course.title, sorted(run.title for run in course.runs)) for course in known]


def renamed(folder: Path, target: Path, course_run: str) -> Path:
    """A copy of the export of another course."""
    target.mkdir()
    for path in folder.iterdir():
        (target / f"{course_run}_{path.name.split('_')[1]}").write_bytes(path.read_bytes())
    return target


def everything(creator_id: UUID) -> dict[str, Any]:
    """Every row of every source, and who is enrolled where."""
    return {**contents(creator_id), "enrolled": enrolments(creator_id)}


def shape(creator_id: UUID) -> dict[str, Any]:
    """What does not depend on the creator's id."""
    return {**counts(creator_id), "enrolled": enrolments(creator_id)}


def enrolments(creator_id: UUID) -> list[tuple[Any, ...]]:
    return found(
        creator_id,
        "select external_id, enrolled_at, ended_at, created_at, deleted_at from enrolments"
        " join students on students.id = student_id order by external_id, enrolled_at",
    )
