"""Addresses of the dashboard's pages, for emails and files."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from database.settings import settings

MOST_IN_ADDRESS = 50  # students; some programs cut longer addresses


def page_url(page: str, **asked: object) -> str:
    """The page's full address, such as https://dashboard.example.org/student?id=…; "" is the start page."""
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{settings().public_url}/{page}{query}"


def message_url(student_ids: Sequence[UUID | str], about: str) -> str | None:
    """The address at which a message to these students is written; None if they are too many for one.

    `about`: what the draft is about, a kind of signal.
    """
    if len(student_ids) > MOST_IN_ADDRESS:
        return None
    return page_url("announce", to=",".join(map(str, student_ids)), about=about)
