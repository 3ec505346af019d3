"""python manage.py api-key: the keys that programs use for the HTTP API."""

import json
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commands.one_line import in_one_line
from rules.errors import InputError

api_keys = typer.Typer(no_args_is_help=True, help="Create, list and revoke API keys.")
screen = Console()


@api_keys.command()
@in_one_line
def create(
    creator: Annotated[str, typer.Option("--creator", help="Whose data: a name or an id.")],
    scope: Annotated[
        str,
        typer.Option(
            help="read; write (and read); export (and read); xapi, for pages; xapi-server; ingest, for events."
        ),
    ] = "read",
    name: Annotated[str, typer.Option(help="What the key is for, as shown in lists.")] = "API key",
    origin: Annotated[
        list[str] | None, typer.Option(help="Whose pages may use it: https://school.example. May be repeated.")
    ] = None,
) -> None:
    """Create a key. It is printed once; only its hash is stored."""
    from database.api_keys import new_key
    from database.creators import creator_named
    from sources.events.tokens import signing_secret

    whose = creator_named(creator)
    made = new_key(whose.id, name, scope, origin or ())
    print(made.key)
    Console(stderr=True).print(
        escape(f'Save this key; it will not be shown again. It has the scope "{scope}" for {whose.name}.')
    )
    if scope == "ingest" and origin:
        Console(stderr=True).print(
            escape(f"Your server signs student tokens with this secret, for this key:\n{signing_secret(made.id)}")
        )
    if scope.startswith("xapi"):
        Console(stderr=True).print(escape(f"For xAPI: the user name is {made.id}, the password is the key."))


@api_keys.command("list")
@in_one_line
def list_keys(
    creator: Annotated[str | None, typer.Option("--creator", help="Only this creator's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """List the keys: how each starts, its scope, when it was last used, whether it is revoked."""
    from database.api_keys import listed_keys
    from database.creators import creator_named

    rows = [
        {
            "id": str(key.id),
            "creator": key.creator_name,
            "name": key.name,
            "scope": key.scope,
            "begins_with": key.hint,
            "last_used": key.last_used_at.isoformat() if key.last_used_at else None,
            "state": key.state,
        }
        for key in listed_keys(creator_named(creator).id if creator else None)
    ]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table("Id", "Creator", "Name", "Scope", "Starts with", "Last used", "State")
    for row in rows:
        table.add_row(*(escape(str(value or "-")) for value in row.values()))
    screen.print(table)


@api_keys.command()
@in_one_line
def revoke(key: Annotated[str, typer.Argument(help="The key's id, as `api-key list` shows it.")]) -> None:
    """Revoke a key; its next request is refused."""
    from database.api_keys import revoke_key

    try:
        key_id = UUID(key)
    except ValueError:
        raise InputError(f'"{key[:12]}…" is not the id of a key; see `python manage.py api-key list`.') from None
    revoke_key(key_id)
    screen.print("The key is revoked.")
