"""The questions of one quiz, written: the page."""

from uuid import UUID

import pandas as pd
import streamlit as st

from actions.quizzes import QuizContent, publish_quiz, unpublish_quiz, update_quiz
from database.errors import InputError
from database.frames import records
from queries.quiz_content import quiz_content, videos_with_transcript
from ui.address import requested_id
from ui.empty import nothing_yet
from ui.navigation import quizzes_page
from ui.quiz_editor import changed_keys, explained, question_editor, written_questions
from ui.viewer import viewer

NOTE = "draft_note"
seen_by = viewer()
creator_id = seen_by.creator_id

st.page_link(quizzes_page(), label="All quizzes", icon=":material/arrow_back:")
st.title("Edit quiz")
quiz_id = requested_id()
content = quiz_content(creator_id, quiz_id) if quiz_id else None
if quiz_id is None or content is None or content.empty:
    nothing_yet("There is no such quiz.", "It may have been deleted. Look for it among all quizzes.")
    st.stop()

quiz = records(content)[0]
is_published = quiz["status"] == "published"
if note := st.session_state.pop(NOTE, ""):
    st.info(note)
st.badge("Published" if is_published else "Draft", color="green" if is_published else "orange")

videos = {str(row["video_id"]): row["title"] for row in records(videos_with_transcript(creator_id))}
title = st.text_input("Title", quiz["title"], max_chars=200, key=f"title_{quiz_id}", disabled=seen_by.is_staff)
video = st.selectbox(
    "Video",
    list(videos),
    index=list(videos).index(str(quiz["video_id"])) if str(quiz["video_id"]) in videos else None,
    format_func=lambda key: videos.get(key, key),
    placeholder="None",
    key=f"video_{quiz_id}",
    disabled=seen_by.is_staff,
)
edited = question_editor(content, f"questions_{quiz_id}", disabled=seen_by.is_staff)
if seen_by.is_staff:
    st.stop()


def save(quiz_id: UUID, content: pd.DataFrame) -> bool:
    """Save what the page shows; False, with the reason on the page, where it cannot be saved."""
    try:
        questions = written_questions(edited)
        rekeyed = changed_keys(content, questions)
        update_quiz(
            seen_by.account,
            creator_id,
            QuizContent(title, questions, UUID(video) if video else None, quiz_id),
        )
    except InputError as error:
        explained(error)
        return False
    st.session_state.pop(f"questions_{quiz_id}", None)
    st.session_state[NOTE] = "Saved." + (
        f" The key of {rekeyed} answered questions changed; answers that were given stay as they were marked."
        if rekeyed
        else ""
    )
    return True


with st.container(horizontal=True):
    if st.button("Save", type="primary", icon=":material/save:") and save(quiz_id, content):
        st.rerun()
    if is_published and st.button("Take back from students", icon=":material/visibility_off:"):
        unpublish_quiz(seen_by.account, creator_id, quiz_id)
        st.rerun()
    if not is_published and st.button("Save and publish", icon=":material/publish:") and save(quiz_id, content):
        try:
            publish_quiz(seen_by.account, creator_id, quiz_id)
            st.session_state[NOTE] = "Published: students see this quiz now."
            st.rerun()
        except InputError as error:
            explained(error)
