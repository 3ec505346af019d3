"""A student's profile as a creator sees it."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from streamlit.testing.v1 import AppTest

from api.app import api
from database.settings import PROJECT_DIR
from queries.exports.known import exports
from queries.students.details import student_details
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_segment,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
)
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import table, went_to

ADA = "Ada Moss"


def test_the_report_on_the_student_is_written_in_the_background() -> None:
    ada = a_student(ADA)
    creator = a_creator(ada)
    app = opened(an_account(creator), "student", id=str(ada.id))

    next(button for button in app.button if button.label == "PDF progress report").click().run()

    (export,) = exports(creator.id)
    assert (export.export_type, export.format, export.status) == ("progress", "pdf", "pending")
    assert export.filters["student_id"] == str(ada.id)
    assert went_to(app) == "/exports"


def test_the_profile_shows_what_the_student_did() -> None:
    ada, loops, lists = a_student(ADA), a_video("Loops"), a_video("Lists")
    creator = a_creator(
        [ada, loops, lists],
        a_progress(ada, loops, days_ago=2, watch_percentage=100, completed=True),
        an_attempt(ada, passed=True, days_ago=2),
        an_attempt(ada, passed=False, days_ago=1),
        a_chat(a_question(), student=ada, days_ago=2),
    )

    app = opened(an_account(creator), "student", id=str(ada.id))

    assert not app.exception
    assert app.title[0].value == ADA
    assert figures(app) == {
        "Progress": "50%",
        "Videos completed": "1 of 2",
        "Quizzes passed": "1 of 2",
        "Questions asked": "1",
    }
    assert "Last seen 1 day ago." in words(app)


def test_shares_of_nothing_are_dashes() -> None:
    ada = a_student(ADA)

    app = opened(an_account(a_creator(ada)), "student", id=str(ada.id))

    assert figures(app) == {"Progress": "-", "Videos completed": "-", "Quizzes passed": "-", "Questions asked": "0"}


def test_each_row_of_the_list_leads_to_its_profile() -> None:
    ada, ben = a_student(ADA), a_student("Ben Okoro")
    creator = a_creator([ada, ben], a_watch(ada, days_ago=1))

    shown = table(opened(an_account(creator), "students", sort="name", order="asc"))

    assert shown.column("Student") == [ADA, "Ben Okoro"]
    assert shown.links == [f"/student?id={ada.id}", f"/student?id={ben.id}"]


@pytest.mark.parametrize("address", ["", "x", "0", "' or 1=1", "00000000-0000-0000-0000-000000000000"])
def test_an_address_without_a_student_says_so(address: str) -> None:
    app = opened(an_account(a_creator(a_student(ADA))), "student", id=address)

    assert not app.exception
    assert "Student not found." in words(app)


def test_unknown_deleted_and_foreign_students_look_the_same() -> None:
    left, foreign = a_student("Dan Left", deleted_days_ago=3), a_student("Fay Foreign")
    a_creator(foreign, name="Another Creator")
    account = an_account(a_creator([a_student(ADA), left]))

    said = {words(opened(account, "student", id=str(who))) for who in (uuid4(), left.id, foreign.id)}

    assert len(said) == 1
    assert "Student not found." in said.pop()


def test_the_profile_tells_the_whole_story_in_words() -> None:
    ada, video, quiz = a_student(ADA), a_video("Loops"), a_quiz("Loops quiz")
    asked = a_quiz_question(quiz, "How often?")
    creator = a_creator(
        [ada, video, quiz, asked],
        a_watch(ada, video, days_ago=5, seconds=300),
        a_segment(ada, video, days_ago=5, start_second=100, seconds=60),
        an_attempt(ada, quiz, passed=False, score_percent=40, days_ago=5, answers={asked: False}),
        a_chat(a_question("Why not?"), an_answer("Because."), student=ada, days_ago=5),
    )

    app = opened(an_account(creator), "student", id=str(ada.id))

    assert not app.exception
    said = words(app)
    for sentence in (
        "**Low engagement:** 1 video started; a week after the enrolment it should be 3 or more.",
        "Stuck on video 1, “Loops”: stopped after 50% of it 5 days ago and started no later one",
        "Completed **0 of 1 video** and left 1 unfinished.",
        "Stopped at 5:00 · 50% watched · 1:00 played again · last watched 27 Feb 2026",
        "**How often?** · wrong 1 of 1 times",
        "Answered “never”; correct answer: “ten times”. From “Loops quiz”.",
        "**Why not?**",
        "Because",
        "Failed “Loops quiz” with 40%",
        "Asked: “Why not?”",
        "Started the first video, “Loops”",
        "Enrolled 2 Feb 2026",
    ):
        assert sentence in said.replace("\\", "")
    assert len(app.get("vega_lite_chart")) == 2


def test_the_actions_lead_to_the_second_and_to_the_failed_quiz() -> None:
    ada, video, quiz, passed = a_student(ADA), a_video("Loops"), a_quiz("Loops quiz"), a_quiz("Easy quiz")
    creator = a_creator(
        [ada, video, quiz, passed],
        a_watch(ada, video, days_ago=1, seconds=300),
        an_attempt(ada, quiz, passed=False),
        an_attempt(ada, passed, passed=False, days_ago=2),
        an_attempt(ada, passed, passed=True, days_ago=1),
    )

    links = page_links(opened(an_account(creator), "student", id=str(ada.id)))

    assert links["Stopped at 5:00: Loops"] == f"id={video.id}&t=300"
    assert links["Failed: Loops quiz"] == f"id={quiz.id}"
    assert "Failed: Easy quiz" not in links


def test_only_the_creator_can_write_and_only_to_an_address() -> None:
    ada, ben = a_student(ADA), a_student("Ben Okoro", email=None)
    creator = a_creator([ada, ben])

    mine, addressless, as_staff = (
        opened(account, "student", id=str(who.id))
        for account, who in ((an_account(creator), ada), (an_account(creator), ben), (an_account(None), ada))
    )

    assert mail_links(mine)[0].startswith(
        "mailto:ada@example.org?subject=Shall%20we%20start%20together%3F&body=Hi%20Ada"
    )
    assert not mail_links(addressless)
    assert "There is no email address for this student" in words(addressless)
    assert as_staff.title[0].value == ADA
    assert not mail_links(as_staff)


def test_an_empty_profile_says_why_it_is_empty() -> None:
    ada = a_student(ADA)

    said = words(opened(an_account(a_creator(ada)), "student", id=str(ada.id)))

    for why in (
        "No video is published yet",
        "No videos started yet.",
        "No quizzes taken yet.",
        "No questions asked yet.",
    ):
        assert why in said


def test_the_pages_of_the_watch_history_are_in_the_address() -> None:
    ada, videos = a_student(ADA), [a_video(f"Video {number}") for number in range(10)]
    creator = a_creator([ada, videos], [a_progress(ada, video, days_ago=place) for place, video in enumerate(videos)])
    account = an_account(creator)

    first, second, beyond = (opened(account, "student", id=str(ada.id), watched=page) for page in ("1", "2", "999"))

    assert "1. Video 0" in page_links(first)
    assert "1. Video 8" in page_links(second)
    assert "1. Video 0" not in page_links(second)
    assert not beyond.exception
    assert "1. Video 0" in page_links(beyond)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_a_page_that_cannot_be_is_the_first(page: str) -> None:
    ada = a_student(ADA)

    app = opened(an_account(a_creator([ada], a_watch(ada))), "student", id=str(ada.id), watched=page, events=page)

    assert not app.exception
    assert "1. Loops" in page_links(app)


def test_hostile_texts_are_shown_plain() -> None:
    evil = "<b>x</b> [y](http://evil.io) :red[z] $a$ ![i](http://evil.io/i.png)"
    ada, video, quiz = a_student(evil, email="a@b.io?bcc=c@d.io"), a_video(evil), a_quiz(evil)
    asked = a_quiz_question(quiz, evil, correct_answer=evil)
    creator = a_creator(
        [ada, video, quiz, asked],
        a_watch(ada, video, days_ago=5),
        [an_attempt(ada, quiz, passed=False, days_ago=days, answers={asked: False}) for days in (1, 2, 3)],
        [a_chat(a_question(evil), an_answer(evil), student=ada, days_ago=days) for days in (4, 5, 6)],
    )

    app = opened(an_account(creator), "student", id=str(ada.id))

    assert not app.exception
    shown = "\n".join(element.value for element in [*app.markdown, *app.caption, *app.title])
    for live in ("<b>", "[y](http", ":red[z]", "$a$", "![i](http"):
        assert live not in shown
    assert not mail_links(app)


def test_a_thousand_stretches_fit_on_the_page() -> None:
    ada, video = a_student(ADA), a_video(duration_seconds=7_000)
    segments = [a_segment(ada, video, start_second=7 * number, seconds=5) for number in range(1_000)]
    creator = a_creator([ada, video], a_progress(ada, video, at=NOW), segments)

    app = opened(an_account(creator), "student", id=str(ada.id))

    assert not app.exception
    details = student_details(creator.id, ada.id)
    assert details is not None
    assert len(details.ranges) == 1_000


def page_links(app: AppTest) -> dict[str, str]:
    """Label to query of every link on the page."""
    return {link.proto.label.replace("\\", ""): link.proto.query_string for link in _elements(app, "page_link")}


def mail_links(app: AppTest) -> list[str]:
    return [link.proto.url for link in _elements(app, "link_button") if link.proto.url.startswith("mailto:")]


def _elements(app: AppTest, kind: str) -> list[Any]:
    return list(app.get(kind))


def test_a_creator_hands_over_what_is_kept_about_a_student() -> None:
    ada = a_student("Ada Moss")
    creator = a_creator(ada, a_watch(ada))
    app = opened(an_account(creator), "student", id=str(ada.id))

    (link,) = (link.proto for link in app.get("link_button") if "everything" in link.proto.url)
    with TestClient(api) as client:
        answer = client.get(link.url.removeprefix("/api"))
        forged = client.get(link.url.removeprefix("/api").replace(str(ada.id), str(uuid4())))

    assert answer.json()["student"]["name"] == "Ada Moss"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert forged.status_code == 404


def test_a_student_is_erased_after_their_name_was_typed() -> None:
    ada = a_student("Ada Moss")
    creator = a_creator(ada, a_student("Bo Lind"), a_watch(ada))
    account = an_account(creator)
    app = opened(account, "student", id=str(ada.id))
    app.button(key="ask_to_erase").click().run()

    app.text_input(key="erase_name").set_value("Ada").run()
    assert app.button(key="erase").disabled
    app.text_input(key="erase_name").set_value("Ada Moss").run()
    app.button(key="erase").click().run()

    assert not app.exception
    assert went_to(app) == "/students"
    app.switch_page(str(PROJECT_DIR / "pages" / "students.py")).run()
    assert "The student was erased." in app.success[0].value
    assert "Student not found." in words(opened(account, "student", id=str(ada.id)))
    assert "Erased students" in words(opened(account, "settings"))


def test_staff_neither_hand_over_nor_erase() -> None:
    ada = a_student("Ada Moss")
    a_creator(ada)

    app = opened(an_account(None), "student", id=str(ada.id))

    assert "everything" not in " ".join(link.proto.url for link in app.get("link_button"))
    assert "ask_to_erase" not in [button.key for button in app.button]
