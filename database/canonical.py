"""Encodes several values as one, for keys, tags and signatures: different values never collide."""

import hashlib
import json
from typing import Any


def joined(*parts: str) -> bytes:
    """Each part after its length, so that no character of a part can pass for the boundary to the next one."""
    return b"".join(len(part).to_bytes(8, "big") + part for part in (_utf8(text) for text in parts))


def digest(*parts: str) -> str:
    """64 hexadecimal digits of the parts; not secret, and not to be trusted if they come from outside."""
    return hashlib.sha256(joined(*parts)).hexdigest()


def canonical(values: dict[str, Any]) -> str:
    """Values that JSON can hold as text, the same for equal values.

    The text is ASCII or whole characters: half of a surrogate pair is written out, so that two halves
    are not the character that they would make together.
    """
    told = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return told.encode("utf-8", "backslashreplace").decode()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
