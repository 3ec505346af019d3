"""Several courses: progress counts those one is enrolled in, and whoever takes part no more is left in peace."""

from datetime import timedelta
from uuid import uuid4

import pytest

from actions.courses import RunDates, add_course, add_run, change_run, close_course, put_quizzes, put_videos
from actions.enrolments import end_enrolments, enrol
from database.accounts import Account
from database.levels import EVERYTHING, Level, at_level
from database.refresh import rebuild
from queries.cache.editions import edition, reading
from queries.courses.funnel import funnel, stuck_students
from queries.courses.known import UnknownCourse, courses, level_of
from queries.mails.announcement_audience import audience
from queries.overview.headline import overview_stats
from queries.overview.notices import notices
from queries.students.history import watch_history
from queries.students.lists import StudentFilters, at_risk_students, most_at_risk, student, students
from queries.students.signals import student_signals
from rules.errors import FiguresBeingBuilt
from tests.builders import (
    NOW,
    a_creator,
    a_progress,
    a_quiz,
    a_segment,
    a_student,
    a_video,
    a_watch,
    add,
    an_attempt,
    refreshed,
)
from tests.levels import Courses, Enrolment, level_named, put

pytestmark = pytest.mark.usefixtures("shared_database")


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


def in_two_courses(*rows, moved=()):
    """A creator with these rows and a second course, into which these videos are put; its run, too."""
    creator = a_creator(*rows)
    author = author_of(creator)
    course_id = add_course(author, creator.id, "Sorting")
    put_videos(author, creator.id, course_id, [video.id for video in moved])
    refreshed(creator)
    return creator, author, courses.fresh(creator.id).courses[1]


def completed(person, video, days_ago=20):
    return a_progress(person, video, days_ago=days_ago, watch_percentage=100, completed=True)


def test_whoever_finishes_the_only_course_they_are_in_has_finished():
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")

    creator, _, _ = in_two_courses(ada, loops, sorting, completed(ada, loops), moved=[sorting])

    found = student.fresh(creator.id, ada.id).iloc[0]
    assert (found["published_videos"], found["progress_percent"], found["is_finished"]) == (1, 100, True)
    assert at_risk_students.fresh(creator.id).empty


def test_progress_over_two_courses_is_of_the_videos_of_both():
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")
    creator, author, second = in_two_courses(ada, loops, sorting, completed(ada, loops), moved=[sorting])

    enrol(author, creator.id, second.runs[0].run_id, [ada.id])
    refreshed(creator)

    found = student.fresh(creator.id, ada.id).iloc[0]
    assert (found["published_videos"], found["progress_percent"], found["is_finished"]) == (2, 50, False)


def test_a_course_that_a_student_left_is_nothing_to_finish_and_what_was_done_there_stays():
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")
    watched = [completed(ada, loops), completed(ada, sorting)]
    creator, author, second = in_two_courses(ada, loops, sorting, watched, moved=[sorting])

    end_enrolments(author, creator.id, second.runs[0].run_id, [ada.id])
    refreshed(creator)

    found = student.fresh(creator.id, ada.id).iloc[0]
    assert (found["videos_completed"], found["published_videos"], found["is_finished"]) == (1, 1, True)
    assert found["videos_watched"] == 2
    with at_level(level_of(creator.id, second.course_id)):
        assert student.fresh(creator.id, ada.id).empty
        assert overview_stats.fresh(creator.id).total_students == 0


