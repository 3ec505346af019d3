"""Courses and their runs side by side, against plain Python and in small literal cases."""

from collections import Counter
from datetime import timedelta
from statistics import median
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.courses import RunDates, add_course, add_run, change_run, close_course, order_courses, put_videos
from actions.enrolments import enrol
from database.accounts import Account
from database.clock import as_of
from database.levels import EVERYTHING, at_level
from queries.cache.editions import edition, reading
from queries.courses.days_of_run import RunOfLevel, days_of_runs
from queries.courses.figures import course_figures, runs_by_day
from queries.courses.finishing import finished_at_levels
from queries.courses.funnel import funnel, steepest_drop
from queries.courses.known import UnknownCourse, courses, level_of
from queries.courses.level_figures import figures_of_levels
from queries.overview.engagement import active_in_period, daily_active_users, daily_total_students
from queries.overview.headline import overview_stats
from queries.periods.chosen_period import chosen_period
from queries.periods.period import WEEK
from tests import activity_oracle, oracle, people_oracle, watching_oracle
from tests.builders import (
    NOW,
    History,
    a_creator,
    a_progress,
    a_student,
    a_video,
    add,
    an_event,
    histories,
    refreshed,
)
from tests.histories import instants
from tests.queries.comparing import assert_same_rows
from tests.queries.costs import statements_of

pytestmark = pytest.mark.usefixtures("shared_database")

DAY = timedelta(days=1)


def finished_at(source):
    """Student to the instant at which the last of the videos was watched, for all who completed every one."""
    finished = {row["student_id"] for row in people_oracle.student_engagement_tiers(source, NOW) if row["is_finished"]}
    completed = [
        row for row in watching_oracle.watched_videos(source, NOW) if row["is_completed"] and row["is_required"]
    ]
    return {who: max(row["last_at"] for row in completed if row["student_id"] == who) for who in finished}


def expected_finishing(source):
    enrolled = {student["id"]: student["created_at"] for student in source.students}
    days = [max((at - enrolled[who]) / DAY, 0) for who, at in finished_at(source).items()]
    return len(days), median(days) if days else None


def expected_days(source, starts_at, ends_at, now=NOW):
    def local_day(at):
        return at.astimezone(ZoneInfo(source.creator["timezone"])).date()

    enrolled = [local_day(student["created_at"]) for student in source.students]
    last = min(local_day(ends_at - timedelta(microseconds=1)) if ends_at else local_day(now), local_day(now))
    begun = [local_day(starts_at)] if starts_at else enrolled
    active = {(row["student_id"], row["day"]) for row in activity_oracle.student_days(source, now)}
    finished = Counter(local_day(at) for at in finished_at(source).values() if at <= now)
    firsts = [min(on for who, on in active if who == student) for student in {who for who, _ in active}]
    if begun:  # somebody may finish, or come for the first time, after the end
        last = min(max([last, *(max(on, min(begun)) for on in [*firsts, *finished])]), local_day(now))
    days = [min(begun) + number * DAY for number in range((last - min(begun)).days + 1)] if begun else []
    return [
        {
            "day": number,
            "active_students": sum(on == day for _, on in active),
            "active_share_percent": _share(len({who for who, on in active if on <= day}), enrolled),
            "finished_share_percent": _share(sum(finished[on] for on in finished if on <= day), enrolled),
        }
        for number, day in enumerate(days, 1)
    ]


def _share(part, students):
    return 100 * part / len(students) if students else None


@given(histories(until=NOW))
def test_who_finished_and_how_long_it_took_equals_plain_python(history: History):
    creator = refreshed(history)

    found = finished_at_levels(creator.id, [EVERYTHING])[0, 0]

    students, days = expected_finishing(oracle.source(creator.id))
    assert found.finished_students == students
    assert found.median_days == (days if days is None else pytest.approx(days))


@given(histories(until=NOW), st.none() | instants(NOW), st.none() | instants(NOW))
def test_the_days_of_a_run_equal_plain_python(history: History, starts_at, ends_at):
    creator = refreshed(history)

    found = days_of_all(creator, starts_at, ends_at)

    assert_same_rows(found, expected_days(oracle.source(creator.id), starts_at, ends_at))


