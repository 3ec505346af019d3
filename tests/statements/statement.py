"""A recorded statement: its text, what makes it the same as another, and where it comes from."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from database.settings import PROJECT_DIR
from database.statements import sql

# Quoted text and comments are recognised first, so that no other rule looks into them.
PARTS = re.compile(
    r"""
    (?P<text> '(?:[^']|'')*' | "(?:[^"]|"")*" | \$\$.*?\$\$ )
    | (?: \s+ | --[^\n]* | /\*.*?\*/ )+
    """,
    re.VERBOSE | re.DOTALL,
)
IN_FILES = re.compile(r'\bsql\("([\w/]+)"\)')  # how a module names the files of its statements
TELLING = 15  # of a line; two files hardly share this many by chance
BOUND = re.compile(r"%(?:\((\w+)\))?s")
# SQLAlchemy writes `in :ids` out as (:ids_1_1, :ids_1_2), psycopg2 a list as literals.
PARAMETER_LIST = re.compile(r"\( ?(:\w+?)(?:_\d+)+(?:, ?\1(?:_\d+)+)* ?\)")
LITERAL = r"(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?)(?:::\w+)?"
LITERAL_LIST = re.compile(rf"\( ?({LITERAL})(?:, ?{LITERAL})+ ?\)")
# Nobody quotes such a name by hand: a program put it into the statement.
COMPOSED_NAMES = re.compile(r'"[a-z_][a-z0-9_]*"(?:, "[a-z_][a-z0-9_]*")*')
# What a transaction sets for itself: a creator, a time, a limit.
LOCAL_SETTING = re.compile(r"\b(set local [a-z_.]+ = )(?:'[^']*'|\d+)")
GENERATED_NAME = re.compile(r"\b(\w*?)_(?:\d+|[0-9a-f]{8,})\b")


@dataclass(frozen=True)
class Source:
    """The file below the project's folder and the function that sent the statement, "" for a library's own."""

    file: str
    function: str

    def __str__(self) -> str:
        return f"{self.file}, {self.function}()" if self.file else "a library"


@dataclass(frozen=True)
class Statement:
    """A statement as its author wrote it (parameters are :name), and its form on one line without variable parts."""

    text: str
    normalised: str
    source: Source

    @property
    def is_of_the_product(self) -> bool:
        """Whether the product sent it, and not a library, a test or a benchmark."""
        return bool(self.source.file) and not self.source.file.startswith(("tests/", "proofs/", "benchmarks/"))


def statements_in(file: Path) -> list[Statement]:
    """One statement per normalised text and source file of a recording, in the order of their files."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found = [_statement(**json.loads(line)) for line in lines]
    distinct = {(statement.normalised, statement.source.file): statement for statement in reversed(found)}
    return sorted(distinct.values(), key=lambda statement: (statement.source.file, statement.normalised))


def as_written(statement: str, is_template: bool) -> str:
    """Parameters as :name and percent signs unchanged, if the driver was given a template."""
    return BOUND.sub(_parameter, statement).replace("%%", "%") if is_template else statement


def _parameter(bound: re.Match[str]) -> str:
    return f":{bound.group(1) or 'value'}"


def normalised(text: str) -> str:
    """The statement on one line, without comments; lists have one element, generated names no number."""
    line = PARTS.sub(_on_one_line, text).strip(" ;")
    line = PARAMETER_LIST.sub(r"(\1)", line)
    line = LITERAL_LIST.sub(r"(\1)", line)
    line = COMPOSED_NAMES.sub('"name"', line)
    line = LOCAL_SETTING.sub(r"\1'value'", line)
    return GENERATED_NAME.sub(r"\1", line)


def _on_one_line(part: re.Match[str]) -> str:
    return part.group("text") or " "


def _statement(text: str, callers: list[list[str]]) -> Statement:
    return Statement(text, normalised(text), _source(text, [Source(*caller) for caller in callers]))


def _source(text: str, callers: list[Source]) -> Source:
    """The caller whose file has most of the text; the nearest one if none has any."""
    return max(callers, key=lambda caller: _share_in(caller.file, text), default=Source("", ""))


def _share_in(file: str, text: str) -> int:
    """How many characters of the text are in lines that the file has; a line such as `from students` says nothing."""
    lines = {line.strip() for line in text.splitlines()}
    return sum(len(line) for line in lines if len(line) >= TELLING and line in _content(file))


@lru_cache
def _content(file: str) -> str:
    """The contents of the file, and of the files of its statements with everything these include."""
    written = (PROJECT_DIR / file).read_text(encoding="utf-8")
    return "\n".join([written, *map(sql, IN_FILES.findall(written))])
