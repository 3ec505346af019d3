"""One quiz, question by question, as a creator sees it."""

import json
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.ids import stable_id
from database.demo.planted import ENOUGH_STUDENTS, planted
from queries.quizzes.results import quizzes
from tests.builders import ACreator, a_creator, a_quiz, a_quiz_question, a_student, an_attempt
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import table, tables
from ui.shared.text import plain

SIZE = DemoSize(students=ENOUGH_STUDENTS, videos=14)
HOSTILE = "<script>alert(1)</script> [click](http://evil.example) :red[x]"


@pytest.fixture(autouse=True)
def page_database(shared_database: object) -> None:
    """One database for the module: every test has creators of its own."""


@pytest.fixture(scope="module")
def demo(shared_database: object) -> ACreator:
    load_demo(SIZE)
    return ACreator(PYTHON.creator_id, PYTHON.creator, PYTHON.subscription_tier, PYTHON.timezone)


def test_the_wrongly_keyed_question_is_named_and_shown_first(demo: ACreator) -> None:
    app = opened(an_account(demo), "quiz", id=str(stable_id(PYTHON.subject, "quiz", 1)))

    assert not app.exception
    said = words(app)
    assert f"**{plain('Check the answer key of question 2 in “')}" in said
    assert f"chose “{planted(PYTHON, SIZE).miskeyed_answer}”, and they did better on the rest" in said
    assert said.count("Check the answer key") == 1
    assert app.get_by_key("question").value == "2"


def test_the_hard_question_is_named(demo: ACreator) -> None:
    said = words(opened(an_account(demo), "quiz", id=str(stable_id(PYTHON.subject, "quiz", 0))))

    assert "**Teach what question 3 in “" in said
    assert "students" in said
    assert "wrong key" not in said


def test_a_quiz_without_a_plant_names_no_question(demo: ACreator) -> None:
    app = opened(an_account(demo), "quiz", id=str(stable_id(PYTHON.subject, "quiz", 2)))

    assert app.title[0].value.startswith("Quiz 3")
    assert not any(word in words(app) for word in ("Check the answer key", "Teach what", "answered “"))


def test_the_figures_of_a_small_quiz() -> None:
    ada, ben, asked = a_student("Ada Moss"), a_student("Ben Okoro"), a_quiz_question()
    creator = a_creator(
        [ada, ben, asked],
        an_attempt(ada, passed=True, answers={asked: True}, time_taken_seconds=60),
        an_attempt(ben, passed=False, answers={asked: False}, time_taken_seconds=120),
        an_attempt(ben, passed=False, answers={asked: True}, time_taken_seconds=90),
    )

    app = opened_quiz(creator)

    assert not app.exception
    assert figures(app) == {
        "Pass rate": "33%",
        "First attempt": "50%",
        "Mean score": "57%",
        "Mean time": "1:30",
        "Students": "2",
        "Right": "50% (1 of 2)",
        "Discrimination": "-",
    }
    assert "1 question. **33%** of 3 attempts passed." in words(app)
    assert "**1 of 2** students who tried have not passed." in words(app)
    assert (table(app).column("Student"), table(app).column("Failed attempts")) == (["Ben Okoro"], ["2"])
    assert len(app.get("vega_lite_chart")) == 3


def test_a_student_who_has_not_passed_leads_to_the_profile() -> None:
    ben, asked = a_student("Ben Okoro"), a_quiz_question()
    creator = a_creator(ben, asked, an_attempt(ben, passed=False, answers={asked: False}))

    shown = table(opened_quiz(creator))

    assert shown.links == [f"/student?id={ben.id}"]
    assert shown.notes() == [ben.values["email"]]


def test_nobody_is_listed_where_everyone_passed() -> None:
    asked = a_quiz_question()

    app = opened_quiz(a_creator(asked, an_attempt(answers={asked: True})))

    assert "The only student who tried has passed." in words(app)
    assert not tables(app)


def test_the_address_chooses_the_question_and_the_order() -> None:
    creator = three_questions()

    app = opened_quiz(creator, question="3", question_sort="difficulty")

    assert "**3. Last?**" in words(app)
    assert app.get_by_key("question").options == ["2", "3", "1"]


def test_a_chosen_question_goes_to_the_address() -> None:
    creator = three_questions()
    app = opened_quiz(creator)
    assert app.get_by_key("question").value == "2"

    app.get_by_key("question").set_value("1").run()

    assert not app.exception
    assert app.query_params["question"] == "1"
    assert "**1. Easy?**" in words(app)


