"""Reads the rows of an export from a database cursor, in one snapshot, a thousand rows at a time."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from database.frames import bound
from reports.exports.table import About, Batch, Column, Statement, Table
from rules.errors import InputError
from rules.tiers import must_open_the_dashboard

T = TypeVar("T")

ROWS_AT_ONCE = 1_000

ABOUT = text(
    """
    -- One row, or none for an unknown creator.
    select
        creators.shown_name as creator_name,
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


def about_creator(connection: Connection, creator_id: UUID) -> About:
    """The creator of the file. Raises FeatureAccessDenied below ENTERPRISE, InputError for an unknown id."""
    found = connection.execute(ABOUT, {"creator_id": creator_id}).mappings().one_or_none()
    if found is None:
        raise InputError(f'There is no creator with the id "{creator_id}". See `python manage.py creators`.')
    must_open_the_dashboard(found["subscription_tier"], found["creator_name"], "Feature Access Denied: exports are")
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

    `connection` must stay open until then; close the table's batches first, even if they were not all read.
    """
    parameters = bound(creator_id, statement.parameters)
    total = int(connection.execute(text(statement.count), parameters).scalar_one())
    return Table(name, columns, _batches(connection, columns, statement, parameters, about.zone), total, about)


def plain_cells(columns: Sequence[Column], batch: Batch, zone: ZoneInfo) -> Batch:
    """The batch as every format writes it: labels of the pages, local whole seconds, whole numbers without a point."""
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
    """The batches, each read while the one before it is written, so that reading and writing overlap."""
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
