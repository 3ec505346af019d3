"""What follows from an undo: arrivals, enrolments, the numbers and scores of attempts, conversations, editions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, text

from database.statements import sql
from sources.landing import conversations, editions
from sources.landing.derived import MOVE_ENROLMENTS, keep_replaced, number_attempts, recall_arrivals, score_attempts
from sources.landing.refold import Refolded, states
from sources.landing.relations import (
    ANSWERS,
    ATTEMPTS,
    ENROLMENTS,
    MESSAGES,
    PROGRESS,
    QUESTIONS,
    QUIZZES,
    SEGMENTS,
    STUDENTS,
    Key,
    Relation,
    Values,
)
from sources.landing.rows import Entry, Row
from sources.landing.stored import entries_of
from sources.landing.tables import array

ENROL_IN_ONLY_RUN = text(sql("sources/landing/enrol_in_only_run"))
COURSES_OF_QUIZZES = text(sql("sources/landing/courses_of_quizzes"))
FORGET_REPLACED = text(
    """
    delete from activity_events
    using unnest(cast(:students as uuid[]), cast(:videos as uuid[])) as given (student_id, video_id)
    where
        activity_events.creator_id = :creator_id
        and activity_events.student_id = given.student_id
        and activity_events.video_id = given.video_id
        and activity_events.kind = 'watched_before'
        and activity_events.import_number is not null
    """
)
PAIRS_AT_ONCE = 2_000
# Places of the student among the parts of a key.
STUDENT_OF_KEY = {ENROLMENTS: 0, PROGRESS: 0, SEGMENTS: 0, STUDENTS: 0}


@dataclass
class Settling:
    """Puts in order what follows from the rows that an undo removed or replaced."""

    creator_id: UUID
    everybody: bool = False  # whose arrival is asked again: an undo that was killed has forgotten whom it touched
    students: set[UUID] = field(default_factory=set)
    watched: set[Key] = field(default_factory=set)  # student and video, whose playback is gone

    def removed(self, connection: Connection, relation: Relation, rows: Mapping[Key, Row]) -> None:
        """Rows that are gone, or that nobody describes any more."""
        self._touched(connection, relation, rows)

    def replaced(
        self, connection: Connection, relation: Relation, rows: Mapping[Key, Row], again: Mapping[Key, Refolded]
    ) -> None:
        """Rows that are what the others say."""
        self._touched(connection, relation, rows)
        if relation is PROGRESS:
            self._keep_replaced(connection, again)
        if relation is QUESTIONS:
            editions.settle(connection, self.creator_id, again)
        if relation is QUIZZES:
            connection.execute(COURSES_OF_QUIZZES, {"creator_id": self.creator_id, "ids": _ids(again)})

    def attempts_gone(self, connection: Connection, pairs: Sequence[tuple[UUID, ...]]) -> None:
        """Attempts that were made of answers, by quiz and student."""
        self.students |= {student_id for _, student_id in pairs}
        number_attempts(connection, self.creator_id, pairs)

    def arrivals(self, connection: Connection) -> None:
        """Since when students were there, of those whose arrival nobody told."""
        self._recall_replaced(connection)
        asked = {"creator_id": self.creator_id, "students": array("uuid", self.students), "everybody": self.everybody}
        recall_arrivals(connection, self.creator_id, self.students, self.everybody)
        connection.execute(ENROL_IN_ONLY_RUN, asked)
        connection.execute(MOVE_ENROLMENTS, asked)

    def _touched(self, connection: Connection, relation: Relation, rows: Mapping[Key, Row]) -> None:
        if relation is SEGMENTS:
            self.watched |= {key[:2] for key in rows}
        if relation in STUDENT_OF_KEY:
            self.students |= {key[0] for key in rows}
        if relation.name in STUDENT_COLUMN:
            self.students |= {STUDENT_COLUMN[relation.name](row) for row in rows.values()}
        if relation is ANSWERS:
            self.students |= {row.student_id for row in rows.values() if row.student_id}
            scored = score_attempts(connection, self.creator_id, {key[0] for key in rows})
            number_attempts(connection, self.creator_id, scored)
        if relation is ATTEMPTS:
            score_attempts(connection, self.creator_id, {key[0] for key in rows})
            number_attempts(connection, self.creator_id, [tuple(row.fixed) for row in rows.values()])
        if relation is MESSAGES:
            self._settle_conversations(connection, rows)

    def _settle_conversations(self, connection: Connection, rows: Mapping[Key, Row]) -> None:
        sessions = {row.values[0] for row in rows.values() if row.values[0]}
        conversations.settle(connection, self.creator_id, sessions, {row.values[1] for row in rows.values()})

    def _keep_replaced(self, connection: Connection, again: Mapping[Key, Refolded]) -> None:
        """Activity that newer progress replaced: that of the imports that are left."""
        students, videos = zip(*again, strict=True) if again else ((), ())
        asked = {"students": array("uuid", students), "videos": array("uuid", videos)}
        connection.execute(FORGET_REPLACED, {"creator_id": self.creator_id, **asked})
        for key, one in again.items():
            self._keep(connection, key, one.values, one.history, one.entries)

    def _recall_replaced(self, connection: Connection) -> None:
        """The same where playback said it so far, and is gone."""
        pairs = list(self.watched)
        for first in range(0, len(pairs), PAIRS_AT_ONCE):
            some = pairs[first : first + PAIRS_AT_ONCE]
            for key, entries in entries_of(connection, self.creator_id, PROGRESS, some).items():
                history = states(PROGRESS, entries, PROGRESS.unsaid)
                self._keep(connection, key, history[-1], history, entries)

    def _keep(
        self, connection: Connection, key: Key, values: Values, history: Sequence[Values], entries: Sequence[Entry]
    ) -> None:
        told = [*history, *(entry.values for entry in entries)]
        instants = {instant for one in told for instant in one[:2] if instant}
        writer = entries[-1].import_number if entries else None
        if writer:
            gone = [(key[0], key[1], instant) for instant in sorted(instants - set(values[:2]))]
            keep_replaced(connection, self.creator_id, writer, gone)


def _ids(rows: Iterable[Key]) -> str:
    return array("uuid", (key[0] for key in rows))


STUDENT_COLUMN = {
    "activity_events": lambda row: row.values[0],
    "chat_messages": lambda row: row.values[1],
    "quiz_attempts": lambda row: row.fixed[1],
}
