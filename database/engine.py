"""The engine: one pool per process, on the embedded server or on DATABASE_URL."""

from functools import lru_cache
from typing import Any

import psycopg2.extensions
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from database.embedded import embedded_url
from database.quiet_driver import QuietConnection
from database.settings import settings
from rules.errors import SetupError

# Figures are shown with a few digits at most; floats spare every caller the Decimals.
NUMERIC_AS_FLOAT = psycopg2.extensions.new_type(
    psycopg2.extensions.DECIMAL.values,
    "NUMERIC_AS_FLOAT",
    lambda value, _cursor: None if value is None else float(value),
)

# For both drivers: a host that vanished silently is noticed within half a minute rather than after hours.
NOTICED_WHEN_GONE: dict[str, int] = {
    "connect_timeout": 3,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}


def engine() -> Engine:
    """The pool of this process. Open transactions with `tenant_tx` or `platform_tx`, never here.

    Raises SetupError if the address is invalid or the embedded server cannot start.
    """
    return _engine(database_url())


def database_url() -> URL:
    """The address of the database, with the application's driver."""
    configured = settings().database_url
    if configured is None:
        return embedded_url(settings().data_dir)
    try:
        url = make_url(configured)
    except (ArgumentError, ValueError):  # a port that is not a number is a ValueError
        raise SetupError(
            "DATABASE_URL is not an address; write postgresql://user:password@host:5432/database."
        ) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise SetupError(
            f"DATABASE_URL names {url.get_backend_name()}; the dashboard needs PostgreSQL 15 or later "
            "(postgresql://user:password@host:5432/database)."
        )
    return url.set(drivername="postgresql+psycopg2")


def is_embedded() -> bool:
    """Whether it is the embedded database."""
    return settings().database_url is None


def is_of_one_computer() -> bool:
    """Whether the people of this computer may sign in without a provider: the data folder holds token and secrets."""
    return is_embedded() or settings().local_sign_in


def check_connection() -> None:
    """Raise SetupError, without the password, if the database is not reachable."""
    try:
        with engine().connect():
            pass
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SetupError(
            f"The database at {database_url().render_as_string(hide_password=True)} does not answer: {reason}. "
            "Correct DATABASE_URL, or unset it to use the embedded database."
        ) from error


@lru_cache(maxsize=8)
def _engine(url: URL) -> Engine:
    made = create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_timeout=2,
        pool_pre_ping=True,
        hide_parameters=True,  # an error quotes the statement, and its values belong to people
        connect_args={
            "application_name": "creator-dashboard",
            "connection_factory": QuietConnection,
            **NOTICED_WHEN_GONE,
        },
    )
    event.listen(made, "connect", _read_numerics_as_floats)
    return made


def _read_numerics_as_floats(connection: Any, _record: Any) -> None:
    psycopg2.extensions.register_type(NUMERIC_AS_FLOAT, connection)
