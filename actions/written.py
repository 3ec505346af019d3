"""Cleans user text before it is stored: titles, names, descriptions."""

import unicodedata

from rules.errors import InputError


def one_line(written: str | None) -> str:
    """The text on one line, with single spaces and cleaned as by `lines`."""
    return " ".join(lines(written).split())


def lines(written: str | None) -> str:
    """The text without characters that PostgreSQL cannot store, or control characters, except line ends and tabs."""
    kept = (sign for sign in written or "" if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def within(field: str, written: str, limit: int) -> str:
    """The text; raises InputError if it is longer than the limit, in characters."""
    if len(written) > limit:
        raise InputError(f"The {field} has {len(written):,} characters; at most {limit:,} are allowed.")
    return written
