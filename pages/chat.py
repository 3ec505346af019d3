"""The page of students' questions."""

import streamlit as st

from charts.chat import questions_line, satisfaction_donut
from findings.questions import all_answered
from queries.chat.figures import daily_questions, questions_by_video, satisfaction_breakdown, videos_asked_about
from queries.chat.questions import badly_answered, most_asked, question_groups, unanswered
from queries.definitions import help_for
from queries.overview.data_there import data_there
from queries.periods.chosen_period import running_day
from queries.periods.phrases import compared, in_period
from queries.periods.whole_days import whole_days
from rules.formatting import out_of
from ui.account.viewer import viewer
from ui.chat.panels import FILTERS, figures, question_filters, question_list, question_table, video_list
from ui.chat.sentences import badly_answered_in_words, findings, unanswered_in_words
from ui.exports.link import export_link
from ui.own_data.missing import nothing_without_data
from ui.periods.choice import period_filter
from ui.periods.timeline import happenings, timeline, what_happened
from ui.shared.choices import cleared_filters_button
from ui.shared.drawing import show_chart
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering

seen_by = viewer()
creator_id = seen_by.creator_id

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Questions", help=help_for("questions_asked"), width="content")
    period = period_filter()
filters = question_filters(period, videos_asked_about(creator_id))

with gathering():
    groups, there = question_groups(creator_id, filters), data_there(creator_id)
    if not groups.empty:
        by_video = questions_by_video(creator_id, filters)
        rated = satisfaction_breakdown(creator_id, filters)
        days = daily_questions(creator_id, filters)
        running, drawn_with = running_day(creator_id, period), timeline(creator_id, period)
        happened = happenings(creator_id, period)

if groups.empty and (filters.search.strip() or filters.video_id):
    nothing_yet(
        f"No questions asked {in_period(period)} match these filters.", "Change the filters, or clear them all."
    )
    cleared_filters_button(FILTERS)
    st.stop()
if groups.empty and not there.questions:
    nothing_without_data(
        "No questions have been asked yet.",
        "They appear within a minute once students ask while they watch, if the platform sends its chat.",
    )
    st.stop()
if groups.empty:
    nothing_yet(
        f"No questions were asked {in_period(period)}.",
        "Choose a longer period, or let students know that they can ask questions while they watch.",
    )
    st.stop()

st.markdown(findings(groups, by_video, period))
export_link("chat", period)
figures(rated, whole_days(days, running), period)

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Questions per day", help=help_for("questions_asked"))
        in_words = f"Questions per day over {period.label}, with {compared(period)}"
        show_chart(questions_line, days, drawn_with, alt=in_words)
    with st.container(border=True, height="stretch"):
        st.header("Ratings of the answers", help=help_for("rated_questions"))
        show_chart(
            satisfaction_donut,
            rated.good,
            rated.bad,
            rated.unrated,
            alt=f"{rated.good} questions rated good, {rated.bad} rated bad, {rated.unrated} not rated",
        )

what_happened(happened)

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
            nothing_yet("No answers are rated badly.", "Questions and videos appear here once they have three ratings.")
        video_list(bad_videos)
        question_list(bad_questions, badly_answered_in_words)
    with st.container(border=True, height="stretch"):
        st.header("Unanswered", help=help_for("unanswered"))
        left = unanswered(groups)
        if left.empty:
            nothing_yet(all_answered(rated.questions), "Nothing to do here.")
        else:
            st.markdown(f"{out_of(rated.questions - rated.answered, rated.questions, 'question')}. Most often:")
            question_list(left, unanswered_in_words)

if not by_video.empty:
    with st.container(border=True):
        st.header("By video", help=help_for("questions_by_video"))
        video_list(by_video)
