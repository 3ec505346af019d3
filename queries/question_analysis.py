"""Which questions are hard, and which seem to have the wrong answer as their key: first attempts only."""

from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from queries.caching import cached_query
from queries.changes import round_half_up

WRONG_KEY, HARD = "wrong_key", "hard"

FIRST_ANSWERS = """
    attempts_scored as (
        select
            quiz_attempts.id as attempt_id,
            count(*) as answers,
            count(*) filter (where quiz_answers.is_correct) as correct
        from quiz_attempts
        join students
            on
                students.creator_id = quiz_attempts.creator_id
                and students.id = quiz_attempts.student_id
                and students.deleted_at is null
        join quizzes
            on
                quizzes.creator_id = quiz_attempts.creator_id
                and quizzes.id = quiz_attempts.quiz_id
                and quizzes.deleted_at is null
        join quiz_answers
            on
                quiz_answers.creator_id = quiz_attempts.creator_id
                and quiz_answers.attempt_id = quiz_attempts.id
        where
            quiz_attempts.creator_id = :creator_id
            and quiz_attempts.attempt_number = 1
            and {chosen}
        group by quiz_attempts.id
    ),

    answers_compared as (
        -- rest_score: the share of the student's other answers in this attempt that were right.
        select
            quiz_answers.question_id,
            quiz_answers.answer,
            quiz_answers.is_correct,
            (attempts_scored.correct - quiz_answers.is_correct::integer)::double precision
            / nullif(attempts_scored.answers - 1, 0) as rest_score
        from attempts_scored
        join quiz_answers
            on
                quiz_answers.creator_id = :creator_id
                and quiz_answers.attempt_id = attempts_scored.attempt_id
    )
"""

# corr() of values that do not vary is left to chance by rounding: such pairs are kept from it.
QUESTIONS = f"""
    -- One row per question.
    with {{narrowed}}{FIRST_ANSWERS},

    questions_measured as (
        select
            question_id,
            count(*) as answers,
            count(*) filter (where is_correct) as correct,
            avg(rest_score) filter (where is_correct) as keyed_rest_score,
            case
                when count(rest_score) >= 10 and min(rest_score) < max(rest_score)
                    then corr(rest_score, is_correct::integer)
            end as discrimination
        from answers_compared
        group by question_id
    ),

    wrong_answers_counted as (
        select
            question_id,
            answer,
            count(*) as students,
            avg(rest_score) as rest_score
        from answers_compared
        where
            not is_correct
            and answer is not null
        group by
            question_id,
            answer
    ),

    wrong_answers_judged as (
        select
            wrong_answers_counted.*,
            coalesce(
                questions_measured.discrimination < -0.1
                and wrong_answers_counted.students > questions_measured.correct
                and wrong_answers_counted.rest_score > questions_measured.keyed_rest_score,
                false
            ) as rivals_the_key
        from wrong_answers_counted
        join questions_measured on questions_measured.question_id = wrong_answers_counted.question_id
    ),

    wrong_answers_chosen as (
        select distinct on (question_id) *
        from wrong_answers_judged
        order by
            question_id asc,
            rivals_the_key desc,
            students desc,
            answer collate "C" asc
    ),

    questions_judged as (
        select
            quiz_questions.quiz_id,
            quizzes.title as quiz_title,
            quizzes.position as quiz_position,
            row_number() over (
                partition by quiz_questions.quiz_id order by quiz_questions.position, quiz_questions.id
            ) as number,
            quiz_questions.id as question_id,
            quiz_questions.kind,
            quiz_questions.prompt,
            quiz_questions.correct_answer,
            jsonb_typeof(quiz_questions.options) = 'array'
            and quiz_questions.options != '[]'::jsonb as has_options,
            coalesce(questions_measured.answers, 0) as answers,
            coalesce(questions_measured.correct, 0) as correct,
            100.0 * questions_measured.correct / questions_measured.answers as correct_percent,
            questions_measured.discrimination,
            100 * questions_measured.keyed_rest_score as keyed_rest_percent,
            wrong_answers_chosen.answer as wrong_answer,
            wrong_answers_chosen.students as wrong_answer_students,
            100 * wrong_answers_chosen.rest_score as wrong_answer_rest_percent,
            case
                when wrong_answers_chosen.rivals_the_key then 'wrong_key'
                when
                    questions_measured.answers >= 10
                    and 5 * questions_measured.correct < 2 * questions_measured.answers
                    then 'hard'
            end as finding
        from quiz_questions
        join quizzes
            on
                quizzes.creator_id = quiz_questions.creator_id
                and quizzes.id = quiz_questions.quiz_id
                and quizzes.deleted_at is null
        left join questions_measured on questions_measured.question_id = quiz_questions.id
        left join wrong_answers_chosen on wrong_answers_chosen.question_id = quiz_questions.id
        where
            quiz_questions.creator_id = :creator_id
            and {{chosen_questions}}
    )

    select *
    from questions_judged
    where {{shown}}
    order by
        {{order}},
        quiz_position asc,
        quiz_id asc,
        number asc
"""

