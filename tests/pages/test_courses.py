"""Courses as their creator sees and changes them, and as staff see them."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from streamlit.delta_generator import DeltaGenerator

from actions.courses import RunDates, add_course, add_run, put_videos
from actions.enrolments import enrol
from database.accounts import Account
from database.settings import PROJECT_DIR
from queries.courses.contents import course_contents
from queries.courses.known import courses
from queries.mails.invitations import invitations
from tests.builders import a_creator, a_quiz, a_student, a_video, a_watch, refreshed
from tests.oracle import rows_of
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import table
from ui.courses.forms import CLOSED, CLOSING
from ui.students.enrolling import WHAT_IT_MEANS


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


@pytest.fixture
def two_courses():
    """Ada and Bo in the first course, Ada in the second too; a creator and the second course."""
    ada, bo = a_student("Ada Moss"), a_student("Bo Lind")
    loops, sorting = a_video("Loops"), a_video("Sorting lists")
    creator = a_creator(ada, bo, loops, sorting, a_watch(bo, loops, days_ago=1), a_watch(ada, sorting, days_ago=2))
    author = author_of(creator)
    added = add_course(author, creator.id, "Sorting")
    put_videos(author, creator.id, added, [sorting.id])
    refreshed(creator)
    return creator, courses.fresh(creator.id).courses[1]


def test_a_creator_with_one_unnamed_course_sees_only_how_to_add_one():
    app = opened(an_account(a_creator(a_student("Ada"), a_video("Loops"))), "courses")

    assert not app.exception
    assert [button.label for button in app.main.button if button.key == "add_course"] == ["Add a course"]
    assert not app.metric
    assert not [box for box in app.selectbox if box.key in ("course", "run")]


def test_whoever_adds_a_course_names_the_first_one_too():
    creator = a_creator(a_student("Ada"), a_video("Loops"))
    app = opened(an_account(creator), "courses")
    app.button(key="add_course").click().run()
    app.text_input(key="first_title").set_value("Python basics")
    app.text_input(key="new_course_title").set_value("Sorting")

    submit(app, "Add course")

    assert not app.exception
    assert [course.title for course in courses.fresh(creator.id).courses] == ["Python basics", "Sorting"]
    assert "Python basics" in words(app)


def test_a_title_that_is_taken_is_refused_in_the_dialog(two_courses):
    creator, _ = two_courses
    app = opened(an_account(creator), "courses")
    app.button(key="add_course").click().run()
    app.text_input(key="new_course_title").set_value("sorting")

    submit(app, "Add course")

    assert "already a course called" in app.error[0].value
    assert len(courses.fresh(creator.id).courses) == 2


def test_the_course_chosen_in_the_bar_is_that_of_every_page(two_courses):
    creator, sorting = two_courses
    app = opened(an_account(creator))
    assert figures(app)["Total students"] == "2"

    app.selectbox(key="course").select(str(sorting.course_id)).run()

    assert figures(app)["Total students"] == "1"
    assert app.query_params["course"] == str(sorting.course_id)
    app.switch_page(str(PROJECT_DIR / "pages" / "videos.py")).run()
    assert app.selectbox(key="course").value == str(sorting.course_id)
    assert "Sorting lists" in words(app)
    assert "Loops" not in words(app)


def test_the_address_names_a_course_and_one_that_is_not_there_means_all(two_courses):
    creator, sorting = two_courses
    account = an_account(creator)

    assert figures(opened(account, course=str(sorting.course_id)))["Total students"] == "1"
    assert figures(opened(account, course=str(uuid4())))["Total students"] == "2"
    assert figures(opened(account, course="'; drop table students"))["Total students"] == "2"


def test_the_page_tells_each_course_by_itself(two_courses):
    creator, _ = two_courses

    app = opened(an_account(creator), "courses")

    assert not app.exception
    assert [metric.value for metric in app.metric if metric.label == "Students"] == ["2", "1"]
    assert [metric.value for metric in app.metric if metric.label == "Active in 30 days"] == ["1", "1"]


def test_the_cards_of_a_course_are_equally_high(two_courses, monkeypatch):
    creator, _ = two_courses
    heights, enqueue = [], DeltaGenerator._enqueue

    def noted(self, delta_type, *arguments, **options):
        if delta_type == "metric":
            heights.append(options["layout_config"].height)
        return enqueue(self, delta_type, *arguments, **options)

    monkeypatch.setattr(DeltaGenerator, "_enqueue", noted)
    opened(an_account(creator), "courses")

    assert heights[-8:] == ["stretch"] * 8


def test_the_change_of_active_students_says_what_it_is_beside():
    ada, loops = a_student("Ada Moss"), a_video("Loops")
    creator = a_creator(ada, loops, [a_watch(ada, loops, days_ago=days) for days in (1, 40)])
    add_course(author_of(creator), creator.id, "Sorting")
    refreshed(creator)

    app = opened(an_account(creator), "courses")

    active, unseen = [metric for metric in app.metric if metric.label == "Active in 30 days"]
    assert (active.delta, active.proto.delta_description) == ("0", "vs prev. 30 d")
    assert (unseen.delta, unseen.proto.delta_description) == ("", "")


def test_the_course_that_is_chosen_comes_first(two_courses):
    creator, sorting = two_courses
    account = an_account(creator)

    assert [header.value for header in opened(account, "courses").header] == ["Course 1", "Sorting"]
    chosen = opened(account, "courses", course=str(sorting.course_id))
    assert [header.value for header in chosen.header] == ["Sorting", "Course 1"]
    assert [metric.value for metric in chosen.metric if metric.label == "Students"] == ["1", "2"]


def test_many_courses_stand_on_several_pages(two_courses, monkeypatch):
    monkeypatch.setattr("ui.courses.panels.COURSES_A_PAGE", 1)
    creator, sorting = two_courses
    account = an_account(creator)

    def headings(**address: str) -> list[str]:
        return [header.value for header in opened(account, "courses", **address).header]

    assert (
        headings()
        == headings(courses_page="1")
        == headings(courses_page="7")
        == headings(courses_page="x")
        == ["Course 1"]
    )
    assert headings(courses_page="2") == ["Sorting"]
    assert headings(course=str(sorting.course_id)) == ["Sorting"]
    assert headings(courses_page="2", course=str(sorting.course_id)) == ["Course 1"]


def test_staff_are_not_asked_to_add_a_course():
    creator = a_creator(a_student("Ada"), a_video("Loops"))

    assert "Add another to see figures" in words(opened(an_account(creator), "courses"))
    assert "are in one course" in (seen := words(opened(an_account(None), "courses")))
    assert "Add another to see figures" not in seen


def test_what_is_done_with_students_says_what_it_means(two_courses):
    creator, _ = two_courses
    app = opened(an_account(creator), "students")
    app.button(key="enrol_button").click().run()
    said = {}
    for what in ("Enrol", "Move", "End"):
        app.segmented_control(key="enrol_what").set_value(what).run()
        said[app.button(key="enrol_now").label] = [caption.value for caption in app.caption]

    assert list(said) == ["Enrol 2 students", "Move 2 students", "End the enrolment of 2 students"]
    assert all(meaning in said[label] for label, meaning in zip(said, WHAT_IT_MEANS.values(), strict=True))


def test_closing_a_course_says_what_it_means_and_is_taken_back(two_courses):
    creator, sorting = two_courses
    app = opened(an_account(creator), "courses")
    app.button(key=f"name_{sorting.course_id}").click().run()
    assert CLOSING in [said.value for said in app.markdown]

    app.button(key="close_course").click().run()
    app.button(key=f"name_{sorting.course_id}").click().run()

    assert not app.exception
    assert CLOSED in [said.value for said in app.markdown]
    app.button(key="open_course").click().run()
    assert courses.fresh(creator.id).courses[1].closed_at is None


def test_several_videos_and_quizzes_are_put_into_a_course_at_once(two_courses):
    creator, sorting = two_courses
    contents = course_contents.fresh(creator.id)
    loops = contents.loc[contents["title"] == "Loops", "id"].item()
    app = opened(an_account(creator), "courses")
    app.button(key=f"content_{sorting.course_id}").click().run()
    app.multiselect(key="put_video").set_value([loops])

    submit(app, "Add to this course")

    assert not app.exception
    after = course_contents.fresh(creator.id)
    assert set(after.loc[after["kind"] == "video", "course_id"]) == {sorting.course_id}


def test_a_run_begins_and_ends_with_local_days():
    creator = a_creator(a_student("Ada"), a_video("Loops"), timezone="Asia/Kolkata")
    add_course(author_of(creator), creator.id, "Sorting")
    refreshed(creator)
    course = courses.fresh(creator.id).courses[1]
    app = opened(an_account(creator), "courses")
    app.button(key=f"runs_{course.course_id}").click().run()
    app.text_input(key="run_title_new").set_value("Autumn")
    app.date_input(key="run_first_new").set_value(date(2026, 9, 1))
    app.date_input(key="run_last_new").set_value(date(2026, 9, 30))

    submit(app, "Save")

    assert not app.exception
    autumn = next(run for run in courses.fresh(creator.id).courses[1].runs if run.title == "Autumn")
    assert autumn.starts_at == datetime(2026, 8, 31, 18, 30, tzinfo=UTC)
    assert autumn.ends_at == datetime(2026, 9, 30, 18, 30, tzinfo=UTC)
    refreshed(creator)
    shown = table(opened(an_account(creator), "courses"))
    assert dict(zip(shown.column("Run"), shown.column("First day"), strict=True))["Autumn"] == "1 Sep 2026"


def test_students_of_a_list_are_enrolled_moved_and_ended(two_courses):
    creator, sorting = two_courses
    run = sorting.runs[0]
    app = opened(an_account(creator), "students")
    app.button(key="enrol_button").click().run()
    app.selectbox(key="enrol_to").select(run.run_id).run()
    app.button(key="enrol_now").click().run()
    assert not app.exception
    assert len(students_of_run(creator.id, run.run_id)) == 2

    app.button(key="enrol_button").click().run()
    app.segmented_control(key="enrol_what").set_value("End").run()
    app.selectbox(key="enrol_from").select(run.run_id).run()
    app.button(key="enrol_now").click().run()

    assert not app.exception
    assert students_of_run(creator.id, run.run_id) == []


def test_an_invitation_asks_for_the_course_where_there_are_several(two_courses):
    creator, sorting = two_courses
    app = opened(an_account(creator), "invitations")
    app.text_area(key="invited_addresses").set_value("cy@example.org").run()
    assert not [button for button in app.button if button.key == "invite"]

    app.selectbox(key="invited_into").select(sorting.runs[0].run_id).run()
    app.button(key="invite").click().run()

    assert not app.exception
    assert invitations(creator.id)["email"].tolist() == ["cy@example.org"]


def test_who_is_not_in_the_course_shown_may_be_in_another_one(two_courses):
    creator, sorting = two_courses
    bo = next(
        iter(
            set(students_of_run(creator.id, courses.fresh(creator.id).courses[0].runs[0].run_id))
            - {*students_of_run(creator.id, sorting.runs[0].run_id)}
        )
    )
    app = opened(an_account(creator), "student", id=str(bo), course=str(sorting.course_id))
    assert "Student not found." in words(app)

    app.button(key="show_all_courses").click().run()

    assert "Bo Lind" in [title.value for title in app.title]
    assert "Enrolled in" in words(app)


def test_a_quiz_without_a_video_is_put_into_a_course():
    creator = a_creator(a_student("Ada"), a_video("Loops"), a_quiz("Loose ends", video=None, status="draft"))
    added = add_course(author_of(creator), creator.id, "Sorting")
    refreshed(creator)
    contents = course_contents.fresh(creator.id)
    quiz_id = contents.loc[contents["kind"] == "quiz", "id"].item()
    app = opened(an_account(creator), "quiz_edit", id=str(quiz_id))

    app.selectbox(key=f"course_{quiz_id}").select(added).run()
    next(button for button in app.button if button.label == "Save").click().run()

    assert not app.exception
    after = course_contents.fresh(creator.id)
    assert after.loc[after["id"] == quiz_id, "course_id"].item() == added


def test_runs_of_one_course_are_chosen_and_compared():
    ada = a_student("Ada Moss")
    creator = a_creator(ada, a_video("Loops"))
    course = courses.fresh(creator.id).courses[0]
    autumn = add_run(author_of(creator), creator.id, course.course_id, RunDates("Autumn"))
    enrol(author_of(creator), creator.id, autumn, [ada.id])
    refreshed(creator)

    app = opened(an_account(creator), run=str(autumn))

    assert not app.exception
    assert app.selectbox(key="run").value == str(autumn)
    assert figures(app)["Total students"] == "1"


def test_staff_see_the_courses_and_change_nothing(two_courses):
    _, sorting = two_courses

    app = opened(an_account(None), "courses")

    assert not app.exception
    assert "Sorting" in words(app)
    assert not [button for button in app.main.button if button.key in ("add_course", f"runs_{sorting.course_id}")]


def students_of_run(creator_id, run_id):
    """Who is enrolled in the run and has not left it."""
    return [
        row["student_id"]
        for row in rows_of(creator_id, "enrolments")
        if row["run_id"] == run_id and row["ended_at"] is None
    ]


def submit(app, label):
    next(button for button in app.button if button.label == label).click().run()
