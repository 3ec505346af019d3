"""Wistia's engagement of a video (JSON), as rows: how many plays each moment has, against the first."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from sources.files.layout import Layout, NotATable

LARGEST, MOST_MOMENTS = 4 * 1024**2, 100_000
HEADER = ["position_share", "viewers_share", "plays"]
NO_PLAYS = "The file has no plays: its list engagement_data is empty or begins with 0."


def engagement_table(stream: BinaryIO) -> tuple[Layout, Iterator[tuple[int, list[str]]]]:
    """One row per moment, numbered from 1. Raises NotATable."""
    try:
        told = json.loads(stream.read(LARGEST + 1))
    except (ValueError, RecursionError):
        raise NotATable("The file is JSON that cannot be read.") from None
    plays = told.get("engagement_data") if isinstance(told, dict) else None
    if not isinstance(plays, list) or not 1 < len(plays) <= MOST_MOMENTS:
        raise NotATable("The file is JSON, and not Wistia's engagement of a video: it has no list engagement_data.")
    if not all(type(one) in (int, float) and 0 <= one < 1e15 for one in plays) or not plays[0]:
        raise NotATable(NO_PLAYS)
    return Layout(HEADER, 1), _rows(plays)


def _rows(plays: list[float]) -> Iterator[tuple[int, list[str]]]:
    for place, one in enumerate(plays):
        yield place + 1, [f"{place / (len(plays) - 1):.6f}", f"{one / plays[0]:.6f}", f"{one:g}"]
