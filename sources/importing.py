"""Check what importing a file by a mapping would do, or do it: the same steps for pages and the command line."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rules.errors import InputError
from sources.facts import Line, Refusal
from sources.files.given import GivenFile
from sources.landing.landing import land
from sources.landing.source import Counts, Source
from sources.mappings.fields import KINDS
from sources.mappings.reading import HowToRead, Read, read_by

DOOR = "file"
MOST_ERRORS = 10_000  # kept of a check; all are counted
LONGEST_NAME = 200
LINES_BETWEEN = 5_000  # of a progress report

Progress = Callable[[int], None]  # called with the number of lines that have been read


@dataclass(frozen=True)
class Author:
    """Who imports: an account, or a program."""

    name: str
    id: UUID | None = None


@dataclass(frozen=True)
class Outcome:
    """What was read, and what it changed or would change; counts of facts are by kind.

    `instants`: kind, field, first and last. `errors`: the first refusals of a check. `capped`: percentages above 100.
    """

    lines: int
    refused: int
    silent: int
    capped: int
    facts: dict[str, int]
    new: dict[str, int]
    changed: dict[str, int]
    same: dict[str, int]
    undescribed: dict[str, int]
    rules: dict[str, int]
    instants: list[tuple[str, str, str, str]]
    notes: list[str]
    errors: list[Refusal] = field(default_factory=list)
    import_id: UUID | None = None

    def as_json(self) -> dict[str, Any]:
        """Without the errors, whose values may name people, and the import."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("errors", "import_id")}


def check(creator_id: UUID, file: GivenFile, how: HowToRead, progress: Progress = lambda _: None) -> Outcome:
    """What an import would do; nothing is written. Raises InputError if the file cannot be read so."""
    return _read(creator_id, file, how, Source(DOOR, how.mapping.source), progress, dry_run=True)


def import_file(
    creator_id: UUID,
    file: GivenFile,
    how: HowToRead,
    sha256: str,
    author: Author,
    *,
    mapping_version: int | None = None,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Write what the file says; lines that are refused are left out, so `check` first if none may be.

    Killed at any moment, the same import goes on where it stopped.
    """
    source = Source(
        DOOR,
        how.mapping.source,
        file.name[:LONGEST_NAME],
        sha256,
        f"{how.mapping.name} ({how.mapping.version})",
        mapping_version,
        author.id,
        author.name,
    )
    return _read(creator_id, file, how, source, progress, dry_run=False)


def must_be_faultless(found: Outcome) -> None:
    """Raises InputError if a line was refused, naming the first."""
    if not found.refused:
        return
    first = f" The first is in line {found.errors[0].line}: {found.errors[0].rule}" if found.errors else ""
    raise InputError(f"{found.refused:,} of {found.lines:,} lines were refused, so nothing was written.{first}")


def errors_csv(errors: Iterable[Refusal]) -> bytes:
    """Line, column, value and rule of each. A value that a spreadsheet would take for a formula gets an apostrophe."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(["line", "column", "value", "why it was refused"])
    for one in errors:
        writer.writerow([one.line, _inert(one.column or ""), _inert(one.value or ""), one.rule])
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def _read(
    creator_id: UUID, file: GivenFile, how: HowToRead, source: Source, progress: Progress, *, dry_run: bool
) -> Outcome:
    errors: list[Refusal] = []
    with read_by(file, how) as read:
        report = land(creator_id, source, _watched(read.lines(), errors, progress), dry_run=dry_run)
        return _outcome(read, report.counts, errors, report.import_id)


def _watched(lines: Iterable[Line], errors: list[Refusal], progress: Progress) -> Iterator[Line]:
    count = 0
    for count, line in enumerate(lines, 1):
        if line.refusals and len(errors) < MOST_ERRORS:
            errors += line.refusals
        if count % LINES_BETWEEN == 0:
            progress(count)
        yield line
    progress(count)


def _outcome(read: Read, counts: Counts, errors: list[Refusal], import_id: UUID | None) -> Outcome:
    seen = read.seen
    return Outcome(
        lines=counts.lines_read,
        refused=counts.lines_refused,
        silent=seen.silent_lines,
        capped=seen.capped,
        facts=dict(seen.facts),
        new=_by_kind(counts.new),
        changed=_by_kind(counts.changed),
        same=_by_kind(counts.same),
        undescribed=dict(counts.undescribed),
        rules=dict(counts.refused_by_rule),
        instants=[(*key, first.isoformat(), last.isoformat()) for key, (first, last) in sorted(seen.instants.items())],
        notes=read.table.notes,
        errors=errors[:MOST_ERRORS],
        import_id=import_id,
    )


def _by_kind(counts: MappingType[str, int]) -> dict[str, int]:
    """The landing counts by the names of the facts' types."""
    return {kind: counts[name] for kind, fact in KINDS.items() if (name := fact.__name__.lower()) in counts}


def _inert(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
