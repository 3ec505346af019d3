"""Creators with old chats and events, and what must not change when those are archived."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from actions.archives import archive_old_rows, choose_archiving
from database.archive_files import archived_lines
from database.tenancy import tenant_tx
from queries.cache.answer_format import encoded
from queries.students.answers import questions_of_student
from queries.students.details import student_details
from tests.accounts import a_linked_account
from tests.builders import (
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_event,
)
from tests.database.snapshots import rows_by_level
from tests.queries.every_answer import Told, asked, full_name

OLD = 300  # days before NOW
KINDS = ("chat", "activity")
SOURCES = ("chat_sessions", "chat_messages", "activity_events")


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


class Killed(BaseException):
    """The program ends here."""


def killed(*_: Any, **__: Any) -> Any:
    raise Killed
