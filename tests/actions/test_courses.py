"""Courses, runs and enrolments: a creator changes them, all or nothing, and nobody else can."""

from datetime import timedelta
from uuid import uuid4

import pytest

from actions.courses import (
    NoSuchCourse,
    RunDates,
    add_course,
    add_run,
    change_course,
    change_run,
    close_course,
    name_course,
    open_course,
    order_courses,
    put_quizzes,
    put_videos,
)
from actions.enrolments import end_enrolments, enrol, move_students
from database.accounts import Account
from rules.errors import InputError
from tests import oracle
from tests.builders import NOW, a_creator, a_quiz, a_student, a_video, add

pytestmark = pytest.mark.usefixtures("shared_database")

STAFF = Account(uuid4(), "Sam Staff", None, "staff", None, None, None)


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


def courses_of(creator):
    return sorted(oracle.rows_of(creator.id, "courses"), key=lambda row: (row["position"], row["number"]))


def runs_of(creator):
    return sorted(oracle.rows_of(creator.id, "course_runs"), key=lambda row: row["number"])


def enrolments_of(creator):
    return {(row["student_id"], row["run_id"]): row for row in oracle.rows_of(creator.id, "enrolments")}


def test_whoever_comes_to_the_only_course_is_enrolled_from_that_day_on():
    ada = a_student("Ada", enrolled_days_ago=12)

    creator = a_creator(ada, a_video("Loops"))

    [course], [run] = courses_of(creator), runs_of(creator)
    assert (course["number"], course["title"], run["course_id"], run["number"]) == (1, "", course["id"], 1)
    [enrolment] = enrolments_of(creator).values()
    assert (enrolment["student_id"], enrolment["run_id"]) == (ada.id, run["id"])
    assert enrolment["enrolled_at"] == NOW - timedelta(days=12)
    assert {row["course_id"] for row in oracle.rows_of(creator.id, "videos")} == {course["id"]}


def test_a_quiz_goes_where_its_video_is():
    video = a_video("Loops")
    creator = a_creator(video)
    second = add_course(author_of(creator), creator.id, "Sorting")
    put_videos(author_of(creator), creator.id, second, [video.id])

    other = a_creator(video_two := a_video("Lists"), a_quiz(video=video_two))

    assert {row["course_id"] for row in oracle.rows_of(creator.id, "videos")} == {second}
    assert {row["course_id"] for row in oracle.rows_of(other.id, "quizzes")} == {courses_of(other)[0]["id"]}


def test_a_second_course_has_a_number_and_a_run_of_its_own_and_nobody_in_it():
    creator = a_creator(a_student("Ada"))

    second = add_course(author_of(creator), creator.id, "  Sorting \n and searching ")

    assert [(course["number"], course["title"]) for course in courses_of(creator)] == [
        (1, ""),
        (2, "Sorting and searching"),
    ]
    assert [(run["number"], run["course_id"]) for run in runs_of(creator)][1] == (2, second)
    assert len(enrolments_of(creator)) == 1


def test_where_there_are_several_runs_nobody_is_enrolled_by_coming():
    creator = a_creator(a_student("Ada"))
    add_course(author_of(creator), creator.id, "Sorting")

    add(creator, a_student("Bo"))

    assert len(enrolments_of(creator)) == 1


@pytest.mark.parametrize(
    ("title", "told"), [("", "empty"), (" \n", "empty"), ("x" * 201, "201"), ("sorting", "already")]
)
def test_a_title_that_cannot_be_used_is_refused_and_told(title, told):
    creator = a_creator()
    add_course(author_of(creator), creator.id, "Sorting")

    with pytest.raises(InputError, match=told):
        add_course(author_of(creator), creator.id, title)

    assert len(courses_of(creator)) == 2


def test_courses_are_named_and_put_in_order():
    creator = a_creator()
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")
    first = courses_of(creator)[0]["id"]

    name_course(author, creator.id, first, "Loops")
    order_courses(author, creator.id, [second, first])

    assert [course["title"] for course in courses_of(creator)] == ["Sorting", "Loops"]
    with pytest.raises(InputError, match="1 of 2"):
        order_courses(author, creator.id, [second])


def test_the_last_open_course_stays_open():
    creator = a_creator()
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")

    close_course(author, creator.id, second)

    first = courses_of(creator)[0]["id"]
    with pytest.raises(InputError, match="only open course"):
        close_course(author, creator.id, first)
    open_course(author, creator.id, second)
    assert [course["closed_at"] for course in courses_of(creator)] == [None, None]


def test_a_run_has_dates_in_order():
    creator = a_creator()
    author = author_of(creator)
    course = add_course(author, creator.id, "Sorting")

    run = add_run(author, creator.id, course, RunDates("Autumn", NOW, NOW + timedelta(days=30)))
    change_run(author, creator.id, run, RunDates("Winter", NOW, None))

    changed = next(row for row in runs_of(creator) if row["id"] == run)
    assert (changed["title"], changed["starts_at"], changed["ends_at"]) == ("Winter", NOW, None)
    with pytest.raises(InputError, match="not after its start"):
        RunDates("", NOW, NOW)
    with pytest.raises(InputError, match="1889"):
        RunDates("", NOW.replace(year=1889))


def test_videos_and_quizzes_move_all_or_none():
    videos, quiz = [a_video("Loops"), a_video("Lists")], a_quiz()
    creator = a_creator(videos, quiz)
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")

    with pytest.raises(InputError, match=r"The video .* does not exist"):
        put_videos(author, creator.id, second, [videos[0].id, uuid4()])
    assert second not in {row["course_id"] for row in oracle.rows_of(creator.id, "videos")}

    put_videos(author, creator.id, second, [video.id for video in videos])
    put_quizzes(author, creator.id, second, [quiz.id])

    assert {row["course_id"] for row in oracle.rows_of(creator.id, "videos")} == {second}
    assert {row["course_id"] for row in oracle.rows_of(creator.id, "quizzes")} == {second}


