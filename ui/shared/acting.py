"""Actions on a click: a block that reads and writes although the page is already being drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from database.storage import StorageError
from queries.cache.editions import reading_again
from rules.errors import InputError


@contextmanager
def acting() -> Iterator[None]:
    """Run the action, and show here why it was refused or failed."""
    try:
        with reading_again():
            yield
    except (InputError, StorageError) as error:
        st.error(str(error))
