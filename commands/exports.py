"""python manage.py export: a file with a creator's data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from commands.files import replacing
from commands.one_line import in_one_line
from rules.errors import InputError

TYPES = "students, progress, chat, analytics, quiz_results, videos or finished."

screen = Console()


@in_one_line
def export(
    creator: Annotated[str, typer.Option("--creator", help="The creator's name, or id if names repeat.")],
    type_: Annotated[str, typer.Option("--type", help=TYPES)],
    out: Annotated[Path, typer.Option("--out", help="The file to write; an existing file is replaced.")],
    format_: Annotated[str, typer.Option("--format", help="csv, json, pdf or xlsx.")] = "csv",
    filters: Annotated[
        list[str] | None, typer.Option("--filter", help="NAME=VALUE, can be repeated: --filter status=active.")
    ] = None,
    columns: Annotated[
        str, typer.Option(help="Names in JSON, in this order: --columns name,email. All of them by default.")
    ] = "",
    separator: Annotated[str, typer.Option(help="Of CSV: comma, semicolon or tab.")] = "",
    decimal_mark: Annotated[str, typer.Option(help="Of CSV: point or comma.")] = "",
    encoding: Annotated[str, typer.Option(help="Of CSV: utf-8-bom, utf-8 or utf-16.")] = "",
) -> None:
    """Write a creator's students, progress, chat, analytics, quiz results, videos or finishers to a file."""
    from database.creators import creator_named
    from reports.exports import ExportRequest, write_export

    written = {"columns": columns, "separator": separator, "decimal_mark": decimal_mark, "encoding": encoding}
    request = ExportRequest.of(type_, format_, _named(filters or []) | written)
    creator_id = creator_named(creator).id
    with _progress_bar() as bar, replacing(out) as target:
        task = bar.add_task(request.type.replace("_", " "), total=None)
        rows = write_export(
            creator_id, request, target, lambda done, total: bar.update(task, completed=done, total=total)
        )
    screen.print(escape(f"{rows:,} rows are in {out} ({out.stat().st_size:,} bytes)."))


def _named(filters: list[str]) -> dict[str, str]:
    pairs = [given.partition("=") for given in filters]
    for name, equals, value in pairs:
        if not (name and equals and value):
            raise InputError(f'The filter "{name}{equals}{value}" is not NAME=VALUE, as in status=active.')
    return {name.strip(): value for name, _, value in pairs}


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    shown_on = Console(stderr=True)
    with Progress(*columns, console=shown_on, transient=True, disable=not shown_on.is_terminal) as bar:
        yield bar