def test_the_share_that_a_platform_tells_belongs_to_the_run_in_which_it_was_told():
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")
    told = a_progress(ada, sorting, days_ago=20, watch_percentage=50, completed=False)
    creator = a_creator(ada, loops, sorting, told, a_segment(ada, sorting, days_ago=5))
    enrolled = [Enrolment(ada.id, run, NOW - timedelta(days=days), None) for run, days in ((2, 60), (3, 10))]
    put(creator, Courses(frozenset({sorting.id}), frozenset(), (), tuple(enrolled)))
    rebuild(creator.id)

    shares = []
    for run in (2, 3):
        with at_level(level_named(creator, 2, run)):
            watched = watch_history.fresh(creator.id, ada.id).rows
            stuck = stuck_students.fresh(creator.id, sorting.id)
            shares.append([rows["watched_percent"].tolist() for rows in (watched, stuck)])
    assert shares == [[[50], [50]], [[None], [10]]]  # of the run: the tenth that was played in it


def test_distinct_people_over_courses_are_not_the_sum_of_the_courses_people():
    ada, bo, loops, sorting = a_student("Ada"), a_student("Bo"), a_video("Loops"), a_video("Sorting")
    creator, author, second = in_two_courses(ada, bo, loops, sorting, moved=[sorting])

    enrol(author, creator.id, second.runs[0].run_id, [ada.id])
    refreshed(creator)

    first = courses.fresh(creator.id).courses[0]
    assert overview_stats.fresh(creator.id).total_students == 2
    counted = []
    for course in (first, second):
        with at_level(level_of(creator.id, course.course_id)):
            counted.append(overview_stats.fresh(creator.id).total_students)
    assert counted == [2, 1]


def test_a_full_page_of_a_courses_students_counts_those_of_the_course():
    ada, bo, loops, sorting = a_student("Ada"), a_student("Bo"), a_video("Loops"), a_video("Sorting")
    creator, author, second = in_two_courses(ada, bo, loops, sorting, moved=[sorting])
    enrol(author, creator.id, second.runs[0].run_id, [ada.id])
    add(creator, a_watch(ada, sorting, days_ago=1), a_watch(bo, loops, days_ago=2))
    refreshed(creator)

    with at_level(level_of(creator.id, second.course_id)):
        page = students.fresh(creator.id, StudentFilters(limit=1))

    assert (page.students["name"].tolist(), page.total, page.has_more) == (["Ada"], 1, False)


OVER = [
    "left",
    "the run is over",
    "the access has expired",
    "the course is closed",
]


@pytest.mark.parametrize("why", OVER)
def test_whoever_takes_part_no_more_keeps_the_tier_and_is_in_no_list_to_write_to(why):
    ada, bo, loops = a_student("Ada", enrolled_days_ago=60), a_student("Bo", enrolled_days_ago=60), a_video("Loops")
    watches = [a_watch(person, loops, days_ago=10) for person in (ada, bo)]
    creator = a_creator(ada, bo, loops, watches)
    author = author_of(creator)
    assert len(at_risk_students.fresh(creator.id)) == 2
    add_run(author, creator.id, courses.fresh(creator.id).courses[0].course_id, RunDates("Autumn"))
    refreshed(creator)
    [first, autumn] = courses.fresh(creator.id).courses[0].runs
    enrol(author, creator.id, autumn.run_id, [bo.id])
    end_enrolments(author, creator.id, first.run_id, [bo.id])

    match why:
        case "left":
            end_enrolments(author, creator.id, first.run_id, [ada.id])
        case "the run is over":
            over = RunDates("Summer", NOW - timedelta(days=90), NOW - timedelta(days=1))
            change_run(author, creator.id, first.run_id, over)
        case "the access has expired":
            enrol(author, creator.id, first.run_id, [ada.id], NOW - timedelta(days=1))
        case "the course is closed":
            other = add_course(author, creator.id, "Sorting")
            refreshed(creator)
            run = next(one for one in courses.fresh(creator.id).courses if one.course_id == other).runs[0]
            enrol(author, creator.id, run.run_id, [bo.id])
            close_course(author, creator.id, courses.fresh(creator.id).courses[0].course_id)
    refreshed(creator)

    found = student.fresh(creator.id, ada.id).iloc[0]
    assert (found["engagement_tier"], found["status"]) == ("at_risk", "at-risk")
    assert at_risk_students.fresh(creator.id)["name"].tolist() == ["Bo"]
    assert most_at_risk.fresh(creator.id).total == 1
    assert notices.fresh(creator.id)["subject"].tolist() == ["Bo"]
    assert stuck_students.fresh(creator.id, loops.id)["name"].tolist() == ["Bo"]
    is_shown = why != "the course is closed"  # over all courses, only open ones are
    assert funnel.fresh(creator.id)["stuck"].sum() == (1 if is_shown else 0)
    reached = audience(creator.id, [ada.id, bo.id], quiet_days=0).set_index("name")["skipped_because"]
    assert reached.dropna().to_dict() == {"Ada": "run_over"}


