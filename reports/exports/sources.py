"""The types of exports: where the rows of each come from, and its columns."""

from collections.abc import Sequence
from typing import Any

from reports.exports import analytics, chat, finished, progress, quiz_results, students, videos
from reports.exports.table import Column
from rules.errors import InputError

NAMES = {
    "students": "Students",
    "progress": "Progress",
    "chat": "Chat",
    "analytics": "Analytics",
    "quiz_results": "Quiz results",
    "videos": "Videos",
    "finished": "Finished students",
}
STREAMED: dict[str, Any] = {
    "students": students,
    "progress": progress,
    "chat": chat,
    "quiz_results": quiz_results,
    "videos": videos,
    "finished": finished,
}
EVERY: dict[str, Any] = STREAMED | {"analytics": analytics}


def columns_of(export_type: str) -> tuple[Column, ...]:
    """The columns of a type, in order."""
    found: tuple[Column, ...] = EVERY[export_type].COLUMNS
    return found


def course_column_of(export_type: str) -> Column | None:
    """The last column if the creator has several courses; none for figures that are not about single rows."""
    found: Column | None = getattr(EVERY[export_type], "COURSE", None)
    return found


def grain_of(export_type: str) -> str:
    """What one row of a type means, in a sentence."""
    return str(EVERY[export_type].GRAIN)


def check_columns(export_type: str, keys: Sequence[str]) -> None:
    """Raise InputError, naming the column, unless each of these is a column of the type, once."""
    known = [column.key for column in every_column_of(export_type)]
    for key in keys:
        if key not in known:
            raise InputError(f'"{key}" is not a column of {export_type} exports; its columns are: {", ".join(known)}.')
    if len(set(keys)) < len(keys):
        raise InputError(f"A column is chosen twice in {', '.join(keys)}; choose each once.")


def every_column_of(export_type: str) -> tuple[Column, ...]:
    """The columns of a type, and the one of the course."""
    course = course_column_of(export_type)
    return (*columns_of(export_type), *([course] if course else []))
