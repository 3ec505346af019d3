"""Conversations and questions: their folds and sums against plain Python, and in small literal cases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from sqlalchemy import text

from database.clock import as_of
from database.tenancy import platform_tx, tenant_tx
from tests import oracle, oracle_chat
from tests.builders import (
    NOW,
    ACreator,
    History,
    Row,
    a_chat,
    a_creator,
    a_question,
    a_student,
    a_video,
    add,
    an_answer,
    change,
    histories,
    refreshed,
    remove,
)
from tests.database.snapshots import assert_equal_to_rebuilt, shown_rows, sorted_by_key
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

FAMILY = ("asked_questions", "conversations", "question_totals", "question_askers", "question_wordings")
SHARED = {
    "student_totals": (("student_id",), oracle_chat.OF_STUDENTS),
    "days": (("day",), oracle_chat.OF_DAYS),
    "video_days": (("day", "video_id"), ("questions",)),
}


def assert_as_counted(creator: ACreator, now=NOW) -> None:
    """Every row of the family, and what it adds to the shared sums; none is below zero."""
    source = oracle.source(creator.id)
    for relation in FAMILY:
        found = [
            {k: v for k, v in row.items() if k not in ("wording_key", "search_text")}
            for row in shown_rows(creator.id, relation)
        ]
        wanted = getattr(oracle_chat, relation)(source, now)
        assert sorted_by_key(relation, found) == sorted_by_key(relation, wanted), relation
    for relation, (key, counts) in SHARED.items():
        found = {  # type: ignore[assignment]
            tuple(row[column] for column in key): {name: row[name] for name in counts}
            for row in shown_rows(creator.id, relation)
        }
        wanted = {
            name if isinstance(name, tuple) else (name,): row
            for name, row in getattr(oracle_chat, relation)(source, now).items()
        }
        assert not_empty(found) == not_empty(wanted), relation
        assert all(count >= 0 for row in found.values() for count in row.values())  # type: ignore[attr-defined]
    totals = [{name: row[name] for name in oracle_chat.OF_STUDENTS} for row in shown_rows(creator.id, "course_totals")]
    nothing = dict.fromkeys(oracle_chat.OF_STUDENTS, 0)
    assert (totals or [nothing]) == [oracle_chat.course_totals(source, now)]


def not_empty(rows):
    return {key: row for key, row in rows.items() if any(row.values())}


@given(histories(until=NOW))
def test_every_fold_and_sum_equals_a_plain_python_count(history: History):
    assert_as_counted(refreshed(history))


def test_a_conversation_is_in_the_order_of_its_sequence_whatever_the_clock_says():
    """Question and answer at one instant, their ids in either order: the answer follows because it was said next."""
    ids = sorted(uuid4() for _ in range(2))
    for first, second in (ids, reversed(ids)):
        chat = a_chat(a_question(), an_answer(rating=1), days_ago=1)
        same = [Row(row.table, row.values | {"created_at": NOW - timedelta(days=1)}) for row in chat[1:]]
        named = [Row(row.table, row.values | {"id": of}) for row, of in zip(same, (first, second), strict=True)]

        [asked] = shown_rows(a_creator(chat[0], named).id, "asked_questions")

        assert (asked["is_answered"], asked["rating_hundredths"]) == (True, 100)


def test_an_earlier_place_is_not_an_answer_though_its_instant_is_later():
    chat = a_chat(a_question(), an_answer(), days_ago=1)
    creator = a_creator(chat)
    change(creator, chat[1], sequence=3)

    refreshed(creator)

    assert [row["is_answered"] for row in shown_rows(creator.id, "asked_questions")] == [False]
    assert_as_counted(creator)


def test_who_does_not_say_the_place_writes_the_next():
    chat = a_chat(a_question(), an_answer(), a_question())
    creator = a_creator(chat)
    remove(creator, chat[2])
    add(creator, [Row(row.table, row.values | {"id": uuid4()}) for row in chat[2:]])

    assert sorted(row["sequence"] for row in rows_of(creator.id, "chat_messages")) == [1, 3, 4, 5]


def test_a_message_that_moves_comes_last_where_it_goes():
    here, there = a_chat(a_question(), an_answer()), a_chat(a_question(), an_answer(), a_question())
    creator = a_creator(here, there)

    change(creator, here[1], session_id=there[0].id)

    moved = {row["id"]: row["sequence"] for row in rows_of(creator.id, "chat_messages")}
    assert moved[here[1].id] == 4
    assert_as_counted(refreshed(creator))


def test_one_statement_may_put_messages_in_another_order():
    creator = a_creator(a_chat(a_question(), an_answer(), days_ago=1))
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update chat_messages set sequence = 3 - sequence"))

    assert_as_counted(refreshed(creator))
    assert [row["is_answered"] for row in shown_rows(creator.id, "asked_questions")] == [False]


def test_two_writers_to_one_conversation_take_different_places():
    chat = a_chat()
    creator = a_creator(chat)
    insert = text(
        "insert into chat_messages (creator_id, session_id, student_id, role, content, created_at)"
        " select creator_id, id, student_id, 'assistant', 'Yes.', started_at from chat_sessions"
    )
    has_written = Event()

    def write_second():
        has_written.wait(5)
        with tenant_tx(creator.id) as connection:
            connection.execute(insert)

    with ThreadPoolExecutor() as pool:
        with tenant_tx(creator.id) as connection:
            connection.execute(insert)
            second = pool.submit(write_second)
            has_written.set()
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
        second.result(timeout=5)

    assert sorted(row["sequence"] for row in rows_of(creator.id, "chat_messages")) == [1, 2, 3]


def test_a_bulk_load_gives_the_places_itself():
    chat = a_chat(a_question(), an_answer(), days_ago=1)
    said = [Row(row.table, row.values | {"sequence": place}) for place, row in zip((20, 10), chat[1:], strict=True)]

    creator = a_creator(chat[0], said)

    assert sorted(row["sequence"] for row in rows_of(creator.id, "chat_messages")) == [10, 20]
    assert [row["is_answered"] for row in shown_rows(creator.id, "asked_questions")] == [False]


DIFFERENT = ("What is C?", "What is C++?", "What is C#?", "What is café?", "What is cafe?", "1+1?", "11?")
SAME = (
    ("What is C#?", "c#, please", "(C♯)", "“ｃ＃”"),
    ("What is C++?", "c++!", "C++ 😀"),
    ("What is a loop?", "LOOPS", "Thank you, what is a loop?", "lo\u00adop", "loop\u200b", "ｌｏｏｐ"),
    ("Straße", "STRASSE", "strasse"),
    ("ΣΟΦΟΣ", "σοφος"),
    ("café", "cafe\u0301", "CAFÉ"),
    ("ﬁle", "file"),
    ("What is this?", "what is this, please"),
    ("help", "Please help!"),
)
NO_QUESTIONS = (
    "Thanks",
    "Thank you so much!",
    "thanks for the help",
    "Thanks for your explanation, that helped",
    "Ok, great!",
    "Yes please",
    "Hi there",
    "good morning",
    "Thanks 😊👍🏽",
    "👩\u200d💻",
    "?!",
    "",
    " \n ",
)


def keys_of(creator: ACreator, contents) -> list[str | None]:
    add(creator, [a_chat(a_question(content)) for content in contents])
    found = {row["content"]: row["question_key"] for row in rows_of(creator.id, "chat_messages")}
    return [found[content] for content in contents]


def test_different_questions_have_different_keys():
    keys = keys_of(a_creator(), DIFFERENT)

    assert None not in keys
    assert len(set(keys)) == len(DIFFERENT)


@pytest.mark.parametrize("contents", SAME, ids=lambda contents: contents[0])
def test_wordings_and_letters_that_look_the_same_have_one_key(contents):
    keys = keys_of(a_creator(), contents)

    assert None not in keys
    assert len(set(keys)) == 1


def test_politeness_alone_is_a_message_and_no_question():
    creator = a_creator()
    assert set(keys_of(creator, NO_QUESTIONS)) == {None}

    refreshed(creator)

    [totals] = shown_rows(creator.id, "course_totals")
    assert (totals["chat_messages"], totals["questions"]) == (len(NO_QUESTIONS), 0)
    assert shown_rows(creator.id, "asked_questions") == []


def test_a_wording_may_be_longer_than_an_index_takes():
    long = "Why " + " ".join(str(UUID(int=number**9)) for number in range(500)) + "?"
    students = [a_student(), a_student()]
    creator = a_creator(students, [a_chat(a_question(long), student=who) for who in students])

    [asked] = rows_of(creator.id, "most_asked_questions")

    assert asked["question"] == long


def a_room() -> tuple[ACreator, Row, Row, list[list[Row]]]:
    """Two students; Ada asked the same question in two conversations, Bo in one."""
    ada, bo, video = a_student(), a_student("Bo Lind"), a_video()
    chats = [
        a_chat(a_question(video=video), an_answer(rating=0.25), student=who, days_ago=days)
        for days, who in ((3, ada), (2, ada), (1, bo))
    ]
    return a_creator(ada, bo, video, chats), ada, bo, chats


def people(creator: ACreator) -> list[tuple[int, int]]:
    return [(row["messages"], row["people"]) for row in shown_rows(creator.id, "question_totals")]


def test_who_stops_asking_and_who_begins_in_one_portion_are_counted_once():
    creator, ada, bo, chats = a_room()
    assert people(creator) == [(3, 2)]

    remove(creator, chats[0][1])
    assert people(refreshed(creator)) == [(2, 2)]
    remove(creator, chats[1][1])
    change(creator, chats[2][1], student_id=ada.id)
    add(creator, a_chat(student=bo), a_chat(student=bo))
    assert people(refreshed(creator)) == [(3, 2)]
    assert_as_counted(creator)

    for row in rows_of(creator.id, "chat_sessions"):
        remove(creator, Row("chat_sessions", {"id": row["id"]}))
    assert people(refreshed(creator)) == []
    assert_as_counted(creator)


@pytest.mark.parametrize("relation", FAMILY)
def test_a_student_who_left_is_in_no_fold_and_comes_back(relation):
    creator, ada, bo, _ = a_room()
    before = shown_rows(creator.id, relation)
    for who in (ada, bo):
        change(creator, who, deleted_at=NOW)
    refreshed(creator)
    assert_as_counted(creator)
    assert shown_rows(creator.id, relation) == []

    for who in (ada, bo):
        change(creator, who, deleted_at=None)
    assert sorted_by_key(relation, shown_rows(refreshed(creator).id, relation)) == sorted_by_key(relation, before)


def test_an_erased_student_and_an_erased_video_leave_no_trace():
    creator, ada, _, chats = a_room()
    remove(creator, ada)
    assert_as_counted(refreshed(creator))

    remove(creator, Row("videos", {"id": chats[2][1].values["video_id"]}))
    assert_as_counted(refreshed(creator))
    assert shown_rows(creator.id, "video_days") == []


def test_students_in_one_anothers_conversation_count_for_themselves():
    creator, ada, bo, chats = a_room()
    add(
        creator,
        Row(
            "chat_messages",
            a_question("And why?").values
            | {
                "session_id": chats[0][0].id,
                "student_id": bo.id,
                "created_at": NOW,
            },
        ),
    )
    assert_as_counted(refreshed(creator))

    change(creator, ada, deleted_at=NOW)
    assert_as_counted(refreshed(creator))
    assert len(shown_rows(creator.id, "asked_questions")) == 2


def test_what_is_said_after_the_clock_counts_when_it_is_due():
    ada, later = a_student(), NOW + timedelta(days=1)
    creator = a_creator(ada)
    wordless = Row("chat_sessions", {"id": uuid4(), "student_id": ada.id, "started_at": later})
    add(creator, a_chat(a_question(), an_answer(rating=1), at=NOW), a_chat(at=later), wordless)
    assert_as_counted(refreshed(creator))
    assert [row["is_answered"] for row in shown_rows(creator.id, "asked_questions")] == [False]

    for moment in (NOW + timedelta(minutes=16), later + timedelta(minutes=16)):
        with as_of(moment):
            assert_as_counted(refreshed(creator), moment)
    assert len(shown_rows(creator.id, "asked_questions")) == 2


def test_a_new_zone_counts_days_anew():
    creator, *_ = a_room()
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update creators set timezone = 'Pacific/Kiritimati'"))

    assert_as_counted(refreshed(creator))
    assert_equal_to_rebuilt(creator)


def test_a_generation_that_nobody_sees_is_cleared():
    creator, *_ = a_room()
    assert_equal_to_rebuilt(creator)

    for relation in FAMILY:
        assert {row["generation"] for row in rows_of(creator.id, relation)} == {
            row["generation"] for row in rows_of(creator.id, "shown_generations")
        }


def test_a_deleted_creator_takes_everything_along():
    creator, *_ = a_room()
    with platform_tx() as connection:
        connection.execute(text("delete from creators where id = :id"), {"id": creator.id})

    assert [rows_of(creator.id, relation) for relation in FAMILY] == [[]] * len(FAMILY)


def without(row: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}
