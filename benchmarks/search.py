"""Search and order of names among many students, as the application role.

Run alone as `python -m benchmarks.search [STUDENTS]`, in an embedded database of its own. Beside each search is the
time to scan all names and addresses.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

import numpy as np
from rich.console import Console
from rich.markdown import Markdown
from sqlalchemy import text

from benchmarks.measuring import Timing, timed
from database.demo.people import email, names
from database.engine import engine
from database.migrate import migrate
from database.refresh import refresh
from database.tenancy import tenant_tx
from database.throwaway import throwaway_data_folder
from queries.overview.search import found
from queries.students.lists import StudentFilters, students

STUDENTS, TIMES = 100_000, 15
PORTION = 5_000

ADD_CREATOR = text(
    "insert into creators (id, name, subscription_tier, timezone) values (:id, 'Many', 'enterprise', 'UTC')"
)
ADD = text(
    """
    insert into students (creator_id, name, email, created_at)
    select
        :creator_id,
        told.name,
        told.email,
        dashboard_now() - told.place % 90 * interval '1 day'
    from unnest(cast(:names as text[]), cast(:emails as text[])) with ordinality as told (name, email, place)
    """
)
SCAN = text(
    """
    select id, name
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and (name ilike :anywhere or email ilike :anywhere)
    order by lower(name), id
    limit 6
    """
)
TYPED = ("zoë halv", "ng", "lindqvist", "freya lindqvist 77", "example", "example freya", "nobody at all")
BY_NAME = StudentFilters(sort_by="name", sort_order="asc")
LISTS = {
    "by name, first page": BY_NAME,
    "by name, from the end": replace(BY_NAME, sort_order="desc"),
    "by name, page 1,000": replace(BY_NAME, offset=49_950),
    "by name, active ones": replace(BY_NAME, status="active"),
    "search: lindqvist": replace(BY_NAME, search="lindqvist"),
    "search: freya lindqvist 77": replace(BY_NAME, search="freya lindqvist 77"),
    "search: example freya": replace(BY_NAME, search="example freya"),
    "search: example (everybody)": replace(BY_NAME, search="example"),
}


def main() -> None:
    """Load, measure, and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    creator_id = uuid4()
    loading = planted(creator_id, count)
    Console().print(Markdown("\n".join([*_head(count, loading), *_searches(creator_id), *_lists(creator_id)])))


def planted(creator_id: UUID, count: int) -> float:
    """A creator with this many students and all figures, and the seconds it took to load the students."""
    with engine().begin() as connection:
        connection.exec_driver_sql("set local role dashboard_platform")
        connection.execute(ADD_CREATOR, {"id": creator_id})
    people = names(np.random.default_rng(1), count)
    began = time.perf_counter()
    for start in range(0, count, PORTION):
        some = people[start : start + PORTION]
        addresses = [email(name, start + number) for number, name in enumerate(some)]
        with tenant_tx(creator_id, limit_seconds=600) as connection:
            connection.execute(ADD, {"creator_id": creator_id, "names": some, "emails": addresses})
    seconds = time.perf_counter() - began
    refresh(creator_id)
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")
    return seconds


def _head(count: int, loading: float) -> list[str]:
    return [
        f"{count:,} students, loaded with their words in {loading:.1f} s; milliseconds.\n",
        "| | p50 | p95 | looking through all |",
        "| --- | --- | --- | --- |",
    ]


def _searches(creator_id: UUID) -> list[str]:
    return [
        _row(f"top bar: {typed}", timed(partial(found.fresh, creator_id, typed), TIMES), _scan(creator_id, typed))
        for typed in TYPED
    ]


def _lists(creator_id: UUID) -> list[str]:
    return [_row(name, timed(partial(students.fresh, creator_id, filters), TIMES)) for name, filters in LISTS.items()]


def _scan(creator_id: UUID, typed: str) -> Callable[[], object]:
    def scan() -> None:
        with tenant_tx(creator_id) as connection:
            connection.execute(SCAN, {"creator_id": creator_id, "anywhere": f"%{typed}%"}).all()

    return scan


def _row(name: str, took: Timing, beside: Callable[[], object] | None = None) -> str:
    compared = f"{timed(beside, 5).p50:.0f}" if beside else ""
    return f"| {name} | {took.p50:.1f} | {took.p95:.1f} | {compared} |"


if __name__ == "__main__":
    main()
