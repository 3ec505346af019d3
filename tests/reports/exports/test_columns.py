"""Chosen columns: these alone, in this order, in every format."""

import json
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from reports.exports import TYPES, ExportRequest
from reports.exports.sources import columns_of, every_column_of
from rules.errors import InputError
from tests.builders import ACreator, a_creator, a_student, a_video, an_attempt
from tests.reports.exports.opened import csv_rows, exported, xlsx_rows

CHOSEN = ["student_id", "name", "xp_points"]
TITLES = ["Student id", "Student", "XP"]


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    return a_creator([a_student("Ada Moss", xp_points=1234), a_student("Ben Okoro")], [a_video("Loops"), an_attempt()])


def test_csv_and_a_workbook_have_these_columns_alone(creator: ACreator) -> None:
    every = csv_rows(exported(creator, "students", "csv"))
    places = [every[0].index(title) for title in TITLES]

    rows = csv_rows(exported(creator, "students", "csv", columns=CHOSEN))

    assert rows == [[row[place] for place in places] for row in every]
    assert xlsx_rows(exported(creator, "students", "xlsx", columns=",".join(CHOSEN))) == rows


def test_json_has_these_columns_alone(creator: ACreator) -> None:
    document = json.loads(exported(creator, "students", "json", columns="student_id, name,xpPoints"))

    assert [column["key"] for column in document["columns"]] == CHOSEN
    assert {tuple(row) for row in document["rows"]} == {tuple(CHOSEN)}


def test_a_pdf_prints_what_is_chosen_though_it_usually_does_not(creator: ACreator) -> None:
    text = PdfReader(BytesIO(exported(creator, "students", "pdf", columns=CHOSEN))).pages[0].extract_text()

    assert "Student id" in text
    assert "Email" not in text


def test_the_course_can_be_chosen_where_there_is_one(creator: ACreator) -> None:
    assert csv_rows(exported(creator, "videos", "csv", columns=["course", "title"]))[0] == ["Course", "Video"]


@pytest.mark.parametrize("export_type", TYPES)
def test_every_column_of_every_type_can_be_chosen(creator: ACreator, export_type: str) -> None:
    keys = [column.key for column in every_column_of(export_type)][::-1]

    titles = csv_rows(exported(creator, export_type, "csv", columns=keys))[0]

    assert len(titles) == len(keys)
    assert titles[-1].startswith(columns_of(export_type)[0].title)


@pytest.mark.parametrize(
    ("export_type", "export_format", "given", "said"),
    [
        ("students", "csv", {"columns": "name,shoe_size"}, '"shoe_size" is not a column of students exports; its'),
        ("students", "csv", {"columns": ["name", "name"]}, "chosen twice in name, name"),
        ("students", "csv", {"columns": [1]}, "not a list of names"),
        ("analytics", "xlsx", {"columns": "value"}, "columns of its own"),
        ("progress", "pdf", {"columns": "place", "student_id": "0" * 32}, "columns of its own"),
        (
            "students",
            "pdf",
            {"columns": [c.key for c in columns_of("students")][:11]},
            "room for 10 columns, and these",
        ),
        ("students", "xlsx", {"separator": "tab"}, "choices of CSV, not of xlsx"),
    ],
)
def test_a_choice_that_cannot_be_is_named(
    export_type: str, export_format: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        ExportRequest.of(export_type, export_format, given)


def test_what_is_chosen_is_stored_and_asked_for_again() -> None:
    chosen = {"columns": "email,name", "separator": "semicolon", "decimal_mark": "comma", "encoding": "utf-16"}
    request = ExportRequest.of("students", "csv", chosen)

    assert chosen.items() <= request.stored_filters().items()
    assert ExportRequest.of("students", "csv", request.stored_filters()) == request
    assert "columns" not in ExportRequest.of("students", "csv", {"separator": "comma"}).stored_filters()
    assert "separator" not in ExportRequest.of("students", "csv", {"separator": "comma"}).stored_filters()
