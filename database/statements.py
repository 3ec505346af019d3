"""Statements in files of their own, where they can be read as SQL; a comment includes what several share."""

import re
from functools import lru_cache

from database.settings import PROJECT_DIR

INCLUDE = re.compile(r"^(?P<indent> *)-- include: (?P<path>[\w/]+)(?P<comma>,?)$", re.MULTILINE)
HEADING = re.compile(r"\A(?:--[^\n]*\n)+\n*")


@lru_cache(maxsize=1_000)
def sql(path: str) -> str:
    """The statement in this file, named from the project's folder on and without its ending.

    A line `-- include: <path>` stands for the text of that file at the line's indentation, without the comment at its
    head; a comma behind it stays. Nothing else is put in: values are bound.
    """
    return INCLUDE.sub(_included, (PROJECT_DIR / f"{path}.sql").read_text(encoding="utf-8").rstrip("\n"))


def step(path: str) -> str:
    """A part of statements, as it is included."""
    return HEADING.sub("", sql(path))


def _included(line: re.Match[str]) -> str:
    parts = step(line["path"]).splitlines()
    return "\n".join(f"{line['indent']}{part}" if part else "" for part in parts) + line["comma"]
