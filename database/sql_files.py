"""Run the readable SQL files that a migration names."""

from contextlib import closing
from pathlib import Path

from alembic import op

DATABASE_DIR = Path(__file__).resolve().parent


def run_sql_files(paths: list[str]) -> None:
    """Run each file (a path below `database/`) as it stands, in order."""
    for path in paths:
        statements = (DATABASE_DIR / path).read_text(encoding="utf-8")
        # The driver's own cursor: no bound parameters, so % and : mean themselves.
        with closing(op.get_bind().connection.cursor()) as cursor:
            cursor.execute(statements)
