"""The page of all quizzes: their results, and which need attention."""

import streamlit as st

from charts.quizzes import pass_rate_line
from queries.courses.contents import courses_of_contents
from queries.definitions import help_for
from queries.periods.chosen_period import running_day
from queries.periods.phrases import in_period
from queries.periods.whole_days import whole_days, whole_period
from queries.quizzes.question_analysis import flagged_questions
from queries.quizzes.results import by_week, daily_results, period_results, quizzes, struggling_areas
from ui.account.viewer import viewer
from ui.exports.link import export_link
from ui.navigation import generate_quiz_page
from ui.overview.cards import show_cards
from ui.own_data.missing import nothing_without_data
from ui.periods.choice import period_filter
from ui.periods.timeline import happenings, timeline, what_happened
from ui.quizzes.cards import period_cards
from ui.quizzes.findings import flagged_questions_box, struggling_box
from ui.quizzes.sentences import results_sentence
from ui.quizzes.table import quiz_table
from ui.shared.drawing import show_chart
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.links import remember_list

LONGEST_BY_DAY = 14  # longer periods by week

seen_by = viewer()
creator_id = seen_by.creator_id

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Quizzes", width="content")
    period = period_filter()

with gathering():
    every = quizzes(creator_id)
    course_names = courses_of_contents(creator_id)
    if every["attempts"].any():
        results, days = period_results(creator_id, period), daily_results(creator_id, period)
        flagged = flagged_questions(creator_id)
        running, drawn_with = running_day(creator_id, period), timeline(creator_id, period)
        whole = whole_period(period, running)
        of_whole_days = period_results(creator_id, whole) if whole else None
        happened = happenings(creator_id, period)
remember_list("quizzes")

with st.container(horizontal=True):
    if not seen_by.is_staff:
        st.page_link(generate_quiz_page(), label="Generate a quiz", icon=":material/auto_awesome:")
    if not every.empty:
        export_link("quiz_results", period)
if every.empty:
    nothing_without_data(
        "No quizzes yet.", "Generate one from a video's transcript, or bring in a course with quizzes."
    )
    st.stop()

if every["attempts"].any():
    struggling = struggling_areas(every)
    is_short = period.days <= LONGEST_BY_DAY
    trend, unit = (days, "Day") if is_short else (by_week(days), "Week from")
    st.markdown(results_sentence(results, period, struggling))
    flagged_questions_box(flagged)
    over = whole_days(days, running)
    show_cards(period_cards(results, over if is_short else by_week(over), of_whole_days), period)
    if results.attempts:
        with st.container(border=True):
            st.header("Pass rate over time", help=help_for("quiz_pass_rate_trend"))
            steps = "day" if is_short else "week"
            in_words = f"Pass rate per {steps} over {period.label}"
            show_chart(pass_rate_line, trend, unit, drawn_with, alt=in_words)
    else:
        nothing_yet(f"No quizzes were taken {in_period(period)}.", "Choose a longer period above.")
    what_happened(happened)
    struggling_box(struggling)
else:
    nothing_without_data("No quiz has been taken yet.", "Figures appear within a minute of the first attempt.")

with st.container(border=True):
    st.header("All quizzes")
    st.caption("Counts all attempts, whatever the period.")
    quiz_table(every, course_names)
