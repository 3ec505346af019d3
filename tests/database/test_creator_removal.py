"""A creator is removed with everything: rows of every table, files, emails, jobs, accounts; and nobody else's."""

from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from actions.report_runs import start_run
from database import creator_removal
from database.api_keys import add_key
from database.creator_removal import remove_creator
from database.demo import DemoSize, load_demo, remove_demo
from database.demo.courses import COURSES
from database.engine import engine
from database.job_queue import defer
from database.refresh import refresh
from database.settings import settings
from database.storage import all_stored_keys
from database.tenancy import tenant_tx
from tests.builders import ACreator, a_creator, a_student, an_event
from tests.media_files import an_mp4
from tests.queries.creator_with_gaps import Asked, a_creator_with_gaps
from tests.uploads import sent

pytestmark = pytest.mark.usefixtures("database")

TABLES = text(
    """
    select tables.relname
    from pg_class as tables
    where
        tables.relnamespace = 'public'::regnamespace
        and tables.relkind = 'r'
    order by tables.relname
    """
)
MESSAGE = text("update mail_deliveries set message_id = '<hello@localhost>' where state = 'sent'")


class Stopped(RuntimeError):
    """As if the process had been killed."""


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def everything() -> tuple[Asked, ACreator]:
    """A creator with rows in nearly every table, with files and jobs; and another one."""
    known = a_creator_with_gaps()
    creator = ACreator(known.creator_id, "Mira Vale", "enterprise", "UTC")
    other = a_creator(a_student("Ada Moss"), an_event(days_ago=1), name="Nova Reyes")
    add_key(creator.id, "A program", "read")
    sent(creator, an_mp4())
    start_run(known.staff_id, [creator.id], "30d", "pdf")
    start_run(known.staff_id, [creator.id, other.id], "30d", "pdf")
    for owner in (creator, other):
        defer("run_export", queue="exports", creator_id=str(owner.id), export_id="1")
    with tenant_tx(creator.id) as connection:
        connection.execute(MESSAGE)
    settings().mail_dir.mkdir()
    for name in ("hello", "another"):
        (settings().mail_dir / f"{name}.eml").touch()
    return known, other


def test_nothing_of_a_creator_is_left_and_nothing_of_another_is_gone() -> None:
    known, other = everything()
    named, of_other = naming(known.creator_id), naming(other.id)
    assert len(named) > 40
    assert {"procrastinate_jobs", "dashboard_users", "failures", "report_run_creators", "api_keys"} <= named.keys()
    assert any(str(known.creator_id) in key for key in all_stored_keys("exports"))
    assert any(str(known.creator_id) in key for key in all_stored_keys("upload_parts"))

    remove_creator(known.creator_id)

    assert naming(known.creator_id) == {}
    assert naming(other.id) == of_other
    assert not [
        path for path in settings().data_dir.rglob("*") if str(known.creator_id) in str(path) and path.is_file()
    ]
    assert [path.name for path in settings().mail_dir.iterdir()] == ["another.eml"]
    assert len(rows("report_runs")) == 1  # the run that was for both
    remove_creator(known.creator_id)


def test_no_transaction_deletes_more_than_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    known, _ = everything()
    deleted: list[int] = []
    monkeypatch.setattr(creator_removal, "MOST_ROWS", 7)
    empty = creator_removal.tenant_tx  # type: ignore[attr-defined]

    def counted(*arguments: object) -> object:
        deleted.append(len(rows("watch_segments")) + len(rows("quiz_answers")))
        return empty(*arguments)

    monkeypatch.setattr(creator_removal, "tenant_tx", counted)

    remove_creator(known.creator_id)

    assert max(before - after for before, after in pairwise(deleted)) == 7
    assert naming(known.creator_id) == {}


@pytest.mark.parametrize("stage", ["remove_folders_of", "_empty", "_clear_figures"])
def test_what_was_stopped_continues_with_the_next_call(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known, _ = everything()

    def stopped(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(creator_removal, stage, stopped)
        with pytest.raises(Stopped):
            remove_creator(known.creator_id)
    (half,) = (row for row in rows("creators") if row["id"] == known.creator_id)
    assert half["subscription_tier"] == "basic"  # nobody opens half of a dashboard
    assert all(row["creator_id"] != known.creator_id for row in rows("dashboard_users"))

    assert refresh(known.creator_id)  # a worker may come between
    remove_creator(known.creator_id)

    assert naming(known.creator_id) == {}


def test_the_demo_goes_and_what_is_real_stays() -> None:
    own = a_creator(a_student("Ada Moss"), an_event(days_ago=1), name="My school")
    load_demo(DemoSize(students=12, videos=6, days=30))
    before = naming(own.id)
    assert {row["id"] for row in rows("creators") if row["is_demo"]} == {course.creator_id for course in COURSES}

    assert remove_demo() == 3

    assert [(row["name"], row["is_demo"]) for row in rows("creators")] == [("My school", False)]
    assert rows("dashboard_users") == []  # the demo's own, those of the staff too
    assert naming(own.id) == before
    for course in COURSES:
        assert naming(course.creator_id) == {}
    assert remove_demo() == 0


def naming(creator_id: UUID) -> dict[str, int]:
    """Table -> how many of its rows have this id anywhere in them."""
    with engine().connect() as connection:  # the login role of the tests sees every creator's rows
        found = {}
        for table in connection.execute(TABLES).scalars().all():
            asked = text(f"select count(*) from {table} as one where position(:id in one::text) > 0")
            found[table] = connection.execute(asked, {"id": str(creator_id)}).scalar_one()
        return {table: count for table, count in found.items() if count}


def rows(table: str) -> list[dict[str, object]]:
    with engine().connect() as connection:
        return [dict(row) for row in connection.execute(text(f"select * from {table}")).mappings()]
