"""Without a mail server: each mail becomes a file that a mail program opens."""

import os
from collections.abc import Callable
from pathlib import Path

from database.data_folder import make_private
from reports.mail.transport import Envelope, Outcome


class FolderTransport:
    """Writes NAME.eml into a folder: whole or not at all, and the same mail to the same name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, envelope: Envelope, may_complete: Callable[[], bool]) -> Outcome:
        """Write the mail, and give it its name when `may_complete` agrees."""
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
            return Outcome("deferred", f"The mail could not be written to the data folder ({error.strerror}).")
        finally:
            draft.unlink(missing_ok=True)
        return Outcome("accepted", None, f"written to {path.name}")

    def close(self) -> None:
        """There is nothing to leave."""


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make the name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
