"""Statements with files (multipart/mixed), as they are sent and as they are answered."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from api.xapi.asking import as_json, bad
from sources.xapi.keys import Json
from sources.xapi.storing import File

MIXED = "multipart/mixed"
JSON = "application/json"
BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
HASHES = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}
HASH = "x-experience-api-hash"
MOST_FILES = 1_000


def is_mixed(content_type: str) -> bool:
    return media_type(content_type) == MIXED


def media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def parts(content_type: str, body: bytes) -> tuple[Any, list[File]]:
    """The JSON value of the first part, and the files of the others. Raises a Problem for what does not fit."""
    found = BOUNDARY.search(content_type)
    if found is None:
        raise bad("multipart/mixed needs a boundary.")
    sections = list(_sections(body, (found[1] or found[2]).encode()))
    if not sections or media_type(sections[0][0].get("content-type", "")) != JSON:
        raise bad("The first part of a request with attachments holds the statements: Content-Type: application/json.")
    return as_json(sections[0][1]), [_file(headers, content) for headers, content in sections[1:]]


def must_belong(statements: Sequence[Json], files: Sequence[File], is_with_files: bool) -> None:
    """Raise a Problem for a file that no statement names, and for one that is named and neither sent nor linked."""
    named = [one for statement in statements for one in _attachments(statement)]
    hashes = {one["sha2"].lower() for one in named}
    sent = {file.sha2 for file in files}
    if sent - hashes:
        raise bad("A part is the attachment of no statement: its X-Experience-API-Hash is no sha2 among them.")
    missing = [one for one in named if one["sha2"].lower() not in sent and "fileUrl" not in one]
    if missing:
        how = "its part is missing" if is_with_files else "send it as multipart/mixed"
        raise bad(f"The attachment {missing[0]['sha2'][:16]}… has no fileUrl, and {how}.")


def mixed(told: str, files: Sequence[File]) -> tuple[bytes, str]:
    """A body with the JSON text and these files, and its content type."""
    boundary = secrets.token_hex(16)
    written = [f"--{boundary}\r\nContent-Type: {JSON}\r\n\r\n".encode() + told.encode()]
    for file in files:
        headers = (
            f"--{boundary}\r\nContent-Type: {file.content_type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"X-Experience-API-Hash: {file.sha2}\r\n\r\n"
        )
        written.append(headers.encode("latin-1", "replace") + file.content)
    return b"\r\n".join([*written, f"--{boundary}--\r\n".encode()]), f"{MIXED}; boundary={boundary}"


def _attachments(statement: Json) -> Iterator[Json]:
    yield from statement.get("attachments", ())
    if statement["object"].get("objectType") == "SubStatement":
        yield from statement["object"].get("attachments", ())


def _sections(body: bytes, boundary: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    """The headers of each part, with names in small letters, and its content."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FILES + 2)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise bad("The parts do not end with the boundary.")
    for piece in pieces[1:-1]:
        _, _, piece = piece.partition(b"\r\n")
        head, gap, content = (b"\r\n" + piece).partition(b"\r\n\r\n")
        if not gap:
            raise bad("A part has no empty line between its headers and its content.")
        lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n") if line)
        yield {name.strip().lower(): value.strip() for name, _, value in lines}, content


def _file(headers: dict[str, str], content: bytes) -> File:
    sha2 = headers.get(HASH, "").lower()
    if headers.get("content-transfer-encoding", "").lower() != "binary":
        raise bad("The part of an attachment has Content-Transfer-Encoding: binary.")
    if "content-type" not in headers or len(headers["content-type"]) > 255:
        raise bad("The part of an attachment has a Content-Type.")
    if len(sha2) not in HASHES or HASHES[len(sha2)](content).hexdigest() != sha2:
        raise bad("The part of an attachment has the SHA-2 hash of its content as X-Experience-API-Hash.")
    return File(sha2, headers["content-type"].replace("\0", ""), content)
