"""The page of one quiz, question by question. An unknown id and another creator's look the same."""

import streamlit as st

from charts.quizzes import score_bars
from database.frames import records
from queries.definitions import help_for
from queries.quizzes.question_analysis import answers, questions
from queries.quizzes.results import QuizRow, quiz, score_distribution, students_without_a_pass
from rules.formatting import out_of
from ui.account.viewer import viewer
from ui.own_data.missing import nothing_without_data
from ui.quizzes.cards import quiz_cards
from ui.quizzes.questions import question_detail, question_list, what_is_unknown
from ui.quizzes.sentences import all_passed, quiz_sentence, short
from ui.quizzes.table import not_passed_table
from ui.shared.address import requested_id
from ui.shared.drawing import show_chart
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.links import quiz_edit_link, show_link, video_link, way_back
from ui.shared.text import plain
from ui.top_bar.course_choice import maybe_in_another_course

seen_by = viewer()
creator_id = seen_by.creator_id


def _ways_out(row: QuizRow) -> None:
    with st.container(horizontal=True):
        if row.video_id:
            show_link(video_link(row.video_id), label=f"Video: {short(row.video_title or '')}", icon=":material/movie:")
        if not seen_by.is_staff:
            show_link(quiz_edit_link(row.quiz_id), label="Edit the questions", icon=":material/edit:")


quiz_id = requested_id()
with gathering():
    found = quiz(creator_id, quiz_id) if quiz_id else None
    if quiz_id and found is not None and not found.empty:
        asked, given = questions(creator_id, quiz_id), answers(creator_id, quiz_id)
        scores, failing = score_distribution(creator_id, quiz_id), students_without_a_pass(creator_id, quiz_id)

way_back("quizzes")
if quiz_id is None or found is None or found.empty:
    st.title("Quiz")
    maybe_in_another_course()
    nothing_yet("Quiz not found.", "It may have been deleted. Look for it under All quizzes.")
    st.stop()

row = records(found, QuizRow)[0]
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(plain(row.title), anchor=False, width="content")
    if row.status == "draft":
        st.badge("Draft", color="gray")
st.markdown(quiz_sentence(row, asked))
_ways_out(row)
if not row.attempts:
    nothing_without_data("This quiz has not been taken yet.", "Figures appear within a minute of the first attempt.")
    st.stop()

quiz_cards(row)
if asked.empty:
    nothing_yet("The platform sent no questions for this quiz.", "Only attempts and scores are known.")
else:
    if unknown := what_is_unknown(asked):
        st.caption(unknown)
    with st.grid(2, min_column_width=340):
        ordered = question_list(asked)
        question_detail(ordered, given)

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Scores", help=help_for("quiz_scores"))
        show_chart(score_bars, scores, alt="Attempts per ten percent of the score")
    with st.container(border=True, height="stretch"):
        st.header("Not passed yet", help=help_for("quiz_without_a_pass"))
        if failing.empty:
            st.markdown(f":green-badge[:material/check_circle: None] {all_passed(row.students)}")
        else:
            st.markdown(f"**{out_of(len(failing), row.students)}** students who tried have not passed.")
            not_passed_table(failing, seen_by.creator.timezone)
