"""Archived rows accept nothing late, and a student is erased and handed over with them."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions import archives
from actions.archive_restores import restore_archives
from actions.archive_upkeep import archive_for_all
from actions.archives import archive_old_rows, choose_archiving
from actions.erasures import erase_student
from database.archive_files import FOLDER
from database.engine import engine
from database.importers.futurelearn import import_futurelearn
from database.storage import StorageError, remove_file, store_file, stored_keys
from database.tenancy import tenant_tx
from queries.overview.headline import overview_stats
from queries.students.answers import questions_of_student
from queries.students.handed_over import handed_over
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.archiving import (
    KINDS,
    OLD,
    SOURCES,
    Killed,
    a_creator_with_a_chat,
    a_creator_with_a_past,
    a_message_in,
    archived,
    killed,
    lines_of,
    sorted_rows,
    source_rows,
)
from tests.builders import (
    NOW,
    a_student,
    add,
    an_event,
    refreshed,
)
from tests.data_futurelearn import ADA, append, at, small_export

pytestmark = pytest.mark.usefixtures("database")

OF_BOTH_KINDS = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


AN_EVENT = """
    insert into activity_events (creator_id, id, student_id, video_id, kind, occurred_at)
    values (:creator_id, :id, :student_id, :video_id, :kind, :occurred_at)
