"""The server: `streamlit run streamlit_app.py` sets up what is missing, then serves dashboard and API."""

import asyncio
import os
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
from ui.demo_door import DemoDoor
from ui.oidc import oidc_secrets, signed_in_by
from ui.printed_address import hide_token_in_logs, print_address
from ui.return_path import ReturnPath
from ui.safety import SecureCookies, refuse_without_sign_in

os.umask(0o077)  # files of the data folder are nobody else's, whoever writes them

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

    saying = asyncio.create_task(print_address())
    with worker_process():
        yield
    saying.cancel()


if secrets:
    # The state of a sign-in under way is signed before Streamlit reads `secrets`: with the same key on every replica.
    config.set_option("server.cookieSecret", secrets["auth"]["cookie_secret"])

# The API lets in whom the dashboard has signed in; the demo sign-in's cookie opens pages only.
if section := signed_in_by():
    api.state.browser_sessions = BrowserSessions.of(section["cookie_secret"], section["redirect_uri"])

hide_token_in_logs()
config.set_option("logger.hideWelcomeMessage", True)  # Streamlit's own line cannot carry the token
app = st.App(
    PROJECT_DIR / "ui" / "main.py",
    routes=[Mount("/api", app=api)],
    lifespan=lifespan,
    middleware=[Middleware(DemoDoor), Middleware(SecureCookies), Middleware(ReturnPath)],
    secrets=secrets,
)
