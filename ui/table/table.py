"""The one table for lists that people sort, choose from or open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import streamlit as st

from ui.shared.paging import page_choice, requested_page
from ui.table.address import Direction, ListAddress, Order, event
from ui.table.cells import Cell

HERE = Path(__file__).parent
Kind = Literal["name", "text", "number", "time", "badge", "bar", "spark", "button", "unseen"]
PAGE_SIZE = 50
EVENTS = ("sorted", "pressed", "ordered")


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _cards(lists: str, pixels: int) -> str:
    """The style of cards, for lists that are no wider than this."""
    return f"@container (max-width: {pixels}px) {{ {_text('cards.css').replace('.cards', lists)} }}"


_TABLE = st.components.v2.component(
    "list_table",
    html='<div class="list"></div>',
    css=_text("table.css") + _cards(".list.many", 640) + _cards(".list.few", 380),
    js=_text("table.js") + _text("reorder.js"),
    isolate_styles=True,
)


@dataclass(frozen=True)
class Column:
    """A column: `sorts` is the direction of the first click on its heading, None if the list has no such order.

    An unseen column is only an order, such as that of the course; rows have no cell for it.
    """

    key: str
    title: str
    kind: Kind = "text"
    sorts: Direction | None = None
    help: str | None = None
    hidden: bool = False  # the heading, for the eyes: of buttons


@dataclass(frozen=True)
class Row:
    """A row by its id, with a cell per column, and where its name leads to."""

    id: str
    cells: Sequence[Cell]
    href: str | None = None


@dataclass(frozen=True)
class Shown:
    """What is shown of a list: how it is sorted, which page, and for which filters a choice of rows holds."""

    order: Order | None = None
    page: int = 1
    scope: object = None


def list_table(
    key: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    shown: Shown = Shown(),
    *,
    chooses: bool = False,
) -> list[str]:
    """Draw the list; returns the ids of the selected rows, also of other pages with the same filters.

    Clicks on headings are followed by `ListAddress.chosen`, presses of buttons are `pressed(key)`: both before
    the list is read.
    """
    data = _data(key, caption, columns, rows) | {
        "sort": shown.order and {"key": shown.order.key, "order": shown.order.direction},
        "page": shown.page,
        "scope": str(shown.scope),
        "chooses": chooses,
    }
    selected = _mounted(key, data).get("selected")
    is_meant = isinstance(selected, dict) and selected.get("scope") == data["scope"]
    ids = selected.get("ids") if is_meant and isinstance(selected, dict) else None
    return [one for one in ids if isinstance(one, str)] if isinstance(ids, list) else []


def order_table(key: str, caption: str, columns: Sequence[Column], rows: Sequence[Row]) -> list[str] | None:
    """Draw all rows of a list with handles to move them; returns the ids in their new order once it is to be saved."""
    data = _data(key, caption, columns, rows) | {"chooses": True, "reorders": True}
    ordered, ids = _mounted(key, data).get("ordered"), [row.id for row in rows]
    if not isinstance(ordered, list) or ordered == ids or sorted(map(str, ordered)) != sorted(ids):
        return None
    return [str(one) for one in ordered]


def pressed(key: str) -> tuple[str, str] | None:
    """Which button was pressed, as its column and the id of its row; it lasts for one run."""
    what = event(key, "pressed")
    if not isinstance(what, dict):
        return None
    return str(what.get("button")), str(what.get("id"))


def whole_list(
    address: ListAddress,
    caption: str,
    columns: Sequence[Column],
    rows: pd.DataFrame,
    describe: Callable[[pd.DataFrame], Sequence[Row]],
    fields: Mapping[str, str],
    page_size: int = PAGE_SIZE,
) -> None:
    """Draw a list that is in memory as a whole, sorted by any column of `fields`, page by page.

    `fields` says which field of the frame a column is sorted by; `describe` makes rows of a part of the frame.
    """
    order = address.chosen([column.key for column in columns if column.sorts])
    page = requested_page(address.page)
    first = (page - 1) * page_size
    if first >= len(rows):
        page, first = 1, 0
    shown = in_order(rows, order, fields).iloc[first : first + page_size]
    list_table(address.key, caption, columns, describe(shown), Shown(order, page))
    page_choice(address.page, len(rows), page_size)


def in_order(rows: pd.DataFrame, order: Order, fields: Mapping[str, str]) -> pd.DataFrame:
    """A list that is in memory as a whole, sorted by the field of the column; what has no value comes last."""
    field = fields.get(order.key)
    is_up = order.direction == "asc"
    if field is None:  # as it is given
        return rows if is_up else rows.iloc[::-1].reset_index(drop=True)
    return rows.sort_values(
        field, ascending=is_up, kind="stable", na_position="last", ignore_index=True, key=_without_case
    )


def _without_case(values: pd.Series[Any]) -> pd.Series[Any]:
    is_text = pd.api.types.is_string_dtype(values) or values.dtype == object
    return values.map(lambda one: one.casefold() if isinstance(one, str) else one) if is_text else values


def _data(key: str, caption: str, columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, Any]:
    name = next((place for place, column in enumerate(columns) if column.kind == "name"), 0)
    return {
        "key": key,
        "caption": caption,
        "columns": [asdict(column) for column in columns],
        "rows": [asdict(row) | {"name": _spoken(row.cells[name])} for row in rows],
    }


def _spoken(cell: Cell) -> str:
    """The name of a row for those who hear it: with what tells it apart."""
    if isinstance(cell, dict):
        return ", ".join(str(cell[part]) for part in ("text", "note") if cell.get(part))
    return cell or "-"


def _mounted(key: str, data: dict[str, Any]) -> Any:
    heard: dict[str, Callable[[], None]] = {f"on_{name}_change": _nothing for name in (*EVENTS, "selected")}
    return _TABLE(key=key, data=data, default={"selected": None}, width="stretch", height="content", **heard)


def _nothing() -> None:
    """An event without a function to call never arrives."""
