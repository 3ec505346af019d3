"""Text from people as it is kept: titles, names, descriptions."""

import unicodedata

from database.errors import InputError


def one_line(written: str | None) -> str:
    """On one line, with single spaces and without what `lines` leaves out."""
    return " ".join(lines(written).split())


def lines(written: str | None) -> str:
    """Without what no text in PostgreSQL holds, and without control characters but for line ends and tabs."""
    kept = (sign for sign in written or "" if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def within(field: str, written: str, limit: int) -> str:
    """The text; raises InputError where it is longer than the limit, in characters."""
    if len(written) > limit:
        raise InputError(f"The {field} has {len(written):,} characters; at most {limit:,} fit.")
    return written
