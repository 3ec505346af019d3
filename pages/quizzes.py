"""How the quizzes go, and which need attention: the page."""

import streamlit as st

from charts.quizzes import pass_rate_line
from database.frames import records
from queries.definitions import help_for
from queries.periods import WEEK
from queries.question_analysis import flagged_questions
from queries.quizzes import by_week, daily_results, period_results, quizzes, struggling_areas
from ui.cards import show_cards
from ui.drawing import show_chart
from ui.empty import nothing_yet
from ui.export_link import export_link
from ui.filters import period_filter
from ui.navigation import generate_quiz_page
from ui.quiz_cards import period_cards
from ui.quiz_findings import flagged_questions_box, struggling_box
from ui.quiz_table import quiz_table, sorted_quizzes
from ui.quiz_words import results_sentence
from ui.viewer import viewer

seen_by = viewer()
creator_id = seen_by.creator_id

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Quizzes", width="content")
    period = period_filter()

every = quizzes(creator_id)
with st.container(horizontal=True):
    if not seen_by.is_staff:
        st.page_link(generate_quiz_page(), label="Generate a quiz", icon=":material/auto_awesome:")
    if not every.empty:
        export_link("quiz_results", period.key)
if every.empty:
    nothing_yet("There is no quiz yet.", "Generate one from a video's transcript, or import a course with quizzes.")
    st.stop()

if every["attempts"].any():
    struggling = struggling_areas(every)
    results, days = period_results(creator_id, period), daily_results(creator_id, period)
    trend, unit = (days, "Day") if period == WEEK else (by_week(days), "Week from")
    st.markdown(results_sentence(results, period, next(iter(records(struggling)), None)))
    flagged_questions_box(flagged_questions(creator_id))
    show_cards(period_cards(results, trend), period)
    if results.attempts:
        with st.container(border=True):
            st.header("Pass rate over time", help=help_for("quiz_pass_rate_trend"))
            steps = "day" if period == WEEK else "week"
            show_chart(pass_rate_line, trend, unit, alt=f"Pass rate per {steps} over {period.label}")
    else:
        nothing_yet(f"No quiz was taken in the last {period.label}.", "Choose a longer period above.")
    struggling_box(struggling)
else:
    nothing_yet("Nobody has taken a quiz yet.", "Figures appear within a minute of the first attempt.")

with st.container(border=True):
    st.header("All quizzes")
    st.caption("All attempts so far, whatever the period.")
    quiz_table(sorted_quizzes(every))
