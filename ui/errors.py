"""What a page shows when the database cannot answer: what is wrong, inside its frame."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.exc import OperationalError, TimeoutError

from database.errors import FiguresBeingBuilt
from database.seldom import SeldomTold
from ui.viewer import NotEntitled

logger = logging.getLogger(__name__)
TROUBLE = SeldomTold(logger)

STATEMENT_CANCELLED = "57014"  # PostgreSQL's code for a statement that ran into its time limit


@contextmanager
def database_trouble_explained() -> Iterator[None]:
    """Turn a database that is away or slow into a sentence and a button; other errors pass."""
    try:
        yield
    except (OperationalError, TimeoutError) as error:
        TROUBLE.met(f"database trouble: {type(error).__name__}")  # the statement may hold personal data
        _explain(error)
    except FiguresBeingBuilt as error:
        st.info(str(error), icon=":material/hourglass_top:")
        st.button("Look again")
    except NotEntitled as error:
        st.error(str(error))


def _explain(error: Exception) -> None:
    if getattr(getattr(error, "orig", None), "pgcode", None) == STATEMENT_CANCELLED:
        st.error("The database took too long to answer. Ask for less, or try again in a minute.")
    else:
        st.error("The database does not answer. Nothing is lost; try again in a minute.")
    st.button("Try again")
