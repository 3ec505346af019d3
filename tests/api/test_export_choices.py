"""Columns, the style of CSV and who finished, over HTTP as on the page."""

import pytest

from queries.exports.known import exports
from rules.export_rules import CsvStyle
from tests.api.asking import by_key, nobody
from tests.builders import a_creator, a_student
from tests.reports.exports.opened import csv_rows

pytestmark = pytest.mark.usefixtures("shared_database")
CHOSEN = {"columns": ["xp_points", "name"], "separator": "semicolon", "decimalMark": "comma", "encoding": "utf-16"}


@pytest.fixture(autouse=True)
def storage(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


def order(creator, **more):
    return by_key(creator.id, "export")("POST", "/creator/export", json={"type": "students", "format": "csv", **more})


def test_a_file_has_the_columns_and_the_style_that_are_chosen():
    creator = a_creator(a_student("Ada Moss", xp_points=7))

    answer = order(creator, **CHOSEN)

    file = nobody()("GET", answer.json()["downloadUrl"].removeprefix("http://localhost:8501/api"))
    assert csv_rows(file.content, CsvStyle("semicolon", "comma", "utf-16")) == [["XP", "Student"], ["7", "Ada Moss"]]
    assert file.headers["content-type"] == "text/csv; charset=utf-16"
    assert exports(creator.id)[0].filters["columns"] == "xp_points,name"


def test_who_finished_can_be_asked_for():
    assert order(a_creator(a_student("Ada")), type="finished", filters={"search": "ada"}).status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"columns": ["shoe_size"]}, 409, "not a column of students exports"),
        ({"separator": "pipe"}, 422, "separator"),
        ({"format": "json", "separator": "tab"}, 409, "choices of CSV"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(more, status, said):
    answer = order(a_creator(a_student("Ada")), **more)

    assert answer.status_code == status
    assert said in answer.text
