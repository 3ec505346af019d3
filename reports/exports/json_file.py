"""JSON: one object with a description and the rows, written as they arrive."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from reports.exports.request import ExportRequest
from reports.exports.table import Table


def write_json(table: Table, target: IO[bytes], request: ExportRequest) -> None:
    """Write the description, the columns, and `rows`: one object per row. Times include their offset from UTC."""
    head = json.dumps(_head(table, request), ensure_ascii=False, indent=2)
    target.write(head.removesuffix("\n}").encode())
    target.write(b',\n  "rows": [')
    separator = b"\n"
    for lines in _lines(table):
        target.write(separator + lines.encode())
        separator = b",\n"
    target.write(b"\n  ]\n}\n")


def _head(table: Table, request: ExportRequest) -> dict[str, Any]:
    about = table.about
    return {
        "creator": about.creator_name,
        **({"course": about.course} if about.course else {}),
        "type": request.type,
        "filters": request.stored_filters(),
        "generated_at": about.generated_at.isoformat(),
        "figures_as_of": about.figures_as_of and about.figures_as_of.isoformat(),
        "data_version": about.data_version,
        "timezone": about.zone.key,
        "row_count": table.total,
        "columns": [
            {"key": column.key, "title": column.title, "kind": column.kind, "unit": column.unit or None}
            for column in table.columns
        ],
    }


def _lines(table: Table) -> Iterator[str]:
    keys = [column.key for column in table.columns]
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=datetime.isoformat).encode
    for batch in table.batches:
        yield ",\n".join(encode(dict(zip(keys, row, strict=True))) for row in zip(*batch, strict=True))
