"""The mappings that come with the product, and which of all mappings is meant for a file."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from rules.errors import InputError
from sources.mappings.model import Mapping, mapping_of
from sources.mappings.templates import templates

FOLDER = Path(__file__).with_name("shipped")


@lru_cache(maxsize=1)
def shipped_mappings() -> dict[str, Mapping]:
    """The mappings of known exports by their short name, such as `udemy/students`, and the templates'."""
    found: dict[str, Mapping] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for name, document in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}/{name}"] = mapping_of(document)
    for mapping in templates():
        found[f"template/{mapping.facts[0].kind.replace(' ', '-')}"] = mapping
    return found


def recognised(header: Sequence[str], mappings: Iterable[Mapping]) -> list[Mapping]:
    """Those that a file with these columns may be meant for; the one that asks for most of the columns first."""
    there = {_key(name) for name in header}
    fitting = []
    for mapping in mappings:
        sizes = [len(wanted) for wanted in mapping.headers if there.issuperset(map(_key, wanted))]
        if sizes:
            fitting.append((max(sizes), mapping))
    return [mapping for _, mapping in sorted(fitting, key=lambda found: -found[0])]


def mapping_in_file(path: Path) -> Mapping:
    """A mapping that somebody wrote as TOML or JSON. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8")
        return mapping_of(_parsed(text, is_toml=path.suffix.lower() == ".toml"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"The mapping {path} cannot be read: {error}.") from error


def _parsed(text: str, *, is_toml: bool) -> object:
    if is_toml:
        return tomllib.loads(text)
    import json

    return json.loads(text)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
