"""python manage.py archive: old chats and activity logs."""

from typing import Annotated

import typer
from rich.console import Console

from commands.one_line import in_one_line
from rules.errors import InputError

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

    for row in records(archive_state(creator_named(creator).id), ArchiveRow):
        state = "on" if row.is_on else "off"
        screen.print(f"{row.kind}: {state}, {row.row_count:,} rows in {row.files:,} files, {row.size_bytes:,} bytes")


@archives.command()
@in_one_line
def run() -> None:
    """Archive now what is old enough, of every creator who chose it."""
    from actions.archive_upkeep import archive_for_all

    night = archive_for_all()
    screen.print(f"{night.rows_archived:,} rows archived.")
    if night.files_missing:
        raise InputError(f"{night.files_missing:,} files are missing in storage; restore them from a backup of it.")


@archives.command()
@in_one_line
def restore(creator: CreatorName, kind: KindName) -> None:
    """Put everything of a kind back, and turn its archiving off."""
    from actions.archives import restore_archives
    from database.creators import creator_named

    screen.print(f"{restore_archives(creator_named(creator).id, kind):,} rows restored.")
