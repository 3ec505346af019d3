"""No other user of the computer can connect to the embedded server; and how the server ends."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
from playwright.sync_api import Browser

from database import embedded_owner
from database.embedded_owner import owner, programs
from database.settings import PROJECT_DIR
from tests.browser.conftest import browser  # noqa: F401
from tests.browser.server import Server, free_port, running_server, started
from tests.browser.visitor import visit
from tests.embedded_users import USE, a_user, answers, is_gone, servers_of, sockets_of

NOBODY = 65_534
SOMEBODY_ELSE = 65_533  # no account is needed to run as a number
CONNECTED, REFUSED = 0, 3
LONG = "x" * 90

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user of the computer")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, so that only the server's own protection keeps them out."""
    folder = Path(tempfile.mkdtemp(prefix="open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["data", LONG])
def test_another_user_of_the_computer_cannot_connect_to_roots_server(open_folder: Path, name: str) -> None:
    with a_user(open_folder / name) as user:
        sockets = sockets_of(user)

        assert connects_as(NOBODY, sockets) == REFUSED
        assert connects_as(SOMEBODY_ELSE, sockets) == REFUSED
        assert not reads_as(NOBODY, open_folder / name)
        assert answers(sockets)
        sockets.chmod(0o755)  # what the refusal depends on
        assert connects_as(NOBODY, sockets) == CONNECTED
        sockets.chmod(0o700)
    assert is_gone(open_folder / name)


@pytest.mark.parametrize("name", ["data", LONG])
def test_another_user_cannot_connect_to_an_ordinary_users_server(open_folder: Path, name: str) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o755)
    os.chown(home, NOBODY, NOBODY)

    with as_nobody(home / name) as user:
        sockets = sockets_of(user)
        assert connects_as(NOBODY, sockets) == CONNECTED
        assert connects_as(SOMEBODY_ELSE, sockets) == REFUSED
        assert not reads_as(SOMEBODY_ELSE, home / name)
        assert reads_as(NOBODY, home / name)
        assert {found.uids().effective for found in psutil.process_iter() if works_in(found, home / name)} == {NOBODY}
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o700
        assert stat.S_IMODE(home.stat().st_mode) == 0o755
        user.kill()
    assert not [found for found in wait_for_servers(home / name) if found.is_running()]


def test_programs_that_its_user_cannot_reach_are_copied_and_nothing_is_opened(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, home = programs().parent, open_folder / "lib"
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(installed, closed / "package" / embedded_owner.FOLDER, symlinks=True)
    monkeypatch.setattr(embedded_owner, "HOME", home)
    monkeypatch.setattr(
        embedded_owner,
        "find_spec",
        lambda _: type("Spec", (), {"submodule_search_locations": [str(closed / "package")]}),
    )
    programs.cache_clear()

    try:
        copied = programs()
        assert copied.is_relative_to(home)
        ran = subprocess.run(
            [str(copied / "postgres"), "--version"], user=owner().user, group=owner().group, check=True
        )
        assert ran.returncode == 0
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        programs.cache_clear()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_dashboard_leaves_no_database_behind(tmp_path: Path, ending: signal.Signals) -> None:
    data_dir = tmp_path / "data"
    with running_server(data_dir) as server:
        family = [server_process(server), *server_process(server).children(recursive=True)]
        assert servers_of(data_dir)
        for process in family if ending == signal.SIGKILL else family[:1]:
            process.send_signal(ending)
        assert is_gone(data_dir)
        assert server.process.wait(30) is not None


def test_a_restart_after_everything_was_killed_signs_nobody_out(
    tmp_path: Path,
    browser: Browser,  # noqa: F811
) -> None:
    data_dir = tmp_path / "data"
    with running_server(data_dir) as server:
        ada = visit(browser, server)
        ada.open("/students")
        ada.sign_in()
        ada.is_on("Students")
        printed = server.printed_address
        for process in [
            *server_process(server).children(recursive=True),
            server_process(server),
            *servers_of(data_dir),
        ]:
            process.kill()

    with running_server(data_dir, server.port) as again:
        ada.page.reload()
        ada.is_on("Students")
        assert again.printed_address == printed


def test_the_address_is_printed_once_with_each_way_to_start(tmp_path: Path) -> None:
    """Streamlit's own address, which has no token, is not printed."""
    environment = {"DASHBOARD_DATA_DIR": str(tmp_path / "data"), "DASHBOARD_WORKER": "off"}
    for start in (by_streamlit, by_uvicorn):
        port = free_port()
        process = start(port, environment)
        printed = said_until_the_address(process)
        process.send_signal(signal.SIGINT)
        rest, log = process.communicate(timeout=60)

        assert f"Creator Dashboard: http://localhost:{port}/?token=" in printed
        assert (printed + rest).count("http://") == 1
        assert printed.partition("token=")[2].strip() not in log


def by_streamlit(port: int, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return started(port, **environment)


def by_uvicorn(port: int, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "streamlit_app:app", "--port", str(port)],
        cwd=PROJECT_DIR,
        env={name: value for name, value in os.environ.items() if name != "DASHBOARD_NOW"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_until_the_address(process: "subprocess.Popen[str]") -> str:
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if "token=" in line:
            return said
    raise AssertionError(said)


def connects_as(user: int, sockets: Path) -> int:
    """Try to connect as this user, in a fork: they need not run a program."""
    return status_as(user, lambda: psycopg2.connect(host=str(sockets), user="postgres", dbname="dashboard").close())


def reads_as(user: int, data_dir: Path) -> bool:
    """Whether this user can open any file of the data folder."""
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert len(files) > 900

    def open_one() -> None:
        for path in files:
            with suppress(PermissionError):
                path.open("rb").close()
                return
        raise PermissionError

    return status_as(user, open_one) == CONNECTED


def status_as(user: int, attempt: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            attempt()
            os._exit(CONNECTED)
        except (psycopg2.OperationalError, PermissionError):
            os._exit(REFUSED)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def as_nobody(data_dir: Path) -> "Iterator[subprocess.Popen[str]]":
    """A process of an ordinary user that has the server running."""
    packages = Path(psycopg2.__file__).parent.parent
    with subprocess.Popen(
        [python_of_nobody(packages), "-c", USE, str(data_dir)],
        cwd=PROJECT_DIR,
        env={"PYTHONPATH": f"{PROJECT_DIR}:{packages}", "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def python_of_nobody(packages: Path) -> str:
    """An interpreter that everybody may run, of the version that the packages were built for."""
    wanted = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for found in (sys.executable, "/usr/bin/python3"):
        try:
            if subprocess.run([found, "-c", wanted], user=NOBODY, group=NOBODY, check=False).returncode == 0:
                return found
        except PermissionError:
            continue
    raise AssertionError(f"nobody can run no Python {sys.version_info[:2]}; install one that everybody may run")


def works_in(process: psutil.Process, data_dir: Path) -> bool:
    try:
        return process.name() == "postgres" and process.cwd() == str(data_dir / "postgres")
    except psutil.Error:
        return False


def wait_for_servers(data_dir: Path) -> list[psutil.Process]:
    """Wait; returns the servers that are left a minute after their last user."""
    found = [process for process in psutil.process_iter() if works_in(process, data_dir)]
    _, alive = psutil.wait_procs(found, 60)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def server_process(server: Server) -> psutil.Process:
    return psutil.Process(server.process.pid)