@given(histories(until=NOW), st.none() | instants(NOW), instants(NOW))
def test_the_days_of_a_run_at_a_fixed_time_know_nothing_of_what_came_later(history: History, starts_at, then):
    creator = refreshed(history)

    with as_of(then):
        found = days_of_all(creator, starts_at)

    assert_same_rows(found, expected_days(oracle.source(creator.id), starts_at, None, then))


def test_a_run_that_ended_at_midnight_had_no_day_after():
    creator = a_creator(a_student())
    midnight = NOW.replace(hour=0)

    days = days_of_all(creator, midnight - 3 * DAY, midnight)

    assert days["day"].tolist() == [1, 2, 3]


def test_a_run_continues_until_the_last_of_its_students_finished_even_if_it_ended_before():
    """So the curve ends at the share that the table of the runs says."""
    ada, bo = a_student("Ada"), a_student("Bo")
    creator = a_creator(ada, bo, loops := a_video("Loops"), a_progress(ada, loops, days_ago=2, completed=True))

    days = days_of_all(creator, NOW - 9 * DAY, NOW - 5 * DAY)

    assert days["day"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert days["finished_share_percent"].tolist() == [0] * 7 + [50]
    assert finished_at_levels(creator.id, [EVERYTHING])[0, 0].finished_students == 1


def test_a_run_that_is_to_begin_has_no_day_yet():
    assert days_of_all(a_creator(a_student()), NOW + DAY).empty


def days_of_all(creator, starts_at=None, ends_at=None):
    return days_of_runs(creator.id, [RunOfLevel(EVERYTHING, starts_at, ends_at)]).drop(columns="place")


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


@pytest.fixture(scope="module")
def two_courses(shared_database):
    """Loops (Ada finished, Bo began) and Sorting with a run in spring (Ada) and one in summer (Cy, who finished)."""
    ada, bo, cy = (a_student(name, enrolled_days_ago=40) for name in ("Ada", "Bo", "Cy"))
    loops, sorting = a_video("Loops"), a_video("Sorting")
    creator = a_creator(ada, bo, cy, loops, sorting)
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")
    put_videos(author, creator.id, second, [sorting.id])
    spring = courses.fresh(creator.id).courses[1].runs[0].run_id
    change_run(author, creator.id, spring, RunDates("Spring", NOW - 30 * DAY, NOW - 20 * DAY))
    summer = add_run(author, creator.id, second, RunDates("Summer", NOW - 4 * DAY))
    _enrol(creator, spring, ada, days_ago=30)
    _enrol(creator, summer, cy, days_ago=4)
    refreshed(creator)
    add(
        creator,
        a_progress(ada, loops, days_ago=35, completed=True),
        a_progress(bo, loops, days_ago=5),
        a_progress(ada, sorting, days_ago=29),
        a_progress(cy, sorting, days_ago=2, completed=True),
    )
    return refreshed(creator)


def _enrol(creator, run_id, student, days_ago):
    with as_of(NOW - days_ago * DAY):
        enrol(author_of(creator), creator.id, run_id, [student.id])


def test_each_course_and_run_has_its_own_figures(two_courses):
    loops, sorting = course_figures(two_courses.id, WEEK)

    assert (loops.course.title, sorting.course.title) == ("", "Sorting")
    told = [
        (one.figures.students, one.figures.finished_students, one.figures.finished_percent) for one in (loops, sorting)
    ]
    assert told == [(3, 1, 33), (2, 1, 50)]
    assert [run.run.title for run in sorting.runs] == ["Spring", "Summer"]
    assert [(run.figures.students, run.figures.finished_students) for run in sorting.runs] == [(1, 0), (1, 1)]
    assert sorting.figures.median_days_to_finish == pytest.approx(2)
    assert loops.figures.median_days_to_finish == pytest.approx(5)
    assert loops.runs == []


@pytest.mark.parametrize(
    ("key", "compare"),
    [
        ("30d", "before"),
        ("7d", "last-year"),
        ("last-month", "before"),
        (f"{NOW - 35 * DAY:%Y-%m-%d}..{NOW - 3 * DAY:%Y-%m-%d}", "before"),
        (f"{NOW - 4 * DAY:%Y-%m-%d}..{NOW:%Y-%m-%d}", "before"),
        (f"{NOW - 4 * DAY:%Y-%m-%d}..{NOW:%Y-%m-%d}", "the spring run"),
    ],
)
@pytest.mark.parametrize("moment", [NOW, NOW - 2 * DAY])  # nothing lies behind the clock; something does
def test_the_figures_are_those_that_the_pages_show_at_the_level(two_courses, key, compare, moment):
    spring = courses.fresh(two_courses.id).courses[1].runs[0].run_id
    with as_of(moment):
        period = chosen_period(two_courses.id, key, f"run:{spring}" if compare == "the spring run" else compare)
        every = course_figures(two_courses.id, period)

        told = [(one.course.course_id, run, of) for one in every for run, of in [(None, one.figures), *by_run(one)]]
        assert len(told) == 4
        for course_id, run_id, figures in told:
            with at_level(level_of(two_courses.id, course_id, run_id)):
                days = daily_active_users.fresh(two_courses.id, period)
                enrolled = daily_total_students.fresh(two_courses.id, period)
                assert figures.students == overview_stats.fresh(two_courses.id).total_students
                assert figures.activity == active_in_period.fresh(two_courses.id, period)
                assert figures.steepest_drop == steepest_drop(funnel.fresh(two_courses.id))
            this = days[days["window"] == "this"]
            assert list(figures.active_by_day.values()) == this["active_students"].tolist()
            assert list(figures.active_by_day) == [day.date() for day in this["activity_date"]]
            assert figures.enrolled_students == enrolled["total_students"].iloc[-1]


def by_run(one):
    return [(of_run.run.run_id, of_run.figures) for of_run in one.runs]


def test_the_steepest_drop_of_each_level_is_that_of_its_funnel():
    people = [a_student(f"Student {number}", enrolled_days_ago=30) for number in range(9)]
    loops = [a_video(f"Loops {place}", position=place) for place in range(4)]
    sorting = [a_video(f"Sorting {place}", position=place) for place in range(4)]
    creator = a_creator(people, loops, sorting)
    author = author_of(creator)
    put_videos(author, creator.id, add_course(author, creator.id, "Sorting"), [video.id for video in sorting])
    reached = {0: 9, 1: 7, 2: 7, 3: 3}
    in_sorting = {0: 9, 1: 6, 2: 4, 3: 4}  # a third is lost twice: the first counts
    add(
        creator,
        [a_progress(who, loops[place]) for place, count in reached.items() for who in people[:count]],
        [a_progress(who, sorting[place]) for place, count in in_sorting.items() for who in people[:count]],
    )
    refreshed(creator)

    found = course_figures(creator.id, WEEK)

    drops = [one.figures.steepest_drop for one in found]
    assert [(drop.title, drop.next_title, drop.reached, drop.lost) for drop in drops] == [
        ("Loops 2", "Loops 3", 7, 4),
        ("Sorting 0", "Sorting 1", 9, 3),
    ]
    for one in found:
        with at_level(level_of(creator.id, one.course.course_id)):
            assert one.figures.steepest_drop == steepest_drop(funnel.fresh(creator.id))
    assert len(funnel.fresh(creator.id)) == 8


def test_twelve_courses_are_no_more_statements_than_two():
    asked = {}
    for number in (2, 12):
        creator = a_creator(a_student(), a_video())
        author = author_of(creator)
        added = [add_course(author, creator.id, f"Course {place}") for place in range(1, number)]
        for course_id in added:
            add_run(author, creator.id, course_id, RunDates("Another", NOW - 3 * DAY))
        refreshed(creator)
        asked[number] = [
            len(statements_of(query, creator.id, arguments))
            for query, arguments in (
                (figures_of_levels, (WEEK,)),
                (courses, ()),
                (runs_by_day, (tuple(added),)),
                (funnel, ()),
            )
        ]

    assert asked[12] == asked[2]
    assert sum(asked[2]) < 20


def test_only_the_courses_that_are_asked_about_are_read(two_courses):
    first, second = course_figures(two_courses.id, WEEK)
    ids = (second.course.course_id, first.course.course_id)

    assert course_figures(two_courses.id, WEEK, ids) == [second, first]
    assert course_figures(two_courses.id, WEEK, ids[:1]) == [second]
    assert course_figures(two_courses.id, WEEK, ()) == []
    assert {course for course, _ in figures_of_levels(two_courses.id, WEEK, ids[:1])} == {second.course.number}
    with pytest.raises(UnknownCourse):
        course_figures(two_courses.id, WEEK, (uuid4(),))


def test_the_figures_are_the_same_whatever_level_is_in_force(two_courses):
    known = course_figures(two_courses.id, WEEK)

    with at_level(level_of(two_courses.id, known[1].course.course_id)):
        assert course_figures(two_courses.id, WEEK) == known


def test_the_runs_of_a_course_are_laid_upon_one_another(two_courses):
    sorting = courses.fresh(two_courses.id).courses[1]

    days = runs_by_day(two_courses.id, (sorting.course_id,))

    assert days["run_id"].unique().tolist() == [run.run_id for run in sorting.runs]
    spring, summer = (days[days["title"] == title] for title in ("Spring", "Summer"))
    assert spring["day"].tolist() == list(range(1, 12))
    assert spring["active_students"].tolist() == [0, 1, *[0] * 9]
    assert spring["active_share_percent"].tolist() == [0, *[100] * 10]
    assert spring["finished_share_percent"].tolist() == [0] * 11
    assert summer["day"].tolist() == [1, 2, 3, 4, 5]
    assert summer["active_students"].tolist() == [0, 0, 1, 0, 0]
    assert summer["finished_share_percent"].tolist() == [0, 0, 100, 100, 100]


def test_the_only_course_of_a_creator_has_the_figures_of_all():
    ada, loops = a_student("Ada", enrolled_days_ago=10), a_video("Loops")
    creator = a_creator(ada, loops, a_progress(ada, loops, days_ago=2, completed=True))

    [course] = course_figures(creator.id, WEEK)

    assert course.runs == []
    assert (course.figures.students, course.figures.finished_students) == (1, 1)
    assert course.figures.median_days_to_finish == pytest.approx(8)
    days = runs_by_day(creator.id, (course.course.course_id,))
    assert days["active_students"].tolist() == [0] * 8 + [1, 0, 0]


def test_courses_come_in_their_order_closed_ones_too(two_courses):
    creator = a_creator(a_student(), a_video())
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")
    first = courses.fresh(creator.id).courses[0].course_id
    order_courses(author, creator.id, [second, first])
    close_course(author, creator.id, second)

    found = course_figures(refreshed(creator).id, WEEK)

    assert [one.course.course_id for one in found] == [second, first]
    assert found[0].course.closed_at is not None


def test_a_course_whose_figures_are_being_built_has_none_and_the_others_have_theirs():
    creator = a_creator(a_student())
    author = author_of(creator)
    add_course(author, creator.id, "Sorting")
    refreshed(creator)
    before = edition(creator.id, 1)
    added = add_course(author, creator.id, "Searching")

    with reading(before):
        found = course_figures(creator.id, WEEK)

    assert [one.figures is None for one in found] == [False, False, True]
    assert found[2].course.course_id == added


def test_an_outsider_sees_no_course_and_no_run_of_another_creator(two_courses):
    outsider = a_creator(an_event())
    sorting = course_figures(two_courses.id, WEEK)[1].course

    assert [one.figures.students for one in course_figures(outsider.id, WEEK)] == [1]
    with pytest.raises(UnknownCourse):
        runs_by_day(outsider.id, (sorting.course_id,))
    of_the_other = level_of(two_courses.id, sorting.course_id)
    with at_level(of_the_other):
        assert finished_at_levels(outsider.id, [of_the_other])[of_the_other.course, 0].finished_students == 0
        assert days_of_runs(outsider.id, [RunOfLevel(of_the_other)]).empty


def test_whoever_is_unknown_has_no_course():
    assert course_figures(uuid4(), WEEK) == []
