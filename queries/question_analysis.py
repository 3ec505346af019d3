"""Which questions are hard, and which seem to have the wrong answer as their key: first attempts only."""

from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from queries.caching import cached_query
from queries.changes import round_half_up
from queries.shown import SHOWN

WRONG_KEY, HARD = "wrong_key", "hard"

# The rest of an answer is the share of the other answers of the same attempt that were right. It is kept in hundredths
# of a percent: who did better elsewhere did so by more than such a hundredth, which may be rounding.
QUESTIONS = f"""
    -- One row per question, as it is asked now.
    with {SHOWN},

    questions_chosen as materialized (
        select
            quiz_questions.creator_id,
            quiz_questions.id as question_id,
            quiz_questions.edition,
            quiz_questions.quiz_id,
            quizzes.title as quiz_title,
            quizzes.position as quiz_position,
            row_number() over (
                partition by quiz_questions.quiz_id order by quiz_questions.position, quiz_questions.id
            ) as number,
            quiz_questions.kind,
            quiz_questions.prompt,
            quiz_questions.correct_answer,
            quiz_questions.options != '[]'::jsonb as has_options
        from quiz_questions
        join quizzes
            on
                quizzes.creator_id = quiz_questions.creator_id
                and quizzes.id = quiz_questions.quiz_id
                and quizzes.deleted_at is null
        where
            quiz_questions.creator_id = :creator_id
            and {{chosen}}
    ),

    questions_measured as materialized (
        select
            question_results.*,
            case
                when
                    question_results.rest_count >= 10
                    and question_results.correct_rest_count > 0
                    and question_results.correct_rest_count < question_results.rest_count
                    and question_results.rest_count::numeric * question_results.rest_square_sum
                    > question_results.rest_sum::numeric * question_results.rest_sum
                    then
                        (
                            question_results.rest_count::numeric * question_results.correct_rest_sum
                            - question_results.correct_rest_count::numeric * question_results.rest_sum
                        )::double precision
                        / sqrt((
                            question_results.rest_count::numeric * question_results.rest_square_sum
                            - question_results.rest_sum::numeric * question_results.rest_sum
                        )::double precision)
                        / sqrt((
                            question_results.correct_rest_count::numeric
                            * (question_results.rest_count - question_results.correct_rest_count)
                        )::double precision)
            end as discrimination
        from shown
        join questions_chosen on questions_chosen.creator_id = shown.creator_id
        join question_results
            on
                question_results.creator_id = questions_chosen.creator_id
                and question_results.generation = shown.generation
                and question_results.course = 0
                and question_results.run = 0
                and question_results.question_id = questions_chosen.question_id
                and question_results.edition = questions_chosen.edition
        where {{narrowed}}
    ),

    wrong_answers_judged as (
        select
            question_answers.creator_id,
            question_answers.question_id,
            question_answers.answer,
            question_answers.students - question_answers.correct as students,
            question_answers.wrong_rest_sum / 100.0 / nullif(question_answers.wrong_rest_count, 0) as rest_percent,
            coalesce(
                questions_measured.discrimination < -0.1
                and question_answers.students - question_answers.correct > questions_measured.correct
                and question_answers.wrong_rest_sum * questions_measured.correct_rest_count
                > (questions_measured.correct_rest_sum + questions_measured.correct_rest_count)
                * question_answers.wrong_rest_count,
                false
            ) as rivals_the_key
        from questions_measured
        join question_answers
            on
                question_answers.creator_id = questions_measured.creator_id
                and question_answers.generation = questions_measured.generation
                and question_answers.course = questions_measured.course
                and question_answers.run = questions_measured.run
                and question_answers.question_id = questions_measured.question_id
                and question_answers.edition = questions_measured.edition
        where
            question_answers.students > question_answers.correct
            and question_answers.answer is not null
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
            questions_chosen.quiz_id,
            questions_chosen.quiz_title,
            questions_chosen.quiz_position,
            questions_chosen.number,
            questions_chosen.question_id,
            questions_chosen.kind,
            questions_chosen.prompt,
            questions_chosen.correct_answer,
            questions_chosen.has_options,
            coalesce(questions_measured.answers, 0) as answers,
            coalesce(questions_measured.correct, 0) as correct,
            100.0 * questions_measured.correct / questions_measured.answers as correct_percent,
            questions_measured.discrimination,
            questions_measured.correct_rest_sum / 100.0
            / nullif(questions_measured.correct_rest_count, 0) as keyed_rest_percent,
            wrong_answers_chosen.answer as wrong_answer,
            wrong_answers_chosen.students as wrong_answer_students,
            wrong_answers_chosen.rest_percent as wrong_answer_rest_percent,
            case
                when wrong_answers_chosen.rivals_the_key then 'wrong_key'
                when
                    questions_measured.answers >= 10
                    and 5 * questions_measured.correct < 2 * questions_measured.answers
                    then 'hard'
            end as finding
        from questions_chosen
        left join questions_measured
            on
                questions_measured.creator_id = questions_chosen.creator_id
                and questions_measured.question_id = questions_chosen.question_id
        left join wrong_answers_chosen
            on
                wrong_answers_chosen.creator_id = questions_chosen.creator_id
                and wrong_answers_chosen.question_id = questions_chosen.question_id
    )

    select *
    from questions_judged
    where {{shown_are}}
    order by
        {{order}},
        quiz_position asc,
        quiz_id asc,
        number asc
"""

