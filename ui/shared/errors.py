"""What a page shows if the database cannot answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.exc import OperationalError, TimeoutError

from database.logs import about
from database.seldom import SeldomTold
from rules.errors import FiguresBeingBuilt
from rules.tiers import FeatureAccessDenied
from ui.account.viewer import NotEntitled

logger = logging.getLogger(__name__)
TROUBLE = SeldomTold(logger)

STATEMENT_CANCELLED = "57014"  # PostgreSQL's code for a statement timeout


@contextmanager
def database_trouble_explained() -> Iterator[None]:
    """Show a message and a button if the database is down or slow; other errors pass through."""
    try:
        yield
    except (OperationalError, TimeoutError) as error:
        TROUBLE.met(f"database trouble: {type(error).__name__}")  # the statement may hold personal data
        _explain(error)
    except FiguresBeingBuilt as error:
        st.info(str(error), icon=":material/hourglass_top:")
        st.button("Reload")
    except (NotEntitled, FeatureAccessDenied) as error:
        st.error(str(error))


def script_failed(error: Exception) -> bool:
    """Say that a page failed, in place of Streamlit's own words; the log has the error under the same reference."""
    del error  # its words may hold personal data
    reference = about.get().get("requestId", "-")
    st.error(
        "Something went wrong on this page. Nothing that was saved is lost. Try again; if it happens again, "
        f"report this reference: {reference}",
        icon=":material/error:",
    )
    st.button("Try again", key="try_again_after_failure")
    return True  # nothing else is shown


def _explain(error: Exception) -> None:
    if getattr(getattr(error, "orig", None), "pgcode", None) == STATEMENT_CANCELLED:
        st.error("The database took too long to respond. Narrow the filters, or try again in a minute.")
    else:
        st.error("The database is not responding. Nothing is lost; try again in a minute.")
    st.button("Try again")
