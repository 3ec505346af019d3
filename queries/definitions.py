"""The definition behind every figure, for help texts and docs/metrics.md."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from database.settings import PROJECT_DIR

SOURCE = PROJECT_DIR / "queries" / "metrics.toml"


@dataclass(frozen=True)
class Definition:
    title: str
    definition: str
    unit: str
    source: str


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """Every definition by name, in the order of the file."""
    return {name: Definition(**entry) for name, entry in tomllib.loads(SOURCE.read_text(encoding="utf-8")).items()}


def help_for(name: str) -> str:
    """What a figure means, in a sentence or two; raises KeyError for a figure without a definition."""
    return definitions()[name].definition