QUESTIONS_OF_A_QUIZ = QUESTIONS.format(
    chosen="quiz_questions.quiz_id = :quiz_id",
    narrowed="true",
    shown_are="true",
    order="number asc",
)
# A finding needs 10 answers of which fewer than half are right.
FLAGGED_QUESTIONS = QUESTIONS.format(
    chosen="true",
    narrowed="question_results.answers >= 10 and 2 * question_results.correct < question_results.answers",
    shown_are="finding is not null",
    order="finding = 'wrong_key' desc, correct_percent asc",
)

ANSWERS = f"""
    -- One row per question, as it is asked now, and answer, whether offered, keyed or given.
    with {SHOWN},

    questions_asked_now as materialized (
        select
            creator_id,
            id as question_id,
            edition,
            position,
            kind,
            options,
            correct_answer
        from quiz_questions
        where
            creator_id = :creator_id
            and quiz_id = :quiz_id
    ),

    answers_counted as (
        select
            question_answers.creator_id,
            question_answers.question_id,
            question_answers.answer,
            question_answers.students,
            question_answers.correct > 0 as was_right
        from shown
        join questions_asked_now on questions_asked_now.creator_id = shown.creator_id
        join question_answers
            on
                question_answers.creator_id = shown.creator_id
                and question_answers.generation = shown.generation
                and question_answers.course = 0
                and question_answers.run = 0
                and question_answers.question_id = questions_asked_now.question_id
                and question_answers.edition = questions_asked_now.edition
    ),

    answers_offered as (
        select
            questions_asked_now.creator_id,
            questions_asked_now.question_id,
            offered.answer,
            min(offered.place) as place
        from questions_asked_now
        cross join lateral (
            select
                options.answer,
                options.place
            from jsonb_array_elements_text(questions_asked_now.options) with ordinality as options (answer, place)
            where questions_asked_now.kind = 'multiple_choice'
            union all
            select
                questions_asked_now.correct_answer,
                null
            where questions_asked_now.correct_answer is not null
        ) as offered
        group by
            questions_asked_now.creator_id,
            questions_asked_now.question_id,
            offered.answer
    ),

    answers_gathered as (
        select
            coalesce(answers_offered.creator_id, answers_counted.creator_id) as creator_id,
            coalesce(answers_offered.question_id, answers_counted.question_id) as question_id,
            coalesce(answers_offered.answer, answers_counted.answer) as answer,
            answers_offered.place,
            coalesce(answers_counted.students, 0) as students,
            coalesce(answers_counted.was_right, false) as was_right
        from answers_offered
        full join answers_counted
            on
                answers_counted.creator_id = answers_offered.creator_id
                and answers_counted.question_id = answers_offered.question_id
                and answers_counted.answer = answers_offered.answer
    )

    select
        answers_gathered.question_id,
        answers_gathered.answer,
        answers_gathered.students,
        coalesce(
            answers_gathered.answer = questions_asked_now.correct_answer,
            questions_asked_now.correct_answer is null and answers_gathered.was_right
        ) as is_keyed
    from answers_gathered
    join questions_asked_now
        on
            questions_asked_now.creator_id = answers_gathered.creator_id
            and questions_asked_now.question_id = answers_gathered.question_id
    order by
        questions_asked_now.position asc,
        questions_asked_now.question_id asc,
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
