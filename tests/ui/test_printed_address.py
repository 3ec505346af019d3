"""The line that says where the dashboard is, and that its token stands nowhere else."""

import asyncio
import logging
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from database.settings import settings
from database.this_computer import token
from tests.ui.conftest import SignIn
from ui.account import printed_address
from ui.account.printed_address import FILE, SERVER_LOGGERS, hide_token_in_logs, print_address


@pytest.fixture(autouse=True)
def data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DASHBOARD_URL", raising=False)


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])
def listening(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A socket of this process that waits, beside one that does not; no other is looked at."""
    with socket.socket(request.param) as idle, socket.socket(request.param) as waiting:
        waiting.bind(("localhost" if request.param == socket.AF_INET else "::1", 0))
        waiting.listen()
        found = [str(idle.fileno()), str(waiting.fileno()), "999999"]
        monkeypatch.setattr(printed_address.os, "listdir", lambda _folder: found)  # type: ignore[attr-defined]
        yield waiting


def test_it_has_the_port_on_which_the_process_listens_and_the_token(
    sign_in_settings: SignIn, listening: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in_settings()

    asyncio.run(print_address())

    address = f"http://localhost:{listening.getsockname()[1]}/?token={token()}"
    assert capsys.readouterr().out.split() == ["Creator", "Dashboard:", address]
    kept = settings().data_dir / FILE
    assert kept.read_text() == f"{address}\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("public", ["https://dashboard.example.org", None])
def test_with_a_provider_it_has_no_token(
    sign_in_settings: SignIn,
    listening: socket.socket,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    public: str | None,
) -> None:
    sign_in_settings(oidc=True)
    if public:
        monkeypatch.setenv("DASHBOARD_URL", public)

    asyncio.run(print_address())

    local = f"http://localhost:{listening.getsockname()[1]}"
    assert capsys.readouterr().out.split() == ["Creator", "Dashboard:", public or local]
    assert not settings().data_dir.exists()


@pytest.mark.parametrize("name", SERVER_LOGGERS)
def test_no_log_of_a_server_has_the_token(name: str, caplog: pytest.LogCaptureFixture) -> None:
    hide_token_in_logs()
    server = logging.getLogger(name)
    with caplog.at_level(logging.INFO, logger=name):
        server.addHandler(caplog.handler)
        server.info('%s - "WebSocket %s" [accepted]', ("127.0.0.1", 1), f"/_stcore/stream?token={token()}")
        server.removeHandler(caplog.handler)

    assert "/_stcore/stream?token=hidden" in caplog.text
    assert token() not in caplog.text
