"""Recognises video files by their content, not their name."""

from rules.errors import InputError

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


def video_extension(head: bytes) -> str:
    """The extension that matches a file that begins like this.

    Raises InputError for an empty file and for one that is no MP4, MOV, WebM or MKV.
    """
    if not head:
        raise InputError("The file is empty; choose another one.")
    extension = _extension_of(head[:HEAD_BYTES])
    if extension is None:
        raise InputError("This file is not a usable video; choose an MP4, MOV, WebM or MKV file.")
    return extension


def _extension_of(head: bytes) -> str | None:
    if head[4:8] == b"ftyp" and head[8:12] not in NO_VIDEO_BRANDS:
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if head.startswith(EBML):
        return "webm" if b"webm" in head else "mkv" if b"matroska" in head else None
    return None
