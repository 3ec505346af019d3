"""Which part of a report an error comes from; never what people wrote in it."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rendering(part: str) -> Iterator[None]:
    """Note the part on any error from inside, innermost first; name it by kind and id, for the note is logged."""
    try:
        yield
    except Exception as error:
        error.add_note(f"while rendering {part}")
        raise


def place_of(error: BaseException) -> str:
    """What was being rendered, from the smallest part to the whole; empty where nothing is noted."""
    return ", ".join(dict.fromkeys(getattr(error, "__notes__", ())))
