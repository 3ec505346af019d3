"""Signed statements: the signature that comes as an attachment signs this very statement."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any

from sources.xapi.arrivals import NotAStatement
from sources.xapi.keys import Json, content_key
from sources.xapi.storing import File

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
ALGORITHMS = ("RS256", "RS384", "RS512")
TYPE = "application/octet-stream"


def must_be_signed(statements: Sequence[Json], files: Sequence[File]) -> None:
    """Raise NotAStatement for a signature that is malformed, or signs something else.

    Whose key it is, is not checked: the API key says who sent the statement.
    """
    sent = {file.sha2: file for file in files}
    for statement in statements:
        for attachment in statement.get("attachments", ()):
            if attachment["usageType"] == SIGNATURE:
                _check(statement, attachment, sent.get(attachment["sha2"].lower()))


def _check(statement: Json, attachment: Json, file: File | None) -> None:
    if file is None or attachment["contentType"] != TYPE:
        raise NotAStatement(f"A signature is sent as a part of its own, with the content type {TYPE}.")
    header, payload, signature = _parts(file.content)
    if header.get("alg") not in ALGORITHMS or not signature:
        raise NotAStatement(f"A signature uses one of {', '.join(ALGORITHMS)}.")
    unsigned = {name: value for name, value in statement.items() if name != "attachments"}
    signed = {name: value for name, value in payload.items() if name != "attachments"}
    try:
        is_the_same = content_key(unsigned) == content_key(signed)
    except (AttributeError, TypeError):
        is_the_same = False
    if not is_the_same:
        raise NotAStatement("The signature signs another statement.")


def _parts(content: bytes) -> tuple[Json, Json, bytes]:
    """The header, the payload and the signature of a JSON web signature in its compact form."""
    try:
        header, payload, signature = content.strip().split(b".")
        told: list[Any] = [json.loads(_decoded(part)) for part in (header, payload)]
        decoded = _decoded(signature)
    except (ValueError, RecursionError):
        raise NotAStatement("The signature is no JSON web signature in its compact form.") from None
    if not all(isinstance(part, dict) for part in told):
        raise NotAStatement("The header and the payload of a signature are JSON objects.")
    return told[0], told[1], decoded


def _decoded(part: bytes) -> bytes:
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))
