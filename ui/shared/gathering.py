"""The block in which a page reads everything before it draws."""

from collections.abc import Iterator
from contextlib import contextmanager

from queries.cache.editions import one_look


@contextmanager
def gathering() -> Iterator[None]:
    """After this block nothing more is read; the transaction, if there was one, ends with it.

    A fragment does the same: with its page, and by itself when it reruns.
    """
    with one_look() as looks:
        yield
        looks.end()