@pytest.mark.parametrize("number", ["0", "99", "x", "-1"])
def test_a_question_that_does_not_exist_is_ignored(number: str) -> None:
    creator = three_questions()

    app = opened_quiz(creator, question=number, question_sort="bogus")

    assert not app.exception
    assert app.get_by_key("question").value == "2"


def test_what_an_imported_quiz_does_not_tell_is_said() -> None:
    asked = a_quiz_question(options=json.dumps([]), correct_answer=None)
    creator = a_creator(asked, an_attempt(answers={asked: True}, time_taken_seconds=None))

    app = opened_quiz(creator)

    assert not app.exception
    assert "The platform did not send the options and the correct answer" in words(app)
    assert figures(app)["Mean time"] == "-"


def test_a_quiz_that_tells_everything_says_nothing_of_it() -> None:
    asked = a_quiz_question()

    assert "did not send" not in words(opened_quiz(a_creator(asked, an_attempt(answers={asked: True}))))


def test_a_quiz_that_nobody_took_says_so() -> None:
    asked = a_quiz_question(one := a_quiz(status="draft"))

    app = opened_quiz(a_creator(one, asked))

    assert not app.exception
    assert "This quiz has not been taken yet." in words(app)
    assert not app.metric


def test_a_quiz_without_questions_shows_its_scores() -> None:
    app = opened_quiz(a_creator(one := a_quiz(), an_attempt(quiz=one)))

    assert not app.exception
    assert "The platform sent no questions for this quiz." in words(app)
    assert figures(app)["Pass rate"] == "100%"


def test_hostile_texts_are_shown_as_they_are() -> None:
    one = a_quiz(HOSTILE)
    asked = a_quiz_question(one, HOSTILE, correct_answer=HOSTILE, options=json.dumps([HOSTILE, "never"]))
    pupils = [a_student(f"Student {number}") for number in range(12)]
    tries = [an_attempt(pupil, one, answers={asked: False}) for pupil in pupils]

    app = opened_quiz(a_creator(one, asked, pupils, tries))

    assert not app.exception
    assert "<script>" not in words(app)
    assert "[click](http" not in words(app)
    assert r"\<script\>" in words(app)


@pytest.mark.parametrize("address", ["", "x", "' or 1=1", "00000000-0000-0000-0000-000000000000"])
def test_an_address_without_a_quiz_says_so(address: str) -> None:
    app = opened(an_account(a_creator(a_quiz())), "quiz", id=address)

    assert not app.exception
    assert "Quiz not found." in words(app)


def test_unknown_deleted_and_foreign_quizzes_look_the_same() -> None:
    foreign, deleted = a_quiz("Foreign"), a_quiz("Deleted", deleted_at="2026-03-01T00:00:00Z")
    owner = a_creator(foreign, an_attempt(quiz=foreign), name="Another Creator")
    account = an_account(a_creator(deleted))
    assert "Foreign" in words(opened(an_account(owner), "quiz", id=str(foreign.id)))

    said = {words(opened(account, "quiz", id=str(which))) for which in (uuid4(), deleted.id, foreign.id)}

    assert len(said) == 1
    assert "Quiz not found." in said.pop()


def test_staff_find_no_way_to_edit() -> None:
    asked = a_quiz_question()
    creator = a_creator(asked, an_attempt(answers={asked: True}), name="A first one")

    as_staff = opened(an_account(None, "Sam Staff"), "quiz", id=str(quiz_id_of(creator)))
    as_creator = opened(an_account(creator), "quiz", id=str(quiz_id_of(creator)))

    assert not as_staff.exception
    assert "Edit the questions" not in labels(as_staff)
    assert "Edit the questions" in labels(as_creator)


def three_questions() -> ACreator:
    """The first is right for everyone, the second for nobody, the third for half."""
    easy, hard, last = (
        a_quiz_question(prompt=prompt, position=place) for place, prompt in enumerate(("Easy?", "Hard?", "Last?"))
    )
    pupils = [a_student(f"Student {number}") for number in range(4)]
    tries = [
        an_attempt(pupil, answers={easy: True, hard: False, last: number < 2}) for number, pupil in enumerate(pupils)
    ]
    return a_creator(pupils, easy, hard, last, tries)


def opened_quiz(creator: ACreator, **address: str) -> AppTest:
    """The page of the creator's only quiz."""
    return opened(an_account(creator), "quiz", id=str(quiz_id_of(creator)), **address)


def quiz_id_of(creator: ACreator) -> object:
    return quizzes.fresh(creator.id)["quiz_id"].iloc[0]


def labels(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.main.get("page_link")]
