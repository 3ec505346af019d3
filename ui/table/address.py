"""The order of a list, in the address: `?sort=name&order=asc`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from ui.shared.address import change_address

Direction = Literal["asc", "desc"]


@dataclass(frozen=True)
class Order:
    """By which column a list is sorted, and how."""

    key: str
    direction: Direction = "asc"


@dataclass(frozen=True)
class ListAddress:
    """A list's key in the session, and the names of its order and page in the address."""

    key: str
    usual: Order
    sort: str = "sort"
    order: str = "order"
    page: str = "page"

    @classmethod
    def of(cls, name: str, usual: Order) -> ListAddress:
        """The address of a list that shares its page with others: `?quiz_sort=…&quiz_order=…&quiz_page=…`."""
        return cls(f"{name}_table", usual, f"{name}_sort", f"{name}_order", f"{name}_page")

    def chosen(self, columns: Collection[str]) -> Order:
        """The order as in the address, after following a click on a heading; the usual one for anything unknown.

        Call it before the list is read: a click on a heading lasts for one run.
        """
        self._follow(columns)
        key = st.query_params.get(self.sort, "")
        written = st.query_params.get(self.order, "")
        direction: Direction = "asc" if written == "asc" else "desc" if written == "desc" else self.usual.direction
        return Order(key if key in columns else self.usual.key, direction)

    def _follow(self, columns: Collection[str]) -> None:
        clicked = event(self.key, "sorted")
        if not isinstance(clicked, dict) or clicked.get("key") not in columns:
            return
        key, direction = clicked["key"], clicked.get("order")
        names = {
            self.sort: None if key == self.usual.key else key,
            self.order: direction if direction in ("asc", "desc") and direction != self.usual.direction else None,
        }
        change_address(**names, **{self.page: None})


def event(key: str, name: str) -> object:
    """What somebody did in this table since the last run, such as a press of a button; None for nothing."""
    state = st.session_state.get(key)
    return state.get(name) if state else None
