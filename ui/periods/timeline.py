"""The markers in charts over days, and links to what happened."""

from dataclasses import dataclass
from urllib.parse import parse_qsl
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
from ui.navigation import announcement_page, courses_page, video_page
from ui.shared.text import plain
from ui.top_bar.course_choice import ALL

ADDRESSES = {VIDEO_CHANGED: "video?id={}", MAIL_SENT: "announcement?id={}"}
PAGES = {VIDEO_CHANGED: video_page, MAIL_SENT: announcement_page, RUN_STARTED: courses_page}
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
        f"courses?course={course_ids.get(row.target_id, ALL)}&run={row.target_id}"
        if row.kind == RUN_STARTED
        else ADDRESSES[row.kind].format(row.target_id)
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
    address = dict(parse_qsl(row.href.partition("?")[2]))
    st.page_link(PAGES[row.kind](), label=words, icon=ICONS[row.kind], query_params=address)
