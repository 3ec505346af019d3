"""Migrates the database to the latest schema."""

import logging

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from database.engine import check_connection, engine
from database.objects import apply_objects
from database.settings import PROJECT_DIR
from database.time_zones import bring_time_zones_up_to_date
from rules.errors import SetupError

MINIMUM_SERVER_VERSION = 15
NEWEST = "head"
ONE_MIGRATION_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('creator dashboard migration', 0))")


def migrate(revision: str = NEWEST) -> None:
    """Run the missing migrations, then apply objects and time zone names; all in one transaction.

    A revision older than the newest keeps the views, functions and triggers that it came with. Several
    processes may call it at once. Raises SetupError if the database does not answer or is too old.
    """
    check_connection()
    with engine().begin() as connection:
        _check_version(connection)
        connection.execute(ONE_MIGRATION_AT_A_TIME)
        command.upgrade(_config(connection), revision)
        if revision == NEWEST:
            apply_objects(connection)
            bring_time_zones_up_to_date(connection)


def script_location() -> str:
    """Where the migrations are."""
    return str(PROJECT_DIR / "database" / "migrations")


def _check_version(connection: Connection) -> None:
    major = int(connection.execute(text("show server_version_num")).scalar_one()) // 10_000
    if major < MINIMUM_SERVER_VERSION:
        raise SetupError(f"The database is PostgreSQL {major}; the dashboard needs {MINIMUM_SERVER_VERSION} or later.")


def _config(connection: Connection) -> Config:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", script_location())
    config.attributes["connection"] = connection
    return config
