"""What students ask: the page."""

import streamlit as st

from charts.chat import questions_line, satisfaction_donut
from queries.chat import daily_questions, questions_by_video, satisfaction_breakdown, videos_asked_about
from queries.chat_questions import badly_answered, most_asked, question_groups, unanswered
from queries.definitions import help_for
from ui.chat import cleared_filters_button, figures, question_filters, question_list, question_table, video_list
from ui.chat_words import badly_answered_in_words, findings, unanswered_in_words
from ui.drawing import show_chart
from ui.empty import nothing_yet
from ui.export_link import export_link
from ui.filters import period_filter
from ui.viewer import viewer

seen_by = viewer()
creator_id = seen_by.creator_id

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Questions", help=help_for("questions_asked"), width="content")
    period = period_filter()
filters = question_filters(period, videos_asked_about(creator_id))

groups = question_groups(creator_id, filters)
if groups.empty and (filters.search.strip() or filters.video_id):
    nothing_yet(f"No question of the last {period.label} fits these filters.", "Choose others, or clear them all.")
    cleared_filters_button()
    st.stop()
if groups.empty:
    nothing_yet(
        f"No student asked a question in the last {period.label}.",
        "Choose a longer period, or tell students that they can ask while they watch.",
    )
    st.stop()

by_video = questions_by_video(creator_id, filters)
rated = satisfaction_breakdown(creator_id, filters)
days = daily_questions(creator_id, filters)
st.markdown(findings(groups, by_video, period))
export_link("chat", period.key)
figures(rated, days)

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Questions per day", help=help_for("questions_asked"))
        show_chart(questions_line, days, alt=f"Questions per day over {period.label}, with the period before it")
    with st.container(border=True, height="stretch"):
        st.header("Ratings of the answers", help=help_for("rated_questions"))
        show_chart(
            satisfaction_donut,
            rated.good,
            rated.bad,
            rated.unrated,
            alt=f"{rated.good} questions rated good, {rated.bad} rated bad, {rated.unrated} not rated",
        )

with st.container(border=True):
    st.header("Most asked questions", help=help_for("most_asked_questions"))
    asked = most_asked(groups)
    if asked.empty:
        st.markdown("No two students asked the same question. These were asked by one student each.")
        asked = groups
    question_table(asked, seen_by.creator.timezone, "Most asked questions: students, messages, trend, satisfaction")

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Badly answered", help=f"{help_for('badly_answered')} {help_for('badly_answered_videos')}")
        bad_questions, bad_videos = badly_answered(groups), badly_answered(by_video)
        if bad_questions.empty and bad_videos.empty:
            nothing_yet("No answer is rated badly.", "A question or video is judged from three ratings on.")
        video_list(bad_videos)
        question_list(bad_questions, badly_answered_in_words)
    with st.container(border=True, height="stretch"):
        st.header("Unanswered", help=help_for("unanswered"))
        left = unanswered(groups)
        if left.empty:
            nothing_yet("Every question was answered.", "There is nothing to do here.")
        else:
            st.markdown(f"{rated.questions - rated.answered:,} of {rated.questions:,} questions. Most often:")
            question_list(left, unanswered_in_words)

if not by_video.empty:
    with st.container(border=True):
        st.header("By video", help=help_for("questions_by_video"))
        video_list(by_video)
