"""The rows that a portion speaks of, as they become while its facts are said one after the other."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sources.landing.proposals import Proposal
from sources.landing.relations import (
    ENROLMENTS,
    EVENTS,
    MESSAGES,
    PROGRESS,
    QUIZZES,
    RUNS,
    STUDENTS,
    VIDEOS,
    Key,
    Relation,
    Told,
    Values,
)

UNDESCRIBED = 0  # the import number of rows that are there because something refers to them

# Columns that may refer to something else later, by place.
REFERRING: dict[Relation, tuple[tuple[int, Relation], ...]] = {
    EVENTS: ((0, STUDENTS), (1, VIDEOS)),
    MESSAGES: ((1, STUDENTS), (2, VIDEOS)),
    QUIZZES: ((2, VIDEOS),),
}
NEW, CHANGED, SAME = "new", "changed", "same"


class Entry(NamedTuple):
    """What one import said about a row; `values` are None where it said nothing."""

    place: int
    import_number: int | None
    values: Values
    student_id: UUID | None = None


class Row:
    """A row: as it was before the portion, as it is, and what the portion's import said of it."""

    __slots__ = (
        "before",
        "entries",
        "fixed",
        "is_described",
        "is_new",
        "said",
        "says",
        "student_id",
        "values",
        "writer",
    )

    def __init__(
        self,
        values: Values,
        writer: int | None,
        fixed: Sequence[Any] = (),
        is_new: bool = False,
        student_id: UUID | None = None,
        entries: list[Entry] | None = None,
    ) -> None:
        self.values = values
        self.before = None if is_new else values
        self.writer = writer
        self.fixed = fixed
        self.is_new = is_new
        self.is_described = False  # by this portion, for the first time
        self.said: Values | None = None  # all that it said, as one
        self.says: list[Told] = []  # the same one after the other, of progress
        self.student_id = student_id
        self.entries = entries or []

    @property
    def is_changed(self) -> bool:
        return not self.is_new and (self.values != self.before or self.is_described)


class Rows:
    """Rows by relation and key."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.of: dict[Relation, dict[Key, Row]] = {}
        self.dropped: dict[Relation, set[UUID]] = {}  # what rows referred to before they were changed

    def add(self, relation: Relation, key: Key, row: Row) -> None:
        self.of.setdefault(relation, {})[key] = row

    def find(self, relation: Relation, key: Key) -> Row | None:
        known = self.of.get(relation)
        return known.get(key) if known else None

    def say(self, proposal: Proposal, unsaid: Values) -> str:
        """Note what a fact says; returns whether that is new. `unsaid` is the row if there is none yet."""
        relation, key = proposal.relation, proposal.key
        row = self.find(relation, key)
        if row is None:
            row = Row(relation.said(unsaid, proposal.told), self.number, proposal.fixed, is_new=True)
            row.student_id = proposal.student_id
            self._note(relation, row, proposal.told)
            self.add(relation, key, row)
            return NEW
        values = relation.said(row.values, proposal.told)
        row.student_id = proposal.student_id
        self._note(relation, row, proposal.told)
        if row.writer == UNDESCRIBED and not row.entries:
            row.values, row.writer, row.is_described = values, self.number, not row.is_new
            return NEW
        is_same = values == row.values
        if row.writer != self.number or row.entries:
            row.said = relation.said(row.said or relation.nothing, proposal.told)
        self._drop(relation, row.values, values)
        row.values = values
        return SAME if is_same else CHANGED

    def _note(self, relation: Relation, row: Row, told: Told) -> None:
        """Progress that newer progress replaced stays an activity, so each word about it counts."""
        if relation is PROGRESS and told not in row.says:
            row.says.append(told)

    def _drop(self, relation: Relation, before: Values, values: Values) -> None:
        for place, what in REFERRING.get(relation, ()):
            if before[place] is not None and before[place] != values[place]:
                self.dropped.setdefault(what, set()).add(before[place])


def impossible(relation: Relation, values: Values) -> str | None:
    """The rule that the row would break: one that two facts break together."""
    if relation is ENROLMENTS and not values[3] and values[1] and values[1] < values[0]:
        return "The end lies before the start that is known."
    if relation is RUNS and values[2] and values[3] and values[3] <= values[2]:
        return "The end lies before the start that is known."
    return None


def by_relation(proposals: Iterable[Proposal]) -> dict[Relation, dict[Key, None]]:
    """The keys that are spoken of, each once, in order."""
    keys: dict[Relation, dict[Key, None]] = {}
    for proposal in proposals:
        keys.setdefault(proposal.relation, {})[proposal.key] = None
    return keys
