"""python manage.py xapi: what players and plugins sent, and how it was understood."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from commands.one_line import in_one_line
from rules.formatting import counted, size, times

xapi = typer.Typer(no_args_is_help=True, help="What players and plugins sent by xAPI.")
screen = Console()

Whose = Annotated[str, typer.Option("--creator", help="Whose: a name or an id.")]
REASONS = {
    "address": "the same email",
    "account": "an account named like the other's id or email",
    "name": "the same name",
}


@xapi.command()
@in_one_line
def status(creator: Whose) -> None:
    """Show what arrived, by verb, and what of it was understood."""
    from database.creators import creator_named
    from sources.xapi.overview import overview

    found = overview(creator_named(creator).id)
    table = Table("Taken for", Column("Verb", overflow="fold"), "Statements", "Newest")
    for one in found.arrived:
        table.add_row(one.meaning, escape(one.verb), f"{one.statements:,}", f"{one.newest_at:%Y-%m-%d %H:%M} UTC")
    screen.print(table)
    screen.print(
        f"Not understood: {counted(found.not_understood, 'statement')}. Waiting: {counted(found.waiting, 'group')}. "
        f"Not kept, of people who were erased: {found.unkept:,}. Stored: {size(found.used_bytes)}."
    )
    for rule, often in found.broken_rules:
        screen.print(escape(f"Left out {times(often)}: {rule}"))


@xapi.command()
@in_one_line
def understand(
    creator: Whose,
    again: Annotated[bool, typer.Option("--again", help="All statements, not only those that wait.")] = False,
) -> None:
    """Understand what waits now, or everything again, and refresh the figures."""
    from database.creators import creator_named
    from database.refresh import refresh_now
    from sources.xapi.again import mark_everything
    from sources.xapi.working import understand as understand_all

    whose = creator_named(creator)
    if again:
        mark_everything(whose.id)
    groups = understand_all(whose.id)
    refresh_now(whose.id)
    screen.print(f"Understood {counted(groups, 'group')} of statements.")


@xapi.command("home-page")
@in_one_line
def home_page(
    page: Annotated[str, typer.Argument(help="As statements write it, such as https://school.example.")],
    creator: Whose,
    remove: Annotated[bool, typer.Option("--remove", help="Take it back.")] = False,
) -> None:
    """Say that the account names of a home page are your own ids of students."""
    from database.creators import creator_named
    from sources.xapi.overview import declare_home_page

    declare_home_page(creator_named(creator).id, page, is_own=not remove)
    screen.print("Saved. All statements are understood again within a few minutes.")


@xapi.command()
@in_one_line
def people(creator: Whose) -> None:
    """List students who may be one person under several names. Nobody is merged."""
    from database.creators import creator_named
    from sources.xapi.overview import maybe_one_person

    table = Table("Student", "May also be", "Why")
    for pair in maybe_one_person(creator_named(creator).id):
        table.add_row(
            escape(f"{pair.one_name} ({pair.one_external_id})"),
            escape(f"{pair.other_name} ({pair.other_external_id})"),
            REASONS[pair.reason],
        )
    screen.print(table)


@xapi.command()
@in_one_line
def forget(
    creator: Whose,
    days: Annotated[int, typer.Option(help="Keep the statements of this many days.", min=1)] = 400,
) -> None:
    """Remove old raw statements. The figures stay as they are."""
    from database.creators import creator_named
    from sources.xapi.overview import forget_statements

    gone = forget_statements(creator_named(creator).id, days)
    screen.print(f"Removed {counted(gone, 'statement')}.")
