"""What a check or an import found: facts by kind, the first and last instants, what was refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from rules.formatting import counted, grouped, timed_to_the_second
from rules.sentences import always
from sources.mappings.fields import KINDS, PLURALS
from ui.shared.text import plain

Outcome = Mapping[str, Any]
BEFORE = ("Would be new", "Would change", "Stay the same")
AFTER = ("New", "Changed", "The same")


def counts_table(outcome: Outcome, *, is_done: bool) -> None:
    """One row per kind of fact in the file."""
    rows = [
        [PLURALS[kind].capitalize(), *(grouped(outcome[name].get(kind, 0)) for name in ("new", "changed", "same"))]
        for kind in KINDS
        if kind in outcome["facts"]
    ]
    columns = ["In the file", *(AFTER if is_done else BEFORE)]
    st.dataframe(pd.DataFrame(rows, columns=columns, dtype=str), hide_index=True, width="stretch")
    lines = f"{counted(outcome['lines'], 'line')} read, {grouped(outcome['refused'])} refused"
    silent = f", {grouped(outcome['silent'])} with nothing to import" if outcome["silent"] else ""
    st.caption(f"{lines}{silent}.")


def what_was_noticed(outcome: Outcome, timezone: str) -> None:
    """The first and last instant of each field, and notes on the file."""
    zone = ZoneInfo(timezone)
    for kind, field, first, last in outcome["instants"]:
        name = f"{'Time' if field == 'at' else field.replace('_', ' ').capitalize()} of {PLURALS[kind]}"
        st.caption(plain(f"{name}: from {_in(first, zone)} to {_in(last, zone)}, in the creator's time zone"))
    for note in outcome["notes"]:
        st.caption(plain(note))
    if outcome["capped"]:
        st.caption(always("Percentages above 100 count as 100: ") + grouped(outcome["capped"]))
    if outcome["undescribed"]:
        made = ", ".join(f"{grouped(count)} {name.replace('_', ' ')}" for name, count in outcome["undescribed"].items())
        st.caption(plain(f"Referred to but not described, so their ids stand for their names: {made}"))


def refused_by_rule(outcome: Outcome) -> None:
    """How many lines broke which rule."""
    rows = sorted(outcome["rules"].items(), key=lambda found: -found[1])
    frame = pd.DataFrame([(rule, grouped(count)) for rule, count in rows], columns=["Why", "Times"], dtype=str)
    st.dataframe(frame, hide_index=True, width="stretch")


def _in(instant: str, zone: ZoneInfo) -> str:
    return timed_to_the_second(datetime.fromisoformat(instant).astimezone(zone))
