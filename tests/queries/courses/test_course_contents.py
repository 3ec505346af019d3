"""Where a student is enrolled, and which videos a quiz can be about."""

from uuid import uuid4

import pytest

from actions.courses import add_course
from actions.enrolments import enrol
from database.accounts import Account
from queries.courses.contents import enrolments_of_student
from queries.courses.known import courses
from queries.quizzes.content import videos_with_transcript
from tests.builders import a_creator, a_student, a_video

pytestmark = pytest.mark.usefixtures("shared_database")


def test_runs_of_a_student_stand_newest_first_and_an_outsider_sees_none() -> None:
    ada, bo = a_student("Ada", enrolled_days_ago=30), a_student("Bo", enrolled_days_ago=30)
    creator, outsider = a_creator(ada, bo), a_creator()
    author = Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")
    add_course(author, creator.id, "Sorting")
    first, second = (course.runs[0].run_id for course in courses.fresh(creator.id).courses)

    enrol(author, creator.id, second, [ada.id])

    assert list(enrolments_of_student.fresh(creator.id, ada.id)["run_id"]) == [second, first]
    assert list(enrolments_of_student.fresh(creator.id, bo.id)["run_id"]) == [first]
    assert enrolments_of_student.fresh(outsider.id, ada.id).empty


def test_videos_for_a_quiz_stand_in_course_order_with_what_is_said_in_them() -> None:
    second, first = a_video("Second", position=2), a_video("First", position=1, transcript="Loops run.")
    creator, outsider = a_creator(second, first), a_creator()

    found = videos_with_transcript.fresh(creator.id)

    assert list(zip(found["title"], found["transcript"], strict=True)) == [("First", "Loops run."), ("Second", "")]
    assert videos_with_transcript.fresh(outsider.id).empty
