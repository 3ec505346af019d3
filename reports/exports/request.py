"""What somebody wants to have: a type, a format, filters; checked before any work begins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, Self, cast, get_args
from uuid import UUID

from database.errors import InputError
from queries.students import UNSENDABLE, StudentFilters
from queries.videos import VideoFilters
from reports.exports.filters import (
    AnalyticsFilters,
    ChatFilters,
    Filters,
    ProgressFilters,
    QuizResultFilters,
    check_choice,
)

ExportType = Literal["students", "progress", "chat", "analytics", "quiz_results", "videos"]
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
}
PAGING = ("limit", "offset", "after")  # an export has no pages
IDS = ("student_id", "video_id", "quiz_id")
UPPER = re.compile("[A-Z]")
UNSAFE = re.compile(r"[^\w-]+", re.ASCII)
NAME_LIMIT = 60  # characters of the creator's name in a file's name


@dataclass(frozen=True)
class ExportRequest:
    """An export that can be made. Equal requests make equal files of the same data.

    `ExportRequest.of` takes filters as a program or a person gives them. Raises InputError, naming
    the field and its value, for anything unknown, and for filters of another type.
    """

    type: ExportType
    format: ExportFormat
    filters: Filters

    def __post_init__(self) -> None:
        check_choice("type", self.type, TYPES)
        check_choice("format", self.format, FORMATS)
        if type(self.filters) is not FILTERS[self.type]:
            raise InputError(f"filters are {type(self.filters).__name__}, which do not fit {self.type} exports.")
        object.__setattr__(self, "filters", _without_paging(self.filters))

    @classmethod
    def of(cls, export_type: str, export_format: str, filters: Mapping[str, Any] | None = None) -> Self:
        """The request with these filters, given by name: `{"status": "active", "sort_by": "name"}`.

        Names may be written as the HTTP API does (`sortBy`). Nothing, "" and null mean no filter.
        """
        check_choice("type", export_type, TYPES)
        check_choice("format", export_format, FORMATS)
        given = {_snake_case(name): value for name, value in (filters or {}).items() if value not in (None, "")}
        chosen = _filters(cast(ExportType, export_type), given)
        return cls(cast(ExportType, export_type), cast(ExportFormat, export_format), chosen)

    def stored_filters(self) -> dict[str, Any]:
        """The filters as JSON keeps them, those that are set only; `of` makes the same request of them again."""
        every = {name: getattr(self.filters, name) for name in filter_names(self.type)}
        return {name: str(value) for name, value in sorted(every.items()) if value not in (None, "")}

    def file_name(self, creator_name: str, local_now: datetime) -> str:
        """What the downloaded file is called: `mira-vale-quiz-results-2026-03-04.csv`, in ASCII.

        `local_now` is the time of the export in the creator's zone.
        """
        whose = UNSAFE.sub("-", creator_name.lower())[:NAME_LIMIT].strip("-_") or "creator"
        return f"{whose}-{self.type.replace('_', '-')}-{local_now:%Y-%m-%d}.{self.format}"


def filter_names(export_type: ExportType) -> list[str]:
    """The filters that this type knows."""
    return [field.name for field in fields(FILTERS[export_type]) if field.name not in PAGING]


def _filters(export_type: ExportType, given: dict[str, Any]) -> Filters:
    known = filter_names(export_type)
    for name in given:
        if name not in known:
            raise InputError(f'"{name}" is no filter of {export_type} exports; these are: {", ".join(known)}.')
    try:
        return FILTERS[export_type](**{name: _value(name, value) for name, value in given.items()})
    except ValueError as error:  # the screens' own filters say what is wrong with a value
        raise InputError(str(error)) from error


def _value(name: str, value: Any) -> Any:
    if name in IDS and not isinstance(value, UUID):
        try:
            return UUID(str(value))
        except ValueError:
            raise InputError(f'{name} is "{value}", which is no id.') from None
    if not isinstance(value, str | UUID):
        raise InputError(f'{name} is "{value}", which is no text.')
    if isinstance(value, str) and UNSENDABLE.search(value):
        raise InputError(f"{name} holds a character that no text here can hold. Leave it out.")
    return value.strip() if isinstance(value, str) else value


def _without_paging(filters: Filters) -> Filters:
    if isinstance(filters, StudentFilters):
        return replace(filters, limit=50, offset=0, after=None)
    if isinstance(filters, VideoFilters):
        return replace(filters, limit=50, offset=0)
    return filters


def _snake_case(name: str) -> str:
    return UPPER.sub(lambda letter: f"_{letter[0].lower()}", name)
