"""The tables of charts: inside the chart or, if they are sent separately, next to it under a name.

Altair copies and prints a table inside a chart once per layer; a name costs neither. And what a chart looks like
depends on a few choices, not on its rows: a template is built once per choice and filled for each answer.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

Keep = Callable[[pd.DataFrame], str]

_keep: ContextVar[Keep | None] = ContextVar("keep", default=None)


@dataclass(frozen=True)
class Template:
    """A chart of named tables (`alt.NamedData`), to be filled."""

    chart: alt.Chart | alt.LayerChart

    @cached_property
    def specification(self) -> dict[str, Any]:
        """The chart as a Vega-Lite dictionary, without a theme of its own."""
        made: dict[str, Any] = self.chart.to_dict(validate=False)
        return made


@dataclass(frozen=True)
class Named:
    """A filled template whose tables are kept apart."""

    specification: dict[str, Any]

    def to_dict(self, validate: bool = False) -> dict[str, Any]:
        del validate  # against the schema: that is for the tests, which draw with the tables inside
        return self.specification


def table(rows: pd.DataFrame) -> pd.DataFrame | alt.NamedData:
    """The rows as the data of a chart whose encodings name their types."""
    keep = _keep.get()
    return rows if keep is None else alt.NamedData(name=keep(rows))


def filled(template: Template, **rows: pd.DataFrame) -> Any:
    """The template's chart with these rows in place of the tables that it names."""
    keep = _keep.get()
    if keep is None:
        return _with_rows(template.chart, rows)
    return Named(_with_names(template.specification, {name: keep(of_name) for name, of_name in rows.items()}))


@contextmanager
def tables_apart(keep: Keep) -> Iterator[None]:
    """Within the block, charts hold names of tables; `keep` takes each table and returns its name."""
    token = _keep.set(keep)
    try:
        yield
    finally:
        _keep.reset(token)


def _with_rows(part: Any, rows: Mapping[str, pd.DataFrame]) -> Any:
    part = part.copy(deep=False)
    if isinstance(part.data, alt.NamedData):
        part.data = rows[part.data.name]
    if isinstance(part, alt.LayerChart):
        part.layer = [_with_rows(layer, rows) for layer in part.layer]
    return part


def _with_names(part: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    named = dict(part)
    if "data" in part:
        named["data"] = {"name": names[part["data"]["name"]]}
    if "layer" in part:
        named["layer"] = [_with_names(layer, names) for layer in part["layer"]]
    return named
