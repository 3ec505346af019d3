"""Reports for many creators: file names, errors, and the audit log."""

import re
import unicodedata
from collections.abc import Callable
from uuid import UUID

from database.accounts import note
from database.tenancy import platform_tx
from rules.errors import InputError, SetupError

FORMATS = ("pdf", "xlsx")
NAME_CHARACTERS = 60


def snapshot_writer(report_format: str) -> Callable[..., bytes]:
    """The function that creates the snapshot in this format for a creator, a period and, if given, a course.

    Raises InputError for any format but pdf and xlsx.
    """
    if report_format not in FORMATS:
        raise InputError(f'The format is "{report_format}"; choose one of {", ".join(FORMATS)}.')
    if report_format == "xlsx":
        from reports.snapshot.workbook import snapshot_workbook

        return snapshot_workbook
    from reports.snapshot.pdf import analytics_snapshot  # the chart renderer loads slowly

    return analytics_snapshot


def file_name(creator_name: str, creator_id: UUID, period: str, report_format: str, course: str = "") -> str:
    """A file name for any system, with the period's key; the start of the id makes it unique."""
    days = _slug(period.replace("..", "-to-"))
    parts = [_slug(creator_name) or "creator", str(creator_id)[:8], *filter(None, [_slug(course)]), days]
    return f"snapshot-{'-'.join(parts)}.{report_format}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:NAME_CHARACTERS]


def reason_of(error: Exception) -> str:
    """Why a report failed, on one line: the message if people can fix it, otherwise the kind of error."""
    if isinstance(error, (InputError, SetupError)):
        return str(error)
    return f"{type(error).__name__}; see the log of this command or worker for more."


def noted(creator_id: UUID, account_id: UUID | None, report_format: str) -> None:
    """Record in the audit log that staff or the command line created a report on this creator."""
    with platform_tx() as connection:
        note(connection, creator_id, account_id, f"{report_format} report made")
