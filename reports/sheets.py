"""Sheets of a workbook with typed, safe cells, readable formats, and native charts next to the table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from xlsxwriter import Workbook

from reports.exports.table import Batch, Kind
from reports.exports.xlsx_file import INSTANT, PlainSheet, SheetColumn, write_sheet
from rules.visible import visible

BLUE, GREY = "#1f5fbf", "#8592a3"  # of the charts: this period, and what it is compared with
RATE = '[<99]0"%";[<100]"99%";0"%"'  # 100 only for everybody, not by rounding
COUNT, PERCENT, CHANGE, MINUTES = "#,##0", '0"%"', "+#,##0;-#,##0;0", "#,##0"
DAY = "yyyy-mm-dd"
CHART_WIDTH, CHART_HEIGHT = 860, 360


@dataclass(frozen=True)
class Field:
    """A column of a sheet: the column of the frame, its title, width and format."""

    key: str
    title: str
    kind: Kind = "number"
    width: int = 12
    number_format: str = COUNT


@dataclass(frozen=True)
class Series:
    """A line or a series of bars: a column of the sheet (from 0), possibly only some of its rows (from 0)."""

    column: int
    name: str = ""
    colour: str = BLUE
    is_dashed: bool = False
    first_row: int = 0
    rows: int | None = None
    point_colours: Sequence[str] = field(default=())


def write_frame(
    workbook: Workbook, name: str, fields: Sequence[Field], rows: pd.DataFrame, zone: ZoneInfo, instant: str = INSTANT
) -> PlainSheet:
    """Add a sheet with the rows; unknown values are empty cells, and long texts are wrapped."""
    columns = [
        SheetColumn(
            each.title,
            each.kind,
            each.width,
            number_format=each.number_format if each.kind == "number" else "",
            is_wrapped=each.kind == "text",
        )
        for each in fields
    ]
    batch: Batch = [_cells(rows[each.key], each.kind, zone) for each in fields]
    return write_sheet(workbook, name, columns, [batch], len(rows), instant)


def frame_of(rows: list[dict[str, Any]], fields: Sequence[Field]) -> pd.DataFrame:
    """The rows as a frame with a column for each field."""
    return pd.DataFrame(rows, columns=[each.key for each in fields], dtype=object)


def add_chart(
    workbook: Workbook,
    sheet: PlainSheet,
    kind: str,
    title: str,
    series: Sequence[Series],
    rows: int,
    at: tuple[int, int],
    axis: str = "",
    labels: int = 0,
) -> None:
    """A native chart over the sheet's first `rows` rows, its corner in the cell `at`; `labels` is a column."""
    if not rows:
        return
    chart = workbook.add_chart({"type": "scatter", "subtype": "straight"} if kind == "scatter" else {"type": kind})
    for each in series:
        chart.add_series(_series(sheet.get_name(), kind, each, labels, rows))
    chart.set_title({"name": title, "name_font": {"size": 13}})
    chart.set_legend({"none": True} if len(series) == 1 else {"position": "top"})
    value_axis = {"min": 0, "name": axis, "major_gridlines": {"visible": True, "line": {"color": "#e8ecf2"}}}
    if kind == "bar":  # the first row on top
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(value_axis | {"label_position": "high"})
    else:
        chart.set_y_axis(value_axis)
        chart.set_x_axis({"min": 0, "max": 100, "name": "% of the video"} if kind == "scatter" else {})
    height = max(CHART_HEIGHT, 22 * rows) if kind == "bar" else CHART_HEIGHT
    chart.set_size({"width": CHART_WIDTH, "height": height})
    sheet.insert_chart(*at, chart)


def _series(sheet: str, kind: str, each: Series, labels: int, rows: int) -> dict[str, Any]:
    first = 1 + each.first_row
    last = first + (rows if each.rows is None else each.rows) - 1
    told: dict[str, Any] = {
        "name": each.name or [sheet, 0, each.column],
        "categories": [sheet, first, labels, last, labels],
        "values": [sheet, first, each.column, last, each.column],
    }
    if kind in ("line", "scatter"):
        dash = {"dash_type": "dash"} if each.is_dashed else {}
        return told | {"line": {"color": each.colour, "width": 2, **dash}, "marker": {"type": "none"}}
    points = [{"fill": {"color": colour}} for colour in each.point_colours]
    return told | {"fill": {"color": each.colour}, "gap": 60} | ({"points": points} if points else {})


def _cells(column: "pd.Series[Any]", kind: Kind, zone: ZoneInfo) -> list[Any]:
    return [None if _is_missing(value) else _plain(value, kind, zone) for value in column]


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def _plain(value: Any, kind: Kind, zone: ZoneInfo) -> Any:
    if kind == "number":
        return float(value) if not float(value).is_integer() else int(value)
    if kind == "instant":
        moment: datetime = pd.Timestamp(value).to_pydatetime()
        return moment.astimezone(zone).replace(microsecond=0) if moment.tzinfo else moment
    return bool(value) if kind == "boolean" else visible(str(value))
