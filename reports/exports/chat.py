"""What students asked in the chat, with the answers and their ratings."""

from queries.chat_questions import GOOD_HUNDREDTHS, QUESTIONS, QuestionFilters, question_parameters
from reports.exports.filters import ChatFilters, period_of
from reports.exports.table import Column, Statement

GRAIN = "One row per question (a message of a student that asks something) that fits the filters, newest first."

COLUMNS = (
    Column("asked_at", "Asked", "instant", "When the question was asked.", print_share=1.7),
    Column("student", "Student", "text", "The student's name.", print_share=2),
    Column("email", "E-mail", "text", "The student's address; empty: unknown."),
    Column("video", "Video", "text", "The video it is about; empty: none, or a deleted one.", print_share=2.2),
    Column("question", "Question", "text", "The message as it was written.", print_share=4.5),
    Column("is_answered", "Answered", "boolean", "Whether an answer follows in the conversation.", print_share=1.3),
    Column("answer", "Answer", "text", "The first answer that follows; empty: none.", print_share=5.5),
    Column(
        "rating_percent",
        "Satisfaction (%)",
        "number",
        "The rating of the question, else of the answer right after it; empty: not rated.",
        "percent, 2 decimals",
        print_share=1.6,
    ),
    Column("conversation_id", "Conversation id", "id", "Questions of one conversation have the same."),
    Column("message_id", "Message id", "id", "Names the question."),
    Column("student_id", "Student id", "id", "Names the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Names the video in every export and in the API."),
)

BODY = f"""
    -- One row per question.
    with {QUESTIONS}

    select
        questions_found.asked_at as created_at,
        students.name,
        students.email,
        videos.title,
        messages.content,
        questions_found.is_answered,
        (
            select answers.content
            from chat_messages as answers
            where
                answers.creator_id = :creator_id
                and answers.session_id = questions_found.session_id
                and answers.role = 'assistant'
                and answers.sequence > messages.sequence
                and answers.created_at <= dashboard_now()
            order by answers.sequence
            limit 1
        ) as answer,
        round(questions_found.rating_hundredths::numeric, 2) as rating_percent,
        questions_found.session_id::text as conversation_id,
        questions_found.message_id::text as message_id,
        questions_found.student_id::text as student_id,
        videos.id::text as video_id
    from questions_found
    join chat_messages as messages
        on
            messages.creator_id = :creator_id
            and messages.id = questions_found.message_id
    join students
        on
            students.creator_id = :creator_id
            and students.id = questions_found.student_id
    left join videos
        on
            videos.creator_id = :creator_id
            and videos.id = questions_found.video_id
            and videos.deleted_at is null
    where
        case :rated
            when 'good' then questions_found.rating_hundredths >= :good_hundredths
            when 'bad' then questions_found.rating_hundredths < :good_hundredths
            when 'unrated' then questions_found.rating_hundredths is null
            else true
        end
"""


def statement(filters: ChatFilters) -> Statement:
    """The rows with COLUMNS; the period, the video and the words are those of the questions page."""
    chosen = QuestionFilters(period_of(filters.period), filters.search, filters.video_id)
    return Statement(
        body=BODY,
        order="created_at desc, message_id asc",
        parameters=question_parameters(chosen) | {"rated": filters.rated or "", "good_hundredths": GOOD_HUNDREDTHS},
    )
