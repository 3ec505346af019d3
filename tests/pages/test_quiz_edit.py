"""From a transcript to a published quiz, and who may not."""

from uuid import UUID, uuid4

from queries.quizzes.content import quiz_content
from tests.builders import a_creator
from tests.drafts.test_quiz import LESSON
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import went_to
from tests.rows import a_quiz, a_quiz_question, a_video


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def drafted(app) -> UUID:
    """The id of the quiz whose editor opens."""
    return UUID(went_to(app).removeprefix("/quiz_edit?id="))


def test_a_video_without_transcript_says_what_to_do():
    creator = a_creator(a_video(transcript=None))

    assert "No video has a transcript yet." in words(opened(an_account(creator), "generate_quiz"))


def test_a_transcript_becomes_a_draft_that_is_edited_and_published_by_a_person():
    video = a_video("Paper and water", transcript=LESSON, duration_seconds=600)
    creator = a_creator(video)
    account = an_account(creator)
    app = opened(account, "generate_quiz", video=str(video.id), questions="4")

    press(app, "Draft quiz")

    assert not app.exception
    quiz_id = drafted(app)
    content = quiz_content(creator.id, quiz_id)
    assert len(content) == 4
    assert content.status.unique().tolist() == ["draft"]

    app = opened(account, "quiz_edit", id=str(quiz_id))
    app.text_input(key=f"title_{quiz_id}").set_value("Paper, checked")
    press(app, "Save")
    assert quiz_content(creator.id, quiz_id).title.iloc[0] == "Paper, checked"
    assert quiz_content(creator.id, quiz_id).status.iloc[0] == "draft"

    press(app, "Save and publish")
    assert quiz_content(creator.id, quiz_id).status.iloc[0] == "published"
    assert "Published: students can see this quiz now." in words(app)

    press(app, "Unpublish")
    assert quiz_content(creator.id, quiz_id).status.iloc[0] == "draft"


def test_a_quiz_that_cannot_be_answered_is_not_published_and_the_page_says_why():
    quiz = a_quiz(status="draft")
    creator = a_creator(quiz, a_quiz_question(quiz, "Which?", options='["a", "b"]', correct_answer=None))
    app = opened(an_account(creator), "quiz_edit", id=str(quiz.id))

    press(app, "Save and publish")

    assert "no correct answer" in app.error[0].value
    assert quiz_content(creator.id, quiz.id).status.iloc[0] == "draft"


def test_another_creators_quiz_answers_as_an_unknown_one():
    quiz = a_quiz()
    a_creator(quiz)
    account = an_account(a_creator())

    foreign, unknown, malformed = (
        words(opened(account, "quiz_edit", id=quiz_id)) for quiz_id in (str(quiz.id), str(uuid4()), "1; drop")
    )

    assert foreign == unknown == malformed
    assert "Quiz not found." in foreign


def test_staff_read_and_have_nothing_to_press():
    quiz = a_quiz()
    a_creator(quiz, a_quiz_question(quiz))
    account = an_account(None)

    edit, generate = opened(account, "quiz_edit", id=str(quiz.id)), opened(account, "generate_quiz")

    assert not {"Save", "Save and publish", "Unpublish"} & {button.label for button in edit.button}
    assert "Read-only for staff." in words(generate)
