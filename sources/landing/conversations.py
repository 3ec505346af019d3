"""Which messages are one conversation, and their order in it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from sources.landing.tables import array

GAP = timedelta(minutes=30)

# Messages of conversations that other writers wrote in keep their places.
OF_SESSIONS = text(
    """
    select
        chat_messages.id,
        chat_messages.session_id,
        chat_messages.student_id,
        chat_messages.role,
        chat_messages.created_at,
        chat_messages.sequence,
        chat_sessions.is_by_gaps
    from chat_sessions
    join chat_messages
        on
            chat_messages.creator_id = chat_sessions.creator_id
            and chat_messages.session_id = chat_sessions.id
    where
        chat_sessions.creator_id = :creator_id
        and chat_sessions.import_number is not null
        and (
            chat_sessions.id = any(cast(:sessions as uuid[]))
            or (
                chat_sessions.is_by_gaps
                and chat_sessions.student_id = any(cast(:students as uuid[]))
            )
        )
    """
)
ADD = text(
    """
    insert into chat_sessions (creator_id, id, student_id, started_at, is_by_gaps, import_number)
    select
        :creator_id,
        given.id,
        given.student_id,
        given.started_at,
        given.is_by_gaps,
        0
    from unnest(
        cast(:ids as uuid[]),
        cast(:students as uuid[]),
        cast(:instants as timestamptz[]),
        cast(:by_gaps as boolean[])
    ) as given (id, student_id, started_at, is_by_gaps)
    on conflict (creator_id, id) do update set
        student_id = excluded.student_id,
        started_at = excluded.started_at
    where
        (chat_sessions.student_id, chat_sessions.started_at)
        is distinct from (excluded.student_id, excluded.started_at)
    """
)
PLACES_LATER = text("set constraints chat_messages_sequence deferred")
MOVE = text(
    """
    update chat_messages
    set
        session_id = given.session_id,
        sequence = given.sequence
    from unnest(
        cast(:ids as uuid[]),
        cast(:sessions as uuid[]),
        cast(:sequences as integer[])
    ) as given (id, session_id, sequence)
    where
        chat_messages.creator_id = :creator_id
        and chat_messages.id = given.id
    """
)
REMOVE_EMPTY = text(
    """
    delete from chat_sessions
    where
        creator_id = :creator_id
        and import_number is not null
        and (
            id = any(cast(:sessions as uuid[]))
            or (
                is_by_gaps
                and student_id = any(cast(:students as uuid[]))
            )
        )
        and not exists (
            select
            from chat_messages
            where
                chat_messages.creator_id = chat_sessions.creator_id
                and chat_messages.session_id = chat_sessions.id
        )
    """
)


class Placed(NamedTuple):
    """A message in its conversation."""

    message: Any
    session_id: UUID
    sequence: int
    is_first: bool


def settle(connection: Connection, creator_id: UUID, sessions: Iterable[UUID], students: Iterable[UUID]) -> None:
    """Order these conversations, and divide what these students wrote without naming one."""
    asked = {"creator_id": creator_id, "sessions": array("uuid", sessions), "students": array("uuid", students)}
    messages = sorted(connection.execute(OF_SESSIONS, asked).all(), key=_order)
    placed = [
        *_by_gaps(one for one in messages if one.is_by_gaps),
        *_named(one for one in messages if not one.is_by_gaps),
    ]
    firsts = [one for one in placed if one.is_first]
    if firsts:
        connection.execute(
            ADD,
            {
                "creator_id": creator_id,
                "ids": array("uuid", (one.session_id for one in firsts)),
                "students": array("uuid", (one.message.student_id for one in firsts)),
                "instants": array("timestamptz", (one.message.created_at for one in firsts)),
                "by_gaps": array("boolean", (one.message.is_by_gaps for one in firsts)),
            },
        )
    moved = [one for one in placed if (one.message.session_id, one.message.sequence) != one[1:3]]
    if moved:
        connection.execute(PLACES_LATER)
        connection.execute(
            MOVE,
            {
                "creator_id": creator_id,
                "ids": array("uuid", (one.message.id for one in moved)),
                "sessions": array("uuid", (one.session_id for one in moved)),
                "sequences": array("integer", (one.sequence for one in moved)),
            },
        )
    connection.execute(REMOVE_EMPTY, asked)


def _order(message: Any) -> tuple[datetime, bool, UUID]:
    """An answer comes after what was asked in the same second."""
    return message.created_at, message.role == "assistant", message.id


def _by_gaps(messages: Iterable[Any]) -> Iterator[Placed]:
    """A conversation is named by its first message: the same messages are always the same conversations."""
    by_student = sorted(messages, key=lambda one: one.student_id.int)  # stable
    for _, of_student in groupby(by_student, key=lambda one: one.student_id):
        session_id, sequence, last = None, 0, None
        for message in of_student:
            is_first = last is None or message.created_at - last > GAP
            if is_first or session_id is None:
                session_id, sequence = uuid5(message.id, "conversation"), 0
            sequence, last = sequence + 1, message.created_at
            yield Placed(message, session_id, sequence, is_first)


def _named(messages: Iterable[Any]) -> Iterator[Placed]:
    by_session = sorted(messages, key=lambda one: one.session_id.int)  # stable
    for session_id, of_session in groupby(by_session, key=lambda one: one.session_id):
        for sequence, message in enumerate(of_session, start=1):
            yield Placed(message, session_id, sequence, sequence == 1)
