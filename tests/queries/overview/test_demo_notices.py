"""What the notifications and the search find in the demo data."""

import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import COURSES
from database.demo.planted import Planted, planted
from queries.overview.notices import notices
from queries.overview.search import found
from queries.students.lists import at_risk_students, student

SIZE = DemoSize(students=60, videos=20, days=60, seed=1)


@pytest.fixture(scope="module")
def facts(shared_database: object) -> Planted:
    load_demo(SIZE)
    return planted(next(course for course in COURSES if course.plants), SIZE)


def test_who_finished_or_left_is_never_a_notice(facts: Planted) -> None:
    told = set(notices.fresh(facts.creator_id).subject_id)

    assert told
    assert told.isdisjoint(facts.finished_student_ids | facts.deleted_student_ids)


def test_who_newly_fell_silent_is_among_all_at_risk(facts: Planted) -> None:
    told = notices.fresh(facts.creator_id).query("kind == 'at_risk'")
    silent = at_risk_students.fresh(facts.creator_id)

    assert set(told.subject_id) == set(silent[silent.status == "at-risk"].student_id)
    assert len(told)


def test_a_student_who_repeats_a_question_is_found_by_name(facts: Planted) -> None:
    for student_id in facts.repeating_student_ids:
        name = student.fresh(facts.creator_id, student_id).name.iloc[0]
        assert student_id in set(found.fresh(facts.creator_id, name).id)
