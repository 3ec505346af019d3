"""A form that is open in two tabs: nothing that one of them saved is lost by the other."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from queries.preferences import preferences
from queries.quizzes.content import quiz_content
from queries.videos.library import video_to_edit
from tests.builders import ACreator, a_creator
from tests.pages.opened import an_account, opened, words
from tests.rows import a_quiz, a_quiz_question, a_video

pytestmark = pytest.mark.usefixtures("shared_database")


def test_two_tabs_that_change_different_things_save_both() -> None:
    video = a_video("Loops")
    creator = a_creator(video)
    one, other = editor(creator, video.id), editor(creator, video.id)

    one.text_input(key=f"edited_{video.id}_title").set_value("Loops, again")
    press(one, "Save")
    other.text_area(key=f"edited_{video.id}_description").set_value("About loops.")
    press(other, "Save")

    saved = video_to_edit(creator.id, video.id)
    assert saved is not None
    assert (saved.title, saved.description) == ("Loops, again", "About loops.")


@pytest.mark.parametrize(("answer", "title"), [("Save mine", "Mine"), ("Keep what is saved", "Theirs")])
def test_two_tabs_that_change_the_same_are_asked_which_to_keep(answer: str, title: str) -> None:
    video = a_video("Loops")
    creator = a_creator(video)
    one, other = editor(creator, video.id), editor(creator, video.id)
    one.text_input(key=f"edited_{video.id}_title").set_value("Theirs")
    press(one, "Save")

    other.text_input(key=f"edited_{video.id}_title").set_value("Mine")
    other.text_area(key=f"edited_{video.id}_description").set_value("About loops.")
    press(other, "Save")

    assert not other.exception
    assert [text.value for text in other.text] == ["Theirs", "Mine"]
    assert "Nothing has been overwritten." in other.warning[0].value
    assert saved_title(creator, video.id) == ("Theirs", "")

    press(other, answer)

    assert saved_title(creator, video.id) == (title, "About loops.")


def test_a_question_added_in_one_tab_survives_a_save_in_the_other() -> None:
    quiz = a_quiz(title="Loops")
    creator = a_creator(quiz, a_quiz_question(quiz, "Which?", options='["a", "b"]', correct_answer="a"))
    account = an_account(creator)
    one, other = (opened(account, "quiz_edit", id=str(quiz.id)) for _ in range(2))

    edit(one, quiz.id, added_rows=[{"Question": "Why?", "Kind": "Fill in the blank", "Correct answer": "so"}])
    press(one, "Save")
    edit(other, quiz.id, edited_rows={"0": {"Correct answer": "b"}})
    press(other, "Save")

    content = quiz_content(creator.id, quiz.id)
    assert dict(zip(content["prompt"], content["correct_answer"], strict=True)) == {"Which?": "b", "Why?": "so"}
    assert "What was saved elsewhere meanwhile is kept." in words(other)


@pytest.mark.parametrize(("answer", "prompt"), [("Save mine", "Whose?"), ("Keep what is saved", "Who?")])
def test_a_question_changed_in_both_tabs_is_asked_about(answer: str, prompt: str) -> None:
    quiz = a_quiz(title="Loops")
    creator = a_creator(quiz, a_quiz_question(quiz, "Which?", options='["a", "b"]', correct_answer="a"))
    account = an_account(creator)
    one, other = (opened(account, "quiz_edit", id=str(quiz.id)) for _ in range(2))
    edit(one, quiz.id, edited_rows={"0": {"Question": "Who?"}})
    press(one, "Save")

    edit(other, quiz.id, edited_rows={"0": {"Question": "Whose?"}})
    press(other, "Save")

    assert [text.value.splitlines()[0] for text in other.text] == ["Who?", "Whose?"]
    assert quiz_content(creator.id, quiz.id).prompt.tolist() == ["Who?"]

    press(other, answer)

    assert quiz_content(creator.id, quiz.id).prompt.tolist() == [prompt]


def test_settings_of_two_tabs_are_both_saved() -> None:
    creator = a_creator()
    account = an_account(creator)
    one, other = opened(account, "settings"), opened(account, "settings")
    before = preferences(creator.id)

    labelled(one.toggle, "Failed quizzes").set_value(False)
    press(one, "Save")
    labelled(other.toggle, "Content issues").set_value(False)
    press(other, "Save")

    assert preferences(creator.id) == replace(before, alerts_quizzes=False, alerts_content=False)


def editor(creator: ACreator, video_id: Any) -> AppTest:
    """A tab in which the video's edit dialog is open."""
    app = opened(an_account(creator), "videos")
    app.session_state["video_dialog"] = ("edit", video_id)
    return app.run()


def saved_title(creator: ACreator, video_id: Any) -> tuple[str, str]:
    saved = video_to_edit(creator.id, video_id)
    assert saved is not None
    return saved.title, saved.description


def edit(app: AppTest, quiz_id: Any, **changes: Any) -> None:
    """Type into the table of questions."""
    app.session_state[f"questions_{quiz_id}"] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []} | changes


def labelled(elements: Any, label: str) -> Any:
    return next(element for element in elements if element.label == label)


def press(app: AppTest, label: str) -> AppTest:
    return labelled(app.button, label).click().run()
