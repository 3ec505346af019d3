"""Answers that are marked again: a new verdict beside the old one, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from database.accounts import Account, may_write
from database.errors import InputError
from database.refresh import refresh
from database.tenancy import JOB_SECONDS, tenant_tx

QUESTION = text(
    # The quiz is locked: two markings that move the same scores wait for each other.
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
KEEP_PLATFORMS_VERDICTS = text(
    """
    insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct, given_at)
    select
        answers_given.creator_id,
        answers_given.attempt_id,
        answers_given.question_id,
        coalesce(newest.verdict + 1, 0),
        answers_given.is_correct,
        coalesce(newest.given_at, answers_given.completed_at)
    from answers_given
    left join answer_verdicts as newest
        on
            newest.creator_id = answers_given.creator_id
            and newest.attempt_id = answers_given.attempt_id
            and newest.question_id = answers_given.question_id
            and newest.verdict = (
                select max(answer_verdicts.verdict)
                from answer_verdicts
                where
                    answer_verdicts.creator_id = answers_given.creator_id
                    and answer_verdicts.attempt_id = answers_given.attempt_id
                    and answer_verdicts.question_id = answers_given.question_id
            )
    where
        answers_given.creator_id = :creator_id
        and answers_given.question_id = :question_id
        and answers_given.edition = :edition
        and answers_given.marking_id is null
        and (
            newest.verdict is null
            or newest.marking_id is not null
            or newest.is_correct <> answers_given.is_correct
        )
    """
)
# Of an answer that is not told, nobody can say anew whether it is right, unless all are.
GIVE_VERDICTS = text(
    """
    insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct, marking_id, given_by)
    select
        answers_given.creator_id,
        answers_given.attempt_id,
        answers_given.question_id,
        1 + max(answer_verdicts.verdict),
        case
            when cast(:right_answers as text[]) is null then true
            when answers_given.answer is null then answers_given.is_correct
            else trim(answers_given.answer) = any(cast(:right_answers as text[]))
        end,
        :marking_id,
        :account_id
    from answers_given
    join answer_verdicts
        on
            answer_verdicts.creator_id = answers_given.creator_id
            and answer_verdicts.attempt_id = answers_given.attempt_id
            and answer_verdicts.question_id = answers_given.question_id
    where
        answers_given.creator_id = :creator_id
        and answers_given.question_id = :question_id
        and answers_given.edition = :edition
    group by
        answers_given.creator_id,
        answers_given.attempt_id,
        answers_given.question_id,
        answers_given.answer,
        answers_given.is_correct
    returning
        attempt_id,
        is_correct,
        marking_id
    """
)
# Back to the verdict before the first that this marking gave.
TAKE_VERDICTS_BACK = text(
    """
    insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct, marking_id, given_by)
    select
        given.creator_id,
        given.attempt_id,
        given.question_id,
        1 + (
            select max(newest.verdict)
            from answer_verdicts as newest
            where
                newest.creator_id = given.creator_id
                and newest.attempt_id = given.attempt_id
                and newest.question_id = given.question_id
        ),
        replaced.is_correct,
        replaced.marking_id,
        :account_id
    from (
        select
            quiz_answers.creator_id,
            quiz_answers.attempt_id,
            quiz_answers.question_id,
            min(answer_verdicts.verdict) as verdict
        from quiz_answers
        join answer_verdicts
            on
                answer_verdicts.creator_id = quiz_answers.creator_id
                and answer_verdicts.attempt_id = quiz_answers.attempt_id
                and answer_verdicts.question_id = quiz_answers.question_id
                and answer_verdicts.marking_id = quiz_answers.marking_id
        where
            quiz_answers.creator_id = :creator_id
            and quiz_answers.question_id = :question_id
            and quiz_answers.marking_id = :marking_id
        group by
            quiz_answers.creator_id,
            quiz_answers.attempt_id,
            quiz_answers.question_id
    ) as given
    join answer_verdicts as replaced
        on
            replaced.creator_id = given.creator_id
            and replaced.attempt_id = given.attempt_id
            and replaced.question_id = given.question_id
            and replaced.verdict = given.verdict - 1
    returning
        attempt_id,
        is_correct,
        marking_id
    """
)
# A score follows where it was the share of the attempt's answers that were right: exactly, to the hundredth of a
# percent or to the whole percent, and it is told as exactly anew. An attempt none of whose answers is marked by a
# person any more has the platform's result again. No table says which score passes: where the platform's results tell
# passed from failed attempts of the quiz by their scores, what reaches the lowest passed score passes and what does
# not exceed the highest failed one fails; in between, and where scores do not tell them apart, the platform's word
# holds.
RESULTS_AFTER = text(
    """
    with verdicts as (
        select
            attempt_id,
            is_correct,
            marking_id
        from unnest(
            cast(:attempt_ids as uuid[]), cast(:are_correct as boolean[]), cast(:marking_ids as uuid[])
        ) as given (attempt_id, is_correct, marking_id)
    ),

    shares as (
        select
            quiz_answers.creator_id,
            quiz_answers.attempt_id,
            100.0 * count(*) filter (where quiz_answers.is_correct) / count(*) as share_before,
            100.0 * count(*) filter (
                where
                    case
                        when quiz_answers.question_id = :question_id then verdicts.is_correct
                        else quiz_answers.is_correct
                    end
            ) / count(*) as share_after,
            (array_agg(
                case
                    when quiz_answers.question_id = :question_id then verdicts.marking_id
                    else quiz_answers.marking_id
                end
            ) filter (
                where
                    case
                        when quiz_answers.question_id = :question_id then verdicts.marking_id
                        else quiz_answers.marking_id
                    end is not null
            ))[1] as marking_id
        from verdicts
        join quiz_answers
            on
                quiz_answers.creator_id = :creator_id
                and quiz_answers.attempt_id = verdicts.attempt_id
        group by
            quiz_answers.creator_id,
            quiz_answers.attempt_id
    ),

    platform_verdicts as (
        select distinct on (attempt_verdicts.creator_id, attempt_verdicts.attempt_id)
            attempt_verdicts.creator_id,
            attempt_verdicts.attempt_id,
            attempt_verdicts.score_percent,
            attempt_verdicts.passed
        from quiz_questions
        join quiz_attempts
            on
                quiz_attempts.creator_id = quiz_questions.creator_id
                and quiz_attempts.quiz_id = quiz_questions.quiz_id
                and quiz_attempts.verdict is not null
        join attempt_verdicts
            on
                attempt_verdicts.creator_id = quiz_attempts.creator_id
                and attempt_verdicts.attempt_id = quiz_attempts.id
                and attempt_verdicts.marking_id is null
        where
            quiz_questions.creator_id = :creator_id
            and quiz_questions.id = :question_id
        order by
            attempt_verdicts.creator_id asc,
            attempt_verdicts.attempt_id asc,
            attempt_verdicts.verdict desc
    ),

    platform_results as (
        select
            quiz_attempts.creator_id,
            quiz_attempts.id as attempt_id,
            quiz_attempts.verdict is not null as is_marked,
            quiz_attempts.score_percent,
            coalesce(platform_verdicts.score_percent, quiz_attempts.score_percent) as platform_score,
            coalesce(platform_verdicts.passed, quiz_attempts.passed) as platform_passed
        from quiz_questions
        join quiz_attempts
            on
                quiz_attempts.creator_id = quiz_questions.creator_id
                and quiz_attempts.quiz_id = quiz_questions.quiz_id
        left join platform_verdicts
            on
                platform_verdicts.creator_id = quiz_attempts.creator_id
                and platform_verdicts.attempt_id = quiz_attempts.id
        where
            quiz_questions.creator_id = :creator_id
            and quiz_questions.id = :question_id
    ),

    marks as (
        select
            creator_id,
            min(platform_score) filter (where platform_passed) as lowest_passed,
            max(platform_score) filter (where not platform_passed) as highest_failed
        from platform_results
        group by creator_id
    ),

    scores as (
        select
            platform_results.creator_id,
            platform_results.attempt_id,
            platform_results.is_marked,
            platform_results.score_percent,
            platform_results.platform_score,
            platform_results.platform_passed,
            shares.marking_id,
            shares.share_before <> shares.share_after as is_moved,
            case
                when shares.marking_id is null and platform_results.is_marked then platform_results.platform_score
                when shares.share_before = shares.share_after then platform_results.score_percent
                when abs(shares.share_before - platform_results.score_percent) < 0.01 then round(shares.share_after, 2)
                when round(shares.share_before) = platform_results.score_percent then round(shares.share_after)
            end as score_after,
            marks.lowest_passed,
            marks.highest_failed,
            coalesce(marks.lowest_passed > marks.highest_failed, true) as scores_tell
        from shares
        join platform_results
            on
                platform_results.creator_id = shares.creator_id
                and platform_results.attempt_id = shares.attempt_id
        join marks on marks.creator_id = shares.creator_id
    )

    select
        attempt_id,
        is_moved and score_after is null as is_kept,
        score_after,
        case
            when marking_id is null then platform_passed
            when scores_tell and score_after >= lowest_passed then true
            when scores_tell and score_after <= highest_failed then false
            else platform_passed
        end as passed_after,
        marking_id
    from scores
    where
        score_after is null
        or score_after <> score_percent
        or (is_marked and marking_id is null)
    order by attempt_id
    """
)
KEEP_PLATFORMS_RESULTS = text(
    """
    insert into attempt_verdicts (creator_id, attempt_id, verdict, score_percent, passed, given_at)
    select
        quiz_attempts.creator_id,
        quiz_attempts.id,
        coalesce(newest.verdict + 1, 0),
        quiz_attempts.score_percent,
        quiz_attempts.passed,
        coalesce(newest.given_at, quiz_attempts.completed_at)
    from quiz_attempts
    left join attempt_verdicts as newest
        on
            newest.creator_id = quiz_attempts.creator_id
            and newest.attempt_id = quiz_attempts.id
            and newest.verdict = (
                select max(attempt_verdicts.verdict)
                from attempt_verdicts
                where
                    attempt_verdicts.creator_id = quiz_attempts.creator_id
                    and attempt_verdicts.attempt_id = quiz_attempts.id
            )
    where
        quiz_attempts.creator_id = :creator_id
        and quiz_attempts.id = any(cast(:attempt_ids as uuid[]))
        and quiz_attempts.verdict is null
        and (newest.score_percent, newest.passed) is distinct from (quiz_attempts.score_percent, quiz_attempts.passed)
    """
)
GIVE_RESULTS = text(
    """
    with results as materialized (
        select
            attempt_verdicts.creator_id,
            attempt_verdicts.attempt_id,
            1 + max(attempt_verdicts.verdict) as verdict,
            told.score_percent,
            told.passed,
            told.marking_id
        from unnest(
            cast(:attempt_ids as uuid[]),
            cast(:scores as numeric[]),
            cast(:are_passed as boolean[]),
            cast(:marking_ids as uuid[])
        ) as told (attempt_id, score_percent, passed, marking_id)
        join attempt_verdicts
            on
                attempt_verdicts.creator_id = :creator_id
                and attempt_verdicts.attempt_id = told.attempt_id
        group by
            attempt_verdicts.creator_id,
            attempt_verdicts.attempt_id,
            told.score_percent,
            told.passed,
            told.marking_id
    ),

    verdicts_added as (
        insert into attempt_verdicts (creator_id, attempt_id, verdict, score_percent, passed, marking_id, given_by)
        select
            creator_id,
            attempt_id,
            verdict,
            score_percent,
            passed,
            marking_id,
            :account_id
        from results
    )

    update quiz_attempts
    set
        score_percent = results.score_percent,
        passed = results.passed,
        verdict = case when results.marking_id is null then null else results.verdict end
    from results
    where
        quiz_attempts.creator_id = results.creator_id
        and quiz_attempts.id = results.attempt_id
    """
)
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
    """What one marking, or undoing it, did; `scores_kept` are attempts whose score was no share of right answers."""

    marking_id: UUID
    answers: int
    scores_changed: int
    scores_kept: int


def mark_again(
    author: Account, creator_id: UUID, question_id: UUID, edition: int, right_answers: Sequence[str] | None
) -> Marked:
    """Mark every answer to an edition of a question again, in one transaction.

    Right is who answered one of `right_answers`; None: everybody. An answer that is not told keeps its verdict unless
    everybody is right. Where an attempt's score was the share of its answers that were right, it follows, and so does
    whether it was passed; other scores stay the platform's. Raises InputError for an unknown question or edition, or
    where nobody answered it.
    """
    may_write(author, creator_id)
    if right_answers is not None and not any(answer.strip() for answer in right_answers):
        raise InputError("Name at least one right answer.")
    accepted = None if right_answers is None else sorted({answer.strip() for answer in right_answers if answer.strip()})
    marking_id = uuid4()
    scope = {"creator_id": creator_id, "question_id": question_id, "edition": edition, "account_id": author.id}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        current = connection.execute(QUESTION, scope).scalar()
        if current is None or not 1 <= edition <= current:
            raise InputError("There is no such question.")
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
    """Give every answer of a marking the verdict from before it again, in one transaction.

    Scores follow as in `mark_again`; an attempt whose answers all have the platform's verdict has its result again.
    Raises InputError for a marking that is unknown, undone already, or not the newest of its edition.
    """
    may_write(author, creator_id)
    named = {"creator_id": creator_id, "marking_id": marking_id, "account_id": author.id}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        found = connection.execute(MARKING, named).one_or_none()
        if found is None:
            raise InputError("There is no such marking.")
        scope = named | {"question_id": found.question_id, "edition": found.edition}
        connection.execute(QUESTION, scope)
        if connection.execute(MARKING, named).one().undone_at is not None:
            raise InputError("This marking is undone already.")
        if connection.execute(NEWEST_NUMBER, scope | {"undone_too": False}).scalar_one() != found.number:
            raise InputError("The answers were marked once more since; undo that first.")
        connection.execute(NOTE_UNDONE, named)
        verdicts = connection.execute(TAKE_VERDICTS_BACK, scope).all()
        marked = _followed(connection, scope, marking_id, verdicts, "undo_marking")
    refresh(creator_id)
    return marked


def _followed(
    connection: Connection, scope: dict[str, Any], marking_id: UUID, verdicts: Sequence[Any], action: str
) -> Marked:
    """Let results and answers follow: the results first, which are reckoned from the answers as they were."""
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
