"""Pages of students that follow each other, whoever enrols meanwhile."""

from dataclasses import replace
from typing import get_args

import pytest

from queries.students.lists import SortBy, SortOrder, StudentFilters, students
from queries.students.paging import Cursor, cursor
from tests.api.asking import by_key
from tests.builders import a_creator, a_student, a_video, a_watch, add, an_event, refreshed

pytestmark = pytest.mark.usefixtures("shared_database")

NAMES = ["ada", "Bo", "bo", "Cy", "Di", "Ed", "Flo"]


@pytest.fixture
def creator():
    """Ties in everything that can be sorted by, and students without any activity."""
    people = [a_student(name, xp_points=place // 2) for place, name in enumerate(NAMES)]
    video = a_video()
    return a_creator(
        people, video, a_watch(people[0], video, days_ago=1), [an_event(person, days_ago=2) for person in people[1:4]]
    )


@pytest.mark.parametrize("sort_by", get_args(SortBy))
@pytest.mark.parametrize("sort_order", get_args(SortOrder))
def test_pages_follow_each_other_though_students_enrol_meanwhile(creator, sort_by, sort_order):
    filters = StudentFilters(sort_by=sort_by, sort_order=sort_order, limit=2)
    expected = listed(students.fresh(creator.id, replace(filters, limit=100)))

    seen, page = [], students.fresh(creator.id, filters)
    while True:
        seen += listed(page)
        if not page.next_cursor:
            break
        add(creator, a_student(f"{'A' if len(seen) % 4 else 'Z'}new {len(seen)}"))
        page = students.fresh(creator.id, replace(filters, after=cursor(str(page.next_cursor), sort_by)))

    assert [student for student in seen if student in expected] == expected
    assert len(seen) == len(set(seen))


def test_the_page_and_what_is_left_are_counted_from_the_start(creator):
    filters = StudentFilters(sort_by="xp", limit=3)
    first = students.fresh(creator.id, filters)
    second = students.fresh(creator.id, replace(filters, after=first.next_cursor))
    third = students.fresh(creator.id, replace(filters, after=second.next_cursor))

    pages = (first, second, third)
    assert [page.page for page in pages] == [1, 2, 3]
    assert [page.has_more for page in pages] == [True, True, False]
    assert [page.total for page in pages] == [7, 7, 7]
    assert third.next_cursor is None


def test_a_student_who_left_still_marks_the_place(creator):
    filters = StudentFilters(sort_by="name", sort_order="asc", limit=3)
    first = students.fresh(creator.id, filters)
    following = listed(students.fresh(creator.id, replace(filters, after=first.next_cursor)))

    from sqlalchemy import text

    from database.tenancy import tenant_tx

    with tenant_tx(creator.id) as connection:
        connection.execute(
            text("update students set deleted_at = dashboard_now() where id = :id"),
            {"id": first.next_cursor.student_id},
        )
    refreshed(creator)

    assert listed(students.fresh(creator.id, replace(filters, after=first.next_cursor))) == following


@pytest.mark.parametrize(
    ("written", "sort_by"),
    [
        ("", "name"),
        ("7", "name"),
        ("00000000-0000-0000-0000-000000000000~5", "name"),
        ("00000000-0000-0000-0000-000000000000", "xp"),
        ("00000000-0000-0000-0000-000000000000~9999999999", "xp"),
        ("00000000-0000-0000-0000-000000000000~2026-03-04", "lastActive"),
        ("00000000-0000-0000-0000-000000000000~yesterday", "lastActive"),
    ],
)
def test_what_is_no_cursor_of_this_order_is_refused(written, sort_by):
    with pytest.raises(ValueError, match="same sortBy"):
        cursor(written, sort_by)


def test_the_api_leads_from_page_to_page(creator):
    asking, path, seen = by_key(creator.id), "/creator/students?limit=3&sortBy=name&sortOrder=asc&offset=0", []
    while path:
        answer = asking.get(path)
        seen += [student["name"] for student in answer.json()["students"]]
        link = answer.headers.get("link", "")
        assert bool(link) == answer.json()["hasMore"]
        path = link.removeprefix("<").partition(">")[0].partition("/api")[2]

    assert [name.lower() for name in seen] == sorted(name.lower() for name in NAMES)
    assert sorted(seen) == sorted(NAMES)  # each once; "Bo" and "bo" are a tie, which their ids decide


def test_the_api_refuses_a_cursor_of_another_order(creator):
    after = str(Cursor(creator.id, "5"))

    answer = by_key(creator.id).get(f"/creator/students?sortBy=name&after={after}")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def listed(page) -> list[str]:
    return [str(student) for student in page.students.student_id]
