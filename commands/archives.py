"""python manage.py archive: old chats and activity logs."""

from typing import Annotated

import typer
from rich.console import Console

from commands.one_line import in_one_line
from rules.errors import InputError
from rules.formatting import counted, size

archives = typer.Typer(no_args_is_help=True, help="Archive and restore old chats and activity logs.")
screen = Console()

CreatorName = Annotated[str, typer.Option("--creator", help="The creator's name, or id if names repeat.")]
KindName = Annotated[str, typer.Option("--kind", help="chat or activity.")]


@archives.command("list")
@in_one_line
def listed(creator: CreatorName) -> None:
    """Show what of a creator is archived."""
    from database.creators import creator_named
    from database.frames import records
    from queries.archives import ArchiveRow, archive_state

    known = records(archive_state(creator_named(creator).id), ArchiveRow)
    if not known:
        screen.print("Nothing is archived; a creator chooses it under Settings.")
    for row in known:
        state, files = "on" if row.is_on else "off", counted(row.files, "file")
        screen.print(f"{row.kind}: {state}, {counted(row.row_count, 'row')} in {files}, {size(row.size_bytes)}")


@archives.command()
@in_one_line
def run() -> None:
    """Archive now what is old enough, of every creator who chose it."""
    from actions.archive_upkeep import archive_for_all

    night = archive_for_all()
    screen.print(f"{counted(night.rows_archived, 'row')} archived.")
    if night.files_missing:
        missing = counted(night.files_missing, "file")
        raise InputError(f"In storage, {missing} of archives cannot be found; restore from a backup of it.")


@archives.command()
@in_one_line
def restore(creator: CreatorName, kind: KindName) -> None:
    """Put everything of a kind back, and turn its archiving off."""
    from actions.archive_restores import restore_archives
    from database.creators import creator_named

    screen.print(f"{counted(restore_archives(creator_named(creator).id, kind), 'row')} restored.")
