"""What the library says, in sentences: which video is finished most and least, and what failed."""

from typing import Any

import pandas as pd
import streamlit as st

from database.frames import records
from queries.changes import whole_rate
from queries.definitions import help_for
from queries.video import completion_band
from queries.video_editions import LEAST_VIEWERS
from queries.videos_library import Library
from ui.navigation import video_page
from ui.text import plain

FAILED_NAMED = 3


def findings(library: Library, standing_out: pd.DataFrame) -> None:
    """The findings, and the way to the videos they name.

    Takes the frame of `queries.videos_library.videos_standing_out`.
    """
    rows = records(standing_out)
    for sentence in library_sentences(library, rows):
        st.markdown(sentence)
    compared = [row for row in rows if row["reason"] in ("best", "worst")]
    if compared:
        with st.container(horizontal=True):
            for row in reversed(compared):
                _link(row)


def library_sentences(library: Library, standing_out: list[dict[str, Any]]) -> list[str]:
    """One Markdown paragraph about completion and, where videos failed, one that names them."""
    found = {row["reason"]: row for row in standing_out}
    failed = [row for row in standing_out if row["reason"] == "failed"]
    said = [_completion(library, found.get("best"), found.get("worst"))]
    return [*said, _failures(failed)] if failed else said


def _completion(library: Library, best: dict[str, Any] | None, worst: dict[str, Any] | None) -> str:
    if best is None:
        return (
            f"{_published(library)} None has {LEAST_VIEWERS} viewers yet, "
            "so it is too early to say which videos students finish."
        )
    if worst is None:
        return f"{_published(library)} **{_named(best)}** is completed by {_share(best)}{_band(best)}."
    return (
        f"{_published(library)} Students finish **{_named(best)}** most, {_share(best)}, and "
        f"**{_named(worst)}** least: {_share(worst)}{_band(worst)}."
    )


def _published(library: Library) -> str:
    count = library.published_videos
    if not count:
        return "No video is published yet."
    return "**1** video is published." if count == 1 else f"**{count:,}** videos are published."


def _failures(failed: list[dict[str, Any]]) -> str:
    names = ", ".join(f"**{_named(row)}**" for row in failed[:FAILED_NAMED])
    more = f" and {len(failed) - FAILED_NAMED:,} more" if len(failed) > FAILED_NAMED else ""
    return f":material/error: {names}{more} could not be processed; upload the file again, in another format."


def _named(row: dict[str, Any]) -> str:
    return f"“{plain(row['title'])}”"


def _share(row: dict[str, Any]) -> str:
    return f"{whole_rate(row['completion_rate_percent'])} % of {row['unique_viewers']:,} viewers"


def _band(row: dict[str, Any]) -> str:
    band = completion_band(row["completion_rate_percent"], row["unique_viewers"])
    return f"; it {band}" if band.startswith("may ") else f", {band}"


def _link(row: dict[str, Any]) -> None:
    is_best = row["reason"] == "best"
    st.page_link(
        video_page(),
        label=f"{'Most' if is_best else 'Least'} finished: {plain(row['title'])}",
        icon=":material/trending_up:" if is_best else ":material/trending_down:",
        query_params={"id": str(row["video_id"])},
        help=help_for("video_completion_rate"),
    )
