"""The embedded server: who can reach it, and that it ends with the last process that uses it."""

import os
import shutil
import signal
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from database.embedded import _probe
from database.embedded_server import SOCKET, cluster_of, running
from tests.embedded_users import a_user, answers, guards_of, is_gone, servers_of, sockets_of

OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a database that was started once and stopped, in a folder that nobody else may enter."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    data_dir = closed / "data"
    with a_user(data_dir) as user:
        sockets_of(user)
    assert is_gone(data_dir)
    return data_dir


def test_many_processes_may_look_whether_the_folder_can_be_written(tmp_path):
    """Two that started at the same moment once removed each other's file, and one of them gave up."""
    with ThreadPoolExecutor(8) as starting:
        for _ in starting.map(_probe, [tmp_path] * 4_000):
            pass

    assert list(tmp_path.iterdir()) == []


def test_no_folder_above_the_data_folder_is_changed(made):
    """The package's own start opened all of them to everybody when root ran it."""
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    with a_user(made) as user:
        assert answers(sockets_of(user))
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_no_file_of_it_is_open_to_others(made):
    with a_user(made) as user:
        sockets = sockets_of(user)

        place = cluster_of(made).folder
        assert place.is_dir()
        assert sockets == place
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        inside = [path for path in [*made.iterdir(), *place.rglob("*")] if not path.is_symlink() and path.is_file()]
        assert len(inside) > 900
        assert [path for path in inside if path.stat().st_mode & OPEN_TO_OTHERS] == []


@pytest.mark.parametrize("name", ["x" * 90, "with a space, a comma, 'quotes' and \"double ones\" and $HOME"])
def test_where_a_path_is_no_place_for_sockets_they_lie_in_a_folder_of_their_own(made, tmp_path, name):
    """They were once in the shared temporary folder, where anybody could become the database's superuser."""
    data_dir = copied(made, tmp_path / name)

    with a_user(data_dir) as user:
        sockets = sockets_of(user)
        assert answers(sockets)
        found = sockets.lstat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == cluster_of(data_dir).owner.user
        assert sockets.parent == Path("/tmp") or sockets == cluster_of(data_dir).folder

    assert is_gone(data_dir)
    assert not (sockets / SOCKET).exists()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGHUP])
def test_it_ends_with_its_last_user_however_that_ends(made, ending):
    with a_user(made) as first:
        sockets = sockets_of(first)
        with a_user(made) as second:
            sockets_of(second)
            second.send_signal(ending)
        assert len(guards_of(made)) == 1
        assert answers(sockets)
        first.send_signal(ending)

    assert is_gone(made)


def test_a_server_without_user_and_guard_is_taken_over(made):
    with a_user(made) as user:
        sockets_of(user)
        killed(*guards_of(made))
        user.kill()
    (postmaster,) = [server for server in servers_of(made) if is_first(server)]

    with a_user(made) as user:
        assert answers(sockets_of(user))
        assert postmaster.is_running()
        assert len(guards_of(made)) == 1

    assert is_gone(made)


def test_it_starts_after_everything_was_killed_at_once(made):
    with a_user(made) as user:
        sockets_of(user)
        killed(*guards_of(made), *servers_of(made))
        user.kill()

    with a_user(made) as user:
        assert answers(sockets_of(user))
    assert is_gone(made)


def test_a_process_that_got_the_number_of_a_killed_server_is_left_alone(made):
    place = cluster_of(made).folder
    with subprocess.Popen(["sleep", "60"]) as innocent:
        (place / "postmaster.pid").write_text(f"{innocent.pid}\n{place}\n1\n5432\n{place}\n\n1 1\nready\n")
        with a_user(made) as user:
            assert answers(sockets_of(user))
        assert innocent.poll() is None
        innocent.kill()
    assert is_gone(made)


def test_a_server_whose_sockets_are_open_to_others_is_stopped(made, tmp_path):
    """As an earlier version left it, or as somebody else prepared it."""
    with a_user(made) as user:
        before = sockets_of(user)
        place = cluster_of(made).folder
        planted = tmp_path / "planted"
        planted.mkdir(mode=0o777)
        lines = (place / "postmaster.pid").read_text().splitlines()
        (place / "postmaster.pid").write_text("\n".join([*lines[:4], str(planted), *lines[5:]]) + "\n")

        assert running(cluster_of(made)) is None
        assert not answers(before)
    assert is_gone(made)


def test_two_that_start_at_once_share_one_server(made):
    with a_user(made) as first, a_user(made) as second:
        assert sockets_of(first) == sockets_of(second)
        assert len(guards_of(made)) == 1
        assert sum(is_first(server) for server in servers_of(made)) == 1
    assert is_gone(made)


def copied(made: Path, data_dir: Path) -> Path:
    """The database in another data folder: copying is faster than creating."""
    data_dir.mkdir(mode=0o711)
    place = cluster_of(data_dir)
    shutil.copytree(cluster_of(made).folder, place.folder, symlinks=True)
    for path in (place.folder, *place.folder.rglob("*")):
        os.chown(path, place.owner.user, place.owner.group, follow_symlinks=False)
    return data_dir


def killed(*processes: psutil.Process) -> None:
    for process in processes:
        process.kill()
    time.sleep(0.2)


def is_first(server: psutil.Process) -> bool:
    """Whether it is the server itself and not one of its children."""
    return "-c" in server.cmdline()
