"""The questions page as a creator sees it."""

from uuid import uuid4

import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.planted import ENOUGH_STUDENTS, planted
from database.frames import frame
from database.settings import PROJECT_DIR
from tests.builders import (
    ACreator,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_student,
    a_video,
    an_answer,
)
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import table
from ui.shared.text import plain

SIZE = DemoSize(students=ENOUGH_STUDENTS, videos=16)
DEMO = ACreator(PYTHON.creator_id, PYTHON.creator, PYTHON.subscription_tier, PYTHON.timezone)
HOSTILE = "[x](javascript:alert(1)) <b>bold</b> $1$"


@pytest.fixture(scope="module", autouse=True)
def page_database(shared_database: object) -> None:
    """All tests look at one database; each makes its own creators."""
    load_demo(SIZE)


def said(app):
    assert not app.exception
    return words(app)


def questions_in(app):
    """The questions of the table."""
    return table(app).column("Question")


def two_who_ask():
    """Ada and Ben ask about loops, Ada alone about lists; one answer is good, one question is left."""
    ada, ben, loops, lists = a_student("Ada"), a_student("Ben"), a_video("Loops"), a_video("Lists", position=1)
    chats = [
        a_chat(a_question("What is a loop?", video=loops), an_answer(rating=1), student=ada, days_ago=2),
        a_chat(a_question("a loop?", video=loops), student=ben, days_ago=2),
        a_chat(a_question("Why lists?", video=lists), an_answer(), student=ada, days_ago=9),
    ]
    return a_creator(ada, ben, loops, lists, a_progress(ada, loops), chats), loops, lists


def test_without_questions_it_says_what_to_do():
    app = opened(an_account(a_creator()), "chat")

    assert "No questions have been asked yet." in said(app)


def test_without_questions_in_the_period_it_says_so():
    asked_long_ago = a_chat(a_question("Why lists?"), student=(ada := a_student()), days_ago=40)

    app = opened(an_account(a_creator(ada, asked_long_ago)), "chat")

    assert "No questions were asked in the last 30 days." in said(app)


def test_it_says_what_most_ask_in_words_and_figures():
    creator, _, _ = two_who_ask()

    app = opened(an_account(creator), "chat")

    assert plain("2 students asked “What is a loop?”, mostly while watching “Loops”.") in said(app)
    assert "Also asked as: “a loop?”." in words(app)
    assert figures(app) == {"Questions": "3", "Answered": "67%", "AI satisfaction": "100%"}
    assert questions_in(app) == ["What is a loop?"]
    assert "1 of 3 questions." in words(app)
    assert "No answers are rated badly." in words(app)
    assert len(app.get("vega_lite_chart")) == 2


def test_without_any_rating_the_satisfaction_is_a_dash():
    app = opened(an_account(a_creator(a_chat(days_ago=1))), "chat")

    assert not app.exception
    assert figures(app)["AI satisfaction"] == "-"
    assert "No two students asked the same question in the last 30 days." in words(app)


def test_a_search_leaves_the_questions_that_have_these_words():
    creator, _, _ = two_who_ask()
    app = opened(an_account(creator), "chat")

    app.text_input(key="words").set_value("lists").run()
    linked = opened(an_account(creator), "chat", words="lists")

    assert questions_in(app) == questions_in(linked) == ["Why lists?"]


def test_filters_that_nothing_fits_can_be_cleared():
    creator, _, _ = two_who_ask()
    app = opened(an_account(creator), "chat", words="nothing of the kind")
    assert "No questions asked in the last 30 days match these filters." in said(app)

    next(button for button in app.button if button.label == "Clear all filters").click().run()

    assert questions_in(app) == ["What is a loop?"]


def test_a_video_may_be_chosen_here_and_in_the_address():
    creator, _, lists = two_who_ask()
    account = an_account(creator)

    chosen = opened(account, "chat")
    chosen.selectbox(key="video").select(str(lists.id)).run()
    linked = opened(account, "chat", video=str(lists.id))

    assert questions_in(chosen) == questions_in(linked) == ["Why lists?"]
    assert chosen.query_params["video"] == str(lists.id)


def test_the_period_decides_what_counts():
    creator, _, _ = two_who_ask()

    assert figures(opened(an_account(creator), "chat", period="7d"))["Questions"] == "2"


def test_the_video_of_the_funnel_does_not_follow_to_this_page():
    creator, _, _ = two_who_ask()
    app = opened(an_account(creator), "funnel")
    assert app.selectbox(key="stuck_at").value

    app.switch_page(str(PROJECT_DIR / "pages" / "chat.py")).run()

    assert not app.exception
    assert app.selectbox(key="video").value is None
    assert figures(app)["Questions"] == "3"


def test_unknown_malformed_and_foreign_videos_look_the_same():
    _, foreign, _ = two_who_ask()
    creator, _, _ = two_who_ask()
    account = an_account(creator)

    answers = {said(opened(account, "chat", video=str(who))) for who in (uuid4(), "x' or 1=1", foreign.id)}

    assert len(answers) == 1
    assert "What is a loop?" in answers.pop()


def test_hostile_questions_and_titles_are_shown_as_they_are():
    students, video = [a_student("Ada"), a_student("Ben")], a_video(HOSTILE)
    chats = [a_chat(a_question(HOSTILE, video=video), student=who, days_ago=1) for who in students]

    app = opened(an_account(a_creator(students, video, a_progress(video=video), chats)), "chat")

    assert f"asked “{plain(HOSTILE)}”, mostly while watching “{plain(HOSTILE)}”" in said(app)
    assert all(HOSTILE not in element.value for element in app.markdown)
    assert all(HOSTILE not in link.proto.label for link in app.get("page_link"))


def test_a_question_as_long_as_a_program_is_cut():
    app = opened(an_account(a_creator(a_chat(a_question("why " * 5_000), days_ago=1))), "chat")

    assert not app.exception
    assert max(len(element.value) for element in app.markdown) < 600
    assert questions_in(app)[0].endswith("why…")


@pytest.fixture(scope="module")
def demo():
    return planted(PYTHON, SIZE)


def title_of(video_id):
    return frame(DEMO.id, "select title from videos where id = :id", id=video_id)["title"][0]


def test_the_common_question_of_the_demo_is_one_question_with_its_wordings(demo):
    app = opened(an_account(DEMO), "chat", video=str(demo.stuck_video_id))

    first = {title: table(app).column(title)[0] or "" for title in table(app).titles}
    wordings = [first["Question"], *first["Also asked as"].split(" · ")]
    assert set(wordings) <= set(demo.common_wordings)
    assert len(wordings) >= 3
    assert int(first["Students"]) >= 5
    sentence = said(app)
    assert (
        f"asked “{plain(first['Question'])}”, mostly while watching “{plain(title_of(demo.stuck_video_id))}”"
        in sentence
    )
    assert all(f"“{plain(wording)}”" in sentence for wording in wordings[1:3])
    same = [question for question in questions_in(app) if question in demo.common_wordings]
    assert same == [first["Question"]]


def test_the_badly_answered_video_of_the_demo_is_named(demo):
    app = opened(an_account(DEMO), "chat", period="90d")

    assert f"Answers about **{plain(title_of(demo.badly_answered_video_id))}** are rated only" in said(app)
