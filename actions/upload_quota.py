"""How much storage the video files of one creator may take up."""

import os

from sqlalchemy import Connection, text

from rules.errors import InputError, SetupError
from rules.formatting import size
from rules.uploads import MOST_UNFINISHED

VARIABLE = "VIDEO_QUOTA_GB"
USUAL = 500
GIGABYTE = 1024**3

# Two uploads that begin at the same instant must not both take the last free gigabyte.
ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('uploads ' || cast(:creator_id as text), 0))")
TAKEN = text(
    """
    -- One row: what is announced counts from the first byte on.
    select
        coalesce(sum(file_bytes), 0)::bigint as taken_bytes,
        count(*) filter (where status = 'receiving') as unfinished
    from uploads
    where
        creator_id = :creator_id
        and is_kept
    """
)


def quota_bytes() -> int:
    """The quota of each creator. Raises SetupError for a setting that is not a number."""
    given = os.environ.get(VARIABLE) or str(USUAL)
    if not given.isdecimal() or int(given) < 1:
        raise SetupError(f'{VARIABLE} is "{given}"; write a number of gigabytes such as {USUAL}.')
    return int(given) * GIGABYTE


def must_have_room(connection: Connection, values: dict[str, object], file_bytes: int) -> None:
    """Raise InputError unless the creator may store so much more; others wait until this transaction ends."""
    connection.execute(ONE_AT_A_TIME, values)
    taken = connection.execute(TAKEN, values).one()
    if taken.unfinished >= MOST_UNFINISHED:
        raise InputError(f"{MOST_UNFINISHED} uploads are not finished; finish or cancel one of them first.")
    quota = quota_bytes()
    if taken.taken_bytes + file_bytes > quota:
        free = max(0, quota - taken.taken_bytes)
        raise InputError(
            f"The file has {size(file_bytes)}, and {size(free)} of {size(quota)} are free. "
            "Cancel uploads that you no longer need, or ask for more storage."
        )