def test_students_are_enrolled_moved_and_ended_and_come_back():
    ada, bo = a_student("Ada"), a_student("Bo")
    creator = a_creator(ada, bo)
    author = author_of(creator)
    course = add_course(author, creator.id, "Sorting")
    spring = next(run["id"] for run in runs_of(creator) if run["course_id"] == course)
    autumn = add_run(author, creator.id, course, RunDates("Autumn"))

    assert enrol(author, creator.id, spring, [ada.id, bo.id, ada.id]).changed == 2
    assert enrol(author, creator.id, spring, [ada.id]).unchanged == 1
    assert move_students(author, creator.id, spring, autumn, [ada.id]).changed == 1
    assert end_enrolments(author, creator.id, spring, [bo.id]) == 1
    assert end_enrolments(author, creator.id, spring, [bo.id]) == 0

    known = enrolments_of(creator)
    assert known[ada.id, spring]["ended_at"] == known[bo.id, spring]["ended_at"] == NOW
    assert known[ada.id, autumn]["ended_at"] is None
    assert len(known) == 2 + 3
    assert enrol(author, creator.id, spring, [bo.id]).changed == 1
    assert enrolments_of(creator)[bo.id, spring]["ended_at"] is None


def test_only_the_students_of_the_run_are_moved():
    ada, bo, cleo = a_student("Ada"), a_student("Bo"), a_student("Cleo")
    creator = a_creator(ada, bo, cleo)
    author = author_of(creator)
    course = add_course(author, creator.id, "Sorting")
    spring = next(run["id"] for run in runs_of(creator) if run["course_id"] == course)
    autumn = add_run(author, creator.id, course, RunDates("Autumn"))
    enrol(author, creator.id, spring, [ada.id, cleo.id])
    end_enrolments(author, creator.id, spring, [cleo.id])

    moved = move_students(author, creator.id, spring, autumn, [ada.id, bo.id, cleo.id])

    assert (moved.changed, moved.unchanged) == (1, 2)
    assert [student for student, run in enrolments_of(creator) if run == autumn] == [ada.id]
    assert move_students(author, creator.id, spring, autumn, [bo.id]).changed == 0


def test_an_unknown_student_ends_the_whole_change():
    ada = a_student("Ada")
    creator = a_creator(ada)
    author = author_of(creator)
    course = add_course(author, creator.id, "Sorting")
    run = next(run["id"] for run in runs_of(creator) if run["course_id"] == course)

    with pytest.raises(InputError, match=r"The student .* does not exist"):
        enrol(author, creator.id, run, [ada.id, uuid4()])

    assert (ada.id, run) not in enrolments_of(creator)


@pytest.mark.parametrize("naive", ["starts_at", "ends_at"])
def test_a_date_of_a_run_without_a_zone_is_refused_with_what_to_write(naive):
    dates = {"starts_at": NOW, "ends_at": NOW + timedelta(days=30)}
    dates[naive] = dates[naive].replace(tzinfo=None)

    with pytest.raises(InputError, match=r"without a time zone; write 2026-\d\d-\d\dT12:00:00Z for UTC"):
        RunDates("Spring", **dates)


def test_an_end_of_access_without_a_zone_is_refused():
    ada = a_student("Ada")
    creator = a_creator(ada)

    with pytest.raises(InputError, match="The end of access is 2026-03-04T12:00:00, without a time zone"):
        enrol(author_of(creator), creator.id, runs_of(creator)[0]["id"], [ada.id], NOW.replace(tzinfo=None))


def test_a_course_is_named_and_closed_in_one_step_or_not_at_all():
    creator = a_creator(a_video())
    author, [first] = author_of(creator), courses_of(creator)

    with pytest.raises(InputError, match="only open course"):
        change_course(author, creator.id, first["id"], title="Loops", is_closed=True)
    assert courses_of(creator)[0]["title"] == ""

    add_course(author, creator.id, "Sorting")
    change_course(author, creator.id, first["id"], title="Loops", is_closed=True)
    assert [(row["title"], row["closed_at"] is None) for row in courses_of(creator)] == [
        ("Loops", False),
        ("Sorting", True),
    ]


def test_nobody_else_changes_anything():
    ada, video = a_student("Ada"), a_video("Loops")
    creator, other = a_creator(ada, video), a_creator(a_video("Lists"))
    course, run = courses_of(creator)[0]["id"], runs_of(creator)[0]["id"]
    outsider = author_of(other)

    for change in (
        lambda: add_run(outsider, other.id, course, RunDates()),
        lambda: change_run(outsider, other.id, run, RunDates("Mine")),
        lambda: close_course(outsider, other.id, course),
        lambda: name_course(outsider, other.id, course, "Mine"),
        lambda: put_videos(outsider, other.id, course, []),
        lambda: enrol(outsider, other.id, run, []),
        lambda: end_enrolments(outsider, other.id, run, []),
    ):
        with pytest.raises(NoSuchCourse):
            change()
    for change in (
        lambda: add_course(STAFF, creator.id, "Mine"),
        lambda: add_course(outsider, creator.id, "Mine"),
        lambda: enrol(STAFF, creator.id, run, [ada.id]),
        lambda: order_courses(outsider, creator.id, [course]),
    ):
        with pytest.raises(InputError, match="Read-only for staff"):
            change()
    assert (courses_of(creator)[0]["title"], len(courses_of(creator))) == ("", 1)
