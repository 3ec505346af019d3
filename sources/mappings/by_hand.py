"""A mapping made from choices: which kinds of facts a row says, which column each field is, and how it is read."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from rules.errors import InputError
from sources.mappings.fields import KINDS, fields_of
from sources.mappings.model import Mapping, mapping_of


@dataclass(frozen=True)
class Choice:
    """A field is a column, or the same text in every row; `unit` and words for yes and no where they matter."""

    column: str | None = None
    text: str | None = None
    unit: str | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def value(self) -> dict[str, Any]:
        found: dict[str, Any] = {"column": self.column} if self.column else {"text": _literal(self.text or "")}
        return found | {name: told for name, told in (("unit", self.unit), ("yes", self.yes), ("no", self.no)) if told}


@dataclass(frozen=True)
class Choices:
    """All choices for a file: by kind of fact and field, and what holds for the whole file."""

    name: str
    fields: MappingType[str, MappingType[str, Choice]]
    dates: str | None = None
    zone: str | None = None
    numbers: str | None = None
    source: str = ""
    header: tuple[str, ...] = field(default=())


def mapping_by_hand(choices: Choices) -> Mapping:
    """The mapping. Raises InputError naming a field that is still missing."""
    for kind, chosen in choices.fields.items():
        missing = [one.name for one in fields_of(kind) if one.is_required and one.name not in chosen]
        if missing:
            raise InputError(f"Say which column is the {missing[0].replace('_', ' ')} of the {kind}.")
    facts = [
        {"kind": kind, "fields": {name: one.value() for name, one in chosen.items()}}
        for kind, chosen in choices.fields.items()
    ]
    if not facts:
        raise InputError(f"Say what is in the file: {', '.join(KINDS)}.")
    document: dict[str, Any] = {"name": choices.name, "source": choices.source, "facts": facts}
    document["headers"] = [list(_used(choices))] if _used(choices) else []
    for name in ("dates", "zone", "numbers"):
        if getattr(choices, name):
            document[name] = getattr(choices, name)
    return mapping_of(document)


def suggested_column(field_name: str, kind: str, header: Iterable[str]) -> str | None:
    """The column that is called like the field: a suggestion that the preview shows, never more."""
    names = {"id": (f"{kind} id", f"{kind}_id", "id", kind)}.get(field_name, (field_name, f"{field_name} id"))
    there = {" ".join(name.replace("_", " ").split()).casefold(): name for name in header}
    return next((there[key] for name in names if (key := name.replace("_", " ").casefold()) in there), None)


def _used(choices: Choices) -> list[str]:
    used = dict.fromkeys(one.column for chosen in choices.fields.values() for one in chosen.values() if one.column)
    return list(used)


def _literal(text: str) -> str:
    """A text as it is: braces in it name nothing."""
    return text.replace("{", "(").replace("}", ")")
