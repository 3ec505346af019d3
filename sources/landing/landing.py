"""The one writer of what doors read: portion by portion, so that a killed import goes on where it stopped."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from psycopg2.errors import DeadlockDetected, ForeignKeyViolation, SerializationFailure, UniqueViolation
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from database.bulk import rebuilt_afterwards
from database.clock import now
from database.tenancy import JOB_SECONDS, tenant_tx
from sources.facts import Fact, Line
from sources.landing import register
from sources.landing.derived import settle
from sources.landing.dry import DRY_RUN, Overlaid, Overlay
from sources.landing.names import Names
from sources.landing.occurrences import Occurrences, Repeats
from sources.landing.portion import Portion
from sources.landing.register import Begun, take_turns
from sources.landing.source import Counts, ImportReport, Source
from sources.landing.stored import Stored
from sources.landing.writing import write

FACTS_OF_A_PORTION = 5_000
TRIES = 4  # of a portion, when a page or another writer changed what it refers to
MEANWHILE = (ForeignKeyViolation, UniqueViolation, DeadlockDetected, SerializationFailure)

Landed = Callable[[int, Counts], None]  # called with the last line that landed and the counts so far


def silently(_line: int, _counts: Counts) -> None:
    """The progress of an import that nobody watches."""


def land(
    creator_id: UUID,
    source: Source,
    lines: Iterable[Line],
    *,
    dry_run: bool = False,
    lines_expected: int | None = None,
    landed: Landed = silently,
) -> ImportReport:
    """Write what the lines say; the figures follow with the next refresh.

    Each portion of lines is one transaction with its counts, what it refused and its place: killed at any moment,
    an import of the same input (`Source.sha256`) with the same mapping goes on after the last portion that landed.
    Lines have ascending numbers. A dry run writes nothing and returns the counts that the import would have.
    """
    names = Names(creator_id, source.ids_from)
    if dry_run:
        return _dry_run(names, lines, landed)
    begun = register.begin(creator_id, source, lines_expected)
    counts, position, occurrences = Counts(), begun.position, Occurrences()
    for portion in portions(_after(lines, begun.position, occurrences)):
        last = portion[-1].number
        counts.add(_landed(names, begun, portion, (position, last), occurrences))
        position = last
        landed(last, counts)
    occurrences.close()
    register.finish(creator_id, begun)
    return ImportReport(begun.number, begun.id, counts)


def write_facts(
    creator_id: UUID,
    facts: Iterable[Fact],
    *,
    ids_from: str = "",
    author_name: str = "a program",
    dry_run: bool = False,
) -> ImportReport:
    """Write facts of a program's own, one a line. Raises nothing for facts that are refused: the report counts them."""
    source = Source("python", ids_from, author_name=author_name)
    return land(creator_id, source, lines_of(facts), dry_run=dry_run)


def lines_of(facts: Iterable[Fact]) -> Iterator[Line]:
    """Each fact as a line, numbered from 1."""
    for number, fact in enumerate(facts, start=1):
        yield Line(number, (fact,))


def portions(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines, as many at a time as are written together."""
    portion: list[Line] = []
    facts = 0
    for line in lines:
        portion.append(line)
        facts += max(len(line.facts), 1)
        if facts >= FACTS_OF_A_PORTION:
            yield portion
            portion, facts = [], 0
    if portion:
        yield portion


def _after(lines: Iterable[Line], position: int, occurrences: Occurrences) -> Iterator[Line]:
    """The lines that have not landed yet; equal activities before them are counted."""
    for line in lines:
        if line.number > position:
            yield line
        else:
            occurrences.noted([line])


def _landed(names: Names, begun: Begun, lines: list[Line], place: tuple[int, int], occurrences: Occurrences) -> Counts:
    """Write a portion; again if others changed meanwhile what it refers to."""
    repeats = occurrences.noted(lines)
    for tries_left in reversed(range(TRIES)):
        try:
            with tenant_tx(names.creator_id, limit_seconds=JOB_SECONDS) as connection:
                return land_portion(connection, names, begun, lines, place, repeats)
        except DBAPIError as error:
            if not tries_left or not isinstance(error.orig, MEANWHILE):
                raise
    raise AssertionError  # not reached


def land_portion(
    connection: Connection,
    names: Names,
    begun: Begun,
    lines: list[Line],
    place: tuple[int, int],
    repeats: Repeats,
) -> Counts:
    """Write the lines in an open transaction. `place` is the last line before them, and their own last one."""
    take_turns(connection, names.creator_id)
    if begun.is_first:
        rebuilt_afterwards(connection, names.creator_id)
    portion = Portion(names, begun.number, now(), Stored(connection, names), repeats)
    portion.say(lines)
    write(connection, portion, place[1])
    settle(connection, portion)
    register.note_errors(connection, names.creator_id, begun, portion.refused)
    register.advance(connection, names.creator_id, begun, *place, portion.counts)
    return portion.counts


def _dry_run(names: Names, lines: Iterable[Line], landed: Landed) -> ImportReport:
    counts, occurrences, overlay = Counts(), Occurrences(), Overlay()
    for lines_of_portion in portions(lines):
        repeats = occurrences.noted(lines_of_portion)
        with tenant_tx(names.creator_id, limit_seconds=JOB_SECONDS) as connection:
            known = Overlaid(Stored(connection, names, is_dry=True), overlay)
            portion = Portion(names, DRY_RUN, now(), known, repeats)
            portion.say(lines_of_portion)
        overlay.add(portion)
        counts.add(portion.counts)
        landed(lines_of_portion[-1].number, counts)
    overlay.close()
    occurrences.close()
    return ImportReport(None, None, counts)
