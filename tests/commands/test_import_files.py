"""`manage.py import`: the same steps as in the browser; a wrong line is named, and nothing is written because of it."""

import json

import pytest
from typer.testing import CliRunner

from manage import cli
from tests import oracle
from tests.builders import a_creator
from tests.file_imports import ONE_IS_WRONG, SEGMENTS

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def creator():
    return a_creator()


def run(*arguments):
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def written(tmp_path, text, name="segments.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_dry_run_writes_nothing_an_import_once(creator, tmp_path) -> None:
    path = written(tmp_path, SEGMENTS)
    told = run("import", path, "--creator", creator.id, "--dry-run")
    assert told.exit_code == 0, told.output
    assert oracle.rows_of(creator.id, "watch_segments") == []

    for _ in range(2):
        assert run("import", path, "--creator", creator.id).exit_code == 0
        assert len(oracle.rows_of(creator.id, "watch_segments")) == 2


def test_a_refused_line_stops_the_import_unless_it_may_be_skipped(creator, tmp_path) -> None:
    path, errors = written(tmp_path, ONE_IS_WRONG), tmp_path / "errors.csv"
    told = run("import", path, "--creator", creator.id)
    assert told.exit_code == 2
    assert "1 of 3 lines were refused, so nothing was written. The first is in line 4" in told.stderr
    assert oracle.rows_of(creator.id, "watch_segments") == []

    assert run("import", path, "--creator", creator.id, "--skip-bad-rows", "--errors", errors).exit_code == 0
    assert len(oracle.rows_of(creator.id, "watch_segments")) == 2
    assert "4,end_second,soon,This is not a number." in errors.read_text(encoding="utf-8-sig")


def test_mappings_answers_and_styles(creator, tmp_path) -> None:
    path = written(tmp_path, "Video position (%);Absolute audience retention (%)\n0;105,25\n50;61,5\n", "curve.csv")
    assert "needs an answer: video" in run("import", path, "--creator", creator.id).stderr
    told = run(
        "import", path, "--creator", creator.id, "--mapping", "youtube/retention",
        "--answer", "video=v1", "--numbers", "1.234,5",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    points = sorted(
        (row["position_percent"], row["viewers_percent"]) for row in oracle.rows_of(creator.id, "retention_points")
    )
    assert [(float(place), float(share)) for place, share in points] == [(0, 100), (50, 61.5)]
    assert "1 percentages above 100 count as 100" in told.stdout
    assert "Points of retention curves │ 2 " in told.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--mapping", "nobodys"), "There is no mapping"),
        (("--kind", "pupil"), "no kind of fact"),
        (("--zone", "Mars"), "not a time zone"),
        (("--answer", "x"), "is no answer"),
        (("--encoding", "klingon"), "not a known encoding"),
    ],
)
def test_what_cannot_be_is_said(creator, tmp_path, options, said) -> None:
    told = run("import", written(tmp_path, SEGMENTS), "--creator", creator.id, *options)
    assert (told.exit_code, said in told.stderr) == (2, True), told.stderr


def test_templates_and_mappings_can_be_printed(creator) -> None:
    assert run("import-template", "curve-point").stdout.startswith("video,position_percent,viewers_percent")
    assert "zoom/participants" in run("mappings").stdout
    assert json.loads(run("mappings", "--show", "zoom/participants").stdout)["source"] == "zoom"
