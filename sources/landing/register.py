"""The list of imports: begin one or go on with it, note how far it is, show all, show what was refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.creators import creators
from database.statements import sql
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError
from sources.facts import Refusal
from sources.landing.source import Counts, Import, Source

DAYS_KEPT = 90  # after which what was refused is removed, and an import can be undone no more
MOST_ERRORS = 10_000  # of one import that are kept; all are counted
COLUMNS = ", ".join(Import.__dataclass_fields__)

# Landings of one creator take turns, portion by portion; erasing waits for them too.
TAKE_TURNS = text("select pg_advisory_xact_lock(hashtextextended(concat('landing ', cast(:creator_id as text)), 0))")
# What triggers do for others' writes, landings and their undo do themselves.
SETTINGS = {how: text(f"set local app.landing = '{how}'") for how in ("on", "undo")}
UNFINISHED = text(sql("sources/landing/unfinished_import"))
BEGIN = text(sql("sources/landing/begin_import"))
ADVANCE = text(sql("sources/landing/advance_import"))
FINISH = text(
    """
    update imports
    set
        state = 'done',
        ended_at = dashboard_now()
    where
        creator_id = :creator_id
        and number = :number
        and state = 'running'
    """
)
NOTE_ERRORS = text(
    """
    insert into import_errors (creator_id, import_number, line, place, column_name, value, rule)
    select
        :creator_id,
        :number,
        given.line,
        given.place,
        given.column_name,
        given.value,
        given.rule
    from unnest(
        cast(:lines as bigint[]),
        cast(:places as integer[]),
        cast(:names as text[]),
        cast(:told as text[]),
        cast(:rules as text[])
    ) as given (line, place, column_name, value, rule)
    on conflict (creator_id, import_number, line, place) do nothing
    """
)
COUNT_ERRORS = text(
    """
    select count(*)
    from import_errors
    where
        creator_id = :creator_id
        and import_number = :number
    """
)
LIST = text(
    f"""
    select {COLUMNS}
    from imports
    where creator_id = :creator_id
    order by number desc
    limit :most
    """
)
ONE = text(
    f"""
    select {COLUMNS}
    from imports
    where
        creator_id = :creator_id
        and id = :import_id
    """
)
ERRORS = text(
    """
    select
        import_errors.line,
        import_errors.column_name,
        import_errors.value,
        import_errors.rule
    from imports
    join import_errors
        on
            import_errors.creator_id = imports.creator_id
            and import_errors.import_number = imports.number
    where
        imports.creator_id = :creator_id
        and imports.id = :import_id
    order by
        import_errors.line,
        import_errors.place
    limit :most
    """
)

OLD = text(
    """
    select number
    from imports
    where
        creator_id = :creator_id
        and state in ('done', 'undone')
        and not is_kept
        and landed_at < dashboard_now() - make_interval(days => :days)
    """
)
FORGET = (
    text("delete from import_errors where creator_id = :creator_id and import_number = any(:numbers)"),
    text("delete from same_rows where creator_id = :creator_id and import_number = any(:numbers)"),
    text(
        """
        update said_rows
        set import_number = null
        where
            creator_id = :creator_id
            and import_number = any(:numbers)
        """
    ),
    text("update imports set is_kept = true where creator_id = :creator_id and number = any(:numbers)"),
)


class GoneOn(InputError):
    """Another process goes on with the same import."""


@dataclass(frozen=True)
class Begun:
    """An import that is under way; `position` is the last line that landed."""

    number: int
    id: UUID
    position: int
    is_first: bool


def take_turns(connection: Connection, creator_id: UUID, how: str = "on") -> None:
    """Wait until no other landing or undo of the creator is under way; the rest of the transaction is one."""
    connection.execute(TAKE_TURNS, {"creator_id": creator_id})
    connection.execute(SETTINGS[how])


def begin(creator_id: UUID, source: Source, lines_expected: int | None = None) -> Begun:
    """Note that an import begins, or find the one of the same input and mapping that was interrupted."""
    told = {
        "creator_id": creator_id,
        "door": source.door,
        "ids_from": source.ids_from,
        "file_name": source.file_name,
        "sha256": source.sha256,
        "mapping": source.mapping,
        "mapping_version": source.mapping_version,
        "author_id": source.author_id,
        "author_name": source.author_name,
        "lines_expected": lines_expected,
    }
    with tenant_tx(creator_id) as connection:
        connection.execute(TAKE_TURNS, {"creator_id": creator_id})
        found = connection.execute(UNFINISHED, told).one_or_none() if source.sha256 else None
        return Begun(*(found or connection.execute(BEGIN, told).one()))


def advance(connection: Connection, creator_id: UUID, begun: Begun, before: int, after: int, counts: Counts) -> None:
    """Note that lines landed. Raises GoneOn if others landed meanwhile."""
    by_kind = {
        kind: {what: getattr(counts, what)[kind] for what in ("new", "changed", "same") if getattr(counts, what)[kind]}
        for kind in {*counts.new, *counts.changed, *counts.same}
    }
    told = {
        "creator_id": creator_id,
        "number": begun.number,
        "before": before,
        "after": after,
        "lines_read": counts.lines_read,
        "facts_new": counts.new.total(),
        "facts_changed": counts.changed.total(),
        "facts_same": counts.same.total(),
        "refused": counts.lines_refused,
        "undescribed": counts.undescribed.total(),
        "counts": json.dumps(by_kind),
        "rules": json.dumps(counts.refused_by_rule),
    }
    if not connection.execute(ADVANCE, told).rowcount:
        raise GoneOn("Another process goes on with this import, or it was undone; this one stops.")


def note_errors(connection: Connection, creator_id: UUID, begun: Begun, refused: Sequence[Refusal]) -> None:
    """Keep what was refused, up to a number."""
    if not refused:
        return
    asked = {"creator_id": creator_id, "number": begun.number}
    room = MOST_ERRORS - int(connection.execute(COUNT_ERRORS, asked).scalar_one())
    places: dict[int, int] = {}
    rows: list[tuple[Any, ...]] = []
    for one in refused[: max(room, 0)]:
        places[one.line] = places.get(one.line, -1) + 1
        rows.append((one.line, places[one.line], one.column, one.value, one.rule))
    if rows:
        lines, of_line, columns, values, rules = zip(*rows, strict=True)
        told = {"lines": list(lines), "places": list(of_line), "names": list(columns), "told": list(values)}
        connection.execute(NOTE_ERRORS, {**asked, **told, "rules": list(rules)})


def finish(creator_id: UUID, begun: Begun) -> None:
    """Note that all lines landed."""
    with tenant_tx(creator_id) as connection:
        connection.execute(FINISH, {"creator_id": creator_id, "number": begun.number})


def imports(creator_id: UUID, most: int = 100) -> list[Import]:
    """The creator's imports, newest first."""
    with tenant_tx(creator_id) as connection:
        rows = connection.execute(LIST, {"creator_id": creator_id, "most": most}).mappings()
        return [Import(**row) for row in rows]


