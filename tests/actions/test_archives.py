"""Old chats and activity logs leave for an archive, and every figure stays what it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from actions import archive_restores, archives
from actions.archive_restores import restore_archives, restore_for
from actions.archive_upkeep import archive_for_all
from actions.archives import archive_old_rows, choose_archiving
from actions.courses import add_course
from actions.preferences import move_to_timezone
from database.archive_files import FOLDER, ArchiveFile, write_archive_file
from database.engine import engine
from database.refresh import rebuild
from database.storage import stored_keys
from database.tenancy import tenant_tx
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.archiving import (
    KINDS,
    Killed,
    a_creator_with_a_chat,
    a_creator_with_a_past,
    a_message_in,
    archived,
    figures,
    killed,
    sorted_rows,
    source_rows,
)
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_question,
    a_student,
    add,
    an_answer,
    an_event,
    histories,
    refreshed,
)

pytestmark = pytest.mark.usefixtures("database")

OF_BOTH_KINDS = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_every_figure_is_the_same_archived_rebuilt_and_restored() -> None:
    creator, told = a_creator_with_a_past()
    before, rows = figures(creator, told), source_rows(creator)

    assert [archived(creator, kind) for kind in KINDS] == [6, 8]
    assert figures(refreshed(creator), told) == before
    assert [len(left) for left in source_rows(creator).values()] == [2, 6, 4]
    rebuild(creator.id)
    assert figures(creator, told) == before
    assert [restore_archives(creator.id, kind) for kind in KINDS] == [6, 8]
    assert source_rows(creator) == rows
    assert figures(refreshed(creator), told) == before


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(history=histories(NOW), days=st.sampled_from([150, 190, 400]))
def test_so_it_is_after_any_history(history: Any, days: int) -> None:
    creator = refreshed(history)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=days)).isoformat())
        before, rows = sorted_rows(refreshed(creator)), source_rows(creator)
        for kind in KINDS:
            archived(creator, kind)
        assert sorted_rows(refreshed(creator)) == before
        rebuild(creator.id)
        assert sorted_rows(creator) == before
        for kind in KINDS:
            restore_archives(creator.id, kind)
        assert sorted_rows(refreshed(creator)) == before
        assert source_rows(creator) == rows


@OF_BOTH_KINDS
def test_another_zone_another_course_and_students_who_leave_and_return_count_archived_rows_too(kind: str) -> None:
    creator, _ = a_creator_with_a_past()
    author = a_linked_account(creator)
    archived(creator, kind)

    move_to_timezone(author, creator.id, "Asia/Kolkata")
    add_course(author, creator.id, "Another")
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update students set deleted_at = dashboard_now()"))
    refreshed(creator)
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update students set deleted_at = null"))
    after = sorted_rows(refreshed(creator))

    assert len({level for relation, level in after}) > 1
    restore_archives(creator.id, kind)
    rebuild(creator.id)
    assert sorted_rows(creator) == after


@pytest.mark.parametrize(("said_at", "is_archived"), [("2025-09-03T23:59:59Z", True), ("2025-09-04T00:00:00Z", False)])
def test_six_months_end_with_a_day_by_the_products_clock(said_at: str, is_archived: bool) -> None:
    """NOW is 4 March 2026; the last message of the conversation and the event are at this instant."""
    at, ada = datetime.fromisoformat(said_at), a_student(enrolled_days_ago=400)
    creator = a_creator(
        ada, a_chat(a_question(), an_answer(), student=ada, at=at - timedelta(minutes=1)), an_event(ada, at=at)
    )

    assert (archived(creator, "chat"), archived(creator, "activity")) == ((2, 1) if is_archived else (0, 0))


def test_nothing_is_archived_unless_it_is_chosen_and_only_for_who_chose_it() -> None:
    (creator, _), (other, _) = a_creator_with_a_past(), a_creator_with_a_past()
    rows, of_other = source_rows(creator), source_rows(other)

    assert [archive_old_rows(creator.id, kind) for kind in KINDS] == [0, 0]
    assert archive_for_all().rows_archived == 0
    choose_archiving(a_linked_account(creator), creator.id, "chat", True)
    assert archive_for_all().rows_archived == 6

    assert source_rows(other) == of_other
    assert stored_keys(FOLDER, other.id) == []
    assert source_rows(creator)["activity_events"] == rows["activity_events"]
    assert restore_archives(other.id, "chat") == 0
    with pytest.raises(InputError, match="Read-only"):
        choose_archiving(a_linked_account(), creator.id, "activity", True)
    with pytest.raises(InputError, match="Read-only"):
        restore_for(a_linked_account(other), creator.id, "chat")


def test_restoring_turns_archiving_off_so_that_the_rows_stay() -> None:
    creator, _ = a_creator_with_a_past()
    archived(creator, "chat")

    assert restore_for(a_linked_account(creator), creator.id, "chat") == 6

    assert archive_for_all().rows_archived == restore_archives(creator.id, "chat") == 0
    assert stored_keys(FOLDER, creator.id) == []


@OF_BOTH_KINDS
@pytest.mark.parametrize("step", ["before the file", "after the file", "before the commit"])
def test_killed_between_two_steps_the_rows_are_still_there_and_the_next_night_archives_them(
    kind: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, _ = a_creator_with_a_past()
    before, rows = sorted_rows(creator), source_rows(creator)
    with monkeypatch.context() as patch:
        killed_at(step, patch)
        with pytest.raises(Killed):
            archived(creator, kind)

    assert source_rows(creator) == rows
    assert sorted_rows(refreshed(creator)) == before
    with engine().begin() as connection:  # an hour later
        connection.execute(text("update archives set begun_at = begun_at - interval '2 hours'"))
    night = archive_for_all()
    assert (night.rows_archived, night.files_missing) == (6 if kind == "chat" else 8, 0)
    assert len(stored_keys(FOLDER, creator.id)) == 1
    assert sorted_rows(refreshed(creator)) == before
    restore_archives(creator.id, kind)
    assert source_rows(creator) == rows


@pytest.mark.parametrize("step", ["before the commit", "after the commit"])
def test_a_restore_that_is_killed_goes_on(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    creator, _ = a_creator_with_a_past()
    rows = source_rows(creator)
    archived(creator, "chat")
    with monkeypatch.context() as patch:
        patch.setattr(archive_restores, "forget_file" if step == "after the commit" else "archived_lines", killed)
        with pytest.raises(Killed):
            restore_archives(creator.id, "chat")
    assert (source_rows(creator) == rows) is (step == "after the commit")

    restore_archives(creator.id, "chat")
    archive_for_all()

    assert source_rows(creator) == rows
    assert stored_keys(FOLDER, creator.id) == []


def test_a_conversation_that_goes_on_while_it_is_archived_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    creator, ada, chat = a_creator_with_a_chat()

    def said_meanwhile(key: str, lines: Sequence[str]) -> ArchiveFile:
        add(creator, a_message_in(chat, ada))
        return write_archive_file(key, lines)

    monkeypatch.setattr(archives, "write_archive_file", said_meanwhile)

    assert archived(creator, "chat") == 0
    assert len(source_rows(creator)["chat_messages"]) == 3
    assert stored_keys(FOLDER, creator.id) == []


def killed_at(step: str, patch: pytest.MonkeyPatch) -> None:
    steps = {"before the file": "write_archive_file", "after the file": "_is_closed", "before the commit": "_recorded"}
    patch.setattr(archives, steps[step], killed)
