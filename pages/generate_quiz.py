"""The page that drafts a quiz from a video's transcript."""

from uuid import UUID

import streamlit as st

from actions.quiz_content import QuestionContent, QuizContent
from actions.quizzes import add_draft
from database.frames import records
from drafts.drafting import drafted_quiz
from drafts.quiz import FEWEST, MOST, TooLittleText
from queries.quizzes.content import TranscriptRow, videos_with_transcript
from rules.errors import InputError
from ui.account.viewer import viewer
from ui.navigation import videos_page
from ui.own_data.missing import nothing_without_data
from ui.quizzes.editor import explained
from ui.shared.choices import select_filter
from ui.shared.empty import nothing_yet
from ui.shared.flash import keep_message
from ui.shared.gathering import gathering
from ui.shared.links import go_to, quiz_edit_link

NOTE = "draft_note"
seen_by = viewer()

st.title("Generate a quiz")
st.write("Drafts a quiz from a video's transcript. Students see it only after you have edited and published it.")
with gathering():
    videos = {str(row.video_id): row for row in records(videos_with_transcript(seen_by.creator_id), TranscriptRow)}
if seen_by.is_staff:
    nothing_yet("Read-only for staff.", "Creators draft quizzes here.")
    st.stop()
spoken = [key for key, row in videos.items() if row.transcript.strip()]
if not spoken:
    nothing_without_data("No video has a transcript yet.", "Add one to a video: questions are made from it.")
    st.page_link(videos_page(), label="Videos", icon=":material/video_library:")
    st.stop()

titles = {key: videos[key].title for key in spoken}
chosen = select_filter("Video", "video", titles, placeholder="Choose a video", starts_over=())
count = st.slider("Questions", FEWEST, MOST, 6, key="questions", bind="query-params")
if st.button("Draft quiz", type="primary", disabled=chosen is None) and chosen:
    video = videos[chosen]
    others = [row.transcript for key, row in videos.items() if key != chosen]
    try:
        with st.spinner("Reading the transcript…"):
            draft = drafted_quiz(video.transcript, video.duration_seconds, count, others)
            questions = tuple(
                QuestionContent(question.prompt, question.kind, question.options, question.correct_answer)
                for question in draft.questions
            )
            quiz = QuizContent(f"Quiz: {video.title}"[:200], questions, UUID(chosen))
            quiz_id = add_draft(seen_by.account, seen_by.creator_id, quiz)
    except TooLittleText as error:
        st.warning(str(error))
        st.stop()
    except InputError as error:
        explained(error)
        st.stop()
    keep_message(NOTE, draft.note)
    go_to(quiz_edit_link(quiz_id))