def import_of_id(creator_id: UUID, import_id: UUID) -> Import:
    """One import, to show its progress. Raises InputError for one that is unknown or another creator's."""
    with tenant_tx(creator_id) as connection:
        row = connection.execute(ONE, {"creator_id": creator_id, "import_id": import_id}).mappings().one_or_none()
    if row is None:
        raise InputError("There is no such import; look at the list of imports again.")
    return Import(**row)


def errors(creator_id: UUID, import_id: UUID, most: int = MOST_ERRORS) -> list[Refusal]:
    """What an import refused, by line."""
    with tenant_tx(creator_id) as connection:
        asked = {"creator_id": creator_id, "import_id": import_id, "most": most}
        return [Refusal(*row) for row in connection.execute(ERRORS, asked)]


def forget_old_imports(days: int = DAYS_KEPT) -> int:
    """Remove what was refused, and what undoing would need, of imports that ended so many days ago; returns how many.

    The rows stay: they are the creators' then, and the imports can be undone no more.
    """
    forgotten = 0
    for creator in creators():
        with tenant_tx(creator.id, limit_seconds=JOB_SECONDS) as connection:
            take_turns(connection, creator.id)
            asked = {"creator_id": creator.id, "days": days}
            numbers = list(connection.execute(OLD, asked).scalars())
            for statement in FORGET if numbers else ():
                connection.execute(statement, {"creator_id": creator.id, "numbers": numbers})
            forgotten += len(numbers)
    return forgotten
