"""The weekly digest of a creator with several courses."""

from dataclasses import replace

import pytest

from actions.courses import add_course, name_course
from actions.enrolments import enrol
from database.clock import as_of
from mail.digest.content import CourseWeek
from mail.digest.gather import gathered
from mail.digest.mail import digest_mail
from mail.message import Mail
from queries.courses.known import courses
from tests.builders import ACreator, refreshed
from tests.mail.digest.a_week import WEEK, a_busy_creator, known
from tests.oracle import rows_of
from tests.queries.courses.test_courses import author_of

pytestmark = pytest.mark.usefixtures("shared_database")


def in_two_courses() -> ACreator:
    """The busy creator, whose video is in the course Python; three students are in the empty course Algorithms too."""
    with as_of(WEEK.begins_at):
        creator = a_busy_creator()
        author = author_of(creator)
        name_course(author, creator.id, courses.fresh(creator.id).courses[0].course_id, "Python")
        add_course(author, creator.id, "Algorithms")
        refreshed(creator)
        students = sorted(rows_of(creator.id, "students"), key=lambda row: row["name"])[:3]
        run = courses.fresh(creator.id).courses[1].runs[0]
        enrol(author, creator.id, run.run_id, [row["id"] for row in students])
    return refreshed(creator)


def test_findings_name_the_course_of_their_video_or_quiz():
    digest = gathered(known(in_two_courses()), WEEK)

    assert [item.title for item in digest.videos.items] == ["Loops (Python)"]
    assert [item.title for item in digest.quizzes.items] == ["Loops (Python)"]
    assert all("(Python), question" in item.title for item in digest.quiz_questions.items)


def test_each_course_has_a_line_and_whoever_is_in_both_slips_once():
    # Ben came back with a visit that is of no video, and so of no course.
    digest = gathered(known(in_two_courses()), WEEK)

    assert [(line.title, line.students, line.active_students) for line in digest.courses] == [
        ("Python", 13, 11),
        ("Algorithms", 3, 0),
    ]
    assert digest.total_students == 13
    assert [item.title for item in digest.slipped.items] == ["Ada Moss"]


def test_the_mail_has_the_lines_in_both_forms():
    mail = digest_mail(gathered(known(in_two_courses()), WEEK), None)

    assert isinstance(mail, Mail)
    assert "YOUR COURSES\n- Python: 11 active this week (week before: " in mail.text
    assert "), 13 students, 1 finished" in mail.text
    assert "13 students, 1 finished" in mail.html
    for said in (mail.text.lower(), mail.html.lower()):
        assert said.index("what to do this week") < said.index("your courses")


def test_of_many_courses_the_busiest_have_a_line_in_their_order():
    every = tuple(CourseWeek(f"Course {place}", 20, place % 5, 2, 3, "https://course") for place in range(20))
    digest = replace(gathered(known(a_busy_creator()), WEEK), courses=every)

    mail = digest_mail(digest, None)

    assert [course.title for course in digest.courses_shown] == [
        f"Course {place}" for place in (3, 4, 8, 9, 13, 14, 18, 19)
    ]
    assert isinstance(mail, Mail)
    assert "- Course 4: 4 active this week (week before: 2, +100%), 20 students, 3 finished" in mail.text
    assert "- and 12 more: " in mail.text
    assert "and 12 more" in mail.html
    assert "Course 5<" not in mail.html


def test_with_one_course_nothing_is_said_of_courses():
    creator = a_busy_creator()
    digest = gathered(known(creator), WEEK)
    mail = digest_mail(digest, None)

    assert digest.courses == ()
    assert [item.title for item in digest.videos.items] == ["Loops"]
    assert isinstance(mail, Mail)
    assert "courses" not in mail.text.lower()
