"""What follows from what was said: arrivals, the numbers and scores of attempts, conversations, kept activity."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from database.statements import sql
from sources.landing import conversations
from sources.landing.portion import Portion
from sources.landing.references import remove_undescribed
from sources.landing.relations import (
    ANSWERS,
    ATTEMPTS,
    ENROLMENTS,
    EVENTS,
    MESSAGES,
    PROGRESS,
    SEGMENTS,
    STUDENTS,
    Key,
    Relation,
)
from sources.landing.rows import Row
from sources.landing.tables import array
from sources.landing.texts import microseconds

MOVE_ARRIVALS = text(sql("sources/landing/move_arrivals"))
MOVE_ENROLMENTS = text(sql("sources/landing/move_enrolments"))
RECALL_ARRIVALS = text(sql("sources/landing/recall_arrivals"))
NUMBER_ATTEMPTS = text(sql("sources/landing/number_attempts"))
SET_NUMBERS = text(sql("sources/landing/set_attempt_numbers"))
SCORE_ATTEMPTS = text(sql("sources/landing/score_attempts"))
DROP_REPLACED = text(sql("sources/landing/drop_replaced_activity"))
KEEP_REPLACED = text(sql("sources/landing/keep_replaced_activity"))
NOTHING = array("uuid", ())
OUT_OF_THE_WAY = 1_000_000  # a number is given only once, so two cannot swap places in one step

END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# Whose a row is, and the instant at which they were there; an enrolment without a date says nothing.
SEEN: dict[Relation, Callable[[Key, Row], tuple[UUID, datetime]]] = {
    ENROLMENTS: lambda key, row: (key[0], END_OF_TIME if row.values[3] else row.values[0]),
    PROGRESS: lambda key, row: (key[0], row.values[0]),
    SEGMENTS: lambda key, _: (key[0], key[2]),
    EVENTS: lambda _, row: (row.values[0], row.values[3]),
    MESSAGES: lambda _, row: (row.values[1], row.values[7]),
    ATTEMPTS: lambda _, row: (row.fixed[1], row.values[0]),
}
STUDENT_OF = {EVENTS: 0, MESSAGES: 1}  # places of columns that may change

Replaced = tuple[UUID, UUID, datetime]  # student, video, instant


def settle(connection: Connection, portion: Portion) -> None:
    """Put in order what follows from the portion."""
    creator_id, rows = portion.names.creator_id, portion.rows.of
    _drop_replaced(connection, creator_id, [key[:3] for key, row in rows.get(SEGMENTS, {}).items() if row.is_new])
    keep_replaced(connection, creator_id, portion.number, portion.replaced)
    attempts = {key[0]: row for key, row in rows.get(ATTEMPTS, {}).items() if row.is_new or row.is_changed}
    scored = score_attempts(connection, creator_id, {key[0] for key in rows.get(ANSWERS, {})})
    number_attempts(connection, creator_id, [*scored, *(tuple(row.fixed) for row in attempts.values())])
    _settle_conversations(connection, portion)
    for relation, ids in portion.rows.dropped.items():
        remove_undescribed(connection, creator_id, relation, ids)
    _settle_arrivals(connection, portion)


def _settle_arrivals(connection: Connection, portion: Portion) -> None:
    """Move arrivals to the first instant of the portion; where rows were changed, all of a student's are asked."""
    creator_id = portion.names.creator_id
    arrivals: dict[UUID, datetime] = {}
    moved: set[UUID] = set()
    for relation, seen in SEEN.items():
        for key, row in portion.rows.of.get(relation, {}).items():
            if row.is_new:
                student_id, instant = seen(key, row)
                arrivals[student_id] = min(instant, arrivals.get(student_id, instant))
            elif row.is_changed:
                moved.add(seen(key, row)[0])
                moved |= {row.before[STUDENT_OF[relation]]} if relation in STUDENT_OF and row.before else set()
    recall_arrivals(connection, creator_id, moved)
    students = {key[0] for relation in (STUDENTS, ENROLMENTS) for key in portion.rows.of.get(relation, {})}
    move_arrivals(connection, creator_id, arrivals, students | moved)


def recall_arrivals(
    connection: Connection, creator_id: UUID, students: Collection[UUID], everybody: bool = False
) -> None:
    """Ask all rows again since when these students were there."""
    if students or everybody:
        asked = {"students": array("uuid", students), "everybody": everybody}
        connection.execute(RECALL_ARRIVALS, {"creator_id": creator_id, **asked})


def move_arrivals(
    connection: Connection, creator_id: UUID, arrivals: dict[UUID, datetime], students: Iterable[UUID]
) -> None:
    """Students were there from the first instant at which anything is known of them, if nobody says since when."""
    asked = {"creator_id": creator_id, "students": array("uuid", arrivals)}
    if arrivals:
        connection.execute(MOVE_ARRIVALS, {**asked, "instants": array("timestamptz", arrivals.values())})
    if moved := {*arrivals, *students}:
        connection.execute(MOVE_ENROLMENTS, {"creator_id": creator_id, "students": array("uuid", moved)})


def score_attempts(connection: Connection, creator_id: UUID, attempts: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Score the attempts that are made of their answers; returns quiz and student of those that changed."""
    asked = {"creator_id": creator_id, "attempts": array("uuid", set(attempts))}
    if asked["attempts"] == NOTHING:
        return []
    return [(row.quiz_id, row.student_id) for row in connection.execute(SCORE_ATTEMPTS, asked)]


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


def _drop_replaced(connection: Connection, creator_id: UUID, played: Sequence[Key]) -> None:
    """Playback that comes after the progress that it belongs to says the same activity."""
    if played:
        students, videos, instants = zip(*played, strict=True)
        asked = {
            "students": array("uuid", students),
            "videos": array("uuid", videos),
            "instants": array("timestamptz", instants),
        }
        connection.execute(DROP_REPLACED, {"creator_id": creator_id, **asked})


def _replaced_id(creator_id: UUID, one: Replaced) -> UUID:
    return uuid5(creator_id, f"watched before {one[0]} {one[1]} {microseconds(one[2])}")


def _settle_conversations(connection: Connection, portion: Portion) -> None:
    messages = [row for row in portion.rows.of.get(MESSAGES, {}).values() if row.is_new or row.is_changed]
    sessions = {row.values[0] for row in messages} | {row.before[0] for row in messages if row.before and row.before[0]}
    if sessions:
        conversations.settle(connection, portion.names.creator_id, sessions, {row.values[1] for row in messages})
