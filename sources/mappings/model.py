"""A mapping as it is saved: which facts a row says, and from which columns and how each field is read."""

import hashlib
import json
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rules.errors import InputError
from sources.mappings.fields import KINDS, fields_of

Dates = Literal["year-first", "day-first", "month-first", "unix", "unix-milliseconds"]
Numbers = Literal["1234.5", "1,234.5", "1.234,5", "1 234,5", "1'234.5"]
Unit = Literal["percent", "share", "seconds", "minutes", "hours", "m:ss", "h:mm", "words"]
Words = Annotated[str, Field(max_length=500)]
MOST_FACTS, MOST_BYTES = 20, 100_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


def _listed(told: object) -> object:
    return (told,) if isinstance(told, str) else told


Columns = Annotated[tuple[Words, ...], BeforeValidator(_listed)]


class Condition(_Strict):
    """Something about a row: the text of a column is one of these, regardless of case, begins so, or is there."""

    column: Columns
    is_: Annotated[tuple[Words, ...] | None, BeforeValidator(_listed), Field(alias="is")] = None
    is_not: Annotated[tuple[Words, ...] | None, BeforeValidator(_listed)] = None
    begins: Words | None = None
    filled: bool | None = None


class Value(_Strict):
    """Where a field comes from, and how it is read. One of the first four says where.

    `column`: the first of these columns that the file has; `this` or `next`: with `for_each`, the column in hand or its
    neighbour. `text`: a text with `{name}` for a part of the column's name (`for_each`) and `{file}` for the file's.
    `answer`: what was answered to the mapping's question of this name.
    """

    column: Columns | None = None
    text: Words | None = None
    answer: Words | None = None
    cell: Literal["this", "next"] | None = None

    join: bool = False  # all of the columns, with spaces between
    optional: bool = False  # the file need not have the column
    between: tuple[Words, Words] | None = None  # only what stands between these two texts
    empty: tuple[Words, ...] = ()  # texts that mean nothing
    default: Words | None = None  # where the cell is empty
    lower: bool = False  # regardless of case, as addresses are
    unit: Unit | None = None
    numbers: Numbers | None = None
    dates: Dates | None = None
    zone: Words | None = None
    yes: tuple[Words, ...] = ()
    no: tuple[Words, ...] = ()
    filled: bool = False  # of a field that is yes or no: yes if there is anything
    at_least: float | None = None  # of a field that is yes or no: from this percent on
    full_marks: bool = False  # of a field that is yes or no: as many points as can be had
    out_of: float | None = None  # points that can be had
    out_of_header: bool = False  # the number in the column's name, behind a stroke if there is one
    out_of_row: bool = False  # the cell of the row of maximum points
    out_of_column: Words | None = None
    cap: bool = False  # of a percentage: more than 100 counts as 100, and is said
    values: dict[Words, Words] = {}
    separator: Words = ";"

    @model_validator(mode="after")
    def says_where(self) -> Self:
        told = [one for one in (self.column, self.text, self.answer, self.cell) if one is not None]
        if len(told) != 1:
            raise ValueError("a field needs exactly one of column, text, answer and cell")
        if self.zone is not None and self.zone not in available_timezones():
            raise ValueError(f'"{self.zone}" is not a time zone')
        return self


def _value(told: object) -> object:
    return {"column": told} if isinstance(told, str) else told


class FactRule(_Strict):
    """One fact of a row: its kind, its fields, and when the row says it.

    `for_each`: one fact for each column whose name looks so, such as `Q. <number> /<points>`. `needs`: only where
    these columns are not empty; `needs_cell`: only where the column in hand is not.
    """

    kind: str
    fields: dict[Words, Annotated[Value, BeforeValidator(_value)]]
    when: tuple[Condition, ...] = ()
    needs: Columns = ()
    for_each: Words | None = None
    needs_cell: bool = True

    @model_validator(mode="after")
    def names_fields(self) -> Self:
        if self.kind not in KINDS:
            raise ValueError(f'"{self.kind}" is no kind of fact; the kinds are {", ".join(KINDS)}')
        known = {field.name: field for field in fields_of(self.kind)}
        unknown = [name for name in self.fields if name not in known]
        if unknown:
            raise ValueError(f'a {self.kind} has no field "{unknown[0]}"; it has {", ".join(known)}')
        missing = [name for name, field in known.items() if field.is_required and name not in self.fields]
        if missing:
            raise ValueError(f"a {self.kind} needs {', '.join(missing)}")
        return self


class Mapping(_Strict):
    """What the rows of a kind of file say.

    `source` is where the ids come from: files of one source name the same student by the same id; empty: the ids
    are the creator's own. `headers` are the
    columns such a file has at least, in several versions. `asks` are questions, by name, that only those who have
    the file can answer. `says_nothing_of` is what the figures will miss.
    """

    name: Annotated[str, Field(min_length=1, max_length=100)]
    source: Annotated[str, Field(pattern=r"^[a-z0-9._-]{0,60}$")]
    platform: Words = ""
    facts: Annotated[tuple[FactRule, ...], Field(min_length=1, max_length=MOST_FACTS)]
    headers: tuple[tuple[Words, ...], ...] = ()
    skip: tuple[Condition, ...] = ()
    maximum_row: Condition | None = None
    dates: Dates | None = None
    zone: Words | None = None
    numbers: Numbers | None = None
    asks: dict[Words, Words] = {}
    says_nothing_of: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def has_a_known_zone(self) -> Self:
        if self.zone is not None and self.zone not in available_timezones():
            raise ValueError(f'"{self.zone}" is not a time zone')
        asked = {value.answer for rule in self.facts for value in rule.fields.values() if value.answer}
        if asked - set(self.asks):
            raise ValueError(f'no question is called "{min(asked - set(self.asks))}"')
        return self

    @property
    def version(self) -> str:
        """By content: two mappings with the same version read every file alike."""
        content = self.model_dump_json(by_alias=True, exclude_defaults=True, exclude={"name", "headers"})
        return hashlib.sha256(json.dumps(json.loads(content), sort_keys=True).encode()).hexdigest()[:16]

    def document(self) -> dict[str, Any]:
        """As it is saved."""
        found: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return found


def mapping_of(document: object) -> Mapping:
    """A mapping from its saved form. Raises InputError naming the place and what is wrong there."""
    try:
        if len(json.dumps(document, default=str)) > MOST_BYTES:
            raise InputError(f"The mapping is longer than {MOST_BYTES:,} characters.")
        return Mapping.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the mapping"
        raise InputError(
            f"The mapping cannot be used: {place}: {first['msg'].removeprefix('Value error, ')}."
        ) from None


def known_zone(name: str) -> ZoneInfo:
    """Raises InputError for an unknown zone."""
    if name not in available_timezones():
        raise InputError(f'"{name[:60]}" is not a time zone. Use one of `manage.py time-zones`, such as Europe/Berlin.')
    return ZoneInfo(name)
