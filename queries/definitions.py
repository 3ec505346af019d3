"""The definition behind every figure, for help texts and docs/metrics.md."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from database.settings import PROJECT_DIR
from rules.limits import limits_in_words
from rules.sentences import figure

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
    told = limits_in_words()
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {
        name: Definition(**entry | {"definition": entry["definition"].format_map(told)})
        for name, entry in entries.items()
    }


@figure
def help_for(name: str) -> str:
    """What a figure means, in a sentence or two; raises KeyError for a figure without a definition."""
    return definitions()[name].definition


@figure
def title_of(name: str) -> str:
    """What a figure is called; raises KeyError for a figure without a definition."""
    return definitions()[name].title