# A finding needs 10 answers of which fewer than half are right: only the quizzes of such questions
# are compared answer by answer, which is most of the work.
QUIZZES_WITH_DOUBTS = """
    doubtful_questions as (
        select quiz_answers.question_id
        from quiz_answers
        join quiz_attempts
            on
                quiz_attempts.creator_id = quiz_answers.creator_id
                and quiz_attempts.id = quiz_answers.attempt_id
                and quiz_attempts.attempt_number = 1
        join students
            on
                students.creator_id = quiz_attempts.creator_id
                and students.id = quiz_attempts.student_id
                and students.deleted_at is null
        where quiz_answers.creator_id = :creator_id
        group by quiz_answers.question_id
        having
            count(*) >= 10
            and 2 * count(*) filter (where quiz_answers.is_correct) < count(*)
    ),

    doubtful_quizzes as materialized (
        select distinct quiz_questions.quiz_id
        from doubtful_questions
        join quiz_questions
            on
                quiz_questions.creator_id = :creator_id
                and quiz_questions.id = doubtful_questions.question_id
    ),
"""

QUESTIONS_OF_A_QUIZ = QUESTIONS.format(
    narrowed="",
    chosen="quiz_attempts.quiz_id = :quiz_id",
    chosen_questions="quiz_questions.quiz_id = :quiz_id",
    shown="true",
    order="number asc",
)
FLAGGED_QUESTIONS = QUESTIONS.format(
    narrowed=QUIZZES_WITH_DOUBTS,
    chosen="quiz_attempts.quiz_id in (select quiz_id from doubtful_quizzes)",
    chosen_questions="quiz_questions.quiz_id in (select quiz_id from doubtful_quizzes)",
    shown="finding is not null",
    order="finding = 'wrong_key' desc, correct_percent asc",
)

ANSWERS = f"""
    -- One row per question and answer, whether offered, keyed or given.
    with {FIRST_ANSWERS.format(chosen="quiz_attempts.quiz_id = :quiz_id")},

    answers_counted as (
        select
            question_id,
            answer,
            count(*) as students,
            bool_or(is_correct) as was_right
        from answers_compared
        group by
            question_id,
            answer
    ),

    answers_offered as (
        select
            quiz_questions.id as question_id,
            options.answer,
            min(options.place) as place
        from quiz_questions
        cross join lateral (
            select
                offered.answer,
                offered.place
            from jsonb_array_elements_text(
                case jsonb_typeof(quiz_questions.options) when 'array' then quiz_questions.options else '[]' end
            ) with ordinality as offered (answer, place)
            where quiz_questions.kind = 'multiple_choice'
            union all
            select
                quiz_questions.correct_answer,
                null
            where quiz_questions.correct_answer is not null
        ) as options
        where
            quiz_questions.creator_id = :creator_id
            and quiz_questions.quiz_id = :quiz_id
        group by
            quiz_questions.id,
            options.answer
    ),

    answers_gathered as (
        select
            coalesce(answers_offered.question_id, answers_counted.question_id) as question_id,
            coalesce(answers_offered.answer, answers_counted.answer) as answer,
            answers_offered.place,
            coalesce(answers_counted.students, 0) as students,
            coalesce(answers_counted.was_right, false) as was_right
        from answers_offered
        full join answers_counted
            on
                answers_counted.question_id = answers_offered.question_id
                and answers_counted.answer = answers_offered.answer
    )

    select
        answers_gathered.question_id,
        answers_gathered.answer,
        answers_gathered.students,
        coalesce(
            answers_gathered.answer = quiz_questions.correct_answer,
            quiz_questions.correct_answer is null and answers_gathered.was_right
        ) as is_keyed
    from answers_gathered
    join quiz_questions
        on
            quiz_questions.creator_id = :creator_id
            and quiz_questions.quiz_id = :quiz_id
            and quiz_questions.id = answers_gathered.question_id
    order by
        quiz_questions.position asc,
        quiz_questions.id asc,
        answers_gathered.place asc nulls last,
        answers_gathered.students desc,
        answers_gathered.answer collate "C" asc
"""

