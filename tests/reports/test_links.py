"""Download links: to one export of one creator, for 24 hours."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from database.clock import now
from reports.links import download_link, is_valid_download

CREATOR, EXPORT = uuid4(), uuid4()


def parts(link):
    path, query = urlsplit(link.path).path.split("/"), parse_qs(urlsplit(link.path).query)
    return path[3], path[4], query["expires"][0], query["signature"][0]


def test_a_link_is_valid_for_its_export_and_no_other():
    creator, export, expires, signature = parts(download_link(CREATOR, EXPORT))

    assert is_valid_download(creator, export, expires, signature)
    assert not is_valid_download(str(uuid4()), export, expires, signature)
    assert not is_valid_download(creator, str(uuid4()), expires, signature)
    assert not is_valid_download(export, creator, expires, signature)
    assert not is_valid_download(creator, export, str(int(expires) + 1), signature)
    assert not is_valid_download(creator, export, f"0{expires}", signature)
    assert not is_valid_download(creator, export, expires, "")


@pytest.mark.parametrize(
    ("later", "is_valid"),
    [(timedelta(hours=23, minutes=59, seconds=59), True), (timedelta(hours=24), False)],
)
def test_a_link_lives_for_24_hours(later, is_valid, monkeypatch):
    link = download_link(CREATOR, EXPORT)
    assert link.expires_at == now() + timedelta(hours=24)

    monkeypatch.setenv("DASHBOARD_NOW", (now() + later).isoformat())

    assert is_valid_download(*parts(link)) == is_valid


def test_a_link_begins_where_people_reach_the_dashboard(monkeypatch):
    monkeypatch.setenv("DASHBOARD_URL", "https://dash.example.org/courses")

    link = download_link(CREATOR, EXPORT)

    assert link.url.startswith(f"https://dash.example.org/courses/api/exports/{CREATOR}/{EXPORT}/download?")
    assert link.url == f"https://dash.example.org{link.path}"
