"""Measure queries, refresh and bulk loading: `python -m benchmarks.run [STUDENTS …]`.

Loads the demo data into separate embedded databases, which are removed at the end: once for each
number of students of the largest creator (245 and 10,000 by default).
"""

import sys
import time
from uuid import UUID

from rich.console import Console
from rich.table import Column, Table

from benchmarks.api import print_api
from benchmarks.digests import DIGESTS, WORKERS, digests_per_second
from benchmarks.exports import busy_chat, measured_exports, megabytes_of_others
from benchmarks.loaded import loaded
from benchmarks.mail import MAILS, mails_per_second
from benchmarks.measuring import Timing
from benchmarks.pages import measured_pages, overview_after_a_change
from benchmarks.reads import bare_select, measured_reads
from benchmarks.sessions import MANY_SESSIONS, print_sessions
from benchmarks.snapshots import measured_snapshots
from benchmarks.writes import BULK_ROWS, bare_copy, bulk_upsert, full_rebuild, refresh_of_nothing, refresh_of_one_visit
from database.demo import DemoSize

SIZES = (DemoSize().students, 10_000)

screen = Console()


def main() -> None:
    """Measure each size and print one table of reads and one of writes for it."""
    for students in [int(argument) for argument in sys.argv[1:]] or SIZES:
        report = loaded(students)
        largest = max(report.creators, key=lambda creator: creator.students)
        rows = sum(report.rows.values())
        screen.print(
            f"\n[bold]{largest.students:,} students[/bold]: {rows:,} source rows, loaded in {report.seconds:.0f} s"
        )
        _print_reads(largest.id)
        _print_writes(largest.id)
        if students == DemoSize().students:
            _print_pages()
            print_api(screen, largest.id)
            print_sessions(screen)
            print_sessions(screen, MANY_SESSIONS)
            _print_exports()
            screen.print(
                f"{MAILS:,} mails written, stored and handed to a mail server: {mails_per_second():.0f} a second."
            )
            screen.print(
                f"{DIGESTS:,} weekly digests gathered, written and handed over by {WORKERS} workers: "
                f"{digests_per_second(report):.0f} a second."
            )
        _print_snapshots(largest.id)


def _print_pages() -> None:
    table = Table(
        "Page, on the server",
        *_right("cold p50 ms", "p95", "warm p50 ms", "p95", "transactions cold, warm", "statements"),
    )
    for measured in measured_pages():
        cold, warm = measured.cold, measured.warm
        transactions, statements = zip(measured.asked_cold, measured.asked_warm, strict=True)
        table.add_row(
            measured.page,
            *(f"{taken:.0f}" for taken in (cold.p50, cold.p95, warm.p50, warm.p95)),
            *(", ".join(map(str, counts)) for counts in (transactions, statements)),
        )
    screen.print(table)
    screen.print(f"The overview after a change of its figures: {overview_after_a_change().p50:.0f} ms.")


def _print_exports() -> None:
    table = Table("Export of 100,000 chat rows", *_right("p50 ms", "p95 ms", "ratio"), "of", *_right("peak MB"))
    creator_id = busy_chat()
    for export in measured_exports(creator_id):
        table.add_row(export.format, *_cells(export.timing, export.bare), export.bare_name, f"{export.megabytes:.0f}")
    for name, megabytes in megabytes_of_others(creator_id).items():
        table.add_row(name, "", "", "", "", f"{megabytes:.0f}")
    screen.print(table)


def _print_snapshots(creator_id: UUID) -> None:
    bare = bare_select(creator_id)
    table = Table("Report, warm", *_right("p50 ms", "p95 ms", "× select 1"))
    for name, timing in measured_snapshots(creator_id):
        table.add_row(name, *_cells(timing, bare))
    screen.print(table)


def _print_reads(creator_id: UUID) -> None:
    bare = bare_select(creator_id)
    table = Table(
        "Query", *_right("cold p50 ms", "cold p95 ms", "× select 1", "warm p50 ms", "warm p95 ms", "× select 1")
    )
    table.add_row("select 1 in tenant_tx", *_cells(bare, bare))
    for read in measured_reads(creator_id):
        table.add_row(read.name, *_cells(read.cold, bare), *(_cells(read.warm, bare) if read.warm else ()))
    screen.print(table)


def _print_writes(creator_id: UUID) -> None:
    bare = bare_select(creator_id)
    copy = bare_copy(creator_id)
    table = Table("Work", *_right("p50 ms", "p95 ms", "ratio"), "of")
    table.add_row("refresh, nothing new", *_cells(refresh_of_nothing(creator_id), bare), "select 1")
    table.add_row("refresh, one student's new activity", *_cells(refresh_of_one_visit(creator_id), bare), "select 1")
    table.add_row("rebuild from nothing", *_cells(full_rebuild(creator_id), bare), "select 1")
    table.add_row(f"bare COPY of {BULK_ROWS:,} rows", *_cells(copy, copy), "bare COPY")
    table.add_row(f"upsert_rows of {BULK_ROWS:,} rows", *_cells(bulk_upsert(creator_id), copy), "bare COPY")
    screen.print(table)


def _cells(timing: Timing, bare: Timing) -> tuple[str, str, str]:
    return f"{timing.p50:,.1f}", f"{timing.p95:,.1f}", f"{timing.p50 / bare.p50:,.1f}"


def _right(*titles: str) -> list[Column]:
    return [Column(title, justify="right") for title in titles]


if __name__ == "__main__":
    began = time.monotonic()
    main()
    screen.print(f"\nMeasured in {time.monotonic() - began:.0f} s.")
