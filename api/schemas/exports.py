"""Exports: the request and its progress."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.periods import PERIOD_TOLD, CompareField, PeriodField
from api.schemas.base import ALL_DIFFERENT, Given, Shape, Text
from api.schemas.subjects import DecimalMark, Encoding, Separator
from queries.students import lists as students
from queries.videos import lists as videos
from reports.exports import filters

EXAMPLE: JsonDict = {
    "success": True,
    "downloadUrl": "https://dashboard.example.org/api/exports/…/download?expires=…&signature=…",
    "fileSize": 12345,
    "expiresAt": "2025-10-22T10:00:00Z",
}


MOST_COLUMNS = 50
Format = Literal["csv", "json", "pdf", "xlsx"]
Search = Annotated[Text, Field(max_length=100)]


class StudentFilters(Given):
    """The same filters as for the list of students."""

    status: students.Status | None = None
    progress: students.ProgressRange | None = None
    last_active: students.LastActive | None = None
    tier: students.Tier | None = None
    search: Search | None = None
    sort_by: students.SortBy | None = None
    sort_order: students.SortOrder | None = None


class ProgressFilters(StudentFilters):
    student_id: UUID | None = Field(default=None, description="One student; as PDF, their progress report.")
    video_id: UUID | None = None
    state: filters.State | None = None


class ChatFilters(Given):
    period: PeriodField | None = Field(default=None, description=f"Without one: all time. {PERIOD_TOLD}")
    video_id: UUID | None = None
    rated: filters.Rated | None = None
    search: Search | None = None


class AnalyticsFilters(Given):
    period: PeriodField | None = None
    compare: CompareField | None = None


class QuizResultFilters(Given):
    period: PeriodField | None = Field(default=None, description=f"Without one: all time. {PERIOD_TOLD}")
    quiz_id: UUID | None = None


class FinishedFilters(Given):
    period: PeriodField | None = Field(default=None, description=f"Finished when. Without one: ever. {PERIOD_TOLD}")
    search: Search | None = None


class VideoFilters(Given):
    """The same filters as for the list of videos."""

    status: videos.Status | None = None
    category: Annotated[Text, Field(max_length=80)] | None = None
    band: videos.Band | None = None
    search: Search | None = None
    sort_by: videos.SortBy | None = None
    sort_order: students.SortOrder | None = None


class Order(Given):
    """What to export. Filters that are left out or null do not narrow it."""

    course: UUID | None = Field(default=None, description="The id of a course; without one, all of them.")
    run: UUID | None = Field(default=None, description="The id of a run; the course's id is not needed.")
    columns: Annotated[list[Text], Field(max_length=MOST_COLUMNS, json_schema_extra=ALL_DIFFERENT)] | None = Field(
        default=None,
        description="The columns by their names in JSON, in this order; without them, all. In a PDF at most 10; the "
        "reports (analytics as PDF or Excel, progress of one student as PDF) have columns of their own.",
    )
    separator: Separator | None = Field(default=None, description="Of CSV; without one, the comma.")
    decimal_mark: DecimalMark | None = Field(default=None, description="Of CSV; without one, the point.")
    encoding: Encoding | None = Field(
        default=None, description="Of CSV; without one, UTF-8 with a byte order mark, as spreadsheets expect."
    )


class StudentsOrder(Order):
    """What to export. Filters that are left out or null do not narrow it."""

    type: Literal["students"]
    format: Format
    filters: StudentFilters = Field(default_factory=StudentFilters)

    model_config = ConfigDict(
        json_schema_extra={"example": {"type": "students", "format": "csv", "filters": {"status": "active"}}}
    )


class ProgressOrder(Order):
    type: Literal["progress"]
    format: Format
    filters: ProgressFilters = Field(default_factory=ProgressFilters)


class ChatOrder(Order):
    type: Literal["chat"]
    format: Format
    filters: ChatFilters = Field(default_factory=ChatFilters)


class AnalyticsOrder(Order):
    type: Literal["analytics"]
    format: Format
    filters: AnalyticsFilters = Field(default_factory=AnalyticsFilters)


class QuizResultsOrder(Order):
    type: Literal["quiz_results"]
    format: Format
    filters: QuizResultFilters = Field(default_factory=QuizResultFilters)


class VideosOrder(Order):
    type: Literal["videos"]
    format: Format
    filters: VideoFilters = Field(default_factory=VideoFilters)


class FinishedOrder(Order):
    type: Literal["finished"]
    format: Format
    filters: FinishedFilters = Field(default_factory=FinishedFilters)


ExportOrder = Annotated[
    StudentsOrder | ProgressOrder | ChatOrder | AnalyticsOrder | QuizResultsOrder | VideosOrder | FinishedOrder,
    Field(discriminator="type"),
]


class ExportReady(Shape):
    """A finished file; the link works without a key until `expiresAt`."""

    success: bool
    download_url: str
    file_size: int = Field(description="In bytes.")
    expires_at: datetime

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})


class ExportStatus(Shape):
    """An export and its progress; the link and the size are set once it is completed."""

    id: UUID
    export_type: str = Field(alias="type")
    format: str
    filters: dict[str, Any]
    status: Literal["pending", "processing", "completed", "failed", "cancelled", "expired"]
    error_message: str | None
    waiting_for: str | None = Field(default=None, description="Why it is still waiting, if it is.")
    created_at: datetime
    completed_at: datetime | None
    rows_written: int
    rows_total: int | None
    file_size_bytes: int | None = Field(alias="fileSize")
    sha256: str | None
    status_url: str
    download_url: str | None = None
    expires_at: datetime | None = None


class ExportList(Shape):
    exports: list[ExportStatus]


class Cancelled(Shape):
    cancelled: bool = Field(description="False: it had already ended.")
