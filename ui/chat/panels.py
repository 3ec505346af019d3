"""The filters, figures and lists of the questions page."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from database.frames import records
from queries.chat.figures import AskedVideoRow, Satisfaction, VideoQuestionsRow
from queries.chat.questions import QuestionFilters, QuestionGroupRow
from queries.definitions import help_for
from queries.periods.changes import change_in_words, change_percent, share_percent
from queries.periods.period import Period
from queries.periods.phrases import compared_in_short
from rules.formatting import grouped, percent, round_half_up
from ui.chat.sentences import line, question_line, video_in_words
from ui.shared.choices import search_filter, select_filter
from ui.shared.links import show_link, video_link
from ui.shared.text import plain
from ui.table.address import ListAddress, Order
from ui.table.cells import day, named, number, share, words
from ui.table.table import Column, Row, whole_list

WORDS, VIDEO = "words", "video"
QUESTIONS_IN_TABLE = 10
QUESTIONS = ListAddress.of("question", Order("students", "desc"))
OVER = (QUESTIONS.page,)  # a filter begins with the first page
FILTERS = (WORDS, VIDEO, QUESTIONS.page)
QUESTION_COLUMNS = (
    Column("question", "Question", "name", "asc"),
    Column("students", "Students", "number", "desc"),
    Column("messages", "Messages", "number", "desc"),
    Column("trend", "Trend", "number", help=help_for("question_trend")),
    Column("satisfaction", "Satisfaction", "number", "asc", help_for("satisfaction")),
    Column("video", "Video"),
    Column("also", "Also asked as"),
    Column("asked", "Last asked", "time", "desc"),
)
QUESTION_FIELDS = {
    "question": "question",
    "students": "people",
    "messages": "messages",
    "satisfaction": "mean_rating",
    "asked": "last_asked_at",
}
SHOWN = 5


def question_filters(period: Period, videos: pd.DataFrame) -> QuestionFilters:
    """Words and a video, both in the URL. Takes `queries.chat.figures.videos_asked_about`."""
    titles = {str(row.video_id): row.title for row in records(videos, AskedVideoRow)}
    with st.grid(2, min_column_width=260, vertical_alignment="bottom"):
        typed = search_filter(WORDS, "Words in the question", starts_over=OVER)
        chosen = select_filter("Video", VIDEO, titles, starts_over=OVER)
    return QuestionFilters(period, typed, UUID(chosen) if chosen else None)


def figures(rated: Satisfaction, days: pd.DataFrame, period: Period) -> None:
    """How many questions, how many answered, how well. Takes `queries.chat.figures.daily_questions`."""
    counted = days.groupby("window")["questions"].sum()
    change = change_percent(counted.get("this", 0), counted.get("previous", 0))
    mean = None if rated.mean_rating is None else round_half_up(100 * rated.mean_rating)
    with st.grid(3, min_column_width=160):
        st.metric(
            "Questions",
            grouped(rated.questions),
            None if change is None else change_in_words(change, "percent"),
            delta_color="off",
            delta_description=f"vs {compared_in_short(period)}",
            border=True,
            height="stretch",
            help=help_for("questions_asked"),
        )
        answered = share_percent(rated.answered, rated.questions)
        _share_card("Answered", answered, help_for("questions_answered"))
        _share_card("AI satisfaction", mean, help_for("satisfaction"))


def question_table(groups: pd.DataFrame, timezone: str, caption: str) -> None:
    """Questions with people, messages, trend and satisfaction. Takes rows of `queries.chat.questions`."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [_question_row(row, timezone) for row in records(part, QuestionGroupRow)]

    whole_list(QUESTIONS, caption, QUESTION_COLUMNS, groups, described, QUESTION_FIELDS, page_size=QUESTIONS_IN_TABLE)


def question_list(groups: pd.DataFrame, describe: Callable[[QuestionGroupRow], str]) -> None:
    """The first few questions, each with a sentence that `describe` makes of its row."""
    for row in records(groups.head(SHOWN), QuestionGroupRow):
        st.markdown(question_line(row, describe))


def video_list(videos: pd.DataFrame) -> None:
    """The first few videos as links, with their figures. Takes rows of `queries.chat.figures.questions_by_video`."""
    for row in records(videos.head(QUESTIONS_IN_TABLE), VideoQuestionsRow):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            show_link(
                video_link(row.video_id),
                label=f"**{plain(line(row.title))}**",
                icon=":material/movie:",
                width="content",
            )
            st.markdown(video_in_words(row), width="content")


def _share_card(title: str, share: int | None, help_text: str) -> None:
    value = percent(share)
    st.metric(title, value, border=True, height="stretch", help=help_text)


def _trend(row: QuestionGroupRow) -> str:
    change = change_percent(row.people, row.people_before)
    return "new" if change is None else change_in_words(change, "percent")


def _question_row(row: QuestionGroupRow, timezone: str) -> Row:
    cells = (
        named(row.question),
        number(row.people),
        number(row.messages),
        _trend(row),
        share(None if row.mean_rating is None else 100 * row.mean_rating),
        words(row.video_titles[0]) if row.video_titles else None,
        words(" · ".join(row.wordings[1:])),
        day(row.last_asked_at.astimezone(ZoneInfo(timezone)).date()),
    )
    return Row(row.question_key, cells)
