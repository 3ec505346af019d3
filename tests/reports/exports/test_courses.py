"""Exports of a creator with several courses: a column that names the course, and files of one course or run."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from actions.exports import note_request
from queries.courses.known import Course, courses
from queries.exports.known import exports
from reports.exports import FORMATS, TYPES, ExportRequest, export_bytes
from reports.exports.run import run_export
from reports.exports.sources import columns_of
from rules.errors import InputError
from tests.builders import (
    NOW,
    ACreator,
    a_creator,
    a_progress,
    a_student,
)
from tests.exports import IRA
from tests.reports.exports.opened import csv_records, csv_rows
from tests.reports.two_courses import LOOPS, in_two_courses

EVERY = [(export_type, export_format) for export_type in TYPES for export_format in FORMATS]


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    """Two courses, the second with two runs: Ada is in both courses, Bo only in the second one, Cem left the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", NOW.isoformat())
        return in_two_courses()


def courses_of(creator: ACreator) -> list[Course]:
    return courses.fresh(creator.id).courses


def records(creator: ACreator, export_type: str, **of: Any) -> list[dict[str, str]]:
    return csv_records(export_bytes(creator.id, ExportRequest.of(export_type, "csv", of)))


def test_each_row_names_its_course_where_there_are_several(creator):
    assert {row["Student"]: row["Course"] for row in records(creator, "students")} == {
        "Ada Moss": "Python; Algorithms",
        "Bo Lind": "Algorithms",
        "Cem Kaya": "",
    }
    assert {row["Video"]: row["Course"] for row in records(creator, "videos")} == {
        "Loops": "Python",
        "Sorting": "Algorithms",
    }
    assert {row["Question"]: row["Course"] for row in records(creator, "chat")} == {
        "Why loops?": "Python",
        "Why sort?": "Algorithms",
    }
    assert {row["Quiz"]: row["Course"] for row in records(creator, "quiz_results")} == {
        "Loops quiz": "Python",
        "Sorting quiz": "Algorithms",
    }
    assert [
        (row["Video"], row["Place"], row["Course"])
        for row in records(creator, "progress")
        if row["Student"] == "Ada Moss"
    ] == [
        ("Loops", "1", "Python"),
        ("Sorting", "1", "Algorithms"),
    ]


def test_a_file_of_one_course_holds_what_belongs_to_it(creator):
    python, algorithms = courses_of(creator)

    assert [row["Student"] for row in records(creator, "students", course_id=python.course_id)] == ["Ada Moss"]
    assert {row["Student"] for row in records(creator, "students", course_id=algorithms.course_id)} == {
        "Ada Moss",
        "Bo Lind",
    }
    for export_type, title in (("videos", "Video"), ("progress", "Video"), ("chat", "Video"), ("quiz_results", "Quiz")):
        found = records(creator, export_type, course_id=algorithms.course_id)
        assert found
        assert {row[title].removesuffix(" quiz") for row in found} == {"Sorting"}, export_type


def test_a_file_of_one_run_holds_its_students(creator):
    algorithms = courses_of(creator)[1]
    of_run = {
        run.title: [
            row["Student"] for row in records(creator, "students", course_id=algorithms.course_id, run_id=run.run_id)
        ]
        for run in algorithms.runs
    }

    assert of_run == {"": ["Ada Moss"], "Autumn": ["Bo Lind"]}


def test_the_file_says_which_course_it_is_of(creator):
    algorithms = courses_of(creator)[1]
    of = {"course_id": algorithms.course_id, "run_id": algorithms.runs[-1].run_id}

    document = json.loads(export_bytes(creator.id, ExportRequest.of("students", "json", of)))
    printed = _printed(export_bytes(creator.id, ExportRequest.of("students", "pdf", of)))
    report = _printed(export_bytes(creator.id, ExportRequest.of("analytics", "pdf", of)))

    assert document["course"] == "Algorithms, Autumn"
    assert document["filters"]["course_id"] == str(algorithms.course_id)
    assert "course: Algorithms, Autumn" in printed
    assert "Algorithms, Autumn" in report


@pytest.mark.parametrize(("export_type", "export_format"), EVERY)
def test_every_type_and_format_can_be_of_one_course(creator, export_type, export_format):
    of = {"course_id": courses_of(creator)[0].course_id}

    assert export_bytes(creator.id, ExportRequest.of(export_type, export_format, of))


def test_a_course_or_run_that_is_not_there_is_refused_with_those_that_are(creator):
    python, algorithms = courses_of(creator)
    unknown = uuid4()

    with pytest.raises(InputError, match=f'no course {unknown} .*"Python" .*"Algorithms"'):
        export_bytes(creator.id, ExportRequest.of("students", "csv", {"course_id": unknown}))
    with pytest.raises(InputError, match=f'"Python" has no run {algorithms.runs[0].run_id}'):
        export_bytes(
            creator.id,
            ExportRequest.of("students", "csv", {"course_id": python.course_id, "run_id": algorithms.runs[0].run_id}),
        )
    with pytest.raises(InputError, match="without a course_id"):
        ExportRequest.of("students", "csv", {"run_id": python.runs[0].run_id})


def test_another_creators_course_is_unknown(creator):
    outsider = a_creator(a_student("Eve"))

    with pytest.raises(InputError, match="no course"):
        export_bytes(outsider.id, ExportRequest.of("students", "csv", {"course_id": courses_of(creator)[0].course_id}))


def test_requests_of_two_courses_are_two_and_of_the_same_one_are_one(creator, monkeypatch, tmp_path):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")
    python, algorithms = courses_of(creator)
    asked = [ExportRequest.of("students", "csv", {"course_id": one.course_id}) for one in (python, algorithms, python)]

    ids = [note_request(IRA, creator.id, one.type, one.format, one.stored_filters()) for one in asked]
    for export_id in dict.fromkeys(ids):
        run_export(creator.id, export_id)

    assert ids[0] == ids[2] != ids[1]
    assert asked[0] == asked[2] != asked[1]
    written = {one.filters["course_id"]: one.rows_written for one in exports(creator.id)}
    assert written == {str(python.course_id): 1, str(algorithms.course_id): 2}


def test_a_creator_with_one_course_without_a_name_has_the_columns_that_ever_were(shared_database):
    single = a_creator(a_student("Ada"), LOOPS, a_progress(days_ago=1))
    of_it = courses_of(single)[0].course_id

    for export_type in TYPES:
        content = export_bytes(single.id, ExportRequest.of(export_type, "csv"))
        assert len(csv_rows(content)[0]) == len(columns_of(export_type))
        assert export_bytes(single.id, ExportRequest.of(export_type, "csv", {"course_id": of_it})) == content
    document = json.loads(export_bytes(single.id, ExportRequest.of("students", "json")))
    assert list(document) == [
        "creator",
        "type",
        "filters",
        "generated_at",
        "figures_as_of",
        "data_version",
        "timezone",
        "row_count",
        "columns",
        "rows",
    ]
    assert not {"course_id", "run_id"} & set(document["filters"])


def test_the_name_of_the_file_says_the_course():
    request = ExportRequest.of("students", "csv", {"course_id": UUID(int=1)})

    assert (
        request.file_name("Mira Vale", NOW, "Light & colour") == f"mira-vale-light-colour-students-{NOW:%Y-%m-%d}.csv"
    )


def _printed(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
