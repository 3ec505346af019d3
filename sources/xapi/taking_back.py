"""What a group of statements wrote, and taking back what it no longer says."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from sources.facts import Activity, Answer, Attempt, Fact, Progress, Segment
from sources.landing.courses import Courses
from sources.landing.derived import number_attempts
from sources.landing.names import Names, found
from sources.landing.proposals import REFERENCES, Ids, proposal
from sources.landing.relations import ATTEMPTS, BY_NAME, Key, Relation
from sources.landing.tables import delete, known_rows
from sources.landing.texts import key_of_text, key_text

Written = dict[str, dict[str, int]]  # by relation and key; the number is where a segment ends, else 0

OWN = (Segment, Progress, Activity, Attempt, Answer)  # facts of a group alone; others describe what many speak of
KINDS = ("student", "video", "quiz", "question")
OF_THE_DOOR = text("select number from imports where creator_id = :creator_id and door = 'xapi'")
FORGET_SAID = text(
    """
    delete from said_rows
    where
        creator_id = :creator_id
        and relation = :relation
        and key = any(cast(:keys as text[]))
    """
)


def written(connection: Connection, names: Names, groups: Mapping[UUID, Sequence[Fact]]) -> dict[UUID, Written]:
    """The rows that each group is about to write."""
    own = {key: [fact for fact in facts if isinstance(fact, OWN)] for key, facts in groups.items()}
    ids = Ids(names, _named(connection, names, [fact for facts in own.values() for fact in facts]), Courses(names))
    rows: dict[UUID, Written] = {}
    for key, facts in own.items():
        rows[key] = {}
        for fact in facts:
            said = proposal(ids, fact)
            of_relation = rows[key].setdefault(said.relation.name, {})
            row = key_text(said.relation, said.key)
            end = fact.end_second if isinstance(fact, Segment) else 0
            of_relation[row] = max(end, of_relation.get(row, 0))
    return rows


def take_back(
    connection: Connection, creator_id: UUID, known: Mapping[UUID, Written], told: Mapping[UUID, Written]
) -> None:
    """Delete the rows that groups wrote and no longer say, and segments that end earlier now, in a turn of the landing.

    Rows that another source has written since stay.
    """
    gone: dict[Relation, list[Key]] = {}
    for group, before in known.items():
        for name, rows in before.items():
            after = told.get(group, {}).get(name, {})
            relation = BY_NAME[name]
            lost = [key_of_text(relation, row) for row, end in rows.items() if row not in after or after[row] < end]
            if lost:
                gone.setdefault(relation, []).extend(lost)
    if not gone:
        return
    doors = set(connection.execute(OF_THE_DOOR, {"creator_id": creator_id}).scalars())
    for relation, keys in gone.items():
        _delete(connection, creator_id, relation, keys, doors)


def _delete(connection: Connection, creator_id: UUID, relation: Relation, keys: Sequence[Key], doors: set[int]) -> None:
    rows = known_rows(connection, creator_id, relation, keys)
    width = len(relation.key)
    ours = [row for row in rows if row[-1] in doors]
    delete(connection, creator_id, relation, [tuple(row[:width]) for row in ours])
    said = [key_text(relation, tuple(row[:width])) for row in ours]
    connection.execute(FORGET_SAID, {"creator_id": creator_id, "relation": relation.name, "keys": said})
    if relation is ATTEMPTS and ours:
        number_attempts(connection, creator_id, [tuple(row[-3:-1]) for row in ours])


def _named(connection: Connection, names: Names, facts: Sequence[Fact]) -> dict[str, dict[str, UUID]]:
    """The id of everything that facts name, as the landing will find or make it."""
    wanted: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for fact in facts:
        for kind, name in REFERENCES[type(fact)]:
            if (own := getattr(fact, name)) is not None:
                wanted[kind][own] = None
    named = {kind: dict(found(connection, names, kind, own_ids)) for kind, own_ids in wanted.items()}
    return {kind: {own: named[kind].get(own) or names.made(kind, own) for own in wanted[kind]} for kind in KINDS}
