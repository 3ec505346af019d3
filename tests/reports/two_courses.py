"""A creator with two courses, the second with two runs."""

from datetime import timedelta

from actions.courses import RunDates, add_course, add_run, name_course, put_quizzes, put_videos
from actions.enrolments import end_enrolments, enrol
from queries.courses.known import courses
from tests.builders import (
    NOW,
    ACreator,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_student,
    a_video,
    an_attempt,
    refreshed,
)
from tests.queries.courses.test_courses import author_of

ENROLLED = NOW - timedelta(days=30)
ADA, BO, CEM = (a_student(name, created_at=ENROLLED) for name in ("Ada Moss", "Bo Lind", "Cem Kaya"))
LOOPS, SORTING = a_video("Loops", position=1), a_video("Sorting", position=1)
LOOPS_QUIZ, SORTING_QUIZ = a_quiz("Loops quiz"), a_quiz("Sorting quiz")


def in_two_courses() -> ACreator:
    """Ada is in both courses, Bo in the second one alone, Cem left the first one, his only one."""
    made = a_creator(
        [ADA, BO, CEM],
        [LOOPS, SORTING, LOOPS_QUIZ, SORTING_QUIZ],
        [a_progress(ADA, LOOPS, days_ago=5), a_progress(ADA, SORTING, days_ago=3), a_progress(BO, SORTING, days_ago=2)],
        [an_attempt(ADA, LOOPS_QUIZ, days_ago=4), an_attempt(BO, SORTING_QUIZ, days_ago=1)],
        [
            a_chat(a_question("Why loops?", video=LOOPS), student=ADA),
            a_chat(a_question("Why sort?", video=SORTING), student=BO),
        ],
    )
    author = author_of(made)
    first = courses.fresh(made.id).courses[0]
    name_course(author, made.id, first.course_id, "Python")
    added = add_course(author, made.id, "Algorithms")
    second = courses.fresh(made.id).courses[1]
    later = add_run(author, made.id, added, RunDates("Autumn", NOW - timedelta(days=2, hours=12)))
    enrol(author, made.id, second.runs[0].run_id, [ADA.id])
    enrol(author, made.id, later, [BO.id])
    end_enrolments(author, made.id, first.runs[0].run_id, [BO.id, CEM.id])
    # Last: whoever had done something in a course without being enrolled would be, in the run that was there.
    put_videos(author, made.id, added, [SORTING.id])
    put_quizzes(author, made.id, added, [SORTING_QUIZ.id])
    return refreshed(made)
