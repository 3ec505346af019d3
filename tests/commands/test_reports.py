"""python manage.py report: snapshots of one creator or of all."""

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from database.tenancy import platform_tx
from manage import cli
from queries.periods.period import MONTH
from reports.bulk import file_name
from rules.errors import InputError
from tests.builders import a_creator
from tests.rows import a_student

pytestmark = pytest.mark.usefixtures("database")


def test_a_creators_report_lies_in_the_folder_and_in_the_audit_log(tmp_path):
    a_creator(name="Mira Vale")

    done = report("--creator", "Mira Vale", "--format", "xlsx", "--out", str(tmp_path / "new"))

    (file,) = (tmp_path / "new").iterdir()
    assert done.exit_code == 0
    assert file.name.startswith("snapshot-mira-vale-")
    assert file.read_bytes().startswith(b"PK")
    with platform_tx() as connection:
        assert connection.execute(text("select action from audit_log")).scalars().all() == ["xlsx report made"]


def test_one_failing_creator_does_not_stop_the_rest(tmp_path, monkeypatch):
    ada = a_creator(name="Ada")
    a_creator(name="Zoe")
    monkeypatch.setattr("reports.bulk.snapshot_writer", lambda _format: written_unless(ada.id))

    done = report("--all", "--period", "7d", "--out", str(tmp_path))

    assert done.exit_code == 1
    assert [path.name.split("-")[1] for path in tmp_path.iterdir()] == ["zoe"]
    assert "failed: Ada has no luck today." in " ".join(done.stdout.split())
    assert "1 of 2 reports" in done.stdout


def test_creators_without_the_tier_are_left_out_of_all_and_told(tmp_path):
    a_creator(name="Basic", subscription_tier="basic")
    a_creator(name="Zoe")

    done = report("--all", "--format", "xlsx", "--out", str(tmp_path))

    assert done.exit_code == 0
    assert len(list(tmp_path.iterdir())) == 1
    assert "Feature Access Denied" in " ".join(done.stdout.split())


def test_a_creator_without_the_tier_who_is_named_is_a_failure(tmp_path):
    a_creator(name="Basic", subscription_tier="basic")

    done = report("--creator", "Basic", "--out", str(tmp_path))

    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_leaves_the_file_of_before_and_nothing_unfinished(tmp_path, monkeypatch):
    ada = a_creator(name="Ada")
    before = tmp_path / file_name("Ada", ada.id, MONTH.key, "xlsx")
    before.write_bytes(b"before")
    monkeypatch.setattr("commands.files.os.fsync", broken)

    done = report("--creator", "Ada", "--format", "xlsx", "--out", str(tmp_path))

    assert done.exit_code == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--creator", "nobody"], "no creator"),
        (["--all", "--format", "docx"], "choose one of pdf, xlsx"),
        (["--all", "--period", "1y"], "choose one of 7d"),
        (["--all", "--compare", "never"], "choose one of before"),
        (["--all", "--creator", "Ada"], "Say for whom"),
        ([], "Say for whom"),
    ],
)
def test_what_cannot_be_used_is_named(arguments, said, tmp_path):
    refused = report(*arguments, "--out", str(tmp_path))

    assert refused.exit_code == 2
    assert said in refused.stderr


def test_one_students_progress_is_written_and_another_creators_is_not(tmp_path):
    pupil = a_student("Dina")
    a_creator(pupil, name="Ada")
    a_creator(name="Zoe")

    done = report("--creator", "Ada", "--student", str(pupil.id), "--out", str(tmp_path))
    refused = report("--creator", "Zoe", "--student", str(pupil.id), "--out", str(tmp_path))

    assert done.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"student-{pupil.id}.pdf"]
    assert refused.exit_code == 2
    assert "no student" in refused.stderr


def test_a_report_is_of_any_period_and_compared_with_what_is_asked_for(tmp_path, monkeypatch):
    a_creator(a_student("Dina"), name="Ada")
    asked = []
    monkeypatch.setattr("reports.bulk.snapshot_writer", lambda _format: lambda _id, period: asked.append(period) or b"")

    for period in ("last-month", "2026-01-05..2026-02-10", "run"):
        report("--creator", "Ada", "--period", period, "--compare", "last-year", "--out", str(tmp_path))

    days = [(period.windows.first_day.isoformat(), period.windows.compared_first_day.isoformat()) for period in asked]
    assert days == [("2026-02-01", "2025-02-01"), ("2026-01-05", "2025-01-05")]
    assert sorted(path.name.split("-", 3)[3] for path in tmp_path.iterdir()) == [
        "2026-01-05-to-2026-02-10.pdf",
        "last-month.pdf",
    ]


def test_a_period_that_a_creator_does_not_have_fails_for_them_alone(tmp_path):
    a_creator(a_student("Dina"), name="Ada")

    done = report("--all", "--period", "run", "--out", str(tmp_path))

    assert done.exit_code == 1
    assert "no run with a start is chosen" in " ".join(done.stdout.split())


def test_creators_of_one_name_get_files_of_their_own():
    creators = [a_creator(name="…/Zoë 李"), a_creator(name="…/Zoë 李")]
    names = {file_name(creator.name, creator.id, MONTH.key, "pdf") for creator in creators}

    assert len(names) == 2
    assert all(name.startswith("snapshot-zoe-") and "/" not in name for name in names)


def report(*arguments):
    return CliRunner().invoke(cli, ["report", *arguments])


def written_unless(broken_id):
    def write(creator_id, _period):
        if creator_id == broken_id:
            raise InputError("Ada has no luck today.")
        return b"%PDF"

    return write


def broken(_descriptor):
    raise OSError(28, "No space left on device")
