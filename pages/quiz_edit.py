"""The page for editing a quiz."""

from functools import partial
from uuid import UUID

import streamlit as st

from actions.courses import put_quizzes
from actions.quiz_content import QuizContent
from actions.quizzes import publish_quiz, unpublish_quiz, update_quiz
from database.frames import records
from queries.courses.contents import course_of_quiz
from queries.courses.names import course_names
from queries.quizzes.content import QuizContentRow, TranscriptRow, quiz_content, videos_with_transcript
from rules.errors import InputError
from ui.account.viewer import viewer
from ui.courses.forms import quiz_course_choice
from ui.quizzes.editor import changed_keys, question_editor, written_questions
from ui.quizzes.sentences import saved_sentence
from ui.quizzes.versions import opened_quiz, part_shown, with_saved_parts
from ui.shared.acting import acting
from ui.shared.address import requested_id
from ui.shared.empty import nothing_yet
from ui.shared.flash import keep_message, show_message
from ui.shared.gathering import gathering
from ui.shared.links import way_back
from ui.shared.opened import as_opened, forget_opened, save_or_ask
from ui.top_bar.course_choice import of_every_course

NOTE, REFUSED = "draft_note", "publishing_refused"
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

is_published = records(content, QuizContentRow)[0].status == "published"
opened = as_opened(f"quiz {quiz_id}", content)
quiz = records(opened, QuizContentRow)[0]
show_message(NOTE, "info")
show_message(REFUSED, "error", ":material/error:")
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
edited = question_editor(opened, f"questions_{quiz_id}", disabled=seen_by.is_staff)
if seen_by.is_staff:
    st.stop()


def written() -> QuizContent:
    return QuizContent(title, written_questions(edited), UUID(video) if video else None, quiz.quiz_id)


def save(mine: QuizContent, before: QuizContent) -> None:
    has_more = update_quiz(seen_by.account, creator_id, mine, before)
    if course_id:
        put_quizzes(seen_by.account, creator_id, course_id, [mine.id])
    forget_opened()
    for field in ("title", "video", "questions"):
        st.session_state.pop(f"{field}_{mine.id}", None)
    keep_message(NOTE, saved_sentence(changed_keys(opened, mine.questions), has_more))
    if publishes:
        publish(mine.id)
    st.rerun()


def publish(quiz_id: UUID) -> None:
    try:
        publish_quiz(seen_by.account, creator_id, quiz_id)
        keep_message(NOTE, "Published: students can see this quiz now.")
    except InputError as error:
        keep_message(REFUSED, f"Saved, but not published. {error}")


with st.container(horizontal=True):
    saves = st.button("Save", type="primary", icon=":material/save:")
    if is_published and st.button("Unpublish", icon=":material/visibility_off:"):
        unpublish_quiz(seen_by.account, creator_id, quiz_id)
        st.rerun()
    publishes = not is_published and st.button("Save and publish", icon=":material/publish:")

with acting():
    shown = partial(part_shown, videos)
    save_or_ask(written, opened_quiz(opened), saves or publishes, save, shown, with_saved_parts)
