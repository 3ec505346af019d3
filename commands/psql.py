"""The command that opens psql on the dashboard's database."""

import os
import subprocess

import typer
from sqlalchemy import URL

from commands.one_line import in_one_line


@in_one_line
def psql(context: typer.Context) -> None:
    """Open psql on the dashboard's database. Options are passed on: psql -c "select name from creators"."""
    from database.embedded_owner import programs
    from database.engine import engine

    address = engine().url
    # A child, not this process: the embedded server runs as long as somebody uses it.
    ended = subprocess.run(  # noqa: S603  # a person of this machine runs their own program
        [str(programs() / "psql"), "--dbname", _without_password(address), *context.args],
        env=os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {}),
    )
    raise typer.Exit(ended.returncode)


def _without_password(address: URL) -> str:
    """The address as libpq reads it; arguments of a program can be seen by every user of the machine."""
    return address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
