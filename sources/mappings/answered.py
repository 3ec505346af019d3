"""A mapping with answers to the questions it leaves open: order of dates, zone, numbers, units, yes and no."""

from collections.abc import Mapping as MappingType
from typing import Any

from sources.mappings.model import Mapping, mapping_of
from sources.mappings.wrong import Question

OF_THE_FILE: MappingType[Question, str] = {"dates": "dates", "zone": "zone", "numbers": "numbers"}
OPTIONS: MappingType[Question, MappingType[str, str]] = {
    "dates": {
        "day-first": "the day comes first: 31.12.2026",
        "month-first": "the month comes first: 12/31/2026",
        "unix": "seconds since 1970",
        "unix-milliseconds": "milliseconds since 1970",
    },
    "numbers": {
        "1234.5": "a dot separates decimals: 1234.5",
        "1,234.5": "a comma separates thousands: 1,234.5",
        "1.234,5": "a comma separates decimals: 1.234,5",
        "1 234,5": "a space separates thousands: 1 234,5",
        "1'234.5": "an apostrophe separates thousands: 1'234.5",
    },
    "percent": {"percent": "85 means 85%", "share": "0.85 means 85%"},
    "seconds": {
        "seconds": "seconds",
        "minutes": "minutes",
        "hours": "hours",
        "m:ss": "minutes and seconds: 12:34",
        "h:mm": "hours and minutes: 12:34",
        "words": "words: 5 mins 3 secs",
    },
}


def answered(
    mapping: Mapping,
    of_the_file: MappingType[Question, str],
    of_fields: MappingType[tuple[str, str], MappingType[str, Any]],
) -> Mapping:
    """The mapping with these answers, for the whole file, and by kind of fact and field (`unit`, `yes`, `no`)."""
    document = mapping.document()
    document.update({OF_THE_FILE[question]: answer for question, answer in of_the_file.items() if answer})
    for rule in document["facts"]:
        for name, value in rule["fields"].items():
            value.update(of_fields.get((rule["kind"], name), {}))
    return mapping_of(document)
