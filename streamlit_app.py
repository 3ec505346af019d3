"""The server: `streamlit run streamlit_app.py` sets up what is missing, then serves dashboard and API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from streamlit import config

from api.app import api
from api.browser_session import BrowserSessions
from database.errors import SetupError
from database.settings import PROJECT_DIR
from database.setup import exit_with, prepare
from jobs.child import worker_process
from ui.garbage import collected_between_runs
from ui.oidc import oidc_secrets, signed_in_by
from ui.return_path import ReturnPath
from ui.safety import LoopbackOnly, SecureCookies, refuse_without_sign_in

try:
    secrets = oidc_secrets()
    refuse_without_sign_in()
    prepare()
except SetupError as error:
    exit_with(error)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Import what pages need before the first visitor waits for it; keep a worker beside the server."""
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401

    with worker_process(), collected_between_runs():
        yield


if secrets:
    # The state of a sign-in under way is signed before Streamlit reads `secrets`: with the same key on every replica.
    config.set_option("server.cookieSecret", secrets["auth"]["cookie_secret"])

# The API lets in whom the dashboard has signed in; the demo sign-in sets no cookie, so there it is keys only.
if section := signed_in_by():
    api.state.browser_sessions = BrowserSessions.of(section["cookie_secret"], section["redirect_uri"])

app = st.App(
    PROJECT_DIR / "ui" / "main.py",
    routes=[Mount("/api", app=api)],
    lifespan=lifespan,
    middleware=[Middleware(LoopbackOnly), Middleware(SecureCookies), Middleware(ReturnPath)],
    secrets=secrets,
)
