"""Signed links: anyone who has one can do what it is for, until it expires."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from database.clock import now
from database.settings import settings
from database.signing import is_signed, signature
from rules.export_rules import LINK_VALID_FOR

DOWNLOAD = "download an export"
DOWNLOAD_RUN = "download a run of reports"
HAND_OVER = "hand over everything about a student"
REFUSED_LINES = "download the refused lines of a file"


@dataclass(frozen=True)
class DownloadLink:
    """The link to a file: a full address, and a path for the dashboard's own pages."""

    url: str
    path: str
    expires_at: datetime


def download_link(creator_id: UUID, export_id: UUID) -> DownloadLink:
    """A link that is valid for 24 hours. Signing checks nothing: the download checks everything again."""
    return _link(DOWNLOAD, f"/api/exports/{creator_id}/{export_id}/download", str(creator_id), str(export_id))


def run_link(staff_id: UUID, run_id: UUID) -> DownloadLink:
    """A link to the finished reports of a run, valid for 24 hours and while the account is staff."""
    return _link(DOWNLOAD_RUN, f"/api/reports/{run_id}/{staff_id}/download", str(run_id), str(staff_id))


def hand_over_link(creator_id: UUID, student_id: UUID) -> DownloadLink:
    """A link to everything stored about a student, valid for 24 hours."""
    address = f"/api/students/{creator_id}/{student_id}/everything"
    return _link(HAND_OVER, address, str(creator_id), str(student_id))


def refused_lines_link(creator_id: UUID, file_import_id: UUID) -> DownloadLink:
    """A link to the lines of a file that were refused, valid for 24 hours."""
    address = f"/api/imports/{creator_id}/{file_import_id}/refused"
    return _link(REFUSED_LINES, address, str(creator_id), str(file_import_id))


def is_valid_refused_lines(creator_id: str, file_import_id: str, expires: str, signed: str) -> bool:
    """Whether these parameters were signed together for the refused lines of a file, and have not expired."""
    return _is_valid(signed, expires, REFUSED_LINES, creator_id, file_import_id)


def is_valid_hand_over(creator_id: str, student_id: str, expires: str, signed: str) -> bool:
    """The same for the link to everything about a student."""
    return _is_valid(signed, expires, HAND_OVER, creator_id, student_id)


def is_valid_download(creator_id: str, export_id: str, expires: str, signed: str) -> bool:
    """Whether these parameters, exactly as in the address, were signed together and have not expired."""
    return _is_valid(signed, expires, DOWNLOAD, creator_id, export_id)


def is_valid_run_download(run_id: str, staff_id: str, expires: str, signed: str) -> bool:
    """The same for the link to a run."""
    return _is_valid(signed, expires, DOWNLOAD_RUN, run_id, staff_id)


def _link(purpose: str, address: str, *bound_to: str) -> DownloadLink:
    expires_at = (now() + LINK_VALID_FOR).replace(microsecond=0)
    expires = str(int(expires_at.timestamp()))
    signed = signature(purpose, *bound_to, expires)
    path = f"{address}?{urlencode({'expires': expires, 'signature': signed})}"
    public_url = settings().public_url
    return DownloadLink(public_url + path, urlsplit(public_url).path + path, expires_at)


def _is_valid(signed: str, expires: str, purpose: str, *bound_to: str) -> bool:
    if not is_signed(signed, purpose, *bound_to, expires):
        return False
    return now().timestamp() < int(expires)  # it is signed, so we wrote it
