"""The filters, figures and lists of the questions page."""

from collections.abc import Callable
from uuid import UUID

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
from ui.navigation import video_page
from ui.shared.filters import keep_in_address, take_from_address
from ui.shared.text import plain

WORDS, VIDEO = "words", "video"
QUESTIONS_IN_TABLE = 10
SHOWN = 5


def question_filters(period: Period, videos: pd.DataFrame) -> QuestionFilters:
    """Words and a video, both in the URL. Takes `queries.chat.figures.videos_asked_about`."""
    titles = {str(row.video_id): row.title for row in records(videos, AskedVideoRow)}
    with st.grid(2, min_column_width=260, vertical_alignment="bottom"):
        words = st.text_input(
            "Search",
            key=WORDS,
            bind="query-params",
            placeholder="Words in the question",
            icon=":material/search:",
            max_chars=100,
        )
        chosen = _video_choice(titles)
    return QuestionFilters(period, words or "", UUID(chosen) if chosen else None)


def cleared_filters_button() -> None:
    """A button that shows the questions about every video again."""
    st.button("Clear all filters", on_click=_clear)


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


def question_table(groups: pd.DataFrame, timezone: str, alt: str) -> None:
    """Questions with people, messages, trend and satisfaction. Takes rows of `queries.chat.questions`."""
    shown = groups.head(QUESTIONS_IN_TABLE)
    table = pd.DataFrame(
        {
            "Question": [line(question) for question in shown["question"]],
            "Students": shown["people"],
            "Messages": shown["messages"],
            "Trend": [_trend(row) for row in records(shown, QuestionGroupRow)],
            "Satisfaction": shown["mean_rating"] * 100,
            "Video": [line(titles[0]) if titles else None for titles in shown["video_titles"]],
            "Also asked as": [[line(wording) for wording in wordings[1:]] for wordings in shown["wordings"]],
            "Last asked": shown["last_asked_at"],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        placeholder="-",
        column_config={
            "Question": st.column_config.TextColumn(width=300),
            "Trend": st.column_config.TextColumn(help=help_for("question_trend"), alignment="right"),
            "Satisfaction": st.column_config.NumberColumn(format="%.0f%%", help=help_for("satisfaction")),
            "Last asked": st.column_config.DatetimeColumn(format="D MMM YYYY", timezone=timezone),
        },
        alt=alt,
    )


def question_list(groups: pd.DataFrame, describe: Callable[[QuestionGroupRow], str]) -> None:
    """The first few questions, each with a sentence that `describe` makes of its row."""
    for row in records(groups.head(SHOWN), QuestionGroupRow):
        st.markdown(question_line(row, describe))


def video_list(videos: pd.DataFrame) -> None:
    """The first few videos as links, with their figures. Takes rows of `queries.chat.figures.questions_by_video`."""
    for row in records(videos.head(QUESTIONS_IN_TABLE), VideoQuestionsRow):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.page_link(
                video_page(),
                label=f"**{plain(line(row.title))}**",
                icon=":material/movie:",
                width="content",
                query_params={"id": str(row.video_id)},
            )
            st.markdown(video_in_words(row), width="content")


def _video_choice(titles: dict[str, str]) -> str | None:
    take_from_address(VIDEO, titles)
    if st.session_state.get(VIDEO) not in titles:  # another page's choice, or a deleted video
        st.session_state[VIDEO] = None
    chosen = st.selectbox(
        "Video",
        list(titles),
        format_func=lambda key: titles.get(key, key),
        placeholder="Any",
        key=VIDEO,
    )
    keep_in_address(VIDEO, chosen)
    return chosen


def _share_card(title: str, share: int | None, help_text: str) -> None:
    value = percent(share)
    st.metric(title, value, border=True, height="stretch", help=help_text)


def _trend(row: QuestionGroupRow) -> str:
    change = change_percent(row.people, row.people_before)
    return "new" if change is None else change_in_words(change, "percent")


def _clear() -> None:
    st.session_state.update({WORDS: "", VIDEO: None})
