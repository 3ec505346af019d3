"""Marking answers again: a new mark next to the old one, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from database.accounts import Account, may_write
from database.refresh import refresh
from database.statements import sql
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError

QUESTION = text(
    # The quiz is locked: two markings that change the same scores wait for each other.
    """
    select quiz_questions.edition
    from quiz_questions
    join quizzes
        on
            quizzes.creator_id = quiz_questions.creator_id
            and quizzes.id = quiz_questions.quiz_id
    where
        quiz_questions.creator_id = :creator_id
        and quiz_questions.id = :question_id
    for update of quizzes
    """
)
MARKING = text(
    """
    select
        question_id,
        edition,
        number,
        undone_at
    from markings
    where
        creator_id = :creator_id
        and id = :marking_id
    """
)
NEWEST_NUMBER = text(
    """
    select coalesce(max(number), 0)
    from markings
    where
        creator_id = :creator_id
        and question_id = :question_id
        and edition = :edition
        and (:undone_too or undone_at is null)
    """
)
ADD_MARKING = text(
    """
    insert into markings (creator_id, id, question_id, edition, number, right_answers, marked_by)
    values (:creator_id, :marking_id, :question_id, :edition, :number, cast(:right_answers as text[]), :account_id)
    """
)
NOTE_UNDONE = text(
    """
    update markings
    set
        undone_by = :account_id,
        undone_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :marking_id
    """
)
KEEP_PLATFORMS_VERDICTS = text(sql("actions/keep_platforms_verdicts"))
GIVE_VERDICTS = text(sql("actions/give_verdicts"))
TAKE_VERDICTS_BACK = text(sql("actions/take_verdicts_back"))
RESULTS_AFTER = text(sql("actions/results_after_marking"))
KEEP_PLATFORMS_RESULTS = text(sql("actions/keep_platforms_results"))
GIVE_RESULTS = text(sql("actions/give_results"))
SET_ANSWERS = text(
    """
    update quiz_answers
    set
        is_correct = given.is_correct,
        marking_id = given.marking_id
    from unnest(
        cast(:attempt_ids as uuid[]), cast(:are_correct as boolean[]), cast(:marking_ids as uuid[])
    ) as given (attempt_id, is_correct, marking_id)
    where
        quiz_answers.creator_id = :creator_id
        and quiz_answers.attempt_id = given.attempt_id
        and quiz_answers.question_id = :question_id
    """
)
AUDIT = text(
    """
    insert into audit_log (creator_id, user_id, action, detail)
    values (
        :creator_id,
        :account_id,
        :action,
        jsonb_build_object('marking_id', cast(:marking_id as text), 'answers', cast(:answers as integer))
    )
    """
)


@dataclass(frozen=True)
class Marked:
    """What one marking, or undoing it, did; `scores_kept`: attempts whose score was not the share of right answers."""

    marking_id: UUID
    answers: int
    scores_changed: int
    scores_kept: int


def mark_again(
    author: Account, creator_id: UUID, question_id: UUID, edition: int, right_answers: Sequence[str] | None
) -> Marked:
    """Mark every answer to an edition of a question again, in one transaction.

    One of `right_answers` is right; None: every answer is. An answer whose text is unknown keeps its verdict unless
    every answer is right. Where an attempt's score was the share of its answers that were right, the score follows, and
    so does whether it was passed; other scores stay the platform's. Raises InputError for an unknown question or
    edition,
    or one that nobody answered.
    """
    may_write(author, creator_id)
    if right_answers is not None and not any(answer.strip() for answer in right_answers):
        raise InputError("Name at least one correct answer.")
    accepted = None if right_answers is None else sorted({answer.strip() for answer in right_answers if answer.strip()})
    marking_id = uuid4()
    scope = {"creator_id": creator_id, "question_id": question_id, "edition": edition, "account_id": author.id}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        current = connection.execute(QUESTION, scope).scalar()
        if current is None or not 1 <= edition <= current:
            raise InputError("This question does not exist.")
        number = connection.execute(NEWEST_NUMBER, scope | {"undone_too": True}).scalar_one() + 1
        marking = scope | {"marking_id": marking_id, "number": number, "right_answers": accepted}
        connection.execute(ADD_MARKING, marking)
        connection.execute(KEEP_PLATFORMS_VERDICTS, scope)
        verdicts = connection.execute(GIVE_VERDICTS, marking).all()
        if not verdicts:
            raise InputError("Nobody has answered this question.")
        marked = _followed(connection, scope, marking_id, verdicts, "mark_again")
    refresh(creator_id)
    return marked


def undo_marking(author: Account, creator_id: UUID, marking_id: UUID) -> Marked:
    """Restore the previous verdict of every answer of a marking, in one transaction.

    Scores follow as in `mark_again`; an attempt whose answers all have the platform's verdict gets the platform's
    result
    back. Raises InputError for a marking that is unknown, undone already, or not the newest of its edition.
    """
    may_write(author, creator_id)
    named = {"creator_id": creator_id, "marking_id": marking_id, "account_id": author.id}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        found = connection.execute(MARKING, named).one_or_none()
        if found is None:
            raise InputError("This marking does not exist.")
        scope = named | {"question_id": found.question_id, "edition": found.edition}
        connection.execute(QUESTION, scope)
        if connection.execute(MARKING, named).one().undone_at is not None:
            raise InputError("This marking has already been undone.")
        if connection.execute(NEWEST_NUMBER, scope | {"undone_too": False}).scalar_one() != found.number:
            raise InputError("The answers have been marked again since; undo that first.")
        connection.execute(NOTE_UNDONE, named)
        verdicts = connection.execute(TAKE_VERDICTS_BACK, scope).all()
        marked = _followed(connection, scope, marking_id, verdicts, "undo_marking")
    refresh(creator_id)
    return marked


def _followed(
    connection: Connection, scope: dict[str, Any], marking_id: UUID, verdicts: Sequence[Any], action: str
) -> Marked:
    """Update results and answers: the results first, because they are calculated from the answers as they were."""
    given = scope | {
        "attempt_ids": [row.attempt_id for row in verdicts],
        "are_correct": [row.is_correct for row in verdicts],
        "marking_ids": [row.marking_id for row in verdicts],
    }
    results = connection.execute(RESULTS_AFTER, given).all()
    changed = [row for row in results if row.score_after is not None]
    told = scope | {
        "attempt_ids": [row.attempt_id for row in changed],
        "scores": [row.score_after for row in changed],
        "are_passed": [row.passed_after for row in changed],
        "marking_ids": [row.marking_id for row in changed],
    }
    connection.execute(KEEP_PLATFORMS_RESULTS, told)
    connection.execute(GIVE_RESULTS, told)
    connection.execute(SET_ANSWERS, given)
    connection.execute(AUDIT, scope | {"action": action, "marking_id": marking_id, "answers": len(verdicts)})
    return Marked(marking_id, len(verdicts), len(changed), sum(row.is_kept for row in results))
