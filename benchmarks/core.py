"""Measure what figures cost: `make bench SIZE=demo|spec|ten`, with `OPTIONS=--record` into benchmarks/results.md.

In one run and one database of its own: the load, a beat of a player, a refresh after changes of every kind and size
beside five plain materialized views of the same figures, a rebuild, and every query fresh.
"""

import argparse
import gc
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.markdown import Markdown
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from benchmarks.beat import measured_beat
from benchmarks.changes import CHANGES, Change
from benchmarks.materialized import create_views, refresh_views
from benchmarks.measuring import once, timed
from benchmarks.minute import measured_round, round_in_words
from benchmarks.pages import measured_pages, overview_after_a_change
from benchmarks.remembered import remembered_times
from benchmarks.requests import fresh_requests
from benchmarks.sizes import SIZES, Loaded, load
from database.engine import engine
from database.refresh import Portion, rebuild, refresh
from database.tenancy import tenant_tx
from tests.queries.every_answer import Told, asked, full_name

RESULTS = Path(__file__).with_name("results.md")
ROWS = (1, 1_000, 10_000, 100_000)
LIMIT_SECONDS = 600.0
REPEATS = {"demo": 20, "spec": 10, "ten": 5}
SOMEBODY = text(
    """
    -- The ids that queries are asked about: whoever and whatever was watched and taken most.
    select
        (
            select student_id
            from video_progress
            where creator_id = :creator_id
            group by student_id
            order by
                count(*) desc,
                student_id asc
            limit 1
        ) as student_id,
        (
            select video_id
            from video_progress
            where creator_id = :creator_id
            group by video_id
            order by
                count(*) desc,
                video_id asc
            limit 1
        ) as video_id,
        (
            select quiz_id
            from quiz_attempts
            where creator_id = :creator_id
            group by quiz_id
            order by
                count(*) desc,
                quiz_id asc
            limit 1
        ) as quiz_id
    """
)

SHOWN_GENERATION = text("select generation from shown_generations where creator_id = :creator_id")

Row = tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="demo")
    parser.add_argument("--record", action="store_true", help="append what was measured to benchmarks/results.md")
    parser.add_argument("--most-rows", type=int, default=ROWS[-1], help="leave out larger changes")
    parser.add_argument("--without-views", action="store_true", help="leave out the plain views, which take most time")
    chosen = parser.parse_args()
    began = time.monotonic()
    parts = list(measured(chosen.size, chosen.most_rows, has_views=not chosen.without_views))
    parts.append(f"Measured in {time.monotonic() - began:.0f} s.")
    if chosen.record:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write("\n" + "\n\n".join(parts) + "\n")


def measured(size: str, most_rows: int = ROWS[-1], has_views: bool = True) -> Iterator[str]:
    """Each part as Markdown, printed as soon as it is known."""
    screen = Console()
    loaded = load(SIZES[size])
    if has_views:
        create_views()
    for words in _parts(size, loaded, most_rows, refresh_views if has_views else None):
        screen.print(Markdown(words))
        yield words
    if size == "spec":  # another database: of many small creators
        words = round_in_words(measured_round())
        screen.print(Markdown(words))
        yield words


def _parts(size: str, loaded: Loaded, most_rows: int, plainly: Callable[[], None] | None) -> Iterator[str]:
    yield _heading(size, loaded)
    yield _of_beat(loaded)
    yield _of_queries(loaded, REPEATS[size])
    yield _of_pages()
    yield _of_requests(loaded, REPEATS[size])
    yield _of_changes(loaded, most_rows, plainly)
    yield _of_rebuild(loaded, plainly)


def _heading(size: str, loaded: Loaded) -> str:
    with engine().connect() as connection:
        server = connection.execute(text("show server_version")).scalar_one()
    others = f"; {loaded.seconds_of_others:.0f} s for {SIZES[size].other_creators} creators of 1,000 students beside it"
    return (
        f"## {datetime.now(UTC):%-d %B %Y}, `make bench SIZE={size}`\n\n"
        f"PostgreSQL {server} (embedded), Python {platform.python_version()}, SQLAlchemy {version('sqlalchemy')}.\n\n"
        f"**Load**: {loaded.rows:,} rows with all figures in {loaded.seconds:.0f} s"
        f"{others if SIZES[size].other_creators else ''}. "
        f"The largest creator has {loaded.students:,} students and {loaded.videos:,} videos."
    )


def _of_beat(loaded: Loaded) -> str:
    beat = measured_beat(loaded.creator_id)
    return (
        f"**A beat** (a segment and its progress): {beat.with_triggers.p50:.2f} ms with triggers, "
        f"{beat.without.p50:.2f} ms without, {beat.ratio:.1f} times; "
        f"{beat.bytes_of_segment:.0f} bytes of a segment with its indexes, {beat.bytes_of_beat:.0f} of a whole beat, "
        f"and {beat.bytes_of_notes:.0f} of notes until the next refresh."
    )


def _of_changes(loaded: Loaded, most_rows: int, plainly: Callable[[], None] | None) -> str:
    _refresh(loaded.creator_id)
    written: dict[str, int] = {}
    rows = [
        _of_change(loaded.creator_id, change, wanted, written, plainly)
        for change in CHANGES
        for wanted in ((1,) if change.is_single else ROWS)
        if wanted <= most_rows and (most_rows >= ROWS[-1] or not change.is_of_everything)
    ]
    return _table("Refresh after", ("rows", "written ms", "refresh ms", "plain views ms", "of plain views"), rows)


