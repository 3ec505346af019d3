"""Run readable SQL files unchanged."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from alembic import op
from sqlalchemy import Connection

DATABASE_DIR = Path(__file__).resolve().parent
REVISIONS = DATABASE_DIR / "migrations" / "sql"


def run_sql_files(names: list[str]) -> None:
    """Run the files of a revision, in order: names in `migrations/sql`, where nothing changes after its release."""
    run_files(op.get_bind(), (REVISIONS / name for name in names))


def run_files(connection: Connection, paths: Iterable[Path]) -> None:
    """Run each file with the driver's own cursor: no bound parameters, so % and : mean themselves."""
    for path in paths:
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(path.read_text(encoding="utf-8"))
