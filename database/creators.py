"""The directory of creators: listing, adding and finding them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.tenancy import platform_tx, reading_tx
from database.time_zones import check_time_zone
from rules.errors import InputError
from rules.tiers import TIERS

LONGEST_NAME = 200

DESCRIBED = """
    -- One row per creator, by name.
    select
        creators.id,
        creators.name,
        creators.shown_name,
        creators.subscription_tier,
        creators.timezone,
        creators.timezone_was,
        creators.is_demo,
        creators.definitions_changed_at,
        coalesce(course_totals.students, 0) as students,
        creator_data_versions.refreshed_at,
        creator_data_versions.refresh_seconds
    from creators
    left join creator_generations
        on
            creator_generations.creator_id = creators.id
            and creator_generations.state = 'shown'
    left join course_totals
        on
            course_totals.creator_id = creators.id
            and course_totals.generation = creator_generations.generation
            and course_totals.course = 0
            and course_totals.run = 0
    left join creator_data_versions on creator_data_versions.creator_id = creators.id
    {which}
    order by
        creators.sort_key,
        creators.id
"""
CREATORS = text(DESCRIBED.format(which=""))
CREATOR = text(DESCRIBED.format(which="where creators.id = :creator_id"))

ADD_CREATOR = text(
    """
    insert into creators (id, name, subscription_tier, timezone)
    values (coalesce(cast(:id as uuid), gen_random_uuid()), :name, :subscription_tier, :timezone)
    returning id
    """
)


@dataclass(frozen=True)
class Creator:
    """A creator; `timezone_was` is an invalid time zone that was replaced by UTC.

    `shown_name` is the name as people read it: that of a creator of the demo says so.

    `definitions_changed_at`: since when figures that they may remember have been counted the current way; None: always.
    """

    id: UUID
    name: str
    shown_name: str
    subscription_tier: str
    timezone: str
    timezone_was: str | None
    is_demo: bool
    definitions_changed_at: datetime | None
    students: int
    refreshed_at: datetime | None
    refresh_seconds: float | None


def creators() -> list[Creator]:
    """Every creator, by name, with the number of students and the last refresh."""
    with platform_tx() as connection:
        return [Creator(**row) for row in connection.execute(CREATORS).mappings()]


def creator_of_id(creator_id: UUID) -> Creator:
    """The creator with this id; raises NoResultFound if there is none."""
    with reading_tx(creator_id) as connection:  # a report reads inside its snapshot: no second connection
        return Creator(**connection.execute(CREATOR, {"creator_id": creator_id}).mappings().one())


def creator_named(name: str) -> Creator:
    """The creator with this name (or id, if names repeat).

    Raises InputError when there is none or more than one.
    """
    known = creators()
    found = [creator for creator in known if name in (creator.name, str(creator.id))]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(str(creator.id) for creator in found)
        raise InputError(f'{len(found)} creators are named "{name}"; give one of their ids instead: {ids}.')
    names = ", ".join(f'"{creator.name}"' for creator in known[:10]) or "none yet"
    raise InputError(f'There is no creator "{name}". Known: {names}. See `python manage.py creators`.')


def check_terms(name: str, subscription_tier: str | None, timezone: str | None) -> None:
    """Raise InputError, naming what is allowed, for a name, tier or zone that no creator may have; None is allowed."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise InputError(f"The creator's name is {name!r}; it must be 1 to {LONGEST_NAME} printable characters.")
    if subscription_tier is not None and subscription_tier not in TIERS:
        raise InputError(f'The tier is "{subscription_tier}"; it must be one of {", ".join(TIERS)}.')
    if timezone is not None:
        check_time_zone(timezone)


def add_creator(name: str, subscription_tier: str, timezone: str, creator_id: UUID | None = None) -> UUID:
    """Add a creator; returns their id. Tiers are basic, pro and enterprise; the time zone is one of `time_zones`."""
    with platform_tx() as connection:
        return added_creator(connection, name, subscription_tier, timezone, creator_id)


def added_creator(
    connection: Connection, name: str, subscription_tier: str, timezone: str, creator_id: UUID | None = None
) -> UUID:
    """The same in the caller's transaction of the platform."""
    added: UUID = connection.execute(
        ADD_CREATOR,
        {"id": creator_id, "name": name, "subscription_tier": subscription_tier, "timezone": timezone},
    ).scalar_one()
    return added
