"""The tables of a page, as the browser is told to draw them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from streamlit.testing.v1 import AppTest


@dataclass(frozen=True)
class ShownTable:
    """A table of `ui/table`: what its cells say, by the titles of its columns."""

    told: dict[str, Any]

    @property
    def key(self) -> str:
        return str(self.told["key"])

    @property
    def titles(self) -> list[str]:
        return [column["title"] for column in self.told["columns"] if column["kind"] != "unseen"]

    @property
    def sorting(self) -> list[str]:
        """The titles of the columns whose headings sort."""
        return [column["title"] for column in self.told["columns"] if column["sorts"]]

    @property
    def links(self) -> list[str | None]:
        return [row["href"] for row in self.told["rows"]]

    @property
    def ids(self) -> list[str]:
        return [row["id"] for row in self.told["rows"]]

    def column(self, title: str) -> list[str | None]:
        """What the cells of the column say; None for nothing."""
        place = self.titles.index(title)
        return [_said(row["cells"][place]) for row in self.told["rows"]]

    def notes(self) -> list[str | None]:
        """What stands below the names."""
        return [next(cell["note"] for cell in row["cells"] if "note" in (cell or ())) for row in self.told["rows"]]

    def words(self) -> str:
        said = [" ".join(self.titles)]
        said += [" ".join(_said(cell) or "-" for cell in row["cells"]) for row in self.told["rows"]]
        return "\n".join(said)


def tables(app: AppTest) -> list[ShownTable]:
    return tables_in(app.get("bidi_component"))


def tables_in(elements: Iterable[Any]) -> list[ShownTable]:
    told = [json.loads(element.proto.json or "{}") for element in elements]
    return [ShownTable(one) for one in told if one and "columns" in one]


def table(app: AppTest, key: str = "") -> ShownTable:
    """The table with this key, or the first."""
    return next(one for one in tables(app) if key in ("", one.key))


def does(app: AppTest, key: str, **events: Any) -> AppTest:
    """Somebody does this in the table with this key, as the browser reports it."""
    app.session_state[key] = events
    app.run()
    app.session_state[key] = {}  # an event lasts for one run
    return app


def went_to(app: AppTest) -> str:
    """Where the browser is told to go."""
    told = [json.loads(element.proto.json or "{}") for element in app.get("bidi_component")]
    (address,) = [one["href"] for one in told if one and "visit" in one]
    return str(address)


def _said(cell: Any) -> str | None:
    return cell["text"] if isinstance(cell, dict) else cell
