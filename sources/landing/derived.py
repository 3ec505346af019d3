"""What follows from what was said: arrivals, the numbers and scores of attempts, conversations, kept activity."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from database.statements import sql
from sources.landing import conversations
from sources.landing.portion import Portion
from sources.landing.relations import ANSWERS, ATTEMPTS, ENROLMENTS, MESSAGES, STUDENTS, microseconds
from sources.landing.tables import array

MOVE_ARRIVALS = text(sql("sources/landing/move_arrivals"))
MOVE_ENROLMENTS = text(sql("sources/landing/move_enrolments"))
NUMBER_ATTEMPTS = text(sql("sources/landing/number_attempts"))
SET_NUMBERS = text(sql("sources/landing/set_attempt_numbers"))
SCORE_ATTEMPTS = text(sql("sources/landing/score_attempts"))
KEEP_REPLACED = text(sql("sources/landing/keep_replaced_activity"))
OUT_OF_THE_WAY = 1_000_000  # a number is given only once, so two cannot swap places in one step

Replaced = tuple[UUID, UUID, datetime]  # student, video, instant


def settle(connection: Connection, portion: Portion) -> None:
    """Put in order what follows from the portion."""
    creator_id, rows = portion.names.creator_id, portion.rows.of
    keep_replaced(connection, creator_id, portion.number, portion.replaced)
    enrolled = [key[0] for key, row in rows.get(ENROLMENTS, {}).items() if row.is_new or row.is_changed]
    students = [key[0] for key, row in rows.get(STUDENTS, {}).items() if row.is_new or row.is_changed]
    move_arrivals(connection, creator_id, portion.arrivals, [*students, *enrolled])
    attempts = [(key[0], *row.fixed) for key, row in rows.get(ATTEMPTS, {}).items() if row.is_new or row.is_changed]
    answered = {key[0] for key, row in rows.get(ANSWERS, {}).items() if row.is_new or row.is_changed}
    score_attempts(connection, creator_id, answered)
    number_attempts(connection, creator_id, [attempt[1:3] for attempt in attempts])
    _settle_conversations(connection, portion)


def move_arrivals(
    connection: Connection, creator_id: UUID, arrivals: dict[UUID, datetime], students: Iterable[UUID]
) -> None:
    """Students were there from the first instant at which anything is known of them, if nobody says since when."""
    asked = {"creator_id": creator_id, "students": array("uuid", arrivals)}
    if arrivals:
        connection.execute(MOVE_ARRIVALS, {**asked, "instants": array("timestamptz", arrivals.values())})
    if moved := {*arrivals, *students}:
        connection.execute(MOVE_ENROLMENTS, {"creator_id": creator_id, "students": array("uuid", moved)})


def score_attempts(connection: Connection, creator_id: UUID, attempts: Iterable[UUID]) -> None:
    """Score the attempts that are made of their answers."""
    if told := set(attempts):
        connection.execute(SCORE_ATTEMPTS, {"creator_id": creator_id, "attempts": array("uuid", told)})


def number_attempts(connection: Connection, creator_id: UUID, pairs: Sequence[tuple[UUID, ...]]) -> None:
    """Count the attempts of these pairs of a quiz and a student."""
    if not pairs:
        return
    quizzes, students = zip(*set(pairs), strict=True)
    asked = {"creator_id": creator_id, "quizzes": array("uuid", quizzes), "students": array("uuid", students)}
    numbers = connection.execute(NUMBER_ATTEMPTS, asked).all()
    for beyond in (OUT_OF_THE_WAY, 0) if numbers else ():
        moved = {
            "ids": array("uuid", (row.id for row in numbers)),
            "numbers": array("integer", (row.number + beyond for row in numbers)),
        }
        connection.execute(SET_NUMBERS, {"creator_id": creator_id, **moved})


def keep_replaced(connection: Connection, creator_id: UUID, number: int, replaced: Sequence[Replaced]) -> None:
    """Keep what students did at instants that newer progress does not name any more."""
    if replaced:
        students, videos, instants = zip(*replaced, strict=True)
        asked = {
            "ids": array("uuid", (_replaced_id(creator_id, one) for one in replaced)),
            "students": array("uuid", students),
            "videos": array("uuid", videos),
            "instants": array("timestamptz", instants),
        }
        connection.execute(KEEP_REPLACED, {"creator_id": creator_id, "number": number, **asked})


def _replaced_id(creator_id: UUID, one: Replaced) -> UUID:
    return uuid5(creator_id, f"watched before {one[0]} {one[1]} {microseconds(one[2])}")


def _settle_conversations(connection: Connection, portion: Portion) -> None:
    messages = [row for row in portion.rows.of.get(MESSAGES, {}).values() if row.is_new or row.is_changed]
    sessions = {row.values[0] for row in messages} | {row.before[0] for row in messages if row.before}
    if sessions:
        conversations.settle(connection, portion.names.creator_id, sessions, {row.values[1] for row in messages})
