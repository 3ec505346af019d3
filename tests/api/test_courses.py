"""Figures of one course or run, and the list of courses, as programs get them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings

import api.routing
from actions.courses import RunDates, add_course, add_run, put_videos
from actions.enrolments import enrol
from api.app import api as dashboard_api
from api.parameters import parameter_names
from api.problems import every_route
from api.routing import CreatorRoute, EveryCourseRoute, FiguresRoute
from database.accounts import Account
from database.clock import as_of
from database.levels import at_level
from database.refresh import refresh
from queries.courses.figures import course_figures
from queries.courses.known import courses as courses_of
from queries.courses.known import level_of
from queries.overview.dashboard import fresh_dashboard_response
from queries.periods.period import MONTH, WEEK
from tests.accounts import a_linked_account
from tests.api.asking import by_key, in_browser
from tests.api.test_remembered import addresses_of
from tests.builders import (
    NOW,
    History,
    a_creator,
    a_progress,
    a_student,
    a_video,
    add,
    refreshed,
)
from tests.levels import LEVELS, Courses, alone_at, belonging, placed_creator, placed_histories
from tests.queries.every_answer import Told
from tests.queries.test_levels import ids_of

pytestmark = pytest.mark.usefixtures("shared_database")

DAY = timedelta(days=1)
FIGURES = [
    route
    for route in every_route(dashboard_api.routes)
    if isinstance(route, FiguresRoute) and not isinstance(route, EveryCourseRoute)
]


def author_of(creator) -> Account:
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


@pytest.fixture(scope="module")
def creator(shared_database):
    """Loops, with Ada, Bo and Cy; Sorting, with a run in spring (Ada) and one in summer (Bo and Cy, who finished)."""
    ada, bo, cy = (a_student(name, enrolled_days_ago=40) for name in ("Ada", "Bo", "Cy"))
    loops, sorting = a_video("Loops"), a_video("Sorting")
    creator = a_creator(
        ada,
        bo,
        cy,
        loops,
        sorting,
        a_progress(ada, loops, days_ago=3),
    )
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")
    put_videos(author, creator.id, second, [sorting.id])
    summer = add_run(author, creator.id, second, RunDates("Summer", NOW - 5 * DAY))
    refreshed(creator)
    spring = courses_of.fresh(creator.id).courses[1].runs[0].run_id
    with as_of(NOW - 4 * DAY):
        enrol(author, creator.id, spring, [ada.id])
        enrol(author, creator.id, summer, [bo.id, cy.id])
    add(creator, a_progress(cy, sorting, days_ago=1, completed=True))
    return refreshed(creator)


@pytest.fixture
def sorting(creator):
    return courses_of.fresh(creator.id).courses[1]


def total(answer) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["students"]["total"])


def test_every_address_of_figures_takes_a_course_and_a_run_and_no_other_does():
    takes = {
        route.path
        for route in every_route(dashboard_api.routes)
        if {"course", "run"} <= parameter_names(route.dependant) and isinstance(route, CreatorRoute)
    }

    assert takes == {route.path for route in FIGURES}
    assert len(takes) == 9


@given(placed_histories())
@settings(max_examples=5)
def test_every_address_answers_for_each_level_as_for_a_creator_of_its_own(placed: tuple[History, Courses]) -> None:
    history, in_courses = placed
    creator = placed_creator(history, in_courses)
    asking = by_key(creator.id)

    for course, run in LEVELS:
        alone = alone_at(history, in_courses, course, run)
        about = Told(creator.id, **ids_of(belonging(history, in_courses, course, run)))
        of_alone, named = by_key(alone.id), query_of(creator, course, run)
        for address in [address for route in FIGURES for address in addresses_of(route, about)]:
            wanted = of_alone.get(address)
            for _ in range(2):  # the second one from the cache
                found = asking.get(f"{address}{'&' if '?' in address else '?'}{named}")
                assert (found.status_code, found.json()) == (wanted.status_code, wanted.json()), (address, course, run)


def query_of(creator, course: int, run: int) -> str:
    of_course = next(one for one in courses_of.fresh(creator.id).courses if one.number == course)
    of_run = [f"run={one.run_id}" for one in of_course.runs if one.number == run]
    return "&".join([f"course={of_course.course_id}", *of_run])


def test_a_run_is_found_by_its_own_id(creator, sorting):
    asking, summer = by_key(creator.id), sorting.runs[1].run_id

    alone = asking.get(f"/creator/dashboard?run={summer}")
    with_course = asking.get(f"/creator/dashboard?course={sorting.course_id}&run={summer}")

    assert total(alone) == 2
    assert alone.content == with_course.content


def test_a_request_without_a_course_is_about_all_of_them_whatever_was_asked_before(creator, sorting):
    asking = by_key(creator.id)

    totals = [
        total(asking.get(f"/creator/dashboard{query}"))
        for query in ("", f"?course={sorting.course_id}", "", f"?run={sorting.runs[0].run_id}", "")
    ]

    assert totals == [3, 3, 3, 1, 3]
    assert asking.get("/creator/videos").json()["total"] == 2
    assert asking.get(f"/creator/videos?course={sorting.course_id}").json()["total"] == 1


def test_tag_and_kept_answer_are_those_of_the_course(creator, sorting):
    asking = by_key(creator.id)
    queries = ["", f"?course={sorting.course_id}", *(f"?run={run.run_id}" for run in sorting.runs)]

    tags = [asking.get(f"/creator/dashboard{query}").headers["etag"] for query in queries]

    assert len(set(tags)) == 4
    for tag in tags:
        known = [asking.get(f"/creator/dashboard{query}", **{"if-none-match": tag}).status_code for query in queries]
        assert known == [304 if tag == other else 200 for other in tags]


def test_the_next_page_is_of_the_same_run(creator, sorting):
    asking, summer = by_key(creator.id), sorting.runs[1].run_id
    first = asking.get(f"/creator/students?course={sorting.course_id}&run={summer}&limit=1&sortBy=name&sortOrder=asc")

    link = first.headers["link"].partition(";")[0].strip("<>")
    second = asking.get(link[link.index("/creator/") :])

    assert f"course={sorting.course_id}&run={summer}" in link
    names = [answer.json()["students"][0]["name"] for answer in (first, second)]
    assert (names, second.json()["hasMore"]) == (["Bo", "Cy"], False)


@pytest.mark.parametrize("name", ["course", "run"])
@pytest.mark.parametrize("route", FIGURES, ids=lambda route: route.path)
def test_what_the_creator_does_not_have_is_named_at_every_address(creator, sorting, route, name):
    [other] = courses_of.fresh(a_creator(a_student("Dan")).id).courses
    foreign = other.course_id if name == "course" else other.runs[0].run_id
    about = Told(creator.id, uuid4(), uuid4(), uuid4())

    for asked in (foreign, uuid4()):
        answer = by_key(creator.id).get(f"{addresses_of(route, about)[0]}?{name}={asked}")
        [error] = answer.json()["errors"]
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (error["field"], error["value"]) == (name, str(asked))
        assert error["message"] == f"You have no {name} with this id; GET /creator/courses lists what there is."


def test_a_run_of_another_course_is_none_of_this_one(creator, sorting):
    loops = courses_of.fresh(creator.id).courses[0]

    answer = by_key(creator.id).get(f"/creator/chat?course={loops.course_id}&run={sorting.runs[0].run_id}")

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["message"].startswith("This course has no run with this id")


@pytest.mark.parametrize("name", ["course", "run"])
@pytest.mark.parametrize("given", ["", "2", "Sorting", "%00", "null"])
def test_what_is_no_id_is_refused(creator, name, given):
    answer = by_key(creator.id).get(f"/creator/quizzes?{name}={given}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == name
    assert answer.json()["errors"][0]["message"].startswith(f"This is not the id of a {name}")


def test_staff_read_a_course_of_the_creator_whom_they_name(creator, sorting):
    staff, other = in_browser(a_linked_account()), a_creator(a_student("Dan"))

    found = staff.get(f"/creator/dashboard?creatorId={creator.id}&run={sorting.runs[1].run_id}")
    missed = staff.get(f"/creator/dashboard?creatorId={other.id}&course={sorting.course_id}")

    assert total(found) == 2
    assert missed.status_code == 404


def test_the_only_course_has_the_figures_of_all(shared_database):
    creator = a_creator(a_student("Ada"), a_video("Loops"))
    asking, [course] = by_key(creator.id), courses_of.fresh(creator.id).courses

    answers = [
        asking.get(f"/creator/dashboard{query}").content
        for query in ("", f"?course={course.course_id}", f"?run={course.runs[0].run_id}")
    ]

    assert answers[0] == answers[1] == answers[2]


def test_a_course_whose_figures_are_being_built_says_when_to_come_back(monkeypatch):
    creator = a_creator(a_student("Ada"))
    author = author_of(creator)
    add_course(author, creator.id, "Sorting")
    refreshed(creator)
    for module in ("api.callers", "database.versions"):
        monkeypatch.setattr(f"{module}.version_after_arrivals", lambda _creator_id, version: version)
    added = add_course(author, creator.id, "Searching")
    asking = by_key(creator.id)

    answer, listed = asking.get(f"/creator/dashboard?course={added}"), asking.get("/creator/courses")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "being recalculated" in answer.json()["detail"]
    assert [one["figures"] is None for one in listed.json()["courses"]] == [False, False, True]
    assert listed.json()["courses"][2]["runs"][0]["figures"] is None


def test_a_course_that_becomes_one_of_two_meanwhile_is_answered_as_such(monkeypatch):
    ada, loops, sorting = a_student("Ada"), a_video("Loops"), a_video("Sorting")
    creator = a_creator(ada, loops, sorting)
    author, [first] = author_of(creator), courses_of.fresh(creator.id).courses
    asking, let_in = by_key(creator.id), api.routing.let_in  # type: ignore[attr-defined]

    def let_in_before_a_change(*arguments):
        caller = let_in(*arguments)
        put_videos(author, creator.id, add_course(author, creator.id, "Sorting"), [sorting.id])
        refresh(creator.id)
        return caller

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(api.routing, "let_in", let_in_before_a_change)
        answer = asking.get(f"/creator/videos?course={first.course_id}")

    assert [video["title"] for video in answer.json()["videos"]] == ["Loops"]


def test_the_list_has_each_course_and_run_with_its_figures(creator):
    answer = by_key(creator.id).get("/creator/courses?period=7d").json()["courses"]

    loops, sorting = answer
    assert [one["title"] for one in answer] == ["", "Sorting"]
    assert [one["figures"]["students"] for one in answer] == [3, 3]
    assert [(run["title"], run["figures"]["students"]) for run in sorting["runs"]] == [("", 1), ("Summer", 2)]
    assert sorting["runs"][1]["startsAt"] == "2026-02-27T12:00:00Z"
    assert (sorting["runs"][0]["startsAt"], sorting["closedAt"]) == (None, None)
    assert [run["figures"] for run in loops["runs"]] == [loops["figures"]]
    assert sorting["figures"]["finishedStudents"] == 1
    assert sorting["figures"]["medianDaysToFinish"] == pytest.approx(3)
    assert sorting["figures"]["activeStudents"] == 1
    assert [day["activeStudents"] for day in sorting["figures"]["days"]] == [0, 0, 0, 0, 0, 1, 0]
    assert sorting["figures"]["days"][-1]["date"] == "2026-03-04"


def test_the_list_says_what_the_query_says(creator):
    answer = by_key(creator.id).get("/creator/courses").json()["courses"]

    for found, wanted in zip(answer, course_figures(creator.id, MONTH), strict=True):
        figures = wanted.figures
        assert (found["id"], found["figures"]["students"]) == (str(wanted.course.course_id), figures.students)
        assert found["figures"]["activeStudentsBefore"] == figures.activity.seen_period_before
        assert found["figures"]["changePercent"] == figures.activity.change_percent
        assert len(found["figures"]["days"]) == 30
        assert found["figures"]["steepestDrop"] is None


def test_the_steepest_drop_is_told():
    people = [a_student(f"Student {number}") for number in range(5)]
    loops, lists = a_video("Loops", position=1), a_video("Lists", position=2)
    creator = a_creator(people, loops, lists, [a_progress(one, loops) for one in people])

    [course] = by_key(creator.id).get("/creator/courses").json()["courses"]

    drop = course["figures"]["steepestDrop"]
    assert (drop["title"], drop["nextTitle"], drop["reached"], drop["lost"]) == ("Loops", "Lists", 5, 5)


def test_the_list_takes_no_course(creator, sorting):
    answer = by_key(creator.id).get(f"/creator/courses?course={sorting.course_id}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "course")


def test_an_outsider_sees_the_own_courses_only(creator):
    outsider = a_creator(a_student("Dan"))
    by_key(creator.id).get("/creator/courses")

    [course] = by_key(outsider.id).get("/creator/courses").json()["courses"]

    assert course["figures"]["students"] == 1
    assert by_key(a_creator().id).get("/creator/courses").json() == {"courses": []}


@pytest.mark.parametrize("period", [WEEK, MONTH], ids=lambda period: period.key)
def test_the_dashboard_of_a_course_is_that_of_the_pages(creator, sorting, period):
    answer = by_key(creator.id).get(f"/creator/dashboard?period={period.key}&course={sorting.course_id}").json()

    with at_level(level_of(creator.id, sorting.course_id)):
        assert answer == fresh_dashboard_response(creator.id, period)
