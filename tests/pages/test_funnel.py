"""The funnel as a creator sees it."""

from uuid import uuid4

import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.planted import ENOUGH_STUDENTS, planted
from database.frames import frame
from tests.builders import ACreator, a_creator, a_progress, a_student, a_video
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import table
from ui.shared.text import plain

SIZE = DemoSize(students=ENOUGH_STUDENTS, videos=18)
DEMO = ACreator(PYTHON.creator_id, PYTHON.creator, PYTHON.subscription_tier, PYTHON.timezone)
HOSTILE = "[x](javascript:alert(1)) <b>bold</b> $1$"


@pytest.fixture(scope="module", autouse=True)
def page_database(shared_database: object) -> None:
    """All tests look at one database; each makes its own creators."""
    load_demo(SIZE)


def said(app):
    assert not app.exception
    return words(app)


def labels(app):
    """What the links and buttons to other pages say."""
    return [link.proto.label for link in app.get("page_link")]


def a_course_of_six():
    """Six students start Loops, two of them go on to Lists; Ada and Ben fall silent there."""
    students = [a_student(name) for name in ("Ada Moss", "Ben Okoro", "Cem Ak", "Dia Rossi", "Eva Lund", "Fay Onyx")]
    loops, lists = a_video("Loops", position=1), a_video("Lists", position=2)
    rows = [a_progress(student, loops, days_ago=8, watch_percentage=40) for student in students]
    rows += [a_progress(student, lists, days_ago=6) for student in students[:2]]
    return a_creator(students, loops, lists, rows), loops, lists


def test_without_videos_it_says_what_to_do():
    assert "No videos are published yet." in said(opened(an_account(a_creator()), "funnel"))


def test_without_students_it_says_what_to_do():
    assert "No student has started a video yet." in said(opened(an_account(a_creator(a_video())), "funnel"))


def test_it_names_the_drop_and_who_is_stuck():
    creator, _, _ = a_course_of_six()

    app = opened(an_account(creator), "funnel")

    assert plain("4 of the 6 students who reached “Loops” never got to “Lists”.") in said(app)
    assert plain("4 students are stuck at video 1, “Loops”.") in words(app)
    assert "Cem Ak" in table(app).column("Student")
    assert "Ada Moss" not in table(app).column("Student")
    assert "40% 8 days" in words(app)


def test_another_video_may_be_chosen_here_and_in_the_address():
    creator, _, lists = a_course_of_six()
    account = an_account(creator)

    chosen = opened(account, "funnel")
    chosen.selectbox(key="stuck_at").select(str(lists.id)).run()
    linked = opened(account, "funnel", stuck_at=str(lists.id))

    for app in (chosen, linked):
        assert "6 days" in said(app)
        assert {"Ada Moss", "Ben Okoro"} <= set(table(app).column("Student"))
        assert "Cem Ak" not in table(app).column("Student")
    assert chosen.query_params["stuck_at"] == str(lists.id)


def test_a_video_where_nobody_is_stuck_says_why():
    student, loops, lists = a_student(), a_video("Loops", position=1), a_video("Lists", position=2)
    creator = a_creator(student, loops, lists, a_progress(student, loops), a_progress(student, lists))

    assert "No one is stuck at this video." in said(opened(an_account(creator), "funnel"))


def test_unknown_malformed_deleted_and_foreign_videos_look_the_same():
    _, _, foreign = a_course_of_six()
    creator, _, _ = a_course_of_six()
    deleted = a_creator(a_video(deleted_days_ago=1))
    deleted_id = frame(deleted.id, "select id from videos")["id"][0]
    account = an_account(creator)

    answers = {
        said(opened(account, "funnel", stuck_at=str(who))) for who in (uuid4(), "x' or 1=1", deleted_id, foreign.id)
    }

    assert answers == {said(opened(account, "funnel"))}


def test_hostile_names_are_shown_as_they_are():
    students = [a_student(f"{HOSTILE} {number}") for number in range(6)]
    first, second = a_video(HOSTILE, position=1), a_video("Lists", position=2)
    creator = a_creator(students, first, second, [a_progress(student, first, days_ago=8) for student in students])

    app = opened(an_account(creator), "funnel")

    assert f"who reached “{plain(HOSTILE)}” never got to" in said(app)
    assert HOSTILE not in app.markdown[0].value
    assert f"{HOSTILE} 0" in table(app).column("Student")


def test_more_than_a_page_of_stuck_students_has_pages():
    students = [a_student(f"Student {number:02}") for number in range(21)]
    creator = a_creator(students, a_video("Loops"), [a_progress(who, days_ago=8 + n) for n, who in enumerate(students)])

    app = opened(an_account(creator), "funnel")

    assert not app.exception
    assert len(table(app).ids) == 20
    assert "Student 00" not in table(app).column("Student")  # silent for the shortest time, so last


def test_the_stuck_students_of_the_demo_are_named_at_their_video():
    facts = planted(PYTHON, SIZE)
    rows = frame(DEMO.id, "select id, name, deleted_at from students")
    names = rows[rows["id"].isin(facts.stuck_student_ids) & rows["deleted_at"].isna()].set_index("id")["name"]
    title = frame(DEMO.id, "select title from videos where id = :id", id=facts.stuck_video_id)["title"][0]

    app = opened(an_account(DEMO), "funnel")

    assert f"“{plain(title)}”" in said(app)
    listed = set(table(app).column("Student"))
    still_on_the_way = seen_lately(names)
    assert set(names.drop(still_on_the_way)) <= listed
    assert len(names) - len(still_on_the_way) >= 3


def seen_lately(names):
    """Those of the students who were here within three days: on the way, not stuck."""
    lately = frame(
        DEMO.id,
        "select student_id from student_engagement_tiers where last_active >= dashboard_now() - interval '3 days'",
    )["student_id"]
    return [student_id for student_id in names.index if student_id in set(lately)]
