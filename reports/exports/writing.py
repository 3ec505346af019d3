"""From a request to a file: one snapshot of the creator's data, read as it is written."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from typing import IO, cast
from uuid import UUID

from sqlalchemy import Connection

from database.tenancy import tenant_snapshot_tx
from queries.periods.period import Period
from reports.at_course import at_course
from reports.exports import analytics
from reports.exports.course_column import has_several_courses
from reports.exports.csv_file import write_csv
from reports.exports.filters import ProgressFilters, period_of
from reports.exports.json_file import write_json
from reports.exports.pdf_file import MOST_PRINTED, write_pdf_table
from reports.exports.reading import about_creator, streamed
from reports.exports.request import ExportRequest
from reports.exports.sources import NAMES, STREAMED
from reports.exports.table import About, Batch, Table, with_columns
from reports.exports.xlsx_file import write_xlsx

# Rows done, and rows in all if known. Called before the first row, then at least every 1,000
# rows; an exception from it ends the export.
NoteProgress = Callable[[int, int | None], None]


COURSE = "course"


def no_progress(done: int, total: int | None) -> None:
    """The default: report no progress."""


def write_export(
    creator_id: UUID, request: ExportRequest, target: IO[bytes], progress: NoteProgress = no_progress
) -> int:
    """Write the export to `target`, a seekable file opened "w+b"; returns the number of rows written.

    All rows come from one snapshot, and memory stays bounded however many there are. Raises
    FeatureAccessDenied for a creator below ENTERPRISE, InputError for an unknown creator or course and
    for more rows than the format allows; an exception from `progress` ends the export.
    """
    if student_id := _only_student(request):
        return _write_student_report(creator_id, student_id, request, target, progress)
    with at_course(creator_id, *request.level):
        period = period_of(creator_id, request.filters)
    with tenant_snapshot_tx(creator_id) as connection, at_course(creator_id, *request.level) as course:
        about = replace(about_creator(connection, creator_id), course=course)
        if request.type == "analytics":
            return _write_analytics(creator_id, request, period, about, target, progress)
        table = _table(connection, creator_id, request, period, about)
        with closing(table.batches):
            return _write(table, request, target, progress)


def _only_student(request: ExportRequest) -> UUID | None:
    """The one student whom a PDF about progress is about."""
    is_report = request.format == "pdf" and isinstance(request.filters, ProgressFilters)
    return cast(ProgressFilters, request.filters).student_id if is_report else None


def _write_student_report(
    creator_id: UUID, student_id: UUID, request: ExportRequest, target: IO[bytes], progress: NoteProgress
) -> int:
    from reports.student_pdf import student_report  # late, as below

    progress(0, 1)
    target.write(student_report(creator_id, student_id, *request.level))
    progress(1, 1)
    return 1


def _write_analytics(
    creator_id: UUID, request: ExportRequest, period: Period, about: About, target: IO[bytes], progress: NoteProgress
) -> int:
    """CSV and JSON contain every figure as a row; PDF and Excel are the report, the latter with those rows too."""
    rows = analytics.figures(creator_id, period)
    table = analytics.figures_table(NAMES["analytics"], rows, about)
    if request.format not in ("pdf", "xlsx"):
        return _write(table, request, target, progress)
    progress(0, len(rows))
    _write_report(creator_id, request.format, period, about, table, target)
    progress(len(rows), len(rows))
    return len(rows)


def _write_report(
    creator_id: UUID, file_format: str, period: Period, about: About, table: Table, target: IO[bytes]
) -> None:
    # Imported late: the renderers load slowly, and the pages know this module too.
    from reports.snapshot.figures import gathered
    from reports.snapshot.pdf import snapshot_pdf
    from reports.snapshot.workbook import write_workbook

    found = gathered(creator_id, period, about)
    if file_format == "pdf":
        target.write(snapshot_pdf(found, table))
    else:
        write_workbook(found, target, table)


def _table(connection: Connection, creator_id: UUID, request: ExportRequest, period: Period, about: About) -> Table:
    source = STREAMED[request.type]
    of_period = [period] if hasattr(request.filters, "period") else []
    with_course = has_several_courses(creator_id) or COURSE in request.columns
    columns = [*source.COLUMNS, source.COURSE] if with_course else source.COLUMNS
    statement = source.statement(request.filters, *of_period, with_course=with_course)
    if request.format == "pdf":
        statement = replace(statement, most_rows=MOST_PRINTED)
    return streamed(connection, creator_id, NAMES[request.type], columns, statement, about)


def _write(table: Table, request: ExportRequest, target: IO[bytes], progress: NoteProgress) -> int:
    rows = min(table.total, MOST_PRINTED) if request.format == "pdf" else table.total
    table = with_columns(table, request.columns)
    progress(0, rows)
    with closing(_counted(table, rows, progress)) as batches:
        counted = replace(table, batches=batches)
        if request.format == "csv":
            write_csv(counted, target, request.style)
        elif request.format == "json":
            write_json(counted, target, request)
        elif request.format == "xlsx":
            write_xlsx(counted, target)
        else:
            write_pdf_table(counted, target, request)
    return rows


def _counted(table: Table, rows: int, progress: NoteProgress) -> Generator[Batch]:
    done = 0
    for batch in table.batches:
        yield batch
        done += len(batch[0])
        progress(done, rows)
