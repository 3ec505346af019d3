"""The markers in charts over days, and links to what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pandas as pd
import streamlit as st

from charts.timeline import KINDS, Timeline
from database.frames import records
from queries.courses.known import courses
from queries.periods.chosen_period import running_day
from queries.periods.markers import MAIL_SENT, RUN_STARTED, VIDEO_CHANGED, MarkerRow, markers
from queries.periods.period import Period
from queries.periods.phrases import compared_series
from rules.formatting import dated, grouped
from ui.shared.links import Link, announcement_link, link_of, runs_link, show_link, video_link
from ui.shared.text import plain

LINKS: dict[str, Callable[[UUID], Link]] = {VIDEO_CHANGED: video_link, MAIL_SENT: announcement_link}
ICONS = {VIDEO_CHANGED: ":material/movie:", MAIL_SENT: ":material/mail:", RUN_STARTED: ":material/flag:"}
LISTED = 5


@dataclass(frozen=True, slots=True)
class Happening(MarkerRow):
    """One row per marker, with the address of what happened."""

    href: str


def timeline(creator_id: UUID, period: Period) -> Timeline:
    """The settings for drawing the charts of this period."""
    shown = happenings(creator_id, period).drop(columns=["target_id"])
    return Timeline(compared_series(period), running_day(creator_id, period), shown)


def happenings(creator_id: UUID, period: Period) -> pd.DataFrame:
    """`queries.periods.markers.markers`, with the address of what happened in `href`."""
    happened = markers(creator_id, period)
    course_ids = {run.run_id: course.course_id for course in courses(creator_id).courses for run in course.runs}
    hrefs = [
        runs_link(course_ids.get(row.target_id), row.target_id).href
        if row.kind == RUN_STARTED
        else LINKS[row.kind](row.target_id).href
        for row in records(happened, MarkerRow)
    ]
    return happened.assign(href=hrefs)


def what_happened(happened: pd.DataFrame) -> None:
    """Below the charts: the latest markers, each with a link. Takes `happenings`."""
    if happened.empty:
        return
    with st.container(border=True):
        st.header("What happened")
        for row in records(happened.head(LISTED), Happening):
            _line(row)
        if len(happened) > LISTED:
            st.caption(f"And {grouped(len(happened) - LISTED)} more, marked in the charts.")


def _line(row: Happening) -> None:
    words = f"{dated(row.day)}: {KINDS[row.kind].lower()}, **{plain(row.title)}**"
    show_link(link_of(row.href), words, ICONS[row.kind])
