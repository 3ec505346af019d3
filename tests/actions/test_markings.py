"""Creators mark answers again: verdicts are kept side by side, results follow, and everything can be undone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from actions.markings import mark_again, undo_marking
from database.accounts import Account
from database.frames import frame, mappings
from queries.quizzes.question_analysis import answers, questions
from queries.quizzes.results import quiz
from reports.exports.filters import EVER, QuizResultFilters
from reports.exports.quiz_results import statement
from rules.errors import InputError
from tests.builders import NOW, a_creator, a_quiz, a_quiz_question, a_student, add, an_attempt, change, refreshed
from tests.database.snapshots import assert_equal_to_rebuilt
from tests.database.test_quiz_folds import assert_equal_to_the_oracle
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


class Class:
    """Three students who answered three questions; the correct answer is “ten times”, the others chose “never”."""

    def __init__(self, *outcomes, scores=None, passed=None):
        self.quiz = a_quiz()
        self.questions = [a_quiz_question(self.quiz, f"{number}?", position=number) for number in range(3)]
        self.pupils = [a_student(f"Student {number}") for number in range(len(outcomes))]
        self.attempts = [
            an_attempt(
                pupil,
                self.quiz,
                attempt_number=1,
                score_percent=round(100 * sum(outcome) / 3, 2) if scores is None else scores[number],
                passed=sum(outcome) >= 2 if passed is None else passed[number],
                answers=dict(zip(self.questions, map(bool, outcome), strict=True)),
            )
            for number, (pupil, outcome) in enumerate(zip(self.pupils, outcomes, strict=True))
        ]
        self.creator = a_creator(self.pupils, self.quiz, self.questions, self.attempts)
        self.author = author_of(self.creator)

    def mark(self, right_answers, question=0, edition=1):
        return mark_again(self.author, self.creator.id, self.questions[question].id, edition, right_answers)

    def undo(self, marked):
        return undo_marking(self.author, self.creator.id, marked.marking_id)

    def results(self):
        """Score and passed of each student, in order."""
        found = {row["student_id"]: row for row in rows_of(self.creator.id, "quiz_attempts")}
        return [(float(found[pupil.id]["score_percent"]), found[pupil.id]["passed"]) for pupil in self.pupils]

    def right(self, question=0):
        """Whether each student got the question right, in order."""
        found = {
            row["attempt_id"]: row["is_correct"]
            for row in rows_of(self.creator.id, "quiz_answers")
            if row["question_id"] == self.questions[question].id
        }
        return [found[attempt[0].id] for attempt in self.attempts]


def test_another_right_answer_moves_verdicts_scores_and_figures():
    of = Class((0, 1, 1), (1, 1, 1), (1, 0, 0))

    marked = of.mark(["never"])

    assert (marked.answers, marked.scores_changed, marked.scores_kept) == (3, 3, 0)
    assert of.right() == [True, False, False]
    assert of.results() == [(100, True), (66.67, True), (0, False)]
    found = questions.fresh(of.creator.id, of.quiz.id)
    assert found["correct"].tolist() == [1, 2, 2]
    assert quiz.fresh(of.creator.id, of.quiz.id)["passed"].tolist() == [2]
    assert_equal_to_the_oracle(of.creator.id)
    assert_equal_to_rebuilt(of.creator)


def test_old_verdicts_stay_and_say_who_marked_and_when():
    of = Class((0, 1, 1))

    marked = of.mark(["never", "ten times"])

    verdicts = sorted(rows_of(of.creator.id, "answer_verdicts"), key=lambda row: row["verdict"])
    assert [(row["verdict"], row["is_correct"]) for row in verdicts] == [(0, False), (1, True)]
    assert [(row["marking_id"], row["given_by"]) for row in verdicts] == [
        (None, None),
        (marked.marking_id, of.author.id),
    ]
    results = sorted(rows_of(of.creator.id, "attempt_verdicts"), key=lambda row: row["verdict"])
    assert [(row["score_percent"], row["passed"]) for row in results] == [(66.67, True), (100, True)]
    (marking,) = rows_of(of.creator.id, "markings")
    assert (marking["marked_by"], marking["marked_at"], marking["undone_at"]) == (of.author.id, NOW, None)
    assert marking["right_answers"] == ["never", "ten times"]


def test_undoing_gives_every_verdict_score_and_figure_back():
    of = Class((0, 1, 1), (1, 1, 1), (1, 0, 0))
    before = of.right(), of.results()

    undone = of.undo(marked := of.mark(["never"]))

    assert (undone.marking_id, undone.answers, undone.scores_changed) == (marked.marking_id, 3, 3)
    assert (of.right(), of.results()) == before
    assert len(rows_of(of.creator.id, "answer_verdicts")) == 3 * 3
    assert [row["undone_by"] for row in rows_of(of.creator.id, "markings")] == [of.author.id]
    assert all(row["marking_id"] is None for row in rows_of(of.creator.id, "quiz_answers"))
    assert all(row["verdict"] is None for row in rows_of(of.creator.id, "quiz_attempts"))
    assert_equal_to_the_oracle(of.creator.id)
    with pytest.raises(InputError, match="already been undone"):
        of.undo(marked)


def test_markings_of_an_edition_are_undone_from_the_newest_on():
    of = Class((0, 1, 1), (1, 1, 1))
    first, second = of.mark(["never"]), of.mark(None)
    assert of.right() == [True, True]
    assert of.results() == [(100, True), (100, True)]

    with pytest.raises(InputError, match="have been marked again since"):
        of.undo(first)
    of.undo(second)
    assert of.right() == [True, False]
    assert of.results() == [(100, True), (66.67, True)]
    of.undo(first)
    assert of.right() == [False, True]
    assert of.results() == [(66.67, True), (100, True)]


@pytest.mark.parametrize("first_undone", [0, 1])
def test_markings_of_two_questions_are_undone_in_any_order(first_undone):
    of = Class((0, 0, 1), (1, 1, 1))
    markings = [of.mark(["never"], question=0), of.mark(["never"], question=1)]
    assert of.results() == [(100, True), (33.33, False)]

    of.undo(markings[first_undone])
    assert of.results() == [(66.67, False), (66.67, True)]  # in between: as the platform said
    of.undo(markings[1 - first_undone])

    assert of.results() == [(33.33, False), (100, True)]
    assert_equal_to_the_oracle(of.creator.id)


def test_a_score_in_whole_percents_follows_in_whole_percents():
    of = Class((0, 0, 1), scores=[33])

    of.mark(["never"])

    assert of.results() == [(67, False)]  # nothing says from which score an attempt passes


def test_a_score_that_is_no_share_of_right_answers_stays_the_platforms():
    of = Class((0, 1, 1), (0, 1, 1), scores=[90, 66.67])

    marked = of.mark(["never"])

    assert (marked.scores_changed, marked.scores_kept) == (1, 1)
    assert of.results() == [(90, True), (100, True)]
    assert of.right() == [True, True]


@pytest.mark.parametrize(
    ("outcomes", "passed", "after"),
    [
        (
            [(0, 0, 1), (1, 1, 0)],
            [False, True],
            [True, False],
        ),  # up to the lowest passed score, down to the highest failed
        (
            [(0, 0, 1), (1, 0, 0), (1, 1, 1)],
            [False, False, True],
            [False, False, True],
        ),  # in between: as they were
        ([(0, 0, 1), (1, 1, 0)], [True, False], [True, False]),  # passed by a different rule than the score
    ],
    ids=["told by the scores", "in between", "not told by the scores"],
)
def test_what_passes_is_what_the_scores_of_the_quiz_tell(outcomes, passed, after):
    of = Class(*outcomes, passed=passed)

    of.mark(["never"])

    assert [is_passed for _, is_passed in of.results()] == after


def test_answers_that_are_not_told_keep_their_verdict_unless_everybody_is_right():
    of = Class((0, 1, 1), (1, 1, 1))
    for attempt in of.attempts:
        change(of.creator, attempt[1], answer=None)

    of.mark(["never"])
    assert of.right() == [False, True]
    of.mark(None)
    assert of.right() == [True, True]


def test_what_the_platform_sends_again_does_not_replace_a_verdict_until_it_is_undone():
    of = Class((0, 1, 1))
    marked = of.mark(["never"])

    add(of.creator, of.attempts[0])
    refreshed(of.creator)
    assert (of.right(), of.results()) == ([True], [(100, True)])

    of.undo(marked)
    change(of.creator, of.attempts[0][0], score_percent=70)
    assert (of.right(), of.results()) == ([False], [(70, True)])


def test_an_answer_that_the_platform_corrects_has_the_platforms_verdict():
    of = Class((0, 1, 1))
    of.mark(["never"])

    change(of.creator, of.attempts[0][1], answer="once", is_correct=False)
    assert of.right() == [False]

    of.undo(of.mark(["once"]))
    assert of.right() == [False]


def test_only_the_edition_that_is_named_is_marked():
    of = Class((0, 1, 1))
    question = of.questions[0]
    change(of.creator, question, correct_answer="once")
    later = a_student()
    again = an_attempt(later, of.quiz, at=NOW + timedelta(microseconds=1), answers={question: False})
    add(of.creator, later, again)

    of.mark(["never"], edition=2)
    assert of.right() == [False]
    marked = of.mark(["never"], edition=1)

    assert (marked.answers, of.right()) == (1, [True])


def test_exports_show_the_verdict_in_force():
    of = Class((0, 1, 1))
    of.mark(["never"])
    told = statement(QuizResultFilters(), EVER, with_course=False)

    (row,) = mappings(frame(of.creator.id, told.body, **told.parameters))

    assert (row["questions_right"], float(row["score_percent"]), row["passed"]) == (3, 100, True)


def test_a_corrected_key_contradicts_no_answer_that_is_shown():
    of = Class((1, 1, 1), (0, 1, 1))
    change(of.creator, of.questions[0], correct_answer="never")
    refreshed(of.creator)

    found = questions.fresh(of.creator.id, of.quiz.id)
    given = answers.fresh(of.creator.id, of.quiz.id)

    assert found["answers"].tolist() == [0, 2, 2]
    of_question = given[given["question_id"] == of.questions[0].id]
    assert of_question["students"].sum() == 0
    assert of_question[of_question["is_keyed"]]["answer"].tolist() == ["never"]


@pytest.mark.parametrize("edition", [0, 2])
def test_unknown_editions_and_questions_nobody_answered_are_refused_in_words(edition):
    of = Class((1, 1, 1))
    unanswered = a_quiz_question(of.quiz)
    add(of.creator, unanswered)

    with pytest.raises(InputError, match="question does not exist"):
        of.mark(["never"], edition=edition)
    with pytest.raises(InputError, match="correct answer"):
        of.mark([" "])
    with pytest.raises(InputError, match="Nobody has answered"):
        mark_again(of.author, of.creator.id, unanswered.id, 1, None)
    with pytest.raises(InputError, match="marking does not exist"):
        undo_marking(of.author, of.creator.id, uuid4())
    assert rows_of(of.creator.id, "markings") == rows_of(of.creator.id, "answer_verdicts") == []


def test_staff_and_other_creators_mark_nothing():
    of, outsider = Class((0, 1, 1)), a_creator()
    marked = of.mark(["never"])
    staff = Account(uuid4(), "Sam Staff", None, "staff", None, None, None)

    for author in (staff, author_of(outsider)):
        with pytest.raises(InputError):
            mark_again(author, of.creator.id, of.questions[0].id, 1, None)
        with pytest.raises(InputError):
            undo_marking(author, of.creator.id, marked.marking_id)
    with pytest.raises(InputError, match="question does not exist"):
        mark_again(author_of(outsider), outsider.id, of.questions[0].id, 1, None)
    with pytest.raises(InputError, match="marking does not exist"):
        undo_marking(author_of(outsider), outsider.id, marked.marking_id)
    assert rows_of(outsider.id, "answer_verdicts") == []


def test_each_marking_stands_in_the_audit_log():
    of = Class((0, 1, 1))

    of.undo(of.mark(["never"]))

    noted = [row for row in rows_of(of.creator.id, "audit_log") if row["user_id"] == of.author.id]
    assert sorted((row["action"], row["detail"]["answers"]) for row in noted) == [
        ("mark_again", 1),
        ("undo_marking", 1),
    ]
