"""python manage.py creator: whose data there is."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commands.one_line import in_one_line

creator = typer.Typer(no_args_is_help=True, help="Add and list creators: the schools and teachers with a dashboard.")
screen = Console()


@creator.command()
@in_one_line
def add(
    name: Annotated[str, typer.Argument(help="The name of the school or teacher, as shown in the dashboard.")],
    timezone: Annotated[str, typer.Option(help="One of `manage.py time-zones`, such as Europe/Berlin.")] = "UTC",
    tier: Annotated[str, typer.Option(help="basic, pro or enterprise; only enterprise has the dashboard.")] = (
        "enterprise"
    ),
) -> None:
    """Add a creator without any data; the page "Your data" shows how to load it."""
    from actions.creators import NewCreator, add_creator
    from database.creators import creator_of_id
    from database.engine import is_of_one_computer

    added = creator_of_id(add_creator(NewCreator(name, timezone, tier)))
    print(f'Added "{added.name}" ({added.subscription_tier}, {added.timezone}), id {added.id}.')
    if is_of_one_computer():
        print(f'Open the dashboard and sign in as "{added.name}"; the page "Your data" shows how to load data.')
    else:
        print(f'Next: python manage.py user add --email ADDRESS --creator "{added.name}"')


@creator.command("list")
@in_one_line
def list_creators(as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False) -> None:
    """List the creators: tier, time zone, students, last refresh."""
    from database.creators import creators as known

    rows = [
        {
            "id": str(one.id),
            "name": one.name,
            "subscription_tier": one.subscription_tier,
            "timezone": one.timezone,
            "timezone_was": one.timezone_was,
            "is_demo": one.is_demo,
            "students": one.students,
            "last_refresh": one.refreshed_at.isoformat() if one.refreshed_at else None,
        }
        for one in known()
    ]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table("Name", "Tier", "Time zone", "Students", "Last refresh")
    for one in known():
        table.add_row(
            escape(one.shown_name),
            one.subscription_tier,
            one.timezone + escape(f" (was “{one.timezone_was}”)" if one.timezone_was else ""),
            f"{one.students:,}",
            one.refreshed_at.isoformat() if one.refreshed_at else "-",
        )
    screen.print(table)
