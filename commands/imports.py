"""python manage.py imports: what was imported, what was refused, and undoing an import."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.one_line import in_one_line
from rules.errors import InputError
from rules.formatting import counted, grouped

imports = typer.Typer(no_args_is_help=True, help="List imports, show what was refused, undo an import.")
screen = Console()

CreatorOption = Annotated[str, typer.Option("--creator", help="Whose data: a name or an id.")]
NumberArgument = Annotated[int, typer.Argument(help="The number of the import, as `imports list` shows it.")]


@imports.command("list")
@in_one_line
def list_imports(creator: CreatorOption) -> None:
    """List a creator's imports, newest first."""
    from database.creators import creator_named
    from sources.landing import imports as known

    table = Table("Number", "Door", "File", "By", "State", "Lines", "New", "Changed", "Same", "Refused")
    for one in known(creator_named(creator).id):
        counts = (one.lines_read, one.facts_new, one.facts_changed, one.facts_same, one.refused)
        told = (str(one.number), one.door, one.file_name or "-", one.author_name, one.state)
        table.add_row(*map(Text, told), *(f"{count:,}" for count in counts))
    screen.print(table)


@imports.command("errors")
@in_one_line
def list_errors(number: NumberArgument, creator: CreatorOption) -> None:
    """Show what an import refused: line, column, value and rule."""
    from database.creators import creator_named
    from sources.landing import errors

    creator_id = creator_named(creator).id
    table = Table("Line", "Column", "Value", "Rule")
    for one in errors(creator_id, _id_of(creator_id, number)):
        table.add_row(*map(Text, (str(one.line), one.column or "-", one.value or "-", one.rule)))
    screen.print(table)


@imports.command("undo")
@in_one_line
def undo_import(number: NumberArgument, creator: CreatorOption) -> None:
    """Take back what an import wrote, as if it had never been; an undo that was killed goes on."""
    from commands.refresh_progress import keys_left_shown
    from database.creators import creator_named
    from database.refresh import refresh
    from sources.landing import undo

    whose = creator_named(creator)
    with screen.status("") as status:
        one = undo(
            whose.id, _id_of(whose.id, number), lambda what, rows: status.update(f"{counted(rows, 'row')}, at {what}")
        )
    with keys_left_shown({whose.id: whose.name}) as told:
        refresh(whose.id, told=told)
    kept = "".join(f"; {grouped(rows)} kept, {why}" for why, rows in one.rows_kept.items())
    screen.print(f"Import {one.number} is undone: {counted(one.rows_undone, 'row')}{kept}.")


def _id_of(creator_id: UUID, number: int) -> UUID:
    from sources.landing import imports as known

    found = next((one.id for one in known(creator_id, most=100_000) if one.number == number), None)
    if found is None:
        raise InputError(f"There is no import {number}. See `python manage.py imports list --creator NAME`.")
    return found
