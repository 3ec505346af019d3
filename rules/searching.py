"""What finds a text, and what a name is sorted by: letters without accents, case and form.

SQL functions of the same names do the same for stored rows (`0034_search.sql`). Both go by one table of letters, and
by nothing that depends on the edition of Unicode of Python or PostgreSQL: a letter that the table does not know stays
as it is.
"""

import json
import unicodedata
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("letters.json")
HANGUL = range(0xAC00, 0xD7A4)  # syllables, taken apart by an arithmetic that never changes
APOSTROPHE = "'"
LAST = "\U0010ffff"  # behind every letter

LONGEST_TYPED = 100  # characters
LONGEST_TEXT = 1_000
LONGEST_WORD = 40
LONGEST_KEY = 100


class _Letters(dict[int, str]):
    """What each code point becomes; a LookupError leaves it as it is."""

    def __missing__(self, point: int) -> str:
        if point not in HANGUL:
            raise LookupError(point)
        return unicodedata.normalize("NFD", chr(point))


def name_key(text: str) -> str:
    """What a name or title is sorted by, code point by code point."""
    return " ".join(_split(_plain(text[:LONGEST_TEXT]).replace(APOSTROPHE, "")))[:LONGEST_KEY]


def search_text(*texts: str | None) -> str:
    """The words that find any of these texts, sorted, each behind a space; “O'Neil” is found as oneil and as neil."""
    together = _plain(" ".join(text for text in texts if text is not None)[:LONGEST_TEXT])
    words = {part[:LONGEST_WORD] for word in _split(together) for part in _with_parts(word)} - {""}
    return "".join(f" {word}" for word in sorted(words))


def typed_words(typed: str) -> tuple[str, ...]:
    """The different words that a person typed, each of which is to begin a word; the longest one first."""
    plain = _plain(typed[:LONGEST_TYPED]).replace(APOSTROPHE, "")
    return tuple(sorted({word[:LONGEST_WORD] for word in _split(plain)}, key=lambda word: (-len(word), word)))


def is_found(typed: str, *texts: str | None) -> bool:
    """Whether every word that was typed begins a word of the texts, in any order."""
    words, text = typed_words(typed), search_text(*texts)
    return bool(words) and all(f" {word}" in text for word in words)


@lru_cache(maxsize=1)
def letters() -> dict[int, str]:
    """The table: what each code point becomes that does not stay as it is."""
    return _Letters({int(point): plain for point, plain in json.loads(TABLE.read_text(encoding="ascii")).items()})


def _plain(text: str) -> str:
    return text.translate(letters())


def _split(plain: str) -> list[str]:
    return [word for word in plain.split(" ") if word]


def _with_parts(word: str) -> list[str]:
    return [word.replace(APOSTROPHE, ""), *word.split(APOSTROPHE)]
