"""Answers belong to the edition of a question that was answered; another text or answer key is another edition."""

from datetime import timedelta

import pytest

from queries.quizzes.question_analysis import questions
from queries.students.answers import failed_questions
from tests.builders import NOW, a_creator, a_quiz, a_quiz_question, a_student, add, an_attempt, change, refreshed
from tests.database.snapshots import assert_equal_to_rebuilt, shown_rows
from tests.database.test_quiz_folds import assert_equal_to_the_oracle
from tests.oracle import rows_of
from tests.rows import Row

pytestmark = pytest.mark.usefixtures("shared_database")

AFTER = NOW + timedelta(microseconds=1)


class Asked:
    """A question that one student has answered right."""

    def __init__(self, **answered):
        self.quiz = a_quiz()
        self.question, self.other = a_quiz_question(self.quiz), a_quiz_question(self.quiz, position=1)
        self.creator = a_creator(self.quiz, self.question, self.other, self.an_answer(**answered))

    def an_answer(self, **answered):
        student = a_student()
        return [student, an_attempt(student, self.quiz, answers={self.question: True}, **answered)]

    def edit(self, **columns):
        change(self.creator, self.question, **columns)
        refreshed(self.creator)

    def now(self):
        (found,) = [row for row in rows_of(self.creator.id, "quiz_questions") if row["id"] == self.question.id]
        return found["edition"], found["edition_began_at"]

    def answers(self):
        return {row["edition"]: row["answers"] for row in shown_rows(self.creator.id, "question_results")}


@pytest.mark.parametrize(
    "changed",
    [{"prompt": "Reworded?"}, {"options": "[]"}, {"correct_answer": "never"}, {"kind": "fill_in_the_blank"}],
    ids=lambda changed: next(iter(changed)),
)
def test_another_text_or_key_of_an_answered_question_begins_an_edition(changed):
    asked = Asked()

    asked.edit(**changed)

    assert asked.now() == (2, NOW)
    (before,) = rows_of(asked.creator.id, "question_editions")
    assert (before["question_id"], before["edition"], before["began_at"]) == (asked.question.id, 1, None)
    assert (before["prompt"], before["correct_answer"]) == ("How often does it run?", "ten times")
    found = questions.fresh(asked.creator.id, asked.quiz.id)
    assert found["answers"].tolist() == [0, 0]
    assert asked.answers() == {1: 1}


def test_what_is_neither_text_nor_key_begins_none():
    asked = Asked()

    asked.edit(position=7, correct_answer="ten times")

    assert asked.now() == (1, None)
    assert rows_of(asked.creator.id, "question_editions") == []


def test_an_edition_that_nobody_answered_is_changed_in_place():
    asked = Asked()
    asked.edit(correct_answer="never")

    asked.edit(correct_answer="once")
    change(asked.creator, asked.other, prompt="Nobody was asked this.")

    assert asked.now() == (2, NOW)
    assert len(rows_of(asked.creator.id, "question_editions")) == 1


def test_an_edition_that_nobody_answered_is_the_one_before_it_once_it_reads_like_it():
    asked = Asked()
    asked.edit(correct_answer="never")

    asked.edit(correct_answer="ten times")

    assert asked.now() == (1, None)
    assert rows_of(asked.creator.id, "question_editions") == []
    assert questions.fresh(asked.creator.id, asked.quiz.id)["answers"].tolist() == [1, 0]


def test_answers_find_the_edition_in_force_when_they_were_given(monkeypatch):
    asked = Asked()
    asked.edit(correct_answer="never")
    add(asked.creator, asked.an_answer(at=AFTER), asked.an_answer(at=NOW))  # the second arrives late
    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=1)).isoformat())
    refreshed(asked.creator)
    asked.edit(correct_answer="once")
    add(asked.creator, asked.an_answer(at=NOW + timedelta(hours=1)), asked.an_answer(days_ago=-0.5))
    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=2)).isoformat())
    refreshed(asked.creator)

    assert asked.answers() == {1: 2, 2: 2, 3: 1}
    assert questions.fresh(asked.creator.id, asked.quiz.id)["answers"].tolist() == [1, 0]
    assert_equal_to_the_oracle(asked.creator.id, NOW + timedelta(days=2))
    assert_equal_to_rebuilt(asked.creator)


def test_an_edition_that_the_platform_names_holds():
    asked = Asked()
    asked.edit(correct_answer="never")
    student, (attempt, answer) = asked.an_answer()

    add(asked.creator, student, attempt, Row("quiz_answers", answer.values | {"edition": 2}))
    refreshed(asked.creator)
    assert asked.answers() == {1: 1, 2: 1}

    asked.edit(correct_answer="once")
    assert asked.now()[0] == 3


def test_a_student_sees_the_question_as_it_was_answered():
    quiz, ada = a_quiz(), a_student()
    question = a_quiz_question(quiz)
    tries = [an_attempt(ada, quiz, answers={question: False}, days_ago=days) for days in (3, 2)]
    creator = a_creator(ada, quiz, question, tries)

    change(creator, question, prompt="Reworded?", correct_answer="never")

    (row,) = failed_questions.fresh(creator.id, ada.id).to_dict("records")
    assert (row["prompt"], row["correct_answer"]) == ("How often does it run?", "ten times")
    assert (row["wrong"], row["times"]) == (2, 2)


def test_answers_to_earlier_editions_are_no_wrong_answers_to_the_newest(monkeypatch):
    quiz, ada = a_quiz(), a_student()
    question = a_quiz_question(quiz)
    creator = a_creator(ada, quiz, question, an_attempt(ada, quiz, answers={question: False}))
    change(creator, question, correct_answer="never")
    add(creator, an_attempt(ada, quiz, answers={question: False}, at=AFTER))
    assert failed_questions.fresh(creator.id, ada.id)["answered_at"].tolist() == [NOW]  # the other is still to come

    monkeypatch.setenv("DASHBOARD_NOW", AFTER.isoformat())

    (row,) = failed_questions.fresh(creator.id, ada.id).to_dict("records")
    assert (row["correct_answer"], row["wrong"], row["times"]) == ("never", 1, 1)
