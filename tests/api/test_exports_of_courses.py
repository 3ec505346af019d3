"""Exports of one course or run over HTTP."""

import csv
import io
from uuid import uuid4

import pytest

from queries.courses.known import courses
from queries.exports.known import exports
from tests.api.asking import by_key, nobody
from tests.builders import NOW, a_creator, a_student
from tests.reports.two_courses import in_two_courses

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture(autouse=True)
def storage(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


def order(creator, **more):
    return by_key(creator.id, "export")("POST", "/creator/export", json={"type": "students", "format": "csv", **more})


def test_an_export_of_a_course_and_a_run_holds_its_students_and_is_named_after_it():
    creator = in_two_courses()
    course = courses.fresh(creator.id).courses[1]

    of_course = order(creator, course=str(course.course_id))
    of_run = order(creator, course=str(course.course_id), run=str(course.runs[1].run_id))
    of_run_alone = order(creator, run=str(course.runs[1].run_id))

    assert students(of_course) == ["Ada Moss", "Bo Lind"]
    assert students(of_run) == students(of_run_alone) == ["Bo Lind"]
    assert f"mira-vale-algorithms-students-{NOW:%Y-%m-%d}.csv" in fetched(of_run).headers["content-disposition"]
    assert {one.filters["course_id"] for one in exports(creator.id)} == {str(course.course_id)}


@pytest.mark.parametrize(
    ("more", "status", "where", "said"),
    [
        ({"course": str(uuid4())}, 404, "course", "There is no course"),
        ({"course": "python"}, 422, "course", ""),
        ({"run": str(uuid4())}, 404, "run", "You have no run with this id"),
    ],
)
def test_a_course_that_is_not_there_is_refused(more, status, where, said):
    answer = order(a_creator(a_student("Ada")), **more)

    assert answer.status_code == status
    assert where in answer.text
    assert said in answer.text


def test_another_creators_course_is_not_there():
    foreign = courses.fresh(in_two_courses().id).courses[0].course_id

    assert order(a_creator(a_student("Eve")), course=str(foreign)).status_code == 404


def students(answer):
    rows = list(csv.DictReader(io.StringIO(fetched(answer).content.decode("utf-8-sig"), newline="")))
    return sorted(row["Student"] for row in rows)


def fetched(answer):
    assert answer.status_code == 200, answer.text
    path = "/exports/" + answer.json()["downloadUrl"].split("/api/exports/")[1]
    return nobody().get(path)
