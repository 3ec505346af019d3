"""Rows read by a mapping, without a file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sources.facts import Line
from sources.mappings.compiled import Compiled
from sources.mappings.model import Mapping, mapping_of

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def mapping(*facts: dict[str, Any], **rest: Any) -> Mapping:
    return mapping_of({"name": "A test", "source": "test", "facts": list(facts)} | rest)


def compiled(one: Mapping, header: Sequence[str], file: str = "file.csv", **answers: str) -> Compiled:
    return Compiled(one, header, file, answers, NOW)


def said(
    one: Mapping, header: Sequence[str], *rows: Sequence[str], file: str = "file.csv", **answers: str
) -> list[Line]:
    """What the rows say; the first is line 2."""
    read = compiled(one, header, file, **answers)
    return [read.line([number, *row]) for number, row in enumerate(rows, 2)]


def one_cell(kind: str, field: str, cell: str, value: dict[str, Any] | None = None, **rest: Any) -> Any:
    """What one cell becomes as this field, the others of its kind being given; the rule it breaks, if it does."""
    others = GIVEN[kind]
    fields = {name: {"text": text} for name, text in others.items()} | {field: {"column": "cell"} | (value or {})}
    (line,) = said(mapping({"kind": kind, "fields": fields}, **rest), ["cell"], [cell])
    return line.refusals[0].rule if line.refusals else getattr(line.facts[0], field)


GIVEN = {
    "student": {"id": "s1"},
    "video": {"id": "v1"},
    "segment": {
        "student": "s1",
        "video": "v1",
        "start_second": "0:00:10",
        "end_second": "0:10:00",
        "watched_at": "2026-03-01T10:00:00Z",
    },
    "progress": {
        "student": "s1",
        "video": "v1",
        "first_watched": "2026-03-01T10:00:00Z",
        "last_watched": "2026-03-01T10:00:00Z",
    },
    "message": {"id": "m1", "student": "s1", "role": "user", "content": "?", "sent_at": "2026-03-01T10:00:00Z"},
    "question": {"id": "q1", "quiz": "z1"},
}
