"""What an export was narrowed to, in the words of the pages."""

from collections.abc import Callable, Mapping
from typing import Any

from queries.labels import (
    BANDS,
    LAST_ACTIVE,
    RATED,
    STUDENT_SORTS,
    STUDENT_STATUSES,
    TIERS,
    VIDEO_SORTS,
    VIDEO_STATUSES,
    WATCHED,
)
from queries.periods.period import BEFORE, LAST_MONTH, LAST_YEAR, PERIODS, RUN, THIS_MONTH
from rules.formatting import counted, percent_range

THINGS = {"student_id": "student", "video_id": "video", "quiz_id": "quiz", "course_id": "course", "run_id": "run"}
PERIOD_WORDS = {key: f"last {period.label}" for key, period in PERIODS.items()} | {
    THIS_MONTH: "this month",
    LAST_MONTH: "last month",
    RUN: "since the start of the run",
}
COMPARED_WORDS = {BEFORE: "the period before", LAST_YEAR: "last year"}
CSV_WORDS = {
    "separator": {"semicolon": "separated by semicolons", "tab": "separated by tabs"},
    "decimal_mark": {"comma": "decimal comma"},
    "encoding": {"utf-8": "UTF-8 without a mark", "utf-16": "UTF-16"},
}
SORTS = {"students": STUDENT_SORTS, "progress": STUDENT_SORTS, "videos": VIDEO_SORTS}
DIRECTIONS = {"asc": "ascending", "desc": "descending"}
ORDER = ("sort_by", "sort_order")


def chosen_in_words(export_type: str, filters: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Each choice that narrows or shapes the file, such as "with “ada”" or "At risk"; the order is none.

    `names` are the known names of things by id.
    """
    return [
        _thing(name, names.get(str(value))) if name in THINGS else _choice(export_type, name, str(value))
        for name, value in filters.items()
        if name not in ORDER and value != "all"
    ]


def order_in_words(export_type: str, filters: Mapping[str, Any]) -> str:
    """Such as "by last active, descending"; empty for types whose order cannot be chosen."""
    sort = SORTS.get(export_type, {}).get(str(filters.get("sort_by")))
    return f"by {_lower(sort)}, {DIRECTIONS.get(str(filters.get('sort_order')), 'ascending')}" if sort else ""


def _lower(label: str) -> str:
    return label if label.isupper() else label[0].lower() + label[1:]


def _choice(export_type: str, name: str, value: str) -> str:
    if name in NAMED:
        return NAMED[name](value)
    if name in CSV_WORDS:
        return CSV_WORDS[name].get(value, value)
    statuses = VIDEO_STATUSES if export_type == "videos" else STUDENT_STATUSES
    labels: dict[str, Mapping[str, str]] = {"status": statuses, "tier": TIERS, "state": WATCHED, "rated": RATED}
    return labels.get(name, {}).get(value, value)


def _thing(name: str, known: str | None) -> str:
    return f"one {THINGS[name]}" if known is None else f"“{known}”"


def _period(key: str) -> str:
    other = "since the start of a run" if key.startswith(RUN) else key.replace("..", " to ")
    return PERIOD_WORDS.get(key, other)


def _compared(key: str) -> str:
    return f"compared with {COMPARED_WORDS.get(key, 'another run')}"


NAMED: dict[str, Callable[[str], str]] = {
    "search": lambda value: f"with “{value}”",
    "progress": lambda value: f"{percent_range(value)} progress",
    "last_active": lambda value: f"last active: {LAST_ACTIVE.get(value, value)}",
    "band": lambda value: f"completion {BANDS.get(value, value)}",
    "period": _period,
    "compare": _compared,
    "columns": lambda value: counted(value.count(",") + 1, "column"),
}
