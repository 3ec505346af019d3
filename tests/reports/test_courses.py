"""Reports of a creator with several courses: about one of them, or all, each named where it matters."""

from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from findings.people import about_the_course
from queries.courses.known import Course, courses
from queries.courses.titles import steps_by_course
from queries.periods.period import MONTH
from reports.snapshot.figures import Snapshot, snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from reports.student_pdf import student_report
from rules.errors import InputError
from tests.builders import NOW, ACreator, a_creator, a_student
from tests.reports.two_courses import ADA, BO, in_two_courses


@pytest.fixture(scope="module", autouse=True)
def clock() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", NOW.isoformat())
        yield


@pytest.fixture(scope="module")
def creator(shared_database: URL, clock: None) -> ACreator:
    return in_two_courses()


def of(creator: ACreator, title: str) -> Course:
    return next(course for course in courses.fresh(creator.id).courses if course.title == title)


def test_a_report_of_one_course_says_so_and_holds_its_figures(creator):
    found = snapshot(creator.id, MONTH, of(creator, "Algorithms").course_id)

    assert (found.course, found.stats.total_students) == ("Algorithms", 2)
    assert found.videos["title"].tolist() == ["Sorting"]
    assert found.quizzes["title"].tolist() == ["Sorting quiz"]
    assert "Mira Vale Algorithms" in printed(snapshot_pdf(found))
    assert ("Course", "Algorithms") in about(found)


def test_over_all_courses_each_video_and_quiz_has_its_course_behind_it(creator):
    found = snapshot(creator.id, MONTH)

    assert (found.course, found.stats.total_students) == ("", 3)
    assert sorted(found.videos["title"]) == ["Loops (Python)", "Sorting (Algorithms)"]
    assert sorted(found.quizzes["title"]) == ["Loops quiz (Python)", "Sorting quiz (Algorithms)"]
    told = printed(snapshot_pdf(found))
    assert "Loops (Python)" in told
    assert told.index("How far they get Python") < told.index("Algorithms", told.index("How far they get"))
    assert not [fact for fact in about(found) if fact[0] == "Course"]


def test_the_workbook_names_the_course_of_each_step(creator):
    workbook = openpyxl.load_workbook(BytesIO(workbook_bytes(snapshot(creator.id, MONTH))))

    titles, *rows = [[cell.value for cell in row] for row in workbook["Course"].iter_rows()]
    assert titles[-1] == "Course"
    assert [(row[1], row[-1]) for row in rows] == [("Loops", "Python"), ("Sorting", "Algorithms")]


def test_a_creator_with_one_course_has_a_report_without_courses(shared_database):
    single = a_creator(a_student("Eve"))
    found = snapshot(single.id, MONTH)

    assert found.course == ""
    titles = [cell.value for cell in openpyxl.load_workbook(BytesIO(workbook_bytes(found)))["Course"][1]]
    assert "Course" not in titles


def test_drops_are_those_of_each_course_and_places_count_from_one_in_each():
    steps = pd.DataFrame(
        {
            "place": [1, 2, 3, 4],
            "video_id": ["a", "b", "c", "d"],
            "title": ["One", "Two", "Three", "Four"],
            "reached": [20, 10, 40, 10],
            "started": [20, 10, 40, 10],
            "completed": [20, 10, 40, 4],
            "stuck": [0, 0, 0, 6],
            "course_title": ["Python", "Python", "Algorithms", "Algorithms"],
        }
    )

    assert [list(of_course["place"]) for _, of_course in steps_by_course(steps)] == [[1, 2], [1, 2]]
    assert [one.sentence for one in about_the_course(steps)] == [
        "10 of the 20 students who reached “One” never got to “Two”, in the course “Python”.",
        "6 students are stuck at video 2, “Four”, in the course “Algorithms”.",
        "30 of the 40 students who reached “Three” never got to “Four”, in the course “Algorithms”.",
    ]


def test_the_report_on_a_student_has_a_strip_for_each_course_and_can_be_of_one(creator):
    every = printed(student_report(creator.id, ADA.id))
    of_one = printed(student_report(creator.id, ADA.id, of(creator, "Algorithms").course_id))

    assert every.index("Python") < every.index("Algorithms")
    assert "Loops quiz (Python)" in every
    assert "Course: Algorithms" in of_one
    assert "Loops" not in of_one


def test_a_student_who_is_not_in_the_course_has_no_report_in_it(creator):
    with pytest.raises(InputError, match=r"no student .* in Python"):
        student_report(creator.id, BO.id, of(creator, "Python").course_id)


def printed(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def about(found: Snapshot) -> list[tuple[object, object]]:
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(found)))["About"]
    return [(row[0].value, row[1].value) for row in sheet.iter_rows()]
