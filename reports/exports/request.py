"""The request for an export: type, format and filters, checked before any work begins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, Self, cast, get_args
from uuid import UUID

from queries.searching import UNSENDABLE
from queries.students.lists import StudentFilters
from queries.videos.lists import VideoFilters
from reports.exports.filters import (
    AnalyticsFilters,
    ChatFilters,
    Filters,
    FinishedFilters,
    ProgressFilters,
    QuizResultFilters,
    check_choice,
)
from reports.exports.sources import check_columns
from rules.errors import InputError
from rules.export_rules import MOST_PRINTED_COLUMNS, RFC_4180, CsvStyle

ExportType = Literal["students", "progress", "chat", "analytics", "quiz_results", "videos", "finished"]
ExportFormat = Literal["csv", "json", "pdf", "xlsx"]

TYPES: tuple[ExportType, ...] = get_args(ExportType)
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
FILTERS: dict[str, type[Filters]] = {
    "students": StudentFilters,
    "progress": ProgressFilters,
    "chat": ChatFilters,
    "analytics": AnalyticsFilters,
    "quiz_results": QuizResultFilters,
    "videos": VideoFilters,
    "finished": FinishedFilters,
}
PAGING = ("limit", "offset", "after")  # an export has no pages
LEVEL = ("course_id", "run_id")
STYLE = ("separator", "decimal_mark", "encoding")
COLUMNS = "columns"
IDS = ("student_id", "video_id", "quiz_id", *LEVEL)
UPPER = re.compile("[A-Z]")
UNSAFE = re.compile(r"[^\w-]+", re.ASCII)
NAME_LIMIT = 60  # characters of the creator's name, and of the course's, in a file's name


@dataclass(frozen=True)
class ExportRequest:
    """A valid export request, for all courses or one. Equal requests create equal files from the same data.

    `ExportRequest.of` takes filters as a program or a person gives them. Raises InputError, naming
    the field and its value, for anything unknown, and for filters of another type.
    """

    type: ExportType
    format: ExportFormat
    filters: Filters
    course_id: UUID | None = None  # the course, and the run of it; None: all courses
    run_id: UUID | None = None
    style: CsvStyle = RFC_4180  # of CSV
    columns: tuple[str, ...] = ()  # by their names in JSON, in this order; (): the usual ones

    def __post_init__(self) -> None:
        check_choice("type", self.type, TYPES)
        check_choice("format", self.format, FORMATS)
        if type(self.filters) is not FILTERS[self.type]:
            raise InputError(f"{type(self.filters).__name__} are not filters of {self.type} exports.")
        if self.run_id is not None and self.course_id is None:
            raise InputError(f"run_id is {self.run_id} without a course_id; give the run's course too.")
        if self.style != RFC_4180 and self.format != "csv":
            raise InputError(f"Separator, decimal mark and encoding are choices of CSV, not of {self.format}.")
        self._check_columns()
        object.__setattr__(self, "filters", _without_paging(self.filters))

    def _check_columns(self) -> None:
        check_columns(self.type, self.columns)
        if self.columns and self.is_report:
            raise InputError("The report has columns of its own; choose CSV or JSON to choose columns.")
        if len(self.columns) > MOST_PRINTED_COLUMNS and self.format == "pdf":
            raise InputError(
                f"A page has room for {MOST_PRINTED_COLUMNS} columns, and these are {len(self.columns)}. "
                "Choose fewer, or another format."
            )

    @classmethod
    def of(cls, export_type: str, export_format: str, filters: Mapping[str, Any] | None = None) -> Self:
        """The request with these filters, given by name: `{"status": "active", "sort_by": "name"}`.

        Names may be written as the HTTP API does (`sortBy`). Nothing, "" and null mean no filter. What every type
        accepts is included: the course and the run as `course_id` and `run_id`, `columns` (a list, or their names
        with commas between them), and for CSV `separator`, `decimal_mark` and `encoding`.
        """
        check_choice("type", export_type, TYPES)
        check_choice("format", export_format, FORMATS)
        given = {_snake_case(name): value for name, value in (filters or {}).items() if value not in (None, "")}
        of = {name: _value(name, given.pop(name)) for name in LEVEL if name in given}
        style = CsvStyle(**{name: _value(name, given.pop(name)) for name in STYLE if name in given})
        columns = _names(given.pop(COLUMNS, ()))
        chosen = _filters(cast(ExportType, export_type), given)
        kinds = cast(ExportType, export_type), cast(ExportFormat, export_format)
        return cls(*kinds, chosen, **of, style=style, columns=columns)

    @property
    def is_report(self) -> bool:
        """Whether it is laid out as a report, with charts, instead of as a table."""
        is_of_one = isinstance(self.filters, ProgressFilters) and self.filters.student_id is not None
        return (self.type == "analytics" and self.format in ("pdf", "xlsx")) or (is_of_one and self.format == "pdf")

    @property
    def level(self) -> tuple[UUID | None, UUID | None]:
        """The course and the run that it covers."""
        return self.course_id, self.run_id

    def stored_filters(self) -> dict[str, Any]:
        """The set filters with course and run, for JSON; `of` turns them back into the same request."""
        every = {name: getattr(self.filters, name) for name in filter_names(self.type)}
        every |= {name: getattr(self, name) for name in LEVEL}
        every |= {name: chosen for name, chosen in vars(self.style).items() if chosen != getattr(RFC_4180, name)}
        every |= {COLUMNS: ",".join(self.columns)}
        return {name: str(value) for name, value in sorted(every.items()) if value not in (None, "")}

    def file_name(self, creator_name: str, local_now: datetime, course: str = "", student: str = "") -> str:
        """The name of the downloaded file: `mira-vale-quiz-results-2026-03-04.csv`, in ASCII.

        `local_now` is the time of the export in the creator's zone. For one course, its title follows the name, and
        for one student theirs.
        """
        whose = _in_a_name(creator_name) or "creator"
        of = "".join(f"-{named}" for title in (course, student) if (named := _in_a_name(title)))
        return f"{whose}{of}-{self.type.replace('_', '-')}-{local_now:%Y-%m-%d}.{self.format}"


def filter_names(export_type: ExportType) -> list[str]:
    """The filters that this type knows."""
    return [field.name for field in fields(FILTERS[export_type]) if field.name not in PAGING]


def _names(columns: Any) -> tuple[str, ...]:
    given = columns.split(",") if isinstance(columns, str) else columns
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        raise InputError(f'columns is "{columns}", which is not a list of names.')
    return tuple(_snake_case(name.strip()) for name in given)


def _in_a_name(title: str) -> str:
    return UNSAFE.sub("-", title.lower())[:NAME_LIMIT].strip("-_")


def _filters(export_type: ExportType, given: dict[str, Any]) -> Filters:
    known = filter_names(export_type)
    for name in given:
        if name not in known:
            raise InputError(
                f'"{name}" is not a filter of {export_type} exports; its filters are: {", ".join((*known, *LEVEL))}.'
            )
    try:
        return FILTERS[export_type](**{name: _value(name, value) for name, value in given.items()})
    except ValueError as error:  # the pages' own filters explain invalid values
        raise InputError(str(error)) from error


def _value(name: str, value: Any) -> Any:
    if name in IDS and not isinstance(value, UUID):
        try:
            return UUID(str(value))
        except ValueError:
            raise InputError(f'{name} is "{value}", which is not an id.') from None
    if not isinstance(value, str | UUID):
        raise InputError(f'{name} is "{value}", which is not text.')
    if isinstance(value, str) and UNSENDABLE.search(value):
        raise InputError(f"{name} contains a character that is not allowed. Remove it.")
    return value.strip() if isinstance(value, str) else value


def _without_paging(filters: Filters) -> Filters:
    if isinstance(filters, StudentFilters):
        return replace(filters, limit=50, offset=0, after=None)
    if isinstance(filters, VideoFilters):
        return replace(filters, limit=50, offset=0)
    return filters


def _snake_case(name: str) -> str:
    return UPPER.sub(lambda letter: f"_{letter[0].lower()}", name)
