"""What a refresh reads after a student did something does not grow with courses that the student is not in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from database.engine import engine
from database.tenancy import tenant_tx
from tests.builders import (
    ACreator,
    a_chat,
    a_creator,
    a_question,
    a_quiz,
    a_student,
    a_video,
    a_watch,
    add,
    an_attempt,
    an_event,
    refreshed,
)
from tests.database.reads import read_by_a_portion
from tests.rows import Row

pytestmark = pytest.mark.usefixtures("shared_database")

FEW, MANY = 3, 40
# Courses that the student is not in; everybody else is in each of them, in the first of two runs.
OTHER_COURSES = (
    """
    insert into courses (creator_id, number, title)
    select current_creator(), number, 'Course ' || number from generate_series(2, :courses) as numbers (number)
    """,
    """
    insert into course_runs (creator_id, course_id, number)
    select creator_id, id, number * 2 + place from courses cross join generate_series(0, 1) as places (place)
    where number > 1
    """,
    """
    insert into enrolments (creator_id, run_id, student_id, enrolled_at)
    select course_runs.creator_id, course_runs.id, students.id, students.created_at
    from course_runs
    join students on students.creator_id = course_runs.creator_id and students.name <> 'Ada Moss'
    where course_runs.number > 2 and course_runs.number % 2 = 0
    """,
)


@dataclass(frozen=True)
class School:
    """A creator with several courses, and a student who is only in the first of them."""

    creator: ACreator
    student: Row
    video: Row
    quiz: Row


def a_school(courses: int) -> School:
    student, video, quiz = a_student(), a_video(), a_quiz()
    others = [a_student("Bo Lind") for _ in range(3)]
    watched = [a_watch(one, video, days_ago=3) for one in (student, *others)]
    creator = a_creator(student, others, video, quiz, watched)
    with tenant_tx(creator.id) as connection:
        for statement in OTHER_COURSES:
            connection.execute(text(statement), {"courses": courses})
    return School(refreshed(creator), student, video, quiz)


# As most creators have one run, the planner believes that any index by creator leads to it.
SMALL_CREATORS = """
    with added as (
        insert into creators (name, subscription_tier)
        select 'Small', 'enterprise' from generate_series(1, 500)
        returning id
    )

    select first_course(id) from added
"""


@pytest.fixture(scope="module")
def schools(shared_database: object) -> Iterator[tuple[School, School]]:
    few, many = a_school(FEW), a_school(MANY)
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.exec_driver_sql(SMALL_CREATORS)
        owner.exec_driver_sql("analyze")
        yield few, many
        owner.exec_driver_sql("delete from creators where name = 'Small'")


def a_beat(of: School) -> None:
    add(of.creator, a_watch(of.student, of.video))


def an_event_of_the_player(of: School) -> None:
    add(of.creator, an_event(of.student, video=of.video))


def an_attempt_at_the_quiz(of: School) -> None:
    add(of.creator, an_attempt(of.student, of.quiz))


def a_question_about_the_video(of: School) -> None:
    add(of.creator, a_chat(a_question(video=of.video), student=of.student))


def an_enrolment_that_ends(of: School) -> None:
    written(of, "update enrolments set ended_at = dashboard_now() where student_id = :student_id")


def an_enrolment_that_goes_on(of: School) -> None:
    written(of, "update enrolments set ended_at = null where student_id = :student_id")


def a_student_who_leaves(of: School) -> None:
    written(of, "update students set deleted_at = dashboard_now() where id = :student_id")


@pytest.mark.parametrize(
    "happens",
    [
        a_beat,
        an_event_of_the_player,
        an_attempt_at_the_quiz,
        a_question_about_the_video,
        an_enrolment_that_ends,
        an_enrolment_that_goes_on,
        a_student_who_leaves,
    ],
    ids=lambda happens: happens.__name__,
)
def test_other_courses_are_not_read(schools: tuple[School, School], happens: Callable[[School], None]) -> None:
    of_few, of_many = (read_after(of, happens) for of in schools)

    assert of_few["enrolments_pkey"] > 0
    assert {
        relation: (of_few.get(relation, 0), rows)
        for relation, rows in of_many.items()
        if rows > of_few.get(relation, 0) + 10
    } == {}


def read_after(of: School, happens: Callable[[School], None]) -> dict[str, int]:
    refreshed(of.creator)
    # Index entries of folded notes stay until the next vacuum, more of them where more courses were created.
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum changes")
    happens(of)
    return read_by_a_portion(of.creator.id)


def written(of: School, statement: str) -> None:
    with tenant_tx(of.creator.id) as connection:
        assert connection.execute(text(statement), {"student_id": of.student.id}).rowcount == 1
