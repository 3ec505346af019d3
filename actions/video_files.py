"""Recognises video files by their content, not their name."""

import os
from typing import IO

from rules.errors import InputError

MAX_FILE_BYTES = 200 * 1024 * 1024
EXTENSIONS = ("mp4", "m4v", "mov", "webm", "mkv")  # what a person may choose in the file dialog
HEAD_BYTES = 64

# A file of the MP4 family names its brand in bytes 8 to 12; pictures and sound use the same format.
NO_VIDEO_BRANDS = (
    b"M4A ",
    b"M4B ",
    b"M4P ",
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
)
EBML = b"\x1a\x45\xdf\xa3"


def video_extension(file: IO[bytes]) -> str:
    """The extension that matches the file's content; the file is at its start afterwards.

    Raises InputError for an empty file, one over 200 MB, and one that is no MP4, MOV, WebM or MKV.
    """
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not size_bytes:
        raise InputError("The file is empty; choose another one.")
    if size_bytes > MAX_FILE_BYTES:
        raise InputError(
            f"The file has {size_bytes / 1024**2:,.0f} MB; at most {MAX_FILE_BYTES // 1024**2} MB can be uploaded. "
            "Export it with a lower resolution, or in two parts."
        )
    extension = _extension_of(head)
    if extension is None:
        raise InputError("This file is not a usable video; choose an MP4, MOV, WebM or MKV file.")
    return extension


def _extension_of(head: bytes) -> str | None:
    if head[4:8] == b"ftyp" and head[8:12] not in NO_VIDEO_BRANDS:
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if head.startswith(EBML):
        return "webm" if b"webm" in head else "mkv" if b"matroska" in head else None
    return None
