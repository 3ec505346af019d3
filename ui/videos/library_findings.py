"""Sentences about the library: which video is finished most and least often, and what failed."""

import pandas as pd
import streamlit as st

from database.frames import records
from queries.definitions import help_for
from queries.videos.library import Library, StandingOutRow
from queries.videos.one_video import completion_band
from rules.formatting import agreeing, grouped, percent_of_people
from rules.limits import LEAST_VIEWERS
from rules.sentences import sentence
from ui.shared.links import show_link, video_link
from ui.shared.text import plain

FAILED_NAMED = 3


def findings(library: Library, standing_out: pd.DataFrame) -> None:
    """The findings, with links to their videos.

    Takes the frame of `queries.videos.library.videos_standing_out`.
    """
    rows = records(standing_out, StandingOutRow)
    for said in library_sentences(library, rows):
        st.markdown(said)
    compared = [row for row in rows if row.reason in ("best", "worst")]
    if compared:
        with st.container(horizontal=True):
            for row in reversed(compared):
                _link(row)


@sentence
def library_sentences(library: Library, standing_out: list[StandingOutRow]) -> list[str]:
    """A Markdown paragraph about completion and, if videos failed, one that names them."""
    found = {row.reason: row for row in standing_out}
    failed = [row for row in standing_out if row.reason == "failed"]
    said = [_completion(library, found.get("best"), found.get("worst"))]
    return [*said, _failures(failed)] if failed else said


def _completion(library: Library, best: StandingOutRow | None, worst: StandingOutRow | None) -> str:
    if not library.published_videos:
        return _published(library)
    if best is None:
        return (
            f"{_published(library)} None has {LEAST_VIEWERS} viewers yet, "
            "so it is too early to say which videos students finish."
        )
    if worst is None:
        return f"{_published(library)} **{_named(best)}** is completed by {_share(best)}{_band(best)}."
    return (
        f"{_published(library)} Students finish **{_named(best)}** most often ({_share(best)}) and "
        f"**{_named(worst)}** least often ({_share(worst)}{_band(worst)})."
    )


def _published(library: Library) -> str:
    count = library.published_videos
    if not count:
        return "No video is published yet."
    return f"**{grouped(count)}** {agreeing(count, 'video is', 'videos are')} published."


def _failures(failed: list[StandingOutRow]) -> str:
    names = ", ".join(f"**{_named(row)}**" for row in failed[:FAILED_NAMED])
    more = f" and {grouped(len(failed) - FAILED_NAMED)} more" if len(failed) > FAILED_NAMED else ""
    return f":material/error: {names}{more} could not be processed; upload the file again, in another format."


def _named(row: StandingOutRow) -> str:
    return f"“{plain(row.title)}”"


def _share(row: StandingOutRow) -> str:
    return f"{percent_of_people(row.completion_rate_percent)} of {grouped(row.unique_viewers)} viewers"


def _band(row: StandingOutRow) -> str:
    band = completion_band(row.completion_rate_percent, row.unique_viewers)
    return f"; it {band}" if band.startswith("may ") else f", {band}"


def _link(row: StandingOutRow) -> None:
    is_best = row.reason == "best"
    show_link(
        video_link(row.video_id),
        label=f"{('Most' if is_best else 'Least')} finished: {plain(row.title)}",
        icon=":material/trending_up:" if is_best else ":material/trending_down:",
        help=help_for("video_completion_rate"),
    )
