"""The demo's progress and result, as a person at the command line sees them."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from database.demo.load import DemoReport
from database.demo.load import Progress as NoteProgress


@contextmanager
def shown_progress() -> Iterator[NoteProgress]:
    """Show one bar while the block runs; pass what it yields to `load_demo`."""
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        bar = shown.add_task("Demo data", total=1.0)
        yield lambda step, share: shown.update(bar, completed=share, description=step)


def report_table(report: DemoReport) -> Table:
    """One line per demo creator, and how many rows were written in how many seconds."""
    rows = sum(report.rows.values())
    table = Table(
        "Creator", "Tier", "Time zone", "Students", "Videos", caption=f"{rows:,} rows, {report.seconds:.1f} s"
    )
    for creator in report.creators:
        table.add_row(
            creator.name,
            creator.subscription_tier,
            creator.timezone,
            f"{creator.students:,}",
            f"{creator.videos:,}",
        )
    return table
