"""The line a server prints when it is ready: its address, with the token of the demo sign-in."""

import asyncio
import logging
import os
import socket
from contextlib import suppress

import streamlit as st

from database.settings import settings
from database.this_computer import token
from ui.account.demo_door import TOKEN
from ui.account.return_path import base_path
from ui.account.safety import demo_sign_in_is_safe

FILE = "address"
SERVER_LOGGERS = ("uvicorn.access", "uvicorn.error", "uvicorn.asgi")
SECONDS_BETWEEN_LOOKS = 0.05
LOOKS = 600


async def print_address() -> None:
    """Wait until this process is listening, then print its address: the socket knows the port."""
    for _ in range(LOOKS):
        if port := _listening_port():
            print(f"\n  Creator Dashboard: {_said(port)}\n", flush=True)
            return
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def hide_token_in_logs() -> None:
    """Keep the token out of server logs, including those of web sockets. Raises SetupError if there is no token."""
    token()
    for name in SERVER_LOGGERS:
        logging.getLogger(name).addFilter(_without_token)


def _said(port: int) -> str:
    if not demo_sign_in_is_safe():
        return settings().public_url if os.environ.get("DASHBOARD_URL") else _local(port)
    address = f"{_local(port)}/?{TOKEN}={token()}"
    _keep(address)
    return address


def _local(port: int) -> str:
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return f"{scheme}://localhost:{port}{base_path()}"


def _keep(address: str) -> None:
    """Save the line in the data folder, readable only by its owner, replaced atomically."""
    path = settings().data_dir / FILE
    draft = path.with_name(f"{FILE}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(address + "\n")
    draft.replace(path)


def _listening_port() -> int | None:
    """The port of the first TCP socket on which this process waits for connections."""
    for descriptor in sorted(int(name) for name in os.listdir("/dev/fd")):
        with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as found:
            if found.family in (socket.AF_INET, socket.AF_INET6) and _accepts(found):
                port: int = found.getsockname()[1]
                return port
    return None


def _accepts(found: socket.socket) -> bool:
    return bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _without_token(record: logging.LogRecord) -> bool:
    said = record.getMessage()
    if (secret := token()) in said:
        record.msg, record.args = said.replace(secret, "hidden"), ()
    return True
