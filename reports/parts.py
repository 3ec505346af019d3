"""Notes which part of a report an error comes from, without user text."""

from collections.abc import Iterator
from contextlib import contextmanager

MARK = "while rendering "


@contextmanager
def rendering(part: str) -> Iterator[None]:
    """Note the part on any error inside, innermost first; name it by kind and id, because the note is logged."""
    try:
        yield
    except Exception as error:
        note_part(error, part)
        raise


def note_part(error: BaseException, part: str) -> None:
    """Note on the error that it comes from this part."""
    error.add_note(f"{MARK}{part}")


def place_of(error: BaseException) -> str:
    """What was being rendered, from the smallest part to the whole; empty if nothing is noted.

    Other notes are left out: those of libraries may contain user text.
    """
    notes = dict.fromkeys(note for note in getattr(error, "__notes__", ()) if note.startswith(MARK))
    return MARK + ", ".join(note.removeprefix(MARK) for note in notes) if notes else ""