def test_activity_in_a_course_without_an_enrolment_makes_one_in_the_run_held_then():
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")
    creator, author, second = in_two_courses(ada, loops, sorting, moved=[sorting])
    change_run(author, creator.id, second.runs[0].run_id, RunDates("Past", ends_at=NOW - timedelta(days=30)))
    held = add_run(author, creator.id, second.course_id, RunDates("Held", NOW - timedelta(days=30)))
    add_run(author, creator.id, second.course_id, RunDates("To come", NOW + timedelta(days=30)))
    refreshed(creator)

    add(creator, a_watch(ada, sorting, days_ago=3))
    refreshed(creator)
    refreshed(creator)

    run = next(one for one in courses.fresh(creator.id).courses[1].runs if one.run_id == held)
    for level in (level_of(creator.id, second.course_id), Level(second.number, run.number, second.course_id)):
        with at_level(level):
            stats = overview_stats.fresh(creator.id)
            assert (stats.total_students, stats.videos_watched) == (1, 1)
            assert student.fresh(creator.id, ada.id)["created_at"].item() == NOW - timedelta(days=3)


def test_a_creator_with_one_course_has_the_figures_of_all():
    creator = a_creator(a_student("Ada"))
    [course] = courses.fresh(creator.id).courses

    assert level_of(creator.id, None) == EVERYTHING
    assert level_of(creator.id, course.course_id) == EVERYTHING
    assert level_of(creator.id, course.course_id, course.runs[0].run_id) == EVERYTHING


def test_a_course_of_another_creator_is_unknown():
    foreign = courses.fresh(a_creator(a_student("Bo")).id).courses[0]
    creator = a_creator(a_student("Ada"))

    with pytest.raises(UnknownCourse):
        level_of(creator.id, foreign.course_id)
    with pytest.raises(UnknownCourse):
        level_of(creator.id, courses.fresh(creator.id).courses[0].course_id, foreign.runs[0].run_id)


def test_a_course_that_was_added_a_moment_ago_says_that_its_figures_are_being_built():
    creator = a_creator(a_student("Ada"))
    added = add_course(author_of(creator), creator.id, "Sorting")

    with reading(edition(creator.id, 1)), pytest.raises(FiguresBeingBuilt):  # of the version before
        level_of(creator.id, added)
    assert level_of(creator.id, added) == Level(2, 0, added)  # whoever asks anew finds them built


def test_failing_in_one_course_is_no_signal_in_another():
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")
    quiz = a_quiz("Sorting quiz", video=sorting)
    attempts = [an_attempt(ada, quiz, days_ago=9 - number, passed=False) for number in range(4)]
    creator, _, second = in_two_courses(ada, loops, sorting, quiz, attempts, moved=[sorting])
    put_quizzes(author_of(creator), creator.id, second.course_id, [quiz.id])
    refreshed(creator)

    first = courses.fresh(creator.id).courses[0]
    kinds = {}
    for course in (first, second):
        with at_level(level_of(creator.id, course.course_id)):
            kinds[course.number] = set(student_signals.fresh(creator.id, ada.id)["kind"])
    assert ("failing" in kinds[1], "failing" in kinds[2]) == (False, True)
