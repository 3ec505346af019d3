"""python manage.py report: snapshots as files, for one creator or for all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from commands.failures import failures_told
from commands.files import replacing
from commands.one_line import in_one_line
from commands.periods import COMPARE_HELP, PERIOD_HELP, check_keys, period_of
from rules.errors import InputError

if TYPE_CHECKING:
    from database.creators import Creator
    from queries.courses.known import Course

screen = Console()


@dataclass(frozen=True)
class Outcome:
    """The result for one creator: a file, or the reason why there is none."""

    creator: str
    file: Path | None = None
    reason: str = ""
    is_denied: bool = False  # by the creator's tier


@in_one_line
@failures_told
def report(
    out: Annotated[Path, typer.Option("--out", help="The folder for the files; created if it does not exist.")],
    creator: Annotated[str | None, typer.Option("--creator", help="The creator's name, or id.")] = None,
    is_for_all: Annotated[
        bool, typer.Option("--all", help="Every creator; those below ENTERPRISE are skipped.")
    ] = False,
    period: Annotated[str, typer.Option(help=PERIOD_HELP)] = "30d",
    compare: Annotated[str, typer.Option(help=COMPARE_HELP)] = "before",
    format_: Annotated[str, typer.Option("--format", help="pdf or xlsx.")] = "pdf",
    student: Annotated[
        UUID | None, typer.Option(help="Instead, the progress report of this student (an id), as PDF.")
    ] = None,
    course: Annotated[str | None, typer.Option(help="Only this course of the creator: its title or id.")] = None,
) -> None:
    """Write the analytics snapshot of one creator or of all; exits with status 1 if any failed."""
    from reports.bulk import snapshot_writer

    if is_for_all == (creator is not None):
        raise InputError("Say for whom: --creator NAME, or --all.")
    check_keys(period, compare)
    write, asked = snapshot_writer(format_), _chosen(creator)
    of = _course(asked, is_for_all, course)
    _make_folder(out)
    if student:
        _write_student(asked, student, of, out)
        return
    outcomes = _written(asked, (period, compare), out, format_, of, write)
    screen.print(_summary(outcomes))
    written = sum(outcome.file is not None for outcome in outcomes)
    screen.print(f"{written:,} of {len(outcomes):,} reports are in {escape(str(out))}.")
    if not is_for_all and any(outcome.is_denied for outcome in outcomes):
        raise typer.Exit(1)


def _course(asked: list["Creator"], is_for_all: bool, title: str | None) -> "Course | None":
    from queries.courses.names import course_named

    if title is None:
        return None
    if is_for_all:
        raise InputError("A course belongs to one creator: name that creator instead of all.")
    return course_named(asked[0].id, title)


def _write_student(asked: list["Creator"], student: UUID, of: "Course | None", out: Path) -> None:
    from reports.bulk import noted
    from reports.student_pdf import student_report

    if len(asked) != 1:
        raise InputError("A student belongs to one creator: name that creator instead of all.")
    path = out / f"student-{student}.pdf"
    _put(path, student_report(asked[0].id, student, of.course_id if of else None))
    noted(asked[0].id, None, "student")
    screen.print(escape(f"The report is in {path}."))


def _written(
    asked: list["Creator"],
    period: tuple[str, str],
    out: Path,
    format_: str,
    of: "Course | None",
    write: Callable[..., bytes],
) -> list[Outcome]:
    from database.each import each
    from reports.bulk import file_name, reason_of

    of_course = (of.course_id,) if of else ()
    with _progress_bar() as bar:
        task = bar.add_task("reports", total=len(asked))

        def outcome(one: "Creator") -> Outcome:
            bar.update(task, description=escape(one.name), advance=1)
            path = out / file_name(one.name, one.id, period[0], format_, of.title if of else "")
            return _outcome(
                one,
                path,
                format_,
                lambda creator_id: write(creator_id, period_of(creator_id, *period, *of_course), *of_course),
            )

        return each(asked, outcome, "report", instead=lambda one, error: Outcome(one.name, reason=reason_of(error)))


def _outcome(one: "Creator", path: Path, format_: str, write: Callable[[UUID], bytes]) -> Outcome:
    from reports.bulk import noted
    from rules.tiers import FeatureAccessDenied

    try:
        _put(path, write(one.id))
        noted(one.id, None, format_)
    except FeatureAccessDenied as denied:
        return Outcome(one.name, reason=str(denied), is_denied=True)
    return Outcome(one.name, path)


def _put(path: Path, content: bytes) -> None:
    with replacing(path) as target:
        target.write(content)


def _chosen(name: str | None) -> list["Creator"]:
    from database.creators import creator_named, creators

    return creators() if name is None else [creator_named(name)]


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out} cannot be a folder: {error.strerror}. Choose another --out.") from error


def _progress_bar() -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    shown_on = Console(stderr=True)
    return Progress(*columns, console=shown_on, transient=True, disable=not shown_on.is_terminal)


def _summary(outcomes: list[Outcome]) -> Table:
    table = Table("Creator", "Report")
    for outcome in outcomes:
        table.add_row(escape(outcome.creator), _told(outcome))
    return table


def _told(outcome: Outcome) -> str:
    if outcome.file is not None:
        return escape(outcome.file.name)
    return escape(outcome.reason) if outcome.is_denied else f"[red]failed: {escape(outcome.reason)}"
