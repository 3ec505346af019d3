"""Reports for many creators: names of files, and what became of each."""

import re
import unicodedata
from collections.abc import Callable
from uuid import UUID

from database.accounts import note
from database.errors import InputError, SetupError
from database.tenancy import platform_tx
from queries.periods import Period

FORMATS = ("pdf", "xlsx")
NAME_CHARACTERS = 60


def snapshot_writer(report_format: str) -> Callable[[UUID, Period], bytes]:
    """The function that makes the snapshot in this format; raises InputError for any but pdf and xlsx."""
    if report_format not in FORMATS:
        raise InputError(f'The format is "{report_format}"; choose one of {", ".join(FORMATS)}.')
    if report_format == "xlsx":
        from reports.snapshot_xlsx import snapshot_workbook

        return snapshot_workbook
    from reports.snapshot_pdf import analytics_snapshot  # the chart renderer loads slowly

    return analytics_snapshot


def file_name(creator_name: str, creator_id: UUID, period: Period, report_format: str) -> str:
    """A name that any system takes; the start of the id keeps creators of one name apart."""
    plain = unicodedata.normalize("NFKD", creator_name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:NAME_CHARACTERS] or "creator"
    return f"snapshot-{slug}-{str(creator_id)[:8]}-{period.key}.{report_format}"


def reason_of(error: Exception) -> str:
    """Why a report failed, in one line: our own words for what a person can mend, else the kind of error."""
    if isinstance(error, (InputError, SetupError)):
        return str(error)
    return f"{type(error).__name__}; the log of this command or worker says more."


def noted(creator_id: UUID, account_id: UUID | None, report_format: str) -> None:
    """Write to the audit log that staff or the command line made a report on this creator."""
    with platform_tx() as connection:
        note(connection, creator_id, account_id, f"{report_format} report made")