"""


def test_a_late_row_is_refused_with_a_reason_and_a_repeated_one_changes_nothing() -> None:
    creator, ada, chat = a_creator_with_a_chat()
    event = an_event(ada, days_ago=OLD)
    add(creator, event)
    for kind in KINDS:
        archived(creator, kind)
    message, late = a_message_in(chat, ada), an_event(ada, days_ago=OLD, kind="page")

    with pytest.raises(InputError, match=r"message of 2025-05-08 arrived too late\. Nothing was saved\. Rest"):
        add(creator, message)
    with pytest.raises(InputError, match=r"archived for 2025-05-08: an event of that day arrived"):
        add(creator, late)
    with pytest.raises(DBAPIError) as refused, engine().begin() as connection:
        connection.execute(text(AN_EVENT), late.values | {"creator_id": creator.id})
    assert getattr(refused.value.orig, "pgcode", None) == "AR001"

    add(creator, chat, event)
    assert source_rows(creator) == {table: [] for table in SOURCES}
    for kind in KINDS:
        restore_archives(creator.id, kind)
    add(creator, message, late)
    assert [len(rows) for rows in source_rows(creator).values()] == [1, 3, 2]


def test_what_a_beat_keeps_of_earlier_progress_is_never_late() -> None:
    """A student comes back: the day of their last progress is kept as an event, although that day is closed."""
    creator, ada, _ = a_creator_with_a_chat()
    add(creator, an_event(ada, days_ago=OLD))
    archived(creator, "activity")

    add(creator, an_event(ada, days_ago=OLD, kind="watched_before"))

    assert len(source_rows(creator)["activity_events"]) == 1
    choose_archiving(a_linked_account(creator), creator.id, "activity", True)
    assert archive_old_rows(creator.id, "activity") == 0


@OF_BOTH_KINDS
def test_erasing_a_student_reaches_the_archive(kind: str) -> None:
    creator, told = a_creator_with_a_past()
    archived(creator, kind)
    (old_key,) = stored_keys(FOLDER, creator.id)
    assert str(told.student_id) in "".join(lines_of(creator))

    receipt = erase_student(a_linked_account(creator), creator.id, told.student_id)

    (key,) = stored_keys(FOLDER, creator.id)
    assert key != old_key
    assert str(told.student_id) not in "".join(lines_of(creator))
    assert receipt.removed["archives"] == 1
    after = sorted_rows(refreshed(creator))
    assert restore_archives(creator.id, kind) == (3 if kind == "chat" else 4)
    assert sorted_rows(refreshed(creator)) == after
    assert str(told.student_id) not in str(source_rows(creator))


def test_what_another_wrote_in_a_conversation_leaves_the_archive_with_them() -> None:
    creator, _, chat = a_creator_with_a_chat()
    bo = a_student("Bo Lind", enrolled_days_ago=400)
    add(creator, bo, a_message_in(chat, bo, "What do zebras do?"))
    archived(creator, "chat")

    erase_student(a_linked_account(creator), creator.id, bo.id)

    assert "zebras" not in "".join(lines_of(creator))
    assert restore_archives(creator.id, "chat") == 2


@pytest.mark.parametrize("step", ["take_out", "write_archive_file"])
def test_an_erasure_that_fails_leaves_the_archive_as_it_was(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    creator, told = a_creator_with_a_past()
    rows = source_rows(creator)
    archived(creator, "chat")
    before, kept = stored_keys(FOLDER, creator.id), lines_of(creator)
    with monkeypatch.context() as patch:
        patch.setattr(f"actions.{'erasures' if step == 'take_out' else 'archive_erasures'}.{step}", killed)
        with pytest.raises(Killed):
            erase_student(a_linked_account(creator), creator.id, told.student_id)

    assert (stored_keys(FOLDER, creator.id), lines_of(creator)) == (before, kept)
    restore_archives(creator.id, "chat")
    assert source_rows(creator) == rows


def test_what_is_handed_over_includes_the_archive() -> None:
    creator, told = a_creator_with_a_past()
    before = handed_over(creator.id, told.student_id)
    for kind in KINDS:
        archived(creator, kind)

    after = handed_over(creator.id, told.student_id)

    assert before is not None
    assert after is not None
    for part in SOURCES:
        keys = [{key: row[key] for key in row if key != "question_key"} for row in before[part]]
        assert sorted(keys, key=repr) == sorted(
            ({key: row[key] for key in row if key != "question_key"} for row in after[part]), key=repr
        )


def test_an_archive_that_is_damaged_or_missing_changes_nothing_and_staff_are_told() -> None:
    creator, told = a_creator_with_a_past()
    archived(creator, "chat")
    (key,) = stored_keys(FOLDER, creator.id)
    store_file(key, [b"something else"])
    for change in (
        lambda: restore_archives(creator.id, "chat"),
        lambda: erase_student(a_linked_account(creator), creator.id, told.student_id),
    ):
        with pytest.raises(StorageError, match="does not read back"):
            change()

    remove_file(key)
    choose_archiving(a_linked_account(creator), creator.id, "chat", True)
    assert archive_for_all().files_missing == 1


def test_the_students_page_says_which_answers_are_archived() -> None:
    creator, ada, _ = a_creator_with_a_chat()
    archived(creator, "chat")

    (row,) = questions_of_student.fresh(creator.id, ada.id).itertuples()

    assert (row.question, row.answer, row.is_answered, row.is_archived) == ("Why?", None, True, True)


def test_an_export_that_is_loaded_again_changes_nothing_and_what_it_has_more_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=300)).isoformat())
    export = small_export(tmp_path / "export")
    creator_id = import_futurelearn(export, "Mira Vale").creator_id
    with tenant_tx(creator_id) as connection:
        connection.execute(archives.CHOOSE, {"creator_id": creator_id, "kind": "activity", "is_on": True})
    assert archive_old_rows(creator_id, "activity") > 40
    before = overview_stats.fresh(creator_id)

    assert import_futurelearn(export, "Mira Vale").rows_changed == 0
    append(export, "step-activity", ADA, "3.7", "3", "7", at(3, 2), "")
    with pytest.raises(InputError, match=r"arrived too late\. Nothing was saved\. Restore"):
        import_futurelearn(export, "Mira Vale")

    assert overview_stats.fresh(creator_id) == before
    restore_archives(creator_id, "activity")
    assert import_futurelearn(export, "Mira Vale").rows_changed > 0
