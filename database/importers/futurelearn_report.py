"""The result of an import, as data and on screen: the report as a table, the progress as a bar."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

# Called with what is being worked on, how much of it is done, and how much there is in all.
NoteProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FileReport:
    """What happened to the rows of one file; `skipped` maps each reason to a number of rows."""

    name: str
    rows_read: int
    skipped: Mapping[str, int]
    note: str = ""

    @property
    def rows_skipped(self) -> int:
        return sum(self.skipped.values())

    @property
    def rows_loaded(self) -> int:
        return self.rows_read - self.rows_skipped


@dataclass(frozen=True)
class TableReport:
    """How many rows of a database table the files contain, and how many of those were new or different."""

    name: str
    rows_offered: int
    rows_changed: int


@dataclass(frozen=True)
class ImportReport:
    creator_id: UUID
    creator_name: str
    is_new_creator: bool
    course_run: str
    files: tuple[FileReport, ...]
    tables: tuple[TableReport, ...]
    is_refreshed: bool

    @property
    def rows_changed(self) -> int:
        return sum(table.rows_changed for table in self.tables)


def silence(_work: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def report_table(report: ImportReport) -> Table:
    """One line per file: rows read, loaded and skipped, and why. Below it: what changed, and for whom."""
    table = Table(title=Text(f"Import of {report.course_run}"), caption=Text(_outcome(report)))
    table.add_column("File", overflow="fold")
    for heading in ("Read", "Loaded", "Skipped"):
        table.add_column(heading, justify="right")
    table.add_column("Why", overflow="fold")
    for file in report.files:
        counts = (file.rows_read, file.rows_loaded, file.rows_skipped)
        table.add_row(Text(file.name), *(f"{count:,}" for count in counts), Text(_reasons(file)))
    return table


@contextmanager
def progress_bar(console: Console | None = None) -> Iterator[NoteProgress]:
    """Show one bar per file and table while the block runs; pass what it yields to the import."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = console or Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        bars: dict[str, TaskID] = {}

        def note(work: str, done: int, total: int) -> None:
            if work not in bars:
                bars[work] = shown.add_task(work.replace("[", r"\["), total=total)
            shown.update(bars[work], completed=done, total=total)

        yield note


def _outcome(report: ImportReport) -> str:
    creator = f"{report.creator_name} ({'added' if report.is_new_creator else 'known before'})"
    refreshed = "figures refreshed" if report.is_refreshed else "figures follow: another refresh is running"
    return f"{creator}: {report.rows_changed:,} rows changed, {refreshed}."


def _reasons(file: FileReport) -> str:
    reasons = [f"{count:,} {reason}" for reason, count in file.skipped.items()]
    return "; ".join([*reasons, file.note] if file.note else reasons)
