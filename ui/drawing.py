"""Charts as the browser gets them, remembered: to build and check one takes longer than all the rest of its page."""

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

from queries.caching import remembered

Draw = Callable[..., altair.TopLevelMixin]

FIVE_MINUTES = 300
TABLES = "tables of the dashboard"

_turn = threading.Lock()


def show_chart(draw: Draw, *data: Any, alt: str) -> None:
    """Show the chart that `draw`, a function of `charts`, makes of the data: frames and plain values."""
    st.vega_lite_chart(specification(draw, *data), alt=alt)


def specification(draw: Draw, *data: Any) -> dict[str, Any]:
    """The chart as a Vega-Lite dictionary whose tables are Arrow streams, as `st.altair_chart` would send it."""
    # The key is the content, as bytes: Streamlit's own way to hash a frame takes ten times as long.
    # Who is shown the same chart has the same data.
    content = hashlib.sha256(pickle.dumps(data)).hexdigest()
    return _specification(f"{draw.__module__}.{draw.__qualname__}", content, draw, data)


@contextmanager
def altair_alone() -> Iterator[None]:
    """Altair's way to handle data is one for all threads: whoever needs another one draws alone."""
    with _turn:
        yield


@remembered(FIVE_MINUTES)
def _specification(name: str, content: str, _draw: Draw, _data: tuple[Any, ...]) -> dict[str, Any]:
    del name, content
    tables: dict[str, bytes] = {}
    with altair_alone(), altair.theme.enable("none"), altair.data_transformers.enable(TABLES, tables=tables):
        made: dict[str, Any] = _draw(*_data).to_dict(validate=False)  # against the schema: that is for the tests
    return {**made, "datasets": tables}


def _kept_as_arrow(data: Any, tables: dict[str, bytes]) -> dict[str, str]:
    stream = _arrow_stream(data)
    name = hashlib.sha256(stream).hexdigest()
    tables[name] = stream
    return {"name": name}


def _arrow_stream(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


altair.data_transformers.register(TABLES, _kept_as_arrow)