MEASURES = [
    "correct_percent",
    "discrimination",
    "keyed_rest_percent",
    "wrong_answer_students",
    "wrong_answer_rest_percent",
]


@cached_query
def questions(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """The questions of a quiz in its order, judged by students' first attempts.

    One row per question: quiz_id, quiz_title, quiz_position, number (1 is the first), question_id, kind,
    prompt, correct_answer (missing: the platform only says what was right), has_options, answers, correct,
    correct_percent, discrimination (-1 to 1, from 10 answers), keyed_rest_percent (how right the students who
    got it right were on the other questions), wrong_answer (the most telling wrong one),
    wrong_answer_students, wrong_answer_rest_percent, finding (wrong_key, hard or missing).
    """
    return _measured(frame(creator_id, QUESTIONS_OF_A_QUIZ, quiz_id=quiz_id))


@cached_query
def flagged_questions(creator_id: UUID) -> pd.DataFrame:
    """Questions of all quizzes with a finding, suspected wrong keys first, then the hardest; columns of `questions`."""
    return _measured(frame(creator_id, FLAGGED_QUESTIONS))


@cached_query
def answers(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """What students answered on first attempts, options that nobody chose included.

    One row per question and answer, in the order of the questions, then of the options, then by
    students: question_id, answer (missing: none given), students, is_keyed.
    """
    return frame(creator_id, ANSWERS, quiz_id=quiz_id)


def finding_in_words(row: dict[str, Any]) -> str:
    """Why a question is flagged, as plain text; takes a row of `questions` that has a finding."""
    return _wrong_key_in_words(row) if row["finding"] == WRONG_KEY else _hard_in_words(row)


def _wrong_key_in_words(row: dict[str, Any]) -> str:
    keyed = "the keyed answer" if pd.isna(row["correct_answer"]) else f"the keyed answer “{row['correct_answer']}”"
    return (
        f"{int(row['wrong_answer_students']):,} of {row['answers']:,} chose “{row['wrong_answer']}”, "
        f"and they did better on the rest ({round_half_up(row['wrong_answer_rest_percent'])} % right) "
        f"than the {row['correct']:,} who chose {keyed} ({round_half_up(row['keyed_rest_percent'])} %)."
    )


def _hard_in_words(row: dict[str, Any]) -> str:
    if not row["correct"]:
        return f"None of {row['answers']:,} students got it right at the first attempt{_favourite(row)}."
    share = round_half_up(row["correct_percent"])
    return (
        f"Only {row['correct']:,} of {row['answers']:,} students ({share} %) got it right "
        f"at the first attempt{_favourite(row)}."
    )


def _favourite(row: dict[str, Any]) -> str:
    if pd.isna(row["wrong_answer"]):
        return ""
    return f"; {int(row['wrong_answer_students']):,} answered “{row['wrong_answer']}”"


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    return with_floats(rows, MEASURES)
