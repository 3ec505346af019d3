"""Every column of every fold and sum of quizzes against plain Python, on random histories and as time passes."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given

from tests import oracle, quiz_oracle
from tests.builders import (
    NOW,
    History,
    a_creator,
    a_quiz,
    a_quiz_question,
    a_student,
    add,
    an_attempt,
    change,
    histories,
    refreshed,
    remove,
)
from tests.database import snapshots
from tests.database.snapshots import CORE, assert_equal_to_rebuilt, assert_same_rows

pytestmark = pytest.mark.usefixtures("shared_database")

COUNTED = {
    "dated_attempts": quiz_oracle.dated_attempts,
    "taken_quizzes": quiz_oracle.taken_quizzes,
    "first_answers": quiz_oracle.first_answers,
    "quiz_totals": quiz_oracle.quiz_totals,
    "quiz_scores": quiz_oracle.quiz_scores,
    "question_results": quiz_oracle.question_results,
}


def shown_rows(creator_id: UUID, relation: str) -> list[oracle.Record]:
    """In the oracle's form: with course and run, without the creator."""
    rows = snapshots.shown_rows(creator_id, relation)
    return [{name: row[name] for name in row if name != "creator_id"} | quiz_oracle.EVERY for row in rows]


def assert_equal_to_the_oracle(creator_id: UUID, now=NOW) -> None:
    source = oracle.source(creator_id)
    for relation, counted in COUNTED.items():
        assert_same_rows(relation, shown_rows(creator_id, relation), counted(source, now))
    takers = [row | {"days": days_in(row["days"])} for row in shown_rows(creator_id, "quiz_takers")]
    assert_same_rows("quiz_takers", takers, quiz_oracle.quiz_takers(source, now))
    assert_same_answers(shown_rows(creator_id, "question_answers"), quiz_oracle.question_answers(source, now))
    assert_same_rows("days", shared(creator_id, "days", "score_sum"), quiz_oracle.days(source, now))
    assert_same_rows("student_totals", shared(creator_id, "student_totals"), quiz_oracle.student_totals(source, now))
    (total,) = [*shared(creator_id, "course_totals"), quiz_oracle.EVERY | {"attempts": 0, "passed": 0}][:1]
    assert total == quiz_oracle.course_totals(source, now)


def assert_same_answers(found, expected) -> None:
    """As rows of the same key, which represents the answer."""
    keys = {row["answer_key"] for row in found}
    assert len(keys) == len({row["answer"] for row in found})
    without_key = [{column: value for column, value in row.items() if column != "answer_key"} for row in found]
    assert sorted(without_key, key=in_order) == sorted(expected, key=in_order)


def days_in(ranges) -> list[date]:
    """The days of a datemultirange, which the driver returns as text."""
    found = re.findall(r"\[([\d-]+),([\d-]+)\)", ranges)
    bounds = [(date.fromisoformat(first), date.fromisoformat(end)) for first, end in found]
    return [first + timedelta(days=place) for first, end in bounds for place in range((end - first).days)]


def in_order(row):
    return row["question_id"], row["edition"], row["answer"] is not None, row["answer"] or ""


def shared(creator_id, relation, *more_columns):
    """What quizzes add to a sum that others add to as well; rows without an attempt belong to the others."""
    columns = ("course", "run", *CORE[relation], "attempts", "passed", *more_columns)
    rows = shown_rows(creator_id, relation)
    return [{column: row[column] for column in columns} for row in rows if row["attempts"]]


@given(histories(until=NOW))
def test_every_fold_and_sum_equals_plain_python(history: History):
    assert_equal_to_the_oracle(refreshed(history).id)


def test_an_answer_too_long_for_an_index_is_counted():
    asked, pupils = a_quiz_question(kind="fill_in_the_blank"), [a_student(), a_student()]
    tries = [an_attempt(pupil, answers={asked: False}) for pupil in pupils]
    for (_, given_answer), letter in zip(tries, "ab", strict=True):
        given_answer.values["answer"] = "x" * 100_000 + letter

    creator = a_creator(pupils, asked, tries)

    assert [row["students"] for row in shown_rows(creator.id, "question_answers")] == [1, 1]


def test_what_lies_after_the_clock_counts_from_then_on(monkeypatch):
    asked, other = a_quiz_question(), a_quiz_question()
    later = NOW + timedelta(minutes=5)
    creator = a_creator(asked, other, an_attempt(answers={asked: True, other: False}, at=later))
    assert shown_rows(creator.id, "dated_attempts") == shown_rows(creator.id, "first_answers") == []
    assert_equal_to_the_oracle(creator.id)

    monkeypatch.setenv("DASHBOARD_NOW", (later + timedelta(hours=1)).isoformat())
    refreshed(creator)

    assert len(shown_rows(creator.id, "dated_attempts")) == len(shown_rows(creator.id, "first_answers")) == 1
    assert_equal_to_the_oracle(creator.id, later + timedelta(hours=1))


def test_attempts_at_a_deleted_quiz_stay_the_students_own_and_nobody_elses():
    one, asked = a_quiz(), a_quiz_question()
    creator = a_creator(one, asked, an_attempt(answers={asked: True}))

    change(creator, one, deleted_at=NOW)
    refreshed(creator)

    (student,) = shown_rows(creator.id, "student_totals")
    assert (student["attempts"], student["passed"]) == (1, 1)
    for relation in (
        "dated_attempts",
        "first_answers",
        "quiz_totals",
        "quiz_scores",
        "question_results",
        "question_answers",
    ):
        assert shown_rows(creator.id, relation) == []
    assert_equal_to_the_oracle(creator.id)

    change(creator, one, deleted_at=None)
    refreshed(creator)

    assert len(shown_rows(creator.id, "question_answers")) == 1
    assert_equal_to_the_oracle(creator.id)


def test_folding_the_same_keys_again_changes_nothing_and_sums_without_a_count_go():
    asked, other = a_quiz_question(), a_quiz_question()
    tried = an_attempt(answers={asked: True, other: False})
    creator = a_creator(asked, other, tried)
    kept = {relation: shown_rows(creator.id, relation) for relation in CORE}

    change(creator, tried[1], is_correct=True)
    change(creator, tried[1], is_correct=True)
    refreshed(creator)
    assert_equal_to_the_oracle(creator.id)
    change(creator, tried[1], is_correct=tried[1].values["is_correct"])
    refreshed(creator)
    assert {relation: shown_rows(creator.id, relation) for relation in CORE} == kept

    remove(creator, tried[0])
    refreshed(creator)
    for relation in COUNTED:
        assert shown_rows(creator.id, relation) == []
    assert_equal_to_rebuilt(creator)


def test_a_new_attempt_changes_only_what_it_touches():
    pupils = [a_student(), a_student()]
    one, other = a_quiz(), a_quiz()
    creator = a_creator(
        pupils, one, other, [an_attempt(pupil, quiz, passed=False) for pupil in pupils for quiz in (one, other)]
    )

    add(creator, an_attempt(pupils[0], one, passed=True, days_ago=1))
    refreshed(creator)

    assert_equal_to_the_oracle(creator.id)
    assert {row["quiz_id"]: row["passed"] for row in shown_rows(creator.id, "quiz_totals")} == {one.id: 1, other.id: 0}
