"""Charts as sent to the browser, cached: building and checking one takes longer than the rest of its page."""

import hashlib
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import altair
import pandas as pd
import pyarrow as pa
import streamlit as st
from altair.utils.schemapi import debug_mode

from charts.tables import tables_apart
from queries.cache.caching import remembered

Draw = Callable[..., altair.TopLevelMixin]

FIVE_MINUTES = 300

_turn = threading.Lock()


def show_chart(draw: Draw, *data: Any, alt: str) -> None:
    """Show the chart that `draw`, a function of `charts`, makes of the data: frames and plain values."""
    st.vega_lite_chart(specification(draw, *data), alt=alt)


def specification(draw: Draw, *data: Any) -> dict[str, Any]:
    """The chart as a Vega-Lite dictionary whose tables are Arrow streams, as `st.altair_chart` would send it."""
    # The key is the content as bytes: Streamlit's own hashing of a frame takes ten times as long.
    # People who see the same chart have the same data.
    content = hashlib.sha256(pickle.dumps(data)).hexdigest()
    return _specification(f"{draw.__module__}.{draw.__qualname__}", content, draw, data)


@contextmanager
def altair_alone() -> Iterator[None]:
    """Altair's data handling is shared by all threads, so drawing with a different one needs a lock."""
    with _turn:
        yield


@remembered(FIVE_MINUTES)
def _specification(name: str, content: str, _draw: Draw, _data: tuple[Any, ...]) -> dict[str, Any]:
    del name, content
    tables: dict[str, bytes] = {}

    def keep(rows: pd.DataFrame) -> str:
        stream = _arrow_stream(rows)
        name = hashlib.sha256(stream).hexdigest()
        tables[name] = stream
        return name

    # Not compared with the schema, neither part by part nor as a whole: that is for the tests.
    with altair_alone(), altair.theme.enable("none"), debug_mode(False), tables_apart(keep):
        made: dict[str, Any] = _draw(*_data).to_dict(validate=False)
    return {**made, "datasets": tables}


def _arrow_stream(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
