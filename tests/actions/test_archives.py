"""Old chats and activity logs leave for an archive, and every figure stays what it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions import archives
from actions.archive_upkeep import archive_for_all
from actions.archives import archive_old_rows, choose_archiving, restore_archives, restore_for
from actions.courses import add_course
from actions.erasures import erase_student
from actions.preferences import move_to_timezone
from database.archive_files import FOLDER, ArchiveFile, archived_lines, write_archive_file
from database.engine import engine
from database.refresh import rebuild
from database.storage import StorageError, remove_file, store_file, stored_keys
from database.tenancy import tenant_tx
from queries.cache.answer_format import encoded
from queries.students.answers import questions_of_student
from queries.students.details import student_details
from queries.students.handed_over import handed_over
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import (
    NOW,
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_question,
    a_student,
    a_video,
    a_watch,
    add,
    an_answer,
    an_event,
    histories,
    refreshed,
)
from tests.database.snapshots import rows_by_level
from tests.queries.every_answer import Told, asked, full_name

pytestmark = pytest.mark.usefixtures("database")

OLD = 300  # days before NOW
KINDS = ("chat", "activity")
SOURCES = ("chat_sessions", "chat_messages", "activity_events")
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
        patch.setattr(archives, "forget_file" if step == "after the commit" else "archived_lines", killed)
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


class Killed(BaseException):
    """The program ends here."""


def killed(*_: Any, **__: Any) -> Any:
    raise Killed


def killed_at(step: str, patch: pytest.MonkeyPatch) -> None:
    steps = {"before the file": "write_archive_file", "after the file": "_is_closed", "before the commit": "_recorded"}
    patch.setattr(archives, steps[step], killed)


AN_EVENT = """
    insert into activity_events (creator_id, id, student_id, video_id, kind, occurred_at)
    values (:creator_id, :id, :student_id, :video_id, :kind, :occurred_at)
"""


def figures(creator: ACreator, told: Told) -> dict[str, Any]:
    """Every fold and sum at every level, and the result of every query but for the words of answers."""
    results = {
        full_name(query): _encoded(query, query.fresh(creator.id, *arguments)) for query, arguments in asked(told)
    }
    return results | {f"{relation} {level}": rows for (relation, level), rows in sorted_rows(creator).items()}


def _encoded(query: Any, result: Any) -> bytes:
    if query is questions_of_student:
        result = _without_answers(result)
    if query is student_details:
        result = replace(result, questions=_without_answers(result.questions))
    return encoded({}, result)


def _without_answers(questions: Any) -> Any:
    return questions.drop(columns=["answer", "is_archived"])


def sorted_rows(creator: ACreator) -> dict[tuple[str, tuple[int, int]], list[str]]:
    return {
        (relation, level): sorted(map(repr, rows))
        for relation, levels in rows_by_level(creator.id).items()
        for level, rows in levels.items()
    }


def source_rows(creator: ACreator) -> dict[str, list[str]]:
    with tenant_tx(creator.id) as connection:
        return {
            table: sorted(connection.execute(text(f"select to_jsonb(t)::text from {table} as t")).scalars())
            for table in SOURCES
        }


def lines_of(creator: ACreator) -> list[str]:
    with tenant_tx(creator.id) as connection:
        files = connection.execute(text("select storage_key, sha256 from archives where state = 'closed'")).all()
    return [line for key, sha256 in files for line in archived_lines(key, sha256)]


def archived(creator: ACreator, kind: str) -> int:
    choose_archiving(a_linked_account(creator), creator.id, kind, True)
    return archive_old_rows(creator.id, kind)


def a_message_in(chat: list[Row], student: Row, said: str = "One more?") -> Row:
    """Without its place in the conversation."""
    (message,) = a_chat(a_question(said), student=student, at=chat[0].values["started_at"] + timedelta(hours=1))[1:]
    return Row("chat_messages", message.values | {"session_id": chat[0].id})


def a_creator_with_a_chat() -> tuple[ACreator, Row, list[Row]]:
    ada = a_student(enrolled_days_ago=400)
    chat = a_chat(a_question("Why?"), an_answer("Because."), student=ada, days_ago=OLD)
    return a_creator(ada, chat), ada, chat


def a_creator_with_a_past() -> tuple[ACreator, Told]:
    """Two students who asked and did things long ago and lately."""
    ada, bo = a_student("Ada Moss", enrolled_days_ago=400), a_student("Bo Lind", enrolled_days_ago=350)
    video, other = a_video("Loops"), a_video("Recursion", position=1)
    said = (
        a_question("Why do loops loop?", rating=0.5, video=video),
        an_answer("Because they do."),
        a_question("And then?", video=other),
    )
    creator = a_creator(
        [ada, bo, video, other],
        [
            (
                a_watch(one, video, days_ago=OLD + 1),
                [a_chat(*map(again, said), student=one, days_ago=days) for days in (OLD, 2)],
                [an_event(one, video=of, days_ago=days) for of in (None, video) for days in (OLD, OLD - 0.01, 3)],
            )
            for one in (ada, bo)
        ],
        timezone="America/New_York",
    )
    return creator, Told(creator.id, ada.id, video.id, video.id)


def again(message: Row) -> Row:
    return Row(message.table, message.values | {"id": uuid4()})
