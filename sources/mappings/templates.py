"""A file to fill in for each kind of fact, and the mapping that reads it: both follow from the fields."""

import csv
import io
from collections.abc import Mapping as MappingType

from sources.mappings.fields import KINDS, PLURALS, Field, Type, fields_of
from sources.mappings.model import Mapping, mapping_of

EXAMPLES: MappingType[str, str] = {
    "id": "example-1",
    "student": "example-student",
    "course": "example-course",
    "run": "example-run",
    "video": "example-video",
    "quiz": "example-quiz",
    "question": "example-question",
    "attempt": "example-attempt",
    "conversation": "example-conversation",
    "name": "Ada Example",
    "email": "ada@example.org",
    "title": "An example title",
    "kind": "forum post",
    "role": "user",
    "content": "What does the example mean?",
    "start_second": "0",
    "end_second": "95",
    "options": "Paris;Rome;Oslo",
    "tags": "example;first steps",
    "difficulty": "beginner",
    "ends_at": "2026-06-30T18:00:00+02:00",
    "access_expires_at": "2026-12-31T00:00:00+01:00",
    "last_watched": "2026-03-02T19:00:00+01:00",
}
EXAMPLES_OF_TYPES: MappingType[Type, str] = {
    "id": "example-1",
    "text": "example",
    "whole number": "1",
    "seconds": "95",
    "percent": "85",
    "share": "0.5",
    "instant": "2026-03-01T14:30:00+01:00",
    "yes or no": "yes",
    "list": "one;two",
    "choice": "",
}
MEANS: MappingType[Type, str] = {
    "id": "your own id, always written the same way",
    "text": "text",
    "whole number": "a whole number",
    "seconds": "seconds, or h:mm:ss",
    "percent": "percent, from 0 to 100",
    "share": "a share, from 0 to 1",
    "instant": "year first, with its offset: 2026-03-01T14:30:00+01:00",
    "yes or no": "yes or no",
    "list": "separated by semicolons",
    "choice": "one of these words",
}


def template_name(kind: str) -> str:
    """The name of its file, without the extension."""
    return PLURALS[kind].replace(" ", "-")


def template_csv(kind: str) -> str:
    """The header and one example line, which an import leaves out."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([field.name for field in fields_of(kind)])
    writer.writerow([_example(field) for field in fields_of(kind)])
    return written.getvalue()


def template_mapping(kind: str) -> Mapping:
    """The mapping of a filled template: recognised by the header; columns that may be empty may be missing."""
    fields = fields_of(kind)
    needed = [field for field in fields if field.is_required]
    document = {
        "name": f"Template: {PLURALS[kind]}",
        "source": "",
        "headers": [[field.name for field in fields]],
        "facts": [{"kind": kind, "fields": {field.name: _value(field) for field in fields}}],
        "skip": [{"column": needed[0].name, "is": [EXAMPLES[needed[0].name]]}],
        "dates": "year-first",
        "numbers": "1234.5",
    }
    return mapping_of(document)


def templates() -> list[Mapping]:
    """The mapping of each kind's template."""
    return [template_mapping(kind) for kind in KINDS]


def means(field: Field) -> str:
    """What is to be written into the column."""
    if field.type == "choice":
        return f"one of {', '.join(field.choices)}"
    return MEANS[field.type]


def _example(field: Field) -> str:
    return EXAMPLES.get(field.name, EXAMPLES_OF_TYPES[field.type])


def _value(field: Field) -> dict[str, object]:
    found: dict[str, object] = {"column": field.name}
    if not field.is_required:
        found["optional"] = True
    if field.type in ("percent", "share", "seconds"):
        found["unit"] = field.type
    return found
