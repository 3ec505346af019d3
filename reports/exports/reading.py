"""Reading what an export holds: from a cursor of the database, in one state, a thousand rows at a time."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from database.errors import InputError
from reports.exports.table import About, Batch, Column, Statement, Table

T = TypeVar("T")

ROWS_AT_ONCE = 1_000

ABOUT = text(
    """
    -- One row, or none for an unknown creator.
    select
        creators.name as creator_name,
        creators.subscription_tier,
        creators.timezone,
        dashboard_now() as generated_at,
        creator_data_versions.refreshed_at as figures_as_of,
        coalesce(creator_data_versions.version, 0) as data_version
    from creators
    left join creator_data_versions on creator_data_versions.creator_id = creators.id
    where creators.id = :creator_id
    """
)


class FeatureAccessDenied(InputError):
    """The creator's tier does not include the dashboard; the message says what to do."""


def about_creator(connection: Connection, creator_id: UUID) -> About:
    """Whose file it will be. Raises FeatureAccessDenied below ENTERPRISE, InputError for an unknown id."""
    found = connection.execute(ABOUT, {"creator_id": creator_id}).mappings().one_or_none()
    if found is None:
        raise InputError(f'There is no creator with the id "{creator_id}". See `python manage.py creators`.')
    if found["subscription_tier"] != "enterprise":
        raise FeatureAccessDenied(
            f'Feature Access Denied: exports are part of the ENTERPRISE tier; "{found["creator_name"]}" has the '
            f"{found['subscription_tier'].upper()} tier. Upgrade to ENTERPRISE in the subscription settings."
        )
    zone = ZoneInfo(found["timezone"])
    return About(
        creator_name=found["creator_name"],
        zone=zone,
        generated_at=found["generated_at"].astimezone(zone).replace(microsecond=0),
        figures_as_of=found["figures_as_of"] and found["figures_as_of"].astimezone(zone).replace(microsecond=0),
        data_version=found["data_version"],
    )


def streamed(
    connection: Connection,
    creator_id: UUID,
    name: str,
    columns: Sequence[Column],
    statement: Statement,
    about: About,
) -> Table:
    """The statement's rows as a table that is read while it is written.

    `connection` stays open until then; close the table's batches before it, also when they were not all read.
    """
    parameters = {"creator_id": creator_id, **statement.parameters}
    total = int(connection.execute(text(statement.count), parameters).scalar_one())
    return Table(name, columns, _batches(connection, columns, statement, parameters, about.zone), total, about)


def plain_cells(columns: Sequence[Column], batch: Batch, zone: ZoneInfo) -> Batch:
    """The batch as every format writes it: words of the screens, local whole seconds, whole numbers without a point."""
    return [_plain(column, cells, zone) for column, cells in zip(columns, batch, strict=True)]


def _batches(
    connection: Connection,
    columns: Sequence[Column],
    statement: Statement,
    parameters: Mapping[str, Any],
    zone: ZoneInfo,
) -> Generator[Batch]:
    options = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}  # a cursor of the server
    with (
        connection.execute(text(statement.rows), parameters, execution_options=options) as rows,
        closing(read_ahead(rows.partitions(ROWS_AT_ONCE))) as partitions,
    ):
        for partition in partitions:
            yield plain_cells(columns, list(zip(*partition, strict=True)), zone)


def read_ahead(batches: Iterator[T]) -> Generator[T]:
    """The batches, each read while the one before it is written: the database and the file work side by side."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        awaited = reader.submit(next, batches, None)
        while (batch := awaited.result()) is not None:
            awaited = reader.submit(next, batches, None)
            yield batch


def _plain(column: Column, cells: Sequence[Any], zone: ZoneInfo) -> Sequence[Any]:
    if column.words is not None:
        return [column.words.get(cell, cell) for cell in cells]
    if column.kind == "instant":
        return [cell and _local(cell, zone) for cell in cells]
    if column.kind == "number":
        return [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in cells]
    return cells


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.replace(microsecond=0).astimezone(zone)
