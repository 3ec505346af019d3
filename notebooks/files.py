"""Reports that a notebook writes to files."""

from pathlib import Path

from database.creators import Creator
from queries.courses.known import Course
from queries.periods.period import Period
from reports.bulk import file_name, noted, snapshot_writer


def write_report(
    creator: Creator, period: Period, folder: Path, report_format: str = "pdf", course: Course | None = None
) -> Path:
    """Write the analytics snapshot, of all courses or of one, into the folder; returns the file's path.

    `report_format` is pdf or xlsx. A missing folder is created; a file of the same name is replaced. The
    report is noted in the audit log. Raises InputError for another format, FeatureAccessDenied below ENTERPRISE.
    """
    write = snapshot_writer(report_format)
    content = write(creator.id, period, course.course_id if course else None)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(creator.name, creator.id, period.key, report_format, course.title if course else "")
    path.write_bytes(content)
    noted(creator.id, None, report_format)
    return path
