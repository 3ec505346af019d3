"""Quizzes are only written by their creator, and reach students only when a person publishes them."""

from dataclasses import replace
from uuid import uuid4

import pytest

from actions.quiz_content import QuestionContent, QuizContent
from actions.quizzes import add_draft, publish_quiz, unpublish_quiz, update_quiz
from database.accounts import Account
from queries.quizzes.content import quiz_content
from rules.errors import InputError
from tests.builders import a_creator
from tests.rows import a_quiz, a_quiz_question, a_student, a_video, an_attempt

pytestmark = pytest.mark.usefixtures("shared_database")

CHOICE = QuestionContent("What dries first?", options=("Ink", "Oil"), correct_answer="Ink")
GAP = QuestionContent("_____ keeps paper flat.", kind="fill_in_the_blank", correct_answer="Stretching")
STAFF = Account(uuid4(), "Sam Staff", None, "staff", None, None, None)


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


def prompts(creator, quiz_id):
    return quiz_content(creator.id, quiz_id).prompt.tolist()


def status(creator, quiz_id):
    return quiz_content(creator.id, quiz_id).status.iloc[0]


def test_a_new_quiz_is_a_draft_with_its_questions_in_order():
    creator = a_creator()

    quiz_id = add_draft(author_of(creator), creator.id, QuizContent("Paper", (GAP, CHOICE)))

    assert prompts(creator, quiz_id) == [GAP.prompt, CHOICE.prompt]
    assert status(creator, quiz_id) == "draft"


def test_options_that_a_platform_wrote_as_numbers_are_published_as_texts():
    quiz = a_quiz(status="draft")
    numbers = a_quiz_question(quiz, prompt="How many?", options="[1, 2.5, true]", correct_answer="1")
    creator = a_creator(quiz, numbers)

    publish_quiz(author_of(creator), creator.id, quiz.id)

    assert status(creator, quiz.id) == "published"


def test_only_publishing_publishes_and_it_can_be_taken_back():
    creator = a_creator()
    quiz_id = add_draft(author_of(creator), creator.id, QuizContent("Paper", (CHOICE,)))
    update_quiz(author_of(creator), creator.id, QuizContent("Paper 2", (CHOICE, GAP), id=quiz_id))
    assert status(creator, quiz_id) == "draft"

    publish_quiz(author_of(creator), creator.id, quiz_id)
    assert status(creator, quiz_id) == "published"

    unpublish_quiz(author_of(creator), creator.id, quiz_id)
    assert status(creator, quiz_id) == "draft"


@pytest.mark.parametrize(
    ("questions", "reason"),
    [
        ((), "no question yet"),
        ((replace(CHOICE, correct_answer=None),), "no correct answer"),
        ((replace(CHOICE, options=("Ink",)),), "two options"),
        ((replace(CHOICE, options=("Ink", "ink")),), "two options"),
        ((replace(CHOICE, correct_answer="Water"),), "not one of its options"),
        ((CHOICE, replace(GAP, correct_answer=None)), "no correct answer"),
    ],
)
def test_an_incomplete_quiz_stays_a_draft(questions, reason):
    creator = a_creator()
    quiz_id = add_draft(author_of(creator), creator.id, QuizContent("Paper", questions))

    with pytest.raises(InputError, match=reason):
        publish_quiz(author_of(creator), creator.id, quiz_id)

    assert status(creator, quiz_id) == "draft"


def test_a_published_quiz_cannot_be_made_incomplete():
    creator = a_creator()
    quiz_id = add_draft(author_of(creator), creator.id, QuizContent("Paper", (CHOICE,)))
    publish_quiz(author_of(creator), creator.id, quiz_id)

    for questions in ((), (replace(CHOICE, correct_answer="Water"),)):
        with pytest.raises(InputError):
            update_quiz(author_of(creator), creator.id, QuizContent("Paper", questions, id=quiz_id))

    assert prompts(creator, quiz_id) == [CHOICE.prompt]


def test_an_answered_question_keeps_its_id_and_cannot_be_removed():
    quiz = a_quiz()
    answered, other = a_quiz_question(quiz, "Answered?"), a_quiz_question(quiz, "Not answered?", position=1)
    student = a_student()
    creator = a_creator(student, quiz, answered, other, an_attempt(student, quiz, answers={answered: True}))
    kept = QuestionContent("Answered, reworded?", options=("a", "b"), correct_answer="a", id=answered.id)

    with pytest.raises(InputError, match="would lose their answers"):
        update_quiz(author_of(creator), creator.id, QuizContent("Loops", (GAP,), id=quiz.id))
    update_quiz(author_of(creator), creator.id, QuizContent("Loops", (GAP, kept), id=quiz.id))

    content = quiz_content(creator.id, quiz.id)
    assert content.prompt.tolist() == [GAP.prompt, "Answered, reworded?"]
    assert content.question_id.iloc[1] == answered.id
    assert content.answers.tolist() == [0, 0]  # the answer belongs to the question as it was before


def test_a_question_without_a_key_from_the_platform_does_not_stop_other_changes():
    quiz = a_quiz()
    question = a_quiz_question(quiz, "1.8.1", options="[]", correct_answer=None)
    creator = a_creator(quiz, question)
    kept = QuestionContent("1.8.1", id=question.id)

    update_quiz(author_of(creator), creator.id, QuizContent("A better title", (kept,), id=quiz.id))

    assert quiz_content(creator.id, quiz.id).title.tolist() == ["A better title"]


def test_an_id_of_another_quiz_makes_a_new_question_and_leaves_the_other_alone():
    creator = a_creator()
    first = add_draft(author_of(creator), creator.id, QuizContent("First", (CHOICE,)))
    foreign_id = quiz_content(creator.id, first).question_id.iloc[0]

    second = add_draft(author_of(creator), creator.id, QuizContent("Second", (replace(GAP, id=foreign_id),)))

    assert prompts(creator, first) == [CHOICE.prompt]
    assert prompts(creator, second) == [GAP.prompt]


def test_staff_and_other_creators_change_nothing():
    owner, outsider = a_creator(), a_creator()
    quiz_id = add_draft(author_of(owner), owner.id, QuizContent("Paper", (CHOICE,)))

    for author in (STAFF, author_of(outsider)):
        for change in (publish_quiz, unpublish_quiz):
            with pytest.raises(InputError):
                change(author, owner.id, quiz_id)
        with pytest.raises(InputError):
            update_quiz(author, owner.id, QuizContent("Mine now", (), id=quiz_id))
    with pytest.raises(InputError, match="Quiz not found"):
        publish_quiz(author_of(outsider), outsider.id, quiz_id)

    assert quiz_content(outsider.id, quiz_id).empty
    assert prompts(owner, quiz_id) == [CHOICE.prompt]


def test_a_video_of_another_creator_is_no_video():
    video = a_video()
    a_creator(video)
    outsider = a_creator()

    with pytest.raises(InputError, match="video does not exist"):
        add_draft(author_of(outsider), outsider.id, QuizContent("Paper", (CHOICE,), video.id))


@pytest.mark.parametrize(
    "make",
    [
        lambda: QuestionContent(""),
        lambda: QuestionContent("x" * 1_001),
        lambda: QuestionContent("x", kind="essay"),
        lambda: QuestionContent("x", options=("a", "")),
        lambda: QuestionContent("x", options=tuple(map(str, range(11)))),
        lambda: QuizContent(" ", ()),
        lambda: QuizContent("x" * 201, ()),
        lambda: QuizContent("x", (CHOICE,) * 101),
    ],
)
def test_what_no_quiz_can_hold_is_refused_in_words(make):
    with pytest.raises(InputError):
        make()
