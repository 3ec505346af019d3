"""python manage.py user: who may sign in."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commands.one_line import in_one_line
from rules.errors import InputError

users = typer.Typer(no_args_is_help=True, help="Add, list and disable the accounts that may sign in.")
screen = Console()


@users.command()
@in_one_line
def add(
    email: Annotated[str, typer.Option(help="The address that the person's OpenID provider has verified.")],
    creator: Annotated[str | None, typer.Option("--creator", help="Whose dashboard: a name or an id.")] = None,
    staff: Annotated[bool, typer.Option("--staff", help="Can read every creator's dashboard.")] = False,
    name: Annotated[
        str | None, typer.Option(help="As shown in the dashboard; by default the start of the address.")
    ] = None,
) -> None:
    """Add an account: the first sign-in with this verified email activates it."""
    from database.account_directory import invite
    from database.creators import creator_named

    if staff == bool(creator):
        raise InputError("Say whose account it is: --creator NAME, or --staff.")
    creator_id = creator_named(creator).id if creator else None
    invite(email, (name or email.partition("@")[0]).strip(), creator_id)
    screen.print(escape(f"{email} can sign in now."))


@users.command("list")
@in_one_line
def list_accounts(as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False) -> None:
    """List the accounts: role, creator, and whether somebody has signed in yet."""
    from database.account_directory import listed_accounts

    rows = [
        {
            "id": str(known.id),
            "name": known.name,
            "email": known.email,
            "role": known.role,
            "creator": known.creator_name,
            "state": known.state,
        }
        for known in listed_accounts()
    ]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table("Name", "Email", "Role", "Creator", "State")
    for row in rows:
        table.add_row(*(escape(str(row[column] or "-")) for column in ("name", "email", "role", "creator", "state")))
    screen.print(table)


@users.command()
@in_one_line
def disable(account: Annotated[str, typer.Argument(help="The account's email or id.")]) -> None:
    """Disable an account; anyone signed in with it is signed out within a minute."""
    from database.account_directory import disable as close
    from database.account_directory import listed_account

    known = listed_account(account)
    close(known.id)
    screen.print(escape(f"{known.email or known.name} can no longer sign in."))
