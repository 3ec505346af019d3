"""python manage.py export: a file, or one line that says what to fix."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from manage import cli
from reports.exports import ExportRequest, export_bytes
from tests.builders import a_creator, a_student, an_event

pytestmark = pytest.mark.usefixtures("database")


def test_a_file_is_written_with_the_filters(tmp_path: Path) -> None:
    ada = a_student("Ada Moss")
    creator = a_creator([ada, a_student("Ben Okoro", enrolled_days_ago=60)], an_event(ada), name="Mira Vale")
    out = tmp_path / "students.json"

    made = export(
        "Mira Vale", "students", out, "--format", "json", "--filter", "status=active", "--filter", "sortBy=name"
    )

    assert made.exit_code == 0
    assert "1 rows are in" in " ".join(made.stdout.split())
    assert [row["name"] for row in json.loads(out.read_text())["rows"]] == ["Ada Moss"]
    request = ExportRequest.of("students", "json", {"status": "active", "sort_by": "name"})
    assert out.read_bytes() == export_bytes(creator.id, request)


def test_csv_is_the_usual_format_and_replaces_the_file(tmp_path: Path) -> None:
    a_creator([a_student("Ada Moss")], name="Mira Vale")
    out = tmp_path / "students.csv"
    out.write_text("older")

    export("Mira Vale", "students", out)

    assert out.read_bytes().startswith(b"\xef\xbb\xbfStudent,")
    assert [path.name for path in tmp_path.iterdir()] == ["students.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Nobody", "students"), 'There is no creator "Nobody"'),
        (("Mira Vale", "pupils"), 'type is "pupils"; choose one of students'),
        (("Mira Vale", "students", "--format", "doc"), 'format is "doc"; choose one of csv'),
        (("Mira Vale", "students", "--filter", "status"), 'The filter "status" is not NAME=VALUE'),
        (("Mira Vale", "students", "--filter", "status=asleep"), 'status is "asleep"; choose one of all'),
        (("Mira Vale", "students", "--filter", "period=7d"), '"period" is not a filter of students exports'),
        (("Paul Pro", "students"), 'Feature Access Denied: exports are part of the ENTERPRISE tier; "Paul Pro" has'),
    ],
)
def test_a_mistake_is_one_line_and_leaves_no_file(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    a_creator(name="Mira Vale")
    a_creator(name="Paul Pro", subscription_tier="pro")
    out = tmp_path / "students.csv"
    out.write_text("older")
    name, export_type, *more = arguments

    refused = export(name, export_type, out, *more)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("students.csv", "older")]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    a_creator(name="Mira Vale")
    out = tmp_path / "missing" / "students.csv"

    refused = export("Mira Vale", "students", out)

    assert refused.exit_code == 2
    assert f"{out} cannot be written: No such file or directory. Choose another --out." in refused.stderr


def export(creator: str, export_type: str, out: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["export", "--creator", creator, "--type", export_type, "--out", str(out), *more])
