"""Files as a browser announces them, before any of their parts is sent."""

from dataclasses import dataclass
from typing import Protocol

from actions.video_files import video_extension
from actions.written import one_line
from rules.errors import InputError
from rules.formatting import size
from rules.uploads import MOST_BYTES, MOST_BYTES_OF_ROWS

NAME_LIMIT = 255  # characters
HEADS = ((b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"))
EXTENSIONS = ("csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "jsonl", "log")


class Announced(Protocol):
    """A file as a browser announces it."""

    @property
    def name(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def modified_ms(self) -> int: ...
    @property
    def extension(self) -> str: ...


@dataclass(frozen=True)
class ArrivingFile:
    """A file as a browser announces it. Raises InputError for one that cannot become a video.

    `head` are its first bytes, `modified_ms` is when it was last changed (milliseconds, by the browser's clock).
    """

    name: str
    size_bytes: int
    modified_ms: int
    head: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", one_line(self.name)[:NAME_LIMIT] or "video")
        if self.size_bytes < 1:
            raise InputError("The file is empty; choose another one.")
        if self.size_bytes > MOST_BYTES:
            raise InputError(
                f"The file has {size(self.size_bytes)}; at most {size(MOST_BYTES)} can be uploaded. "
                "Export it with a lower resolution, or in two parts."
            )
        video_extension(self.head)

    @property
    def extension(self) -> str:
        return video_extension(self.head)

    @property
    def title(self) -> str:
        """The default name of the video: the file's name in words."""
        return " ".join(self.name.rpartition(".")[0].replace("_", " ").split()) or self.name


@dataclass(frozen=True)
class ArrivingRows:
    """A file of rows as a browser announces it. Raises InputError for one that is empty or too large."""

    name: str
    size_bytes: int
    modified_ms: int
    head: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", one_line(self.name)[:NAME_LIMIT] or "file")
        if self.size_bytes < 1:
            raise InputError("The file is empty; choose another one.")
        if self.size_bytes > MOST_BYTES_OF_ROWS:
            raise InputError(
                f"The file has {size(self.size_bytes)}; at most {size(MOST_BYTES_OF_ROWS)} can be uploaded. "
                "Split it, or import it with `manage.py import` on the server."
            )

    @property
    def extension(self) -> str:
        """By content: only workbooks can be told apart."""
        return next((extension for head, extension in HEADS if self.head.startswith(head)), "csv")
