"""DataFrames as Arrow tables and back, with the same column types."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pandas as pd
import pyarrow as pa

COLUMNS = b"columns"
UUIDS, VALUES = "uuids", "values"


def frame_bytes(frame: pd.DataFrame, pack: Callable[[Any], Any]) -> bytes:
    """The frame as an Arrow stream. Columns of Python objects are stored as text: ids, or JSON by `pack`."""
    kinds = {name: _kind(frame[name]) for name in frame.columns}
    texts = {name: _texts(frame[name], kind, pack) for name, kind in kinds.items() if kind in (UUIDS, VALUES)}
    table = pa.Table.from_pandas(frame.assign(**texts))
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), COLUMNS: json.dumps(kinds).encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def frame_from_bytes(stream: bytes, unpack: Callable[[Any], Any]) -> pd.DataFrame:
    """The frame, which belongs to the caller and may be changed."""
    with pa.ipc.open_stream(stream) as reader:
        table = reader.read_all()
    kinds = json.loads(table.schema.metadata[COLUMNS])
    frame: pd.DataFrame = table.to_pandas().copy()
    for name, kind in kinds.items():
        if kind in (UUIDS, VALUES):
            frame[name] = _objects(frame[name], kind, unpack)
        elif str(frame[name].dtype) != kind:
            frame[name] = frame[name].astype(kind)
    return frame


def _kind(column: "pd.Series[Any]") -> str:
    if isinstance(column.dtype, pd.CategoricalDtype):
        raise TypeError("categories without rows would be lost")
    if column.dtype != object:
        return str(column.dtype)
    return UUIDS if all(type(value) is UUID for value in column) else VALUES


def _texts(column: "pd.Series[Any]", kind: str, pack: Callable[[Any], Any]) -> "pd.Series[Any]":
    texts = [value.hex if kind == UUIDS else json.dumps(pack(value)) for value in column]
    return pd.Series(texts, index=column.index, dtype="str")


def _objects(column: "pd.Series[Any]", kind: str, unpack: Callable[[Any], Any]) -> "pd.Series[Any]":
    values = [UUID(hex=text) if kind == UUIDS else unpack(json.loads(text)) for text in column]
    objects: pd.Series[Any] = pd.Series(values, index=column.index, dtype=object)
    return objects
