"""Which version of the rollups a creator's results come from."""

import logging
import time
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from database.each import Attempts, of_creator
from database.refresh import KIND, refresh_within
from database.tenancy import must_have_figures, reading_tx, tenant_tx

ARRIVAL_SECONDS = 1.5  # a page waits for it; large imports are left to the worker, within a minute
SECONDS_AFTER_FAILURE = 60

VERSION = text(
    """
    -- One row: the version, whether there are new students or videos that no refresh has seen, and whether all is being
    -- rebuilt.
    select
        coalesce(
            (
                select version
                from creator_data_versions
                where creator_id = :creator_id
            ),
            0
        ) as version,
        exists (
            select
            from changes
            where
                creator_id = :creator_id
                and kind = 'arrived'
        ) as has_arrivals,
        exists (
            select
            from creator_generations
            where
                creator_id = :creator_id
                and state = 'building'
        ) as is_being_built
    """
)

logger = logging.getLogger(__name__)
_left_to_the_worker: dict[UUID, float] = {}


def data_version(creator_id: UUID) -> int:
    """The number of the creator's last refresh; 0 before the first.

    Enrolments and uploads show at the next request: if one is waiting, the request refreshes first.
    Raises FiguresBeingBuilt while there is nothing to show.
    """
    version, has_arrivals = _version(creator_id)
    return version_after_arrivals(creator_id, version) if has_arrivals else version


def figures_must_be_there(creator_id: UUID) -> None:
    """Raise FiguresBeingBuilt while all figures of the creator are being rebuilt and there are no old ones to show."""
    with tenant_tx(creator_id) as connection:
        must_have_figures(connection, creator_id)


def version_after_arrivals(creator_id: UUID, version: int) -> int:
    """The version including what is new; unchanged if a refresh is running, or would take too long for a page."""
    if time.monotonic() < _left_to_the_worker.get(creator_id, 0):
        return version
    _left_to_the_worker.pop(creator_id, None)
    try:
        takes_long = bool(refresh_within(creator_id, ARRIVAL_SECONDS))
    except OperationalError:
        takes_long = True
    except DBAPIError as error:  # an odd row: the previous figures are better than none
        _left_to_the_worker[creator_id] = time.monotonic() + SECONDS_AFTER_FAILURE
        Attempts(KIND).failed(of_creator(creator_id), error)
        return version
    if takes_long:
        _left_to_the_worker[creator_id] = time.monotonic() + SECONDS_AFTER_FAILURE
        logger.warning("a refresh of creator %s takes long and is left to the worker", creator_id)
    return _version(creator_id)[0]


def _version(creator_id: UUID) -> tuple[int, bool]:
    with reading_tx(creator_id) as connection:
        row = connection.execute(VERSION, {"creator_id": creator_id}).one()
        if row.is_being_built:
            must_have_figures(connection, creator_id)
        return row.version, row.has_arrivals
