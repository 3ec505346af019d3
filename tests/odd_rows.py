"""Creators of whom one has an odd row, and the failures recorded about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.engine import engine
from database.tenancy import platform_tx
from tests.builders import ACreator, a_creator

# PostgreSQL's message about a refused row quotes the row.
REFUSE = """
    create function refuse() returns trigger language plpgsql as $$
    begin
        if (case tg_op when 'DELETE' then old else new end).{column} = '{value}' {also} then
            raise exception 'Key (email)=(ada@example.org) is odd' using errcode = '23505';
        end if;
        return case tg_op when 'DELETE' then old else new end;
    end;
    $$;
    create trigger refuse before {events} on {table} for each row execute function refuse();
"""
NOTED = text("select * from failures order by kind, item")


def three_creators(make: Callable[[], ACreator] = a_creator) -> tuple[ACreator, list[ACreator]]:
    """One who comes first in every loop, since all have the same name, and the two others."""
    first, *others = sorted((make() for _ in range(3)), key=lambda creator: creator.id)
    return first, others


def refuse(
    table: str, creator_id: UUID | str, events: str = "insert or update or delete", also: str = "", column: str = ""
) -> None:
    """Make the database refuse every such change of this creator's rows of the table."""
    with engine().begin() as connection:
        statements = REFUSE.format(
            table=table, value=creator_id, events=events, also=also, column=column or "creator_id"
        )
        connection.execute(text(statements.replace(":", "\\:")))


def accept(table: str) -> None:
    """Undo the refusal."""
    with engine().begin() as connection:
        connection.execute(text(f"drop trigger refuse on {table}; drop function refuse()"))


def noted() -> list[dict[str, Any]]:
    """All recorded failures, including resolved ones. None of them quotes anybody's data."""
    with platform_tx() as connection:
        found = [dict(row) for row in connection.execute(NOTED).mappings()]
    for note in found:
        assert "@" not in f"{note['error']} {note['place']} {note['item']}"
        assert "is odd" not in note["error"]
    return found


def open_failures() -> list[tuple[str, str]]:
    return [(note["kind"], note["item"]) for note in noted() if note["settled_at"] is None]
