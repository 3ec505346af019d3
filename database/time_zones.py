"""Decides on time zones: names that the server and Python both know, in the spelling of the tz database."""

import logging
from difflib import get_close_matches
from zoneinfo import available_timezones

from sqlalchemy import Connection, text

from database.tenancy import directory_tx
from rules.errors import InputError

# A placeholder, and the zone a machine happens to be set to.
OF_NO_PLACE = frozenset({"Factory", "localtime"})

EXISTS = text("select to_regclass('time_zones') is not null")
KNOWN_HERE = text("select name from pg_timezone_names where name = any(:known)")
NAMES = text("select name from time_zones")
ADD = text("insert into time_zones (name) select unnest(cast(:names as text[]))")
NO_NEW_USE = text("lock table time_zones in exclusive mode")
AS_PLATFORM = text("set local role dashboard_platform")
AS_OWNER = text("reset role")
IN_USE = text("select distinct timezone from creators")
REMOVE = text("delete from time_zones where name = any(:names)")

logger = logging.getLogger(__name__)


def time_zones() -> list[str]:
    """Every zone that a creator may have: UTC, then places such as Europe/Berlin, then the rest."""
    with directory_tx() as connection:
        names = set(connection.execute(NAMES).scalars())
    return sorted(names, key=lambda name: (name != "UTC", not _is_place(name), name))


def check_time_zone(name: str) -> None:
    """Raise InputError, naming the nearest known zone, for a name that no creator may have."""
    known = time_zones()
    if name not in known:
        raise InputError(
            f'There is no time zone "{name}"; choose one such as {_nearest(name, known)}. '
            "`python manage.py time-zones` lists them."
        )


def bring_time_zones_up_to_date(connection: Connection) -> None:
    """Add the names that are now known and remove those that no longer are; for the owner, after each migration.

    A name that a creator has stays, because a program of another version may know it; a warning names it.
    """
    if not connection.execute(EXISTS).scalar_one():
        return
    wanted = set(connection.execute(KNOWN_HERE, {"known": sorted(available_timezones() - OF_NO_PLACE)}).scalars())
    present = set(connection.execute(NAMES).scalars())
    if added := wanted - present:
        connection.execute(ADD, {"names": sorted(added)})
    if gone := present - wanted:
        _remove(connection, gone)


def _remove(connection: Connection, gone: set[str]) -> None:
    connection.execute(NO_NEW_USE)
    connection.execute(AS_PLATFORM)
    in_use = gone & set(connection.execute(IN_USE).scalars())
    connection.execute(AS_OWNER)
    connection.execute(REMOVE, {"names": sorted(gone - in_use)})
    if in_use:
        logger.warning(
            "creators have time zones that this server or this program does not know: %s; update the tz database",
            ", ".join(sorted(in_use)),
        )


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/"))


def _nearest(name: str, known: list[str]) -> str:
    spelled = {zone.lower(): zone for zone in known}
    near = get_close_matches(name.strip().lower(), spelled, n=1, cutoff=0.7)
    return spelled[near[0]] if near else "Europe/Berlin"
