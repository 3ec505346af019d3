"""Addresses of the dashboard's pages, for emails and files."""

from urllib.parse import urlencode

from database.settings import settings


def page_url(page: str, **asked: object) -> str:
    """The page's full address, such as https://dashboard.example.org/student?id=…; "" is the start page."""
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{settings().public_url}/{page}{query}"
