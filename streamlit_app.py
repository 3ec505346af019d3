"""The server: `streamlit run streamlit_app.py` sets up what is missing, then serves dashboard and API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from streamlit import config

from api.app import api
from api.browser_session import BrowserSessions
from database.data_folder import close_new_files
from database.engine import is_of_one_computer
from database.logs import log_as_json
from database.settings import PROJECT_DIR
from database.setup import exit_with, prepare
from jobs.child import worker_process
from rules.errors import SetupError
from ui.account.demo_door import DemoDoor
from ui.account.oidc import oidc_secrets, signed_in_by
from ui.account.printed_address import hide_token_in_logs, print_address
from ui.account.return_path import ReturnPath
from ui.account.safety import SecureCookies, demo_sign_in_is_safe, refuse_without_sign_in
from ui.addresses import Addresses
from ui.garbage import collected_between_runs
from ui.shared.errors import script_failed

log_as_json()
# Neither a page nor standard output may show an error's words, whatever a flag or a variable says.
config.set_option("client.showErrorDetails", "none")
config.set_option("logger.enableRich", False)
config.set_option("client.disableDataExport", True)  # see .streamlit/config.toml

try:
    secrets = oidc_secrets()
    refuse_without_sign_in()
    if is_of_one_computer():
        close_new_files()
    prepare()
    if demo_sign_in_is_safe():
        hide_token_in_logs()
except SetupError as error:
    exit_with(error)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Import what pages need before the first visitor waits for it; keep a worker beside the server."""
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401

    saying = asyncio.create_task(print_address())
    with worker_process(), collected_between_runs():
        yield
    saying.cancel()


if secrets:
    # The state of a sign-in under way is signed before Streamlit reads `secrets`: with the same key on every replica.
    config.set_option("server.cookieSecret", secrets["auth"]["cookie_secret"])

# The API lets in whom the dashboard has signed in; the demo sign-in's cookie opens pages only.
if section := signed_in_by():
    api.state.browser_sessions = BrowserSessions.of(section["cookie_secret"], section["redirect_uri"])

config.set_option("logger.hideWelcomeMessage", True)  # Streamlit's own line cannot carry the token
app = st.App(
    PROJECT_DIR / "ui" / "main.py",
    routes=[Mount("/api", app=api)],
    lifespan=lifespan,
    middleware=[Middleware(DemoDoor), Middleware(SecureCookies), Middleware(ReturnPath), Middleware(Addresses)],
    secrets=secrets,
    on_script_error=script_failed,
)
