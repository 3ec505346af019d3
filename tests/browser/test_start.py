"""What the server says when it cannot start: one line that names the reason, a status, no traceback."""

import socket
import subprocess
from pathlib import Path

from tests.browser.server import free_port, started
from tests.ui.conftest import OIDC

SECONDS = 40


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        status, said = ended(started(port, DASHBOARD_DATA_DIR=str(tmp_path)))

    assert status != 0
    assert f"Port {port} is not available" in one_line(said)


def test_a_file_in_place_of_the_data_folder(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("not a folder")

    status, said = ended(started(free_port(), DASHBOARD_DATA_DIR=str(in_the_way)))

    assert status == 2
    assert f"The data folder {in_the_way} cannot be written" in one_line(said)
    assert "set DASHBOARD_DATA_DIR" in said
    assert in_the_way.read_text() == "not a folder"


def test_another_database_without_a_sign_in(tmp_path: Path) -> None:
    status, said = ended(started(free_port(), DATABASE_URL="postgresql://app:hidden@127.0.0.1:1/dashboard"))

    assert status == 2
    assert "No sign-in is configured and DATABASE_URL is set" in one_line(said)
    assert "hidden" not in said


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    status, said = ended(with_a_provider(tmp_path, "postgresql://app:hidden@127.0.0.1:1/dashboard"))

    assert status == 2
    assert "The database at postgresql+psycopg2://app:***@127.0.0.1:1/dashboard does not answer" in one_line(said)
    assert "hidden" not in said


def test_an_address_that_is_no_database(tmp_path: Path) -> None:
    status, said = ended(with_a_provider(tmp_path, "mysql://app:hidden@127.0.0.1/dashboard"))

    assert status == 2
    assert "DATABASE_URL names mysql; the dashboard needs PostgreSQL" in one_line(said)
    assert "hidden" not in said


def test_a_wider_address_without_a_provider(tmp_path: Path) -> None:
    listening_everywhere = started(free_port(), "--server.address", "0.0.0.0", DASHBOARD_DATA_DIR=str(tmp_path))

    status, said = ended(listening_everywhere)

    assert status == 2
    assert 'No sign-in is configured and this server listens on "0.0.0.0"' in one_line(said)


def with_a_provider(folder: Path, database_url: str) -> "subprocess.Popen[str]":
    secrets = folder / "secrets.toml"
    secrets.write_text(OIDC)
    return started(free_port(), "--secrets.files", str(secrets), DATABASE_URL=database_url)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """The status and the contents of stderr; a server that starts after all is stopped and fails the test."""
    try:
        _, said = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
        process.wait()
    return process.returncode, said


def one_line(said: str) -> str:
    """The only line from the dashboard itself; Streamlit may have said before that it knows no external address."""
    assert "Traceback" not in said
    lines = said.strip().splitlines()
    if "Did not auto detect external IP" in lines[0]:
        lines = lines[2:]
    assert len(lines) == 1, said
    return lines[0]
