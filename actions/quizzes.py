"""Changes to quizzes: saving a draft, editing, publishing, unpublishing."""

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import Connection, RowMapping, text

from actions.quiz_content import QuestionContent, QuizContent, as_texts, merged_quiz, stored_question, stored_quiz
from database.accounts import Account, may_write
from database.refresh import refresh_now
from database.tenancy import tenant_tx
from rules.errors import InputError

SAVE_QUIZ = text(
    """
    insert into quizzes (creator_id, id, video_id, title, status)
    values (:creator_id, :quiz_id, :video_id, :title, 'draft')
    on conflict (creator_id, id) do update set
        title = excluded.title,
        video_id = excluded.video_id,
        -- A quiz belongs to the course of its video; without a video it stays where it is.
        course_id = coalesce(
            (select course_id from videos where creator_id = excluded.creator_id and id = excluded.video_id),
            quizzes.course_id
        )
    """
)
SAVE_QUESTION = text(
    """
    insert into quiz_questions (creator_id, id, quiz_id, position, kind, prompt, options, correct_answer)
    values (:creator_id, :question_id, :quiz_id, :position, :kind, :prompt, cast(:options as jsonb), :correct_answer)
    on conflict (creator_id, id) do update set
        position = excluded.position,
        kind = excluded.kind,
        prompt = excluded.prompt,
        options = excluded.options,
        correct_answer = excluded.correct_answer
    where quiz_questions.quiz_id = excluded.quiz_id
    """
)
REMOVE_QUESTIONS = text(
    """
    delete from quiz_questions
    where
        creator_id = :creator_id
        and quiz_id = :quiz_id
        and id <> all(:kept)
    """
)
ANSWERED_AND_REMOVED = text(
    """
    select prompt
    from quiz_questions
    where
        creator_id = :creator_id
        and quiz_id = :quiz_id
        and id <> all(:kept)
        and exists (
            select
            from quiz_answers
            where
                quiz_answers.creator_id = quiz_questions.creator_id
                and quiz_answers.question_id = quiz_questions.id
        )
    order by position
    limit 1
    """
)
LIVE_QUIZ = text(
    """
    select
        status,
        title,
        video_id
    from quizzes
    where
        creator_id = :creator_id
        and id = :quiz_id
        and deleted_at is null
    for update
    """
)
LIVE_VIDEO = text("select 1 from videos where creator_id = :creator_id and id = :video_id and deleted_at is null")
QUESTIONS_OF = text("select id from quiz_questions where creator_id = :creator_id and quiz_id = :quiz_id")
QUESTIONS = text(
    """
    select
        id,
        prompt,
        kind,
        options,
        correct_answer
    from quiz_questions
    where
        creator_id = :creator_id
        and quiz_id = :quiz_id
    order by
        position,
        id
    """
)
SET_STATUS = text("update quizzes set status = :status where creator_id = :creator_id and id = :quiz_id")


def add_draft(author: Account, creator_id: UUID, quiz: QuizContent) -> UUID:
    """Save a new quiz as a draft, hidden from students; returns its id. Raises InputError for a foreign video."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _save(connection, creator_id, quiz)
    refresh_now(creator_id)
    return quiz.id


def update_quiz(author: Account, creator_id: UUID, quiz: QuizContent, opened: QuizContent | None = None) -> bool:
    """Save an existing quiz; omitted questions are removed, unless students have answered them.

    With what the edit was `opened` with, only its own changes are written, and what others have saved since stays;
    True if there was anything. Its status stays as it is, but a published quiz must stay complete. Raises EditConflict
    where both changed the same, and InputError for an unknown quiz, an answered question that is left out, or a
    published quiz made incomplete.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        live = _live(connection, creator_id, quiz.id)
        whole = quiz
        if opened is not None:
            whole = merged_quiz(opened, _saved(connection, creator_id, live, quiz.id), quiz)
        _save(connection, creator_id, whole)
        if live["status"] == "published":
            _must_stay_answerable(whole)
    refresh_now(creator_id)
    return whole != quiz


def publish_quiz(author: Account, creator_id: UUID, quiz_id: UUID) -> None:
    """Show a quiz to students. Raises InputError, naming the question, for one that cannot be answered."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _live(connection, creator_id, quiz_id)
        _must_be_complete(connection, creator_id, quiz_id)
        _set_status(connection, creator_id, quiz_id, "published")
    refresh_now(creator_id)


def unpublish_quiz(author: Account, creator_id: UUID, quiz_id: UUID) -> None:
    """Unpublish a quiz; attempts and figures stay."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _live(connection, creator_id, quiz_id)
        _set_status(connection, creator_id, quiz_id, "draft")
    refresh_now(creator_id)


