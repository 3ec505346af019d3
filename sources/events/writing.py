"""Writing the facts of a batch: by the landing that all doors share, in the transaction of their receipts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import now
from sources.facts import Line, Refusal
from sources.landing.derived import settle
from sources.landing.names import Names
from sources.landing.portion import Portion
from sources.landing.register import BEGIN, Begun, advance, take_turns
from sources.landing.stored import Stored
from sources.landing.writing import write

# What came through a door on a day (in UTC) is one import, so that a day can be taken back.
OF_TODAY = text(
    """
    -- One row: the import of this door that goes on.
    select
        number,
        id,
        position
    from imports
    where
        creator_id = :creator_id
        and door = :door
        and state = 'running'
        and started_at >= date_trunc('day', dashboard_now())
    order by number desc
    limit 1
    """
)
END_OTHERS = text(
    """
    update imports
    set
        state = 'done',
        ended_at = dashboard_now()
    where
        creator_id = :creator_id
        and door = :door
        and state = 'running'
    """
)


def written(connection: Connection, creator_id: UUID, door: str, lines: Sequence[Line]) -> list[Refusal]:
    """Write what the lines say, in ascending order of their numbers; returns what was refused."""
    take_turns(connection, creator_id)
    begun = _import_of_today(connection, creator_id, door)
    names = Names(creator_id, "")
    # No activity repeats another one: those of events have the ids of their events.
    portion = Portion(names, begun.number, now(), Stored(connection, names), {})
    portion.say(lines)
    write(connection, portion, begun.position + len(lines))
    settle(connection, portion)
    advance(connection, creator_id, begun, begun.position, begun.position + len(lines), portion.counts)
    return portion.refused


def _import_of_today(connection: Connection, creator_id: UUID, door: str) -> Begun:
    asked = {"creator_id": creator_id, "door": door}
    if (found := connection.execute(OF_TODAY, asked).one_or_none()) is not None:
        return Begun(found.number, found.id, found.position, is_first=False)
    connection.execute(END_OTHERS, asked)
    nothing = dict.fromkeys(("file_name", "sha256", "mapping", "mapping_version", "author_id", "lines_expected"))
    told = {**asked, **nothing, "ids_from": "", "author_name": "a program"}
    return Begun(*connection.execute(BEGIN, told).one())
