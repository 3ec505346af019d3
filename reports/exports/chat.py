"""What students asked in the chat, with the answers and their ratings."""

from database.statements import sql
from queries.chat.questions import GOOD_HUNDREDTHS, QuestionFilters, question_parameters
from queries.periods.period import Period
from reports.exports.course_column import course_column, course_of
from reports.exports.filters import ChatFilters
from reports.exports.table import Column, Statement
from rules.archive import ANSWER_ARCHIVED

GRAIN = "One row per question (a student's message that asks something) that matches the filters, newest first."

COLUMNS = (
    Column("asked_at", "Asked", "instant", "When the question was asked.", print_share=1.7),
    Column("student", "Student", "text", "The student's name.", print_share=2),
    Column("email", "Email", "text", "The student's address; empty: unknown."),
    Column("video", "Video", "text", "The video it is about; empty: none, or a deleted one.", print_share=2.2),
    Column("question", "Question", "text", "The message as written.", print_share=4.5),
    Column("is_answered", "Answered", "boolean", "Whether an answer follows in the conversation.", print_share=1.3),
    Column(
        "answer",
        "Answer",
        "text",
        "The first answer that follows, or that it is archived; empty: none.",
        print_share=5.5,
    ),
    Column(
        "rating_percent",
        "Satisfaction (%)",
        "number",
        "The rating of the question, else of the answer right after it; empty: not rated.",
        "percent, 2 decimals",
        print_share=1.6,
    ),
    Column("conversation_id", "Conversation id", "id", "The same for all questions of a conversation."),
    Column("message_id", "Message id", "id", "Identifies the question."),
    Column("student_id", "Student id", "id", "Identifies the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Identifies the video in every export and in the API."),
)

COURSE = course_column("The course of the video; empty: no video, or a deleted one.", 1.6)
COURSE_OF_ROW = course_of("videos", "videos.id")

BODY = sql("reports/exports/chat")


def statement(filters: ChatFilters, period: Period, *, with_course: bool) -> Statement:
    """The rows with COLUMNS; `period` is that of the filters, video and words are those of the page."""
    chosen = QuestionFilters(period, filters.search, filters.video_id)
    return Statement(
        body=BODY.format(course=COURSE_OF_ROW if with_course else ""),
        order="created_at desc, message_id asc",
        parameters=question_parameters(chosen)
        | {"rated": filters.rated or "", "good_hundredths": GOOD_HUNDREDTHS}
        | {"answer_archived": ANSWER_ARCHIVED},
    )