def _of_change(
    creator_id: UUID, change: Change, wanted: int, written: dict[str, int], plainly: Callable[[], None] | None
) -> Row:
    changed = 0

    def write() -> None:
        nonlocal changed
        changed = change.write(creator_id, wanted, written.get(change.name, 0))

    taken = once(write).p50
    written[change.name] = written.get(change.name, 0) + wanted
    refreshed = _tried(lambda: _refresh(creator_id))
    shown = f"{refreshed:,.0f}" if refreshed else f"cancelled after {LIMIT_SECONDS:.0f} s"
    row = (change.name, f"{changed:,}", f"{taken:,.0f}", shown)
    print(f"{change.name}, {changed:,} rows: written {taken:,.0f} ms, refreshed {shown} ms", flush=True)
    if not plainly:
        return (*row, "–", "–")
    plain = once(plainly).p50
    return (*row, f"{plain:,.0f}", f"{refreshed / plain:.3f}" if refreshed else "–")


def _of_rebuild(loaded: Loaded, plainly: Callable[[], None] | None) -> str:
    creator_id = loaded.creator_id
    before = _generation(creator_id)
    began = time.monotonic()
    shown: list[float] = []

    def told(_portion: Portion) -> None:
        if not shown and _generation(creator_id) != before:
            shown.append(time.monotonic() - began)

    rebuild(creator_id, told)
    of_views = f"; the plain views of all creators: {once(plainly).p50 / 1000:,.1f} s" if plainly else ""
    return (
        f"**Rebuild** of the largest creator: shown after {shown[0]:,.1f} s, the old rows gone after "
        f"{time.monotonic() - began:,.1f} s{of_views}."
    )


def _generation(creator_id: UUID) -> int | None:
    with tenant_tx(creator_id) as connection:
        return connection.execute(SHOWN_GENERATION, {"creator_id": creator_id}).scalar_one_or_none()


def _of_pages() -> str:
    rows = [
        (
            measured.page,
            *(f"{taken:,.0f}" for taken in (measured.cold.p50, measured.cold.p95)),
            *(f"{taken:,.0f}" for taken in (measured.warm.p50, measured.warm.p95)),
            f"{measured.asked_cold[0]} / {measured.asked_warm[0]}",
            f"{measured.asked_cold[1]} / {measured.asked_warm[1]}",
        )
        for measured in measured_pages()
    ]
    columns = ("cold p50 ms", "p95", "warm p50 ms", "p95", "transactions", "statements")
    after = overview_after_a_change()
    return (
        _table("Page, on the server", columns, rows)
        + f"\n\n**The overview after a change** of its figures: {after.p50:,.0f} ms, p95 {after.p95:,.0f} ms."
    )


def _of_requests(loaded: Loaded, repeats: int) -> str:
    taken = fresh_requests(loaded.creator_id, repeats)
    rows = [(path, f"{one.p50:,.0f}", f"{one.p95:,.0f}") for path, one in taken.items()]
    return _table("Request, nothing remembered", ("p50 ms", "p95 ms"), rows)


def _of_queries(loaded: Loaded, repeats: int) -> str:
    with tenant_tx(loaded.creator_id, limit_seconds=LIMIT_SECONDS) as connection:
        found = connection.execute(SOMEBODY, {"creator_id": loaded.creator_id}).one()
    gc.collect()
    gc.freeze()  # as the server does: otherwise a garbage collection through all modules slows down some query
    rows: list[Row] = []
    for query, arguments in asked(Told(loaded.creator_id, found.student_id, found.video_id, found.quiz_id)):
        fresh = _times(query.fresh, loaded, arguments, repeats)
        warm = () if "cancelled" in fresh else remembered_times(query, loaded.creator_id, arguments)
        rows.append((full_name(query).removeprefix("queries."), *fresh, *warm))
    rows.sort(key=lambda row: -float(row[2].replace(",", "")) if row[2][0].isdigit() else float("-inf"))
    return _table("Query", ("fresh p50 ms", "p95 ms", "in process ms", "in Redis ms"), rows)


def _times(ask: Callable[..., Any], loaded: Loaded, arguments: Sequence[Any], repeats: int) -> tuple[str, str]:
    try:
        timing = timed(lambda: ask(loaded.creator_id, *arguments), repeats)
    except DBAPIError:
        return "cancelled", "cancelled"
    return f"{timing.p50:,.1f}", f"{timing.p95:,.1f}"


def _refresh(creator_id: UUID) -> None:
    if not refresh(creator_id, LIMIT_SECONDS):
        raise RuntimeError("Another refresh of the creator is running; nothing else may use the database.")


def _tried(action: Callable[[], object]) -> float | None:
    """Milliseconds; None where a statement was cancelled at the limit."""
    try:
        return once(action).p50
    except DBAPIError:
        return None


def _table(first: str, others: Sequence[str], rows: Sequence[Row]) -> str:
    lines = [f"| {' | '.join((first, *others))} |", f"| --- |{' ---: |' * len(others)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


if __name__ == "__main__":
    main()
