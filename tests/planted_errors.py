"""Processes of ours in which something fails and names a person: `python -m tests.planted_errors PLACE`."""

import os
import sys
import threading
import warnings
from typing import NoReturn

NAME, ADDRESS = "Quirin Falkenrath", "quirin.falkenrath@example.net"


def fail(*_arguments: object, **_options: object) -> NoReturn:
    """Fails like code that handles people: the database quotes a row, and the error raised from it names a person."""
    from sqlalchemy import text

    from database.engine import engine

    twice = text("insert into planted (name, email) values (:name, :email), (:name, :email)")
    try:
        with engine().begin() as connection:
            connection.execute(text("create temporary table planted (name text, email text unique)"))
            connection.execute(twice, {"name": NAME, "email": ADDRESS})
    except Exception as error:
        raise RuntimeError(f"no row for {NAME} <{ADDRESS}>: {error}") from error
    raise AssertionError("the database took it")


def page() -> None:
    """A page of the dashboard, in the process of the server."""
    import database.setup

    database.setup.prepare = lambda: None
    from streamlit.testing.v1 import AppTest

    import streamlit_app  # noqa: F401  # as `streamlit run` imports it
    import ui.account.viewer
    from database.settings import PROJECT_DIR

    ui.account.viewer.signed_in_account = fail
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=30).run()
    print("shown:", [(found.message, found.value) for found in app.exception])


def request() -> None:
    """The API as uvicorn serves it, with a failing route and, outside everything, a failing frame."""
    import uvicorn

    import api.middleware
    import api.routes.health
    from api.app import api as served

    api.routes.health.is_migrated = fail  # type: ignore[attr-defined]
    noted = api.middleware.RequestMiddleware._note

    def note(self, scope, one):
        noted(self, scope, one)
        if scope["path"] == "/docs":
            fail()

    api.middleware.RequestMiddleware._note = note  # type: ignore[method-assign]
    uvicorn.run(served, port=int(os.environ["PORT"]))


def worker() -> None:
    """The worker, with a task that fails."""
    import jobs.refresh

    jobs.refresh.refresh_rested = fail  # type: ignore[attr-defined]
    command("worker")


def command(name: str = "creators") -> None:
    """The command line."""
    import database.creators
    import manage

    database.creators.creators = fail
    sys.argv = ["manage.py", name]
    manage.main()


def thread() -> None:
    """What nobody catches at all: threads, finalizers, warnings, tasks of an event loop, the program itself."""
    import asyncio
    import gc

    from database.logs import log_as_json

    log_as_json()

    class Final:
        def __del__(self) -> None:
            fail()

    async def forgotten() -> None:
        asyncio.get_running_loop().call_soon(fail, NAME)
        asyncio.get_running_loop().create_task(failing(), name=NAME)
        await asyncio.sleep(0.2)
        gc.collect()

    async def failing() -> None:
        fail()

    ended = threading.Thread(target=fail, name=NAME)
    ended.start()
    ended.join()
    Final()
    asyncio.run(forgotten())
    warnings.warn(f"{NAME} has no {ADDRESS}", stacklevel=1)
    fail()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
