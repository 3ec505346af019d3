"""Exports: a creator's data as a file."""

from io import BytesIO
from typing import Literal
from uuid import UUID

from queries.students.lists import StudentFilters
from reports.exports.request import FORMATS, TYPES, ExportFormat, ExportRequest, ExportType, filter_names
from reports.exports.result import ExportResult, export_data
from reports.exports.writing import NoteProgress, no_progress, write_export

__all__ = [
    "FORMATS",
    "TYPES",
    "ExportFormat",
    "ExportRequest",
    "ExportResult",
    "ExportType",
    "NoteProgress",
    "export_analytics_dashboard",
    "export_bytes",
    "export_chat_history",
    "export_data",
    "export_student_data",
    "export_student_list",
    "filter_names",
    "no_progress",
    "write_export",
]


def export_bytes(creator_id: UUID, request: ExportRequest) -> bytes:
    """The export in memory, for programs that need all of it; `write_export` does not keep it in memory."""
    buffer = BytesIO()
    write_export(creator_id, request, buffer)
    return buffer.getvalue()


def export_student_list(creator_id: UUID) -> bytes:
    """Every student with their progress, as CSV."""
    return export_bytes(creator_id, ExportRequest.of("students", "csv"))


def export_chat_history(creator_id: UUID) -> bytes:
    """Every question ever asked with its answer, as CSV."""
    return export_bytes(creator_id, ExportRequest.of("chat", "csv"))


def export_analytics_dashboard(creator_id: UUID, period: str) -> bytes:
    """The dashboard of 7d, 30d or 90d, as an Excel workbook with charts."""
    return export_bytes(creator_id, ExportRequest.of("analytics", "xlsx", {"period": period}))


def export_student_data(creator_id: UUID, filters: StudentFilters, file_format: Literal["csv", "json"]) -> str:
    """All students that match the filters, as CSV (with a byte order mark) or JSON."""
    return export_bytes(creator_id, ExportRequest("students", file_format, filters)).decode("utf-8")
