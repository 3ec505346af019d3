"""The page of all quizzes as a creator and the staff see it."""

import pytest
from streamlit.testing.v1 import AppTest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.planted import ENOUGH_STUDENTS, planted
from tests.builders import ACreator, Row, a_creator, a_quiz, a_quiz_question, a_student, a_video, an_attempt
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import does, table, tables
from ui.shared.text import plain

SIZE = DemoSize(students=ENOUGH_STUDENTS, videos=12)
HOSTILE = "<img src=x onerror=alert(1)> [click](http://evil.example) **bold** :red[x]"


@pytest.fixture(autouse=True)
def page_database(shared_database: object) -> None:
    """One database for the module: every test has creators of its own."""


@pytest.fixture(scope="module")
def demo(shared_database: object) -> ACreator:
    load_demo(SIZE)
    return ACreator(PYTHON.creator_id, PYTHON.creator, PYTHON.subscription_tier, PYTHON.timezone)


def test_the_planted_questions_are_named_with_the_reason(demo: ACreator) -> None:
    facts = planted(PYTHON, SIZE)

    app = opened(an_account(demo), "quizzes")

    assert not app.exception
    said = words(app)
    assert "1 question probably has the wrong answer key, 1 is hard" in said
    assert f"chose “{facts.miskeyed_answer}”, and they did better on the rest" in said
    assert {link.label for link in links(app)} >= {"What is a condition?", "What is a float?"}


def test_without_quizzes_it_says_what_to_do() -> None:
    app = opened(an_account(a_creator()), "quizzes")

    assert not app.exception
    assert "No quizzes yet." in words(app)
    assert not tables(app)


def test_quizzes_that_nobody_took_are_listed_without_figures() -> None:
    app = opened(an_account(a_creator(a_quiz(), a_quiz("Planned", status="draft", position=1))), "quizzes")

    assert not app.exception
    assert "No quiz has been taken yet." in words(app)
    assert titles(app) == ["Loops quiz", "Planned"]
    assert table(app).notes() == [None, "Draft"]
    assert table(app).column("Pass rate") == [None, None]


def test_the_cards_compare_the_period_with_the_one_before() -> None:
    ada, ben = a_student("Ada Moss"), a_student("Ben Okoro")
    tries = [an_attempt(ada, passed=True, days_ago=1), an_attempt(ben, passed=False, days_ago=2)]
    earlier = [an_attempt(ben, passed=False, days_ago=8), an_attempt(ada, passed=True, days_ago=9)]
    account = an_account(a_creator([ada, ben], tries, earlier, an_attempt(ada, passed=True, days_ago=9)))

    app = opened(account, "quizzes", period="7d")

    assert figures(app) == {"Pass rate": "50%", "Attempts": "2", "Students": "2", "Mean score": "65%"}
    assert app.metric[0].delta == "-17 points"
    assert "**50%** of 2 quiz attempts were passed in the last 7 days (67% in the 7 days before)." in words(app)


def test_a_period_without_attempts_offers_a_longer_one() -> None:
    app = opened(an_account(a_creator(an_attempt(days_ago=20))), "quizzes", period="7d")

    assert not app.exception
    assert "No quizzes were taken in the last 7 days." in words(app)
    assert figures(app)["Pass rate"] == "-"
    assert table(app).column("Attempts") == ["1"]


def test_a_struggling_area_names_its_video() -> None:
    loops = a_video("Loops in depth")
    hard = a_quiz("Loops quiz", video=loops)
    account = an_account(a_creator(loops, hard, [an_attempt(quiz=hard, passed=False) for _ in range(5)]))

    app = opened(account, "quizzes")

    assert plain("5 of 5 attempts at “Loops quiz” by 1 student failed.") in words(app)
    assert "Video: Loops in depth" in [link.label for link in links(app)]


def test_the_address_sorts_the_table() -> None:
    account = an_account(a_creator(three_quizzes()))

    assert titles(opened(account, "quizzes", quiz_sort="passRate")) == ["Worst", "Best", "Untaken"]
    assert titles(opened(account, "quizzes", quiz_sort="passRate", quiz_order="desc")) == ["Best", "Worst", "Untaken"]
    assert titles(opened(account, "quizzes", quiz_sort="bogus")) == ["Best", "Worst", "Untaken"]


def test_a_click_on_a_heading_goes_to_the_address() -> None:
    app = opened(an_account(a_creator(three_quizzes())), "quizzes")

    does(app, "quiz_table", sorted={"key": "passRate", "order": "asc"})

    assert titles(app) == ["Worst", "Best", "Untaken"]
    assert app.query_params["quiz_sort"] == "passRate"


def test_a_row_of_the_table_leads_to_the_quiz() -> None:
    rows = three_quizzes()
    app = opened(an_account(a_creator(rows)), "quizzes", quiz_sort="passRate")

    assert table(app).column("Quiz")[0] == "Worst"
    assert table(app).links[0] == f"/quiz?id={rows[1].id}"


def test_staff_see_the_figures_and_no_way_to_change_them() -> None:
    creator = a_creator(an_attempt(), name="A first one")

    app = opened(an_account(None, "Sam Staff"), "quizzes")

    assert not app.exception
    assert f"dashboard of **{creator.name}**" in words(app)
    assert figures(app)["Attempts"] == "1"
    assert "Generate a quiz" not in [link.label for link in links(app)]


def test_hostile_texts_are_shown_as_they_are() -> None:
    video = a_video(HOSTILE)
    one, pupils = a_quiz(HOSTILE, video=video), twelve_students()
    asked = a_quiz_question(one, HOSTILE)
    tries = [an_attempt(pupil, one, passed=False, answers={asked: False}) for pupil in pupils]

    app = opened(an_account(a_creator(video, one, asked, pupils, tries)), "quizzes")

    assert not app.exception
    said = words(app).replace(table(app).words(), "") + "".join(link.label for link in links(app))
    assert r"\<img src\=x" in said
    assert "[click](http" not in said
    assert "<img src=x" not in said


def test_an_outsider_finds_no_quiz_of_the_owner() -> None:
    owner, outsider = a_creator(a_quiz("Secret quiz"), an_attempt()), a_creator(name="Outsider")
    assert "Secret quiz" in words(opened(an_account(owner), "quizzes"))

    said = words(opened(an_account(outsider), "quizzes"))

    assert "No quizzes yet." in said
    assert "Secret quiz" not in said


def three_quizzes() -> list[Row]:
    best, worst = a_quiz("Best", position=1), a_quiz("Worst", position=2)
    return [best, worst, a_quiz("Untaken", position=3), *an_attempt(quiz=best), *an_attempt(quiz=worst, passed=False)]


def twelve_students() -> list[Row]:
    return [a_student(f"Student {number}") for number in range(12)]


def titles(app: AppTest) -> list[str]:
    return [title or "" for title in table(app).column("Quiz")]


def links(app: AppTest):
    return [link.proto for link in app.main.get("page_link")]
