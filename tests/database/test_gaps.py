"""How long students had been away: days that come or go between others, and what an upgrade fills in."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from database.engine import engine
from database.sql_files import REVISIONS
from tests.builders import NOW, ACreator, a_creator, a_student, add, an_event, refreshed, remove
from tests.database.snapshots import shown_rows, snapshot
from tests.oracle import Record

pytestmark = pytest.mark.usefixtures("shared_database")

# From this revision on, the columns and the sum created before are filled.
FILLING = "-- What is folded already says"
UNFILLED = (
    "alter table student_days no force row level security",
    "alter table day_gaps no force row level security",
    "alter table student_totals no force row level security",
    "update student_days set gap_days = 0",
    "delete from day_gaps",
    "delete from student_totals where seen_days = 0",
)


def gaps(creator: ACreator) -> dict[int, int]:
    """Per day, by how many days ago: how long the student had been away."""
    return {(NOW.date() - row["day"]).days: row["gap_days"] for row in shown_rows(creator.id, "student_days")}


def by_day_and_gap(rows: list[Record]) -> dict[tuple[date, int], int]:
    return {(row["day"], row["gap_days"]): row["students"] for row in rows}


def test_a_gap_is_counted_from_the_day_before_and_the_first_day_has_none():
    student = a_student()
    creator = a_creator(student, [an_event(student, days_ago=days) for days in (40, 39, 10)])

    assert gaps(creator) == {40: 0, 39: 1, 10: 29}


def test_a_day_that_comes_between_two_others_shortens_the_gap_behind_it_and_one_that_goes_widens_it():
    student = a_student()
    between = an_event(student, days_ago=20)
    creator = a_creator(student, [an_event(student, days_ago=days) for days in (40, 10)])

    add(creator, between)
    assert gaps(refreshed(creator)) == {40: 0, 20: 20, 10: 10}

    remove(creator, between)
    assert gaps(refreshed(creator)) == {40: 0, 10: 30}


def test_days_that_come_and_go_side_by_side_leave_the_right_gaps():
    student = a_student()
    going = [an_event(student, days_ago=days) for days in (40, 30, 29)]
    creator = a_creator(student, going, an_event(student, days_ago=10))

    for event in going:
        remove(creator, event)
    add(creator, *[an_event(student, days_ago=days) for days in (35, 28, 5)])

    assert gaps(refreshed(creator)) == {35: 0, 28: 7, 10: 18, 5: 5}


def test_students_are_added_up_by_day_and_gap():
    students = [a_student(), a_student(), a_student()]
    creator = a_creator(
        students,
        [an_event(student, days_ago=10) for student in students],
        [an_event(student, days_ago=30) for student in students[:2]],
    )
    day = (NOW - timedelta(days=10)).date()

    counted = by_day_and_gap(shown_rows(creator.id, "day_gaps"))

    assert counted == {(day, 20): 2, (day, 0): 1, (day - timedelta(days=20), 0): 2}


def test_who_did_nothing_has_a_row_of_zeros():
    creator = a_creator(a_student())

    (row,) = shown_rows(creator.id, "student_totals")

    assert row["last_at"] is None
    assert row["seen_days"] == row["videos_watched"] == row["questions"] == 0


def test_an_upgrade_fills_in_what_a_fold_would_write():
    busy, idle = a_student(), a_student()
    creator = a_creator(busy, idle, [an_event(busy, days_ago=days) for days in (40, 39, 10)])
    folded = snapshot(creator.id)
    revision = (REVISIONS / "0025_gaps_between_days.sql").read_text(encoding="utf-8")
    later = (REVISIONS / "0027_enrolled_students.sql").read_text(encoding="utf-8")

    with engine().begin() as owner:
        for statement in UNFILLED:
            owner.execute(text(statement))
        owner.exec_driver_sql(revision[revision.index(FILLING) :])
        owner.exec_driver_sql(later[later.index("update student_totals") :])

    assert folded["day_gaps"]
    assert snapshot(creator.id) == folded