def _save(connection: Connection, creator_id: UUID, quiz: QuizContent) -> None:
    _must_have_video(connection, creator_id, quiz.video_id)
    scope = {"creator_id": creator_id, "quiz_id": quiz.id}
    connection.execute(SAVE_QUIZ, {**scope, "video_id": quiz.video_id, "title": quiz.title.strip()})
    own = set(connection.execute(QUESTIONS_OF, scope).scalars())
    # An id from outside this quiz is not trusted: the question is added as a new one.
    kept = [question.id if question.id in own else uuid4() for question in quiz.questions]
    lost = connection.execute(ANSWERED_AND_REMOVED, {**scope, "kept": kept}).scalar()
    if lost is not None:
        raise InputError(f"Students have answered “{lost[:80]}”; removing it would lose their answers. Keep it.")
    connection.execute(REMOVE_QUESTIONS, {**scope, "kept": kept})
    rows = [
        _row(creator_id, quiz.id, question_id, position, question)
        for position, (question_id, question) in enumerate(zip(kept, quiz.questions, strict=True), start=1)
    ]
    if rows:
        connection.execute(SAVE_QUESTION, rows)


def _row(
    creator_id: UUID, quiz_id: UUID, question_id: UUID | None, position: int, question: QuestionContent
) -> dict[str, object]:
    return {
        "creator_id": creator_id,
        "quiz_id": quiz_id,
        "question_id": question_id,
        "position": position,
        "kind": question.kind,
        "prompt": question.prompt,
        "options": json.dumps(question.options, ensure_ascii=False),
        "correct_answer": question.correct_answer,
    }


def _live(connection: Connection, creator_id: UUID, quiz_id: UUID) -> RowMapping:
    """Status, title and video of the quiz, locked until the transaction ends."""
    found = connection.execute(LIVE_QUIZ, {"creator_id": creator_id, "quiz_id": quiz_id}).mappings().one_or_none()
    if found is None:
        raise InputError("Quiz not found.")
    return found


def _saved(connection: Connection, creator_id: UUID, live: RowMapping, quiz_id: UUID) -> QuizContent:
    rows = connection.execute(QUESTIONS, {"creator_id": creator_id, "quiz_id": quiz_id}).mappings()
    return stored_quiz(live["title"], [stored_question(**row) for row in rows], live["video_id"], quiz_id)


def _set_status(connection: Connection, creator_id: UUID, quiz_id: UUID, status: str) -> None:
    connection.execute(SET_STATUS, {"creator_id": creator_id, "quiz_id": quiz_id, "status": status})


def _must_have_video(connection: Connection, creator_id: UUID, video_id: UUID | None) -> None:
    if video_id is None:
        return
    if connection.execute(LIVE_VIDEO, {"creator_id": creator_id, "video_id": video_id}).scalar() is None:
        raise InputError("This video does not exist; choose another, or none.")


def _must_be_complete(connection: Connection, creator_id: UUID, quiz_id: UUID) -> None:
    questions = connection.execute(QUESTIONS, {"creator_id": creator_id, "quiz_id": quiz_id}).all()
    if not questions:
        raise InputError("The quiz has no question yet; add one before you publish it.")
    for _, prompt, kind, options, correct_answer in questions:
        _must_be_answerable(prompt, kind, as_texts(options), correct_answer)


def _must_stay_answerable(quiz: QuizContent) -> None:
    """A question that the platform sent without a correct answer may stay incomplete; others must be complete."""
    if not quiz.questions:
        raise InputError("Students can see this quiz; unpublish it before you remove its last question.")
    for question in quiz.questions:
        if question.id is None or question.correct_answer:
            _must_be_answerable(question.prompt, question.kind, question.options, question.correct_answer)


def _must_be_answerable(prompt: str, kind: str, options: Sequence[str], correct_answer: str | None) -> None:
    if not correct_answer:
        raise InputError(f"“{prompt[:80]}” has no correct answer; choose one before you publish.")
    if kind == "fill_in_the_blank":
        return
    if len({option.casefold() for option in options}) < max(2, len(options)):
        raise InputError(f"“{prompt[:80]}” needs at least two options, all different.")
    if correct_answer not in options:
        raise InputError(f"The correct answer to “{prompt[:80]}” is not one of its options.")
