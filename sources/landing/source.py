"""What is imported, and what became of it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rules.errors import InputError

IDS_FROM = re.compile(r"[a-z0-9._-]{0,60}")
DOOR = re.compile(r"[a-z0-9._-]{1,40}")
LONGEST_FILE_NAME = 200


@dataclass(frozen=True)
class Source:
    """Where facts come from.

    `ids_from` is a short name of the system whose ids the facts have ("moodle"); empty: they are the creator's own.
    `sha256` is that of the input; an import of the same input with the same mapping that was interrupted goes on.
    Raises InputError for a door or name that is not short, lower case and without spaces.
    """

    door: str
    ids_from: str = ""
    file_name: str | None = None
    sha256: str | None = None
    mapping: str | None = None
    mapping_version: int | None = None
    author_id: UUID | None = None
    author_name: str = "a program"

    def __post_init__(self) -> None:
        if not DOOR.fullmatch(self.door):
            raise InputError(f'The door is "{self.door}"; it must be 1 to 40 of a-z, 0-9, ".", "_" and "-".')
        if not IDS_FROM.fullmatch(self.ids_from):
            raise InputError(
                f'The system that the ids are from is "{self.ids_from}"; '
                'it must be up to 60 of a-z, 0-9, ".", "_" and "-".'
            )
        if self.file_name is not None and len(self.file_name) > LONGEST_FILE_NAME:
            raise InputError(f"The file's name has over {LONGEST_FILE_NAME} characters; give it a shorter one.")


@dataclass
class Counts:
    """Facts by what they were: not known before, different from what was known, or the same."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    refused_by_rule: Counter[str] = field(default_factory=Counter)
    lines_read: int = 0
    lines_refused: int = 0
    undescribed: Counter[str] = field(default_factory=Counter)  # rows made because facts refer to them

    def add(self, other: "Counts") -> None:
        for mine, theirs in (
            (self.new, other.new),
            (self.changed, other.changed),
            (self.same, other.same),
            (self.refused_by_rule, other.refused_by_rule),
            (self.undescribed, other.undescribed),
        ):
            mine.update(theirs)
        self.lines_read += other.lines_read
        self.lines_refused += other.lines_refused


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or (of a dry run, without a number) would do."""

    number: int | None
    import_id: UUID | None
    counts: Counts

    @property
    def new(self) -> int:
        return self.counts.new.total()

    @property
    def changed(self) -> int:
        return self.counts.changed.total()

    @property
    def same(self) -> int:
        return self.counts.same.total()

    @property
    def refused(self) -> int:
        return self.counts.lines_refused


@dataclass(frozen=True)
class Import:
    """An import as the list of them shows it."""

    id: UUID
    number: int
    door: str
    ids_from: str
    file_name: str | None
    sha256: str | None
    mapping: str | None
    mapping_version: int | None
    author_name: str
    state: str  # running, done, undoing or undone
    position: int
    lines_expected: int | None
    lines_read: int
    facts_new: int
    facts_changed: int
    facts_same: int
    refused: int
    undescribed: int
    counts: dict[str, dict[str, int]]
    refused_by_rule: dict[str, int]
    started_at: datetime
    landed_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None
    rows_undone: int
    rows_kept: dict[str, int]
    is_kept: bool  # too old to be undone
