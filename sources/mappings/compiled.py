"""A mapping applied to the columns of one file: a function from a row to its facts."""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules.errors import InputError
from sources.facts import Fact, Line, Refusal
from sources.mappings.cells import Read, Style, reader
from sources.mappings.checks import CHECKS
from sources.mappings.columns import Columns, Place
from sources.mappings.conditions import Test, all_of, condition
from sources.mappings.fields import KINDS, Field, fields_of
from sources.mappings.model import FactRule, Mapping, Value
from sources.mappings.wrong import Question, Unclear, Wrong

Row = Sequence[Any]
NEEDED = "This cannot be empty."


@dataclass
class Seen:
    """What has been read so far: facts by kind, lines that say nothing, the first and last instant of each field.

    `unclear` are questions that the mapping leaves open, by field.
    """

    facts: Counter[str] = field(default_factory=Counter)
    silent_lines: int = 0
    refused_lines: int = 0
    capped: int = 0
    instants: dict[tuple[str, str], tuple[datetime, datetime]] = field(default_factory=dict)
    unclear: set[tuple[str, str, Question]] = field(default_factory=set)  # kind, field, question


@dataclass(frozen=True)
class _Cell:
    """A field of a fact: where its text comes from, and how it becomes a value."""

    name: str
    column: str | None
    text: Callable[[Row], str]
    read: Read
    is_required: bool


@dataclass(frozen=True)
class _Rule:
    kind: str
    fact: Callable[..., Fact]
    cells: tuple[_Cell, ...]
    applies: Test | None
    check: Callable[[Any], tuple[str, str] | None] | None
    instants: tuple[tuple[str, int], ...]


class Compiled:
    """A mapping that knows where the columns of a file are.

    Raises InputError if the file lacks a column, or if a question of the mapping is not answered.
    """

    def __init__(
        self, mapping: Mapping, header: Sequence[str], file_name: str, answers: MappingType[str, str], now: datetime
    ) -> None:
        self.seen = Seen()
        self._columns = Columns(header, file_name.rpartition(".")[0] or file_name)
        self._answers = _checked(mapping, answers)
        self._style = Style(mapping.dates, mapping.zone, mapping.numbers, now)
        self._skip = [condition(one, self._columns) for one in mapping.skip]
        self._is_maximum = condition(mapping.maximum_row, self._columns) if mapping.maximum_row else None
        self._mapping = mapping
        self._maximum: Row | None = None
        self._rules = self._made()

    @property
    def unused(self) -> list[str]:
        """The columns of the file that the mapping does not read."""
        return self._columns.unused

    def line(self, row: Row) -> Line:
        """What one row says: facts, or refusals, or nothing."""
        if self._is_maximum and self._is_maximum(row):
            self._maximum = row
            self._rules = self._made()
            return Line(row[0])
        for skips in self._skip:
            if skips(row):
                self.seen.silent_lines += 1
                return Line(row[0])
        facts: list[Fact] = []
        refusals: list[Refusal] = []
        for rule in self._rules:
            if rule.applies is None or rule.applies(row):
                self._say(rule, row, facts, refusals)
        if refusals:
            self.seen.refused_lines += 1
            return Line(row[0], (), tuple(refusals))
        if not facts:
            self.seen.silent_lines += 1
        return Line(row[0], tuple(facts))

    def _say(self, rule: _Rule, row: Row, facts: list[Fact], refusals: list[Refusal]) -> None:
        before = len(refusals)
        values = []
        for cell in rule.cells:
            text = cell.text(row)
            try:
                value = cell.read(text) if text else None
                if value is None and cell.is_required:
                    raise Wrong(NEEDED)
                values.append(value)
            except Wrong as wrong:
                if isinstance(wrong, Unclear):
                    self.seen.unclear.add((rule.kind, cell.name, wrong.question))
                refusals.append(Refusal(row[0], cell.column, text, str(wrong)))
        if len(refusals) > before:
            return
        fact = rule.fact(*values)
        broken = rule.check(fact) if rule.check else None
        if broken:
            cell = next(one for one in rule.cells if one.name == broken[0])
            refusals.append(Refusal(row[0], cell.column, cell.text(row), broken[1]))
            return
        facts.append(fact)
        self._see(rule, values)

    def _see(self, rule: _Rule, values: list[Any]) -> None:
        seen = self.seen
        seen.facts[rule.kind] += 1
        for name, place in rule.instants:
            value = values[place]
            if value is not None:
                key = (rule.kind, name)
                known = seen.instants.get(key)
                if known is None:
                    seen.instants[key] = (value, value)
                elif value < known[0]:
                    seen.instants[key] = (value, known[1])
                elif value > known[1]:
                    seen.instants[key] = (known[0], value)

    def _made(self) -> list[_Rule]:
        made = []
        for rule in self._mapping.facts:
            if rule.for_each is None:
                made.append(self._rule(rule, None))
            else:
                made += [self._rule(rule, place) for place in self._columns.like(rule.for_each)]
        if not made:
            raise InputError(f"The file has no column that the mapping “{self._mapping.name}” looks for.")
        return made

    def _rule(self, rule: FactRule, place: Place | None) -> _Rule:
        known = fields_of(rule.kind)
        cells = tuple(self._cell(one, rule.fields.get(one.name), place) for one in known)
        tests = [condition(one, self._columns) for one in rule.when]
        tests += [self._columns.filled(name) for name in rule.needs]
        if place is not None and rule.needs_cell:
            tests.append(_filled(place.index, rule))
        instants = tuple((one.name, index) for index, one in enumerate(known) if one.type == "instant")
        fact = KINDS[rule.kind]
        return _Rule(rule.kind, fact, cells, all_of(tests), CHECKS.get(fact), instants)

    def _cell(self, known: Field, value: Value | None, place: Place | None) -> _Cell:
        if value is None:
            return _Cell(known.name, None, _nothing, str, is_required=False)
        column, text = self._source(value, place)
        maximum = self._maximum_of(value, column)
        read = reader(known, value, self._style, self._note_cap, maximum)
        if value.out_of_column is not None:
            column_of = self._columns.index(value.out_of_column)
            return _Cell(known.name, column, self._share_of(text, column_of, value), read, known.is_required)
        if value.empty or value.between or value.default is not None or value.values:
            text = _changed(text, value)
        return _Cell(known.name, column, text, read, known.is_required)

    def _source(self, value: Value, place: Place | None) -> tuple[str | None, Callable[[Row], str]]:
        """The column's name, and its text in a row, without spaces around it."""
        if value.answer is not None:
            return None, _always(self._answers[value.answer])
        if value.text is not None:
            return None, _always(self._columns.filled_in(value.text, place))
        if value.cell is not None:
            if place is None:
                raise InputError(f"The mapping “{self._mapping.name}” names a cell without saying of which columns.")
            index = place.index + (value.cell == "next")
            return self._columns.name(index), _stripped(index)
        if value.join:
            indexes = [self._columns.index(name) for name in value.column or ()]
            return self._columns.name(indexes[0]), lambda row: " ".join(
                row[i].strip() for i in indexes if row[i].strip()
            )
        found = self._columns.first(value.column or ())
        if found is None and value.optional:
            return None, _always(value.default or "")
        index = self._columns.index(*(value.column or ())) if found is None else found
        return self._columns.name(index), _stripped(index)

    def _maximum_of(self, value: Value, column: str | None) -> float | None:
        if value.out_of is not None:
            return value.out_of
        if (value.out_of_header or value.full_marks) and column is not None:
            return self._columns.points(column)
        if value.out_of_row and column is not None and self._maximum is not None:
            return self._columns.points_of(self._maximum[self._columns.index(column)])
        return None

    def _share_of(self, text: Callable[[Row], str], maximum: int, value: Value) -> Callable[[Row], str]:
        """Points of a column out of those of another one, as a percentage."""
        numbers = value.numbers or self._style.numbers
        points = self._columns.points_of

        def as_percent(row: Row) -> str:
            most, had = points(row[maximum].strip(), numbers), text(row)
            found = points(had, numbers) if had else None
            return "" if not most or found is None else f"{found / most * 100:.9f}%"

        return as_percent

    def _note_cap(self) -> None:
        self.seen.capped += 1


