"""Without a mail server: each email becomes a file that email programs can open."""

import os
from collections.abc import Callable
from pathlib import Path

from database.data_folder import make_private
from mail.transport import Envelope, Outcome


class FolderTransport:
    """Writes NAME.eml into a folder atomically, with the same name for the same email."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, envelope: Envelope, may_complete: Callable[[], bool]) -> Outcome:
        """Write the email, and give it its final name when `may_complete` agrees."""
        path = self._folder / f"{envelope.name}.eml"
        draft = path.with_suffix(f".{os.getpid()}.draft")
        try:
            make_private(self._folder)
            _write(draft, envelope.content)
            if not may_complete():
                return Outcome("withdrawn")
            os.replace(draft, path)
            _sync(self._folder)
        except OSError as error:
            return Outcome("deferred", f"The email could not be written to the data folder ({error.strerror}).")
        finally:
            draft.unlink(missing_ok=True)
        return Outcome("accepted", None, f"written to {path.name}")

    def close(self) -> None:
        """Does nothing: there is no connection."""


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make the file's name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
