"""The first rows of a file: as they are, and as what they become."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from rules.formatting import counted, timed_to_the_second
from sources.facts import Fact, Refusal
from sources.mappings.fields import KINDS, PLURALS
from sources.mappings.preview import Sample, Trial
from ui.shared.text import plain

ROWS_SHOWN, LONGEST_CELL = 5, 120
KIND_OF = {fact: kind for kind, fact in KINDS.items()}


def first_rows(sample: Sample) -> None:
    """The file as it is: everything is text."""
    rows = [[str(cell)[:LONGEST_CELL] for cell in row[1:]] for row in sample.rows[:ROWS_SHOWN]]
    lines = [str(row[0]) for row in sample.rows[:ROWS_SHOWN]]
    frame = pd.DataFrame(rows, columns=sample.table.header, index=pd.Index(lines, name="Line"), dtype=str)
    st.dataframe(frame, width="stretch")
    for note in sample.table.notes:
        st.caption(note)


def what_it_becomes(trial: Trial, timezone: str) -> None:
    """The first facts of each kind, field by field, and the first cells that were refused."""
    by_kind: dict[str, list[Fact]] = {}
    for line in trial.lines:
        for fact in line.facts:
            by_kind.setdefault(KIND_OF[type(fact)], []).append(fact)
    for kind, facts in by_kind.items():
        st.markdown(f"**{PLURALS[kind].capitalize()}**")
        st.dataframe(_facts(facts[:ROWS_SHOWN], ZoneInfo(timezone)), hide_index=True, width="stretch")
    if trial.unused:
        st.caption(plain(f"Columns that are not used: {', '.join(trial.unused)}"))
    refusals = [one for line in trial.lines for one in line.refusals]
    if refusals:
        st.markdown(f"**Refused: {counted(trial.seen.refused_lines, 'line')} of the first {len(trial.lines)}**")
        refused_table(refusals[: 2 * ROWS_SHOWN])


def refused_table(refusals: Sequence[Refusal]) -> None:
    """Line, column, value and rule of each."""
    rows = [(str(one.line), one.column or "", (one.value or "")[:LONGEST_CELL], one.rule) for one in refusals]
    frame = pd.DataFrame(rows, columns=["Line", "Column", "Value", "Why it was refused"], dtype=str)
    st.dataframe(frame, hide_index=True, width="stretch")


def _facts(facts: Sequence[Fact], zone: ZoneInfo) -> pd.DataFrame:
    frame = pd.DataFrame([[_shown(value, zone) for value in fact] for fact in facts], columns=facts[0]._fields)
    filled = [name for name in frame if frame[name].any()]
    return frame[filled].rename(columns=lambda name: name.replace("_", " ").capitalize())


def _shown(value: object, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timed_to_the_second(value.astimezone(zone))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return ("; ".join(value) if isinstance(value, tuple) else str(value))[:LONGEST_CELL]