def _checked(mapping: Mapping, answers: MappingType[str, str]) -> dict[str, str]:
    unanswered = [f"{name} ({asks})" for name, asks in mapping.asks.items() if not answers.get(name, "").strip()]
    if unanswered:
        raise InputError(f"The mapping “{mapping.name}” needs an answer: {'; '.join(unanswered)}")
    unknown = set(answers) - set(mapping.asks)
    if unknown:
        raise InputError(f"The mapping “{mapping.name}” does not ask for “{min(unknown)}”.")
    return {name: answer.strip() for name, answer in answers.items()}


def _stripped(index: int) -> Callable[[Row], str]:
    return lambda row: row[index].strip()


def _filled(index: int, rule: FactRule) -> Test:
    """Whether the column in hand has something, and no text that means nothing."""
    inside = [value for value in rule.fields.values() if value.cell == "this" and value.default is None]
    nothing = {"", *(one.casefold() for value in inside for one in value.empty)}
    return lambda row: row[index].strip().casefold() not in nothing


def _always(text: str) -> Callable[[Row], str]:
    return lambda _: text


def _nothing(_: Row) -> str:
    return ""


def _changed(text: Callable[[Row], str], value: Value) -> Callable[[Row], str]:
    """The text after what the mapping takes away from it or puts in its place."""
    empty, between, default = {one.casefold() for one in value.empty}, value.between, value.default or ""
    values = {one.casefold(): other for one, other in value.values.items()}

    def changed(row: Row) -> str:
        found = text(row)
        if between is not None:
            found = _between(found, *between)
        if found.casefold() in empty:
            found = ""
        return values.get(found.casefold(), found) if found else default

    return changed


def _between(text: str, before: str, after: str) -> str:
    _, found, rest = text.partition(before)
    if not found:
        return ""
    inside, ended, _ = rest.partition(after) if after else (rest, True, "")
    return inside.strip() if ended else ""
