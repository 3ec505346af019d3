"""The data folder, private to this program's user."""

import os
import secrets
import stat
from pathlib import Path

from rules.errors import SetupError

SECRET_CHARACTERS = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_data_folder(folder: Path) -> None:
    """Create it if it is missing; an existing one, and every parent, stays as it is.

    For root it can be passed through: PostgreSQL refuses to run as root, so its part belongs to another user.
    """
    folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def make_private(folder: Path) -> Path:
    """Create a folder inside the data folder, closed to other users; one that older versions left open is closed."""
    make_data_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_mode & OTHERS:
        folder.chmod(0o700)
    return folder


def close_new_files() -> None:
    """From now on, files created by this process are for its user only; those of its children too."""
    os.umask(OTHERS)


def kept_secret(folder: Path, name: str) -> str:
    """A random text in a file of this folder, created once and readable only by its owner.

    A file that others could read is replaced. Raises SetupError if the file belongs to another user.
    """
    path = folder / name
    if not path.exists():
        make_data_folder(folder)
        _write_once(path)
    found = path.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode):
        raise SetupError(f"{path} belongs to another user; remove it, or set DASHBOARD_DATA_DIR to another folder.")
    if found.st_mode & OTHERS:
        path.unlink(missing_ok=True)
        _write_once(path)
    return path.read_text().strip()


def _write_once(path: Path) -> None:
    """Two processes that create one at once agree on the first; it is never half written."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(SECRET_CHARACTERS))
    try:
        os.link(draft, path)  # fails if another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
