"""The page for editing a quiz."""

from uuid import UUID

import pandas as pd
import streamlit as st

from actions.courses import put_quizzes
from actions.quizzes import QuizContent, publish_quiz, unpublish_quiz, update_quiz
from database.frames import records
from queries.courses.contents import course_of_quiz
from queries.courses.names import course_names
from queries.quizzes.content import QuizContentRow, TranscriptRow, quiz_content, videos_with_transcript
from rules.errors import InputError
from rules.formatting import counted
from ui.account.viewer import viewer
from ui.courses.forms import quiz_course_choice
from ui.quizzes.editor import changed_keys, explained, question_editor, written_questions
from ui.shared.address import requested_id
from ui.shared.empty import nothing_yet
from ui.shared.flash import keep_message, show_message
from ui.shared.gathering import gathering
from ui.shared.links import way_back
from ui.top_bar.course_choice import of_every_course

NOTE = "draft_note"
seen_by = viewer()
creator_id = seen_by.creator_id

way_back("quizzes")
st.title("Edit quiz")
quiz_id = requested_id()
with gathering():
    content = quiz_content(creator_id, quiz_id) if quiz_id else None
    videos = {
        str(row.video_id): row.title
        for row in records(of_every_course(videos_with_transcript)(creator_id), TranscriptRow)
    }
    names, own_course = course_names(creator_id), quiz_id and course_of_quiz(creator_id, quiz_id)
if quiz_id is None or content is None or content.empty:
    nothing_yet("Quiz not found.", "It may have been deleted. Look for it under All quizzes.")
    st.stop()

quiz = records(content, QuizContentRow)[0]
is_published = quiz.status == "published"
show_message(NOTE, "info")
st.badge("Published" if is_published else "Draft", color="green" if is_published else "orange")

title = st.text_input("Title", quiz.title, max_chars=200, key=f"title_{quiz_id}", disabled=seen_by.is_staff)
video = st.selectbox(
    "Video",
    list(videos),
    index=list(videos).index(str(quiz.video_id)) if str(quiz.video_id) in videos else None,
    format_func=lambda key: videos.get(key, key),
    placeholder="None",
    key=f"video_{quiz_id}",
    disabled=seen_by.is_staff,
)
course_id = None if video else quiz_course_choice(names, own_course, quiz_id, disabled=seen_by.is_staff)
edited = question_editor(content, f"questions_{quiz_id}", disabled=seen_by.is_staff)
if seen_by.is_staff:
    st.stop()


def save(quiz_id: UUID, content: pd.DataFrame) -> bool:
    """Save the quiz as edited; False, with the reason on the page, if it cannot be saved."""
    try:
        questions = written_questions(edited)
        rekeyed = changed_keys(content, questions)
        update_quiz(
            seen_by.account,
            creator_id,
            QuizContent(title, questions, UUID(video) if video else None, quiz_id),
        )
        if course_id:
            put_quizzes(seen_by.account, creator_id, course_id, [quiz_id])
    except InputError as error:
        explained(error)
        return False
    st.session_state.pop(f"questions_{quiz_id}", None)
    changed = counted(rekeyed, "answered question")
    kept = f" The correct answer changed in {changed}; earlier answers keep their marks." if rekeyed else ""
    keep_message(NOTE, f"Saved.{kept}")
    return True


with st.container(horizontal=True):
    if st.button("Save", type="primary", icon=":material/save:") and save(quiz_id, content):
        st.rerun()
    if is_published and st.button("Unpublish", icon=":material/visibility_off:"):
        unpublish_quiz(seen_by.account, creator_id, quiz_id)
        st.rerun()
    if not is_published and st.button("Save and publish", icon=":material/publish:") and save(quiz_id, content):
        try:
            publish_quiz(seen_by.account, creator_id, quiz_id)
            keep_message(NOTE, "Published: students can see this quiz now.")
            st.rerun()
        except InputError as error:
            explained(error)
