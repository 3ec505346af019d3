"""Days of students, visits and hours against plain Python: random histories, any change, every hour of the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import URL, text

from database.engine import engine
from database.refresh import rebuild
from tests import activity_oracle, oracle, people_oracle
from tests.builders import (
    NOW,
    ACreator,
    History,
    a_chat,
    a_creator,
    a_progress,
    a_segment,
    a_student,
    a_video,
    a_watch,
    add,
    an_attempt,
    an_event,
    change,
    histories,
    refreshed,
    remove,
)
from tests.database.snapshots import CORE, assert_equal_to_rebuilt, shown_rows
from tests.oracle import Record, rows_of
from tests.rows import Row, flat

pytestmark = pytest.mark.usefixtures("shared_database")

COUNTED: dict[str, Callable[[oracle.Source, datetime], list[Record]]] = {
    "student_days": activity_oracle.student_days,
    "visits": activity_oracle.visits,
    "day_hours": activity_oracle.day_hours,
    "day_gaps": activity_oracle.day_gaps,
    "days": activity_oracle.days,
    "video_days": activity_oracle.video_days,
    "student_totals": activity_oracle.student_totals,
}
MIDNIGHT = NOW.replace(hour=0)
MINUTE = timedelta(minutes=1)


def assert_counted(creator: ACreator, now: datetime = NOW) -> None:
    """Every fold and sum of activity equals a count of the source rows up to now, over the same keys."""
    source = oracle.source(creator.id)
    for relation, counted in COUNTED.items():
        expected = counted(source, now)
        assert in_order(relation, found_in(creator, relation)) == in_order(relation, expected), relation


def found_in(creator: ACreator, relation: str) -> list[Record]:
    """The columns that activity fills, in the rows to which it adds anything."""
    columns = COLUMNS[relation]
    rows = shown_rows(creator.id, relation)
    own = [{column: row[column] for column in columns} for row in rows]
    figures = [column for column in columns if column not in CORE[relation]]
    return [row for row in own if any(row[column] for column in figures)]


COLUMNS = {
    "student_days": (
        *("student_id", "day", "first_at", "last_at", "quarters", "counts"),
        *("activities", "watched_seconds", "video_ids", "gap_days"),
    ),
    "visits": ("student_id", "started_at", "ended_at"),
    "day_hours": ("day", "hour", "activities"),
    "day_gaps": ("day", "gap_days", "students"),
    "days": ("day", "students", "activities", "watched_seconds", "videos", "visits", "visit_seconds"),
    "video_days": ("day", "video_id", "students"),
    "student_totals": ("student_id", "first_at", "last_at", "seen_days"),
}


def in_order(relation: str, rows: list[Record]) -> list[Record]:
    key = [column for column in CORE[relation] if column in COLUMNS[relation]]
    return sorted(rows, key=lambda row: [row[column] for column in key])


@given(histories(until=NOW))
def test_every_fold_and_sum_equals_a_plain_python_count(history: History):
    assert_counted(refreshed(history))


@given(histories(until=NOW))
def test_the_relations_about_people_say_what_plain_python_says(history: History):
    creator = refreshed(history)
    source = oracle.source(creator.id)

    tiers = by_student(rows_of(creator.id, "student_engagement_tiers"))
    [totals] = rows_of(creator.id, "creator_analytics_cache")
    [expected] = people_oracle.creator_analytics_cache(source, NOW)

    assert tiers == by_student(people_oracle.student_engagement_tiers(source, NOW))
    assert {column: totals[column] for column in TOTALS} == {column: expected[column] for column in TOTALS}
    assert sorted(rows_of(creator.id, "daily_active_users"), key=lambda day: day["activity_date"]) == sorted(
        activity_oracle.daily_active_users(source, NOW), key=lambda day: day["activity_date"]
    )


# What activity and enrolment determine in these relations.
SEEN = ("name", "last_active", "silent_since", "published_videos", "status", "seen_days", "first_at", "last_at")
TOTALS = (
    "total_students",
    "total_videos",
    "processed_videos",
    "active_students_7d",
    "active_students_30d",
    "cached_at",
)


def by_student(rows: list[Record]) -> dict[UUID, Record]:
    return {row["student_id"]: {column: row[column] for column in SEEN} for row in rows}


# What may happen to a student, on three days around midnight: playback of any length, an event, the loss of a row.
DEEDS = st.lists(
    st.tuples(
        st.integers(0, 3 * 24 * 6).map(lambda tens: MIDNIGHT - timedelta(days=2) + 10 * tens * MINUTE),
        st.none() | st.sampled_from([0, 60, 1799, 1800, 5400, 40_000]),
        st.booleans(),
        st.sampled_from(["nothing", "nothing", "refresh", "lose one and refresh"]),
    ),
    max_size=12,
    unique_by=lambda deed: deed[:3] if deed[1] is None else (deed[0], deed[2]),  # a segment reported twice is one row
)


@given(DEEDS, st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York"]))
@example(
    [(MIDNIGHT - 30 * MINUTE, 5400, False, "refresh"), (MIDNIGHT + 60 * MINUTE, None, False, "lose one and refresh")],
    "UTC",
)
def test_visits_follow_every_change_wherever_they_begin_and_end(
    deeds: list[tuple[datetime, int | None, bool, str]], zone: str
):
    ada, videos = a_student(), [a_video(), a_video()]
    creator, there = a_creator(ada, videos, timezone=zone), []
    for at, seconds, other, then in deeds:
        deed = an_event(ada, at=at) if seconds is None else a_segment(ada, videos[other], at=at, seconds=seconds)
        add(creator, deed)
        there.append(deed)
        if then == "lose one and refresh":
            remove(creator, there.pop(len(there) // 2))
        if then != "nothing":
            refreshed(creator)
    assert_counted(refreshed(creator))
    assert_equal_to_rebuilt(creator)


def test_ninety_minutes_told_in_two_segments_are_one_visit():
    start = NOW - timedelta(days=1)
    creator = a_creator(
        a_segment(at=start, seconds=45 * 60), a_segment(at=start + 45 * MINUTE, start_second=45 * 60, seconds=45 * 60)
    )

    assert visits_of(creator) == [(start, start + 90 * MINUTE)]
    assert (day_of(creator)["visits"], day_of(creator)["visit_seconds"]) == (1, 90 * 60)


def test_a_gap_of_30_minutes_is_measured_from_the_end_of_what_was_watched():
    start = NOW - timedelta(days=1)
    within, beyond = start + 90 * MINUTE, start + 120 * MINUTE + timedelta(seconds=1)
    creator = a_creator(a_segment(at=start, seconds=60 * 60), an_event(at=within), an_event(at=beyond))

    assert visits_of(creator) == [(start, within), (beyond, beyond)]


def test_a_visit_belongs_to_the_day_of_its_start_and_may_cross_midnight():
    creator = a_creator(an_event(at=MIDNIGHT - 10 * MINUTE), an_event(at=MIDNIGHT + 5 * MINUTE))

    assert visits_of(creator) == [(MIDNIGHT - 10 * MINUTE, MIDNIGHT + 5 * MINUTE)]
    assert [(day["day"].day, day["visits"], day["students"]) for day in days_of(creator)] == [(3, 1, 1), (4, 0, 1)]


def test_an_activity_that_comes_late_joins_two_visits_across_midnight_and_its_loss_parts_them():
    ada, late = a_student(), None
    creator = a_creator(ada, an_event(ada, at=MIDNIGHT - 20 * MINUTE), an_event(ada, at=MIDNIGHT + 25 * MINUTE))
    before = visits_of(creator)

    late = an_event(ada, at=MIDNIGHT + MINUTE)
    add(creator, late)
    joined = visits_of(refreshed(creator))
    remove(creator, late)

    assert joined == [(MIDNIGHT - 20 * MINUTE, MIDNIGHT + 25 * MINUTE)]
    assert visits_of(refreshed(creator)) == before
    assert len(before) == 2


def test_a_long_segment_swallows_the_visits_of_the_next_day():
    creator = a_creator(
        a_student(), a_video(), an_event(at=MIDNIGHT + 60 * MINUTE), an_event(at=MIDNIGHT + 240 * MINUTE)
    )

    add(creator, a_segment(at=MIDNIGHT - 60 * MINUTE, seconds=3 * 60 * 60))

    assert visits_of(refreshed(creator)) == [
        (MIDNIGHT - 60 * MINUTE, MIDNIGHT + 120 * MINUTE),
        (MIDNIGHT + 240 * MINUTE, MIDNIGHT + 240 * MINUTE),
    ]
    assert_equal_to_rebuilt(creator)


def test_a_change_of_today_and_one_of_last_year_leave_the_days_between_alone(database: URL):
    creator = a_creator(a_student(), [an_event(days_ago=days) for days in (0, 100, 200, 365)])
    with engine().begin() as owner:
        owner.execute(text("update student_days set watched_seconds = 99"))

    add(creator, an_event(at=NOW - MINUTE), an_event(at=NOW - timedelta(days=365) - MINUTE))

    watched = {row["day"]: row["watched_seconds"] for row in shown_rows(refreshed(creator).id, "student_days")}
    assert [watched[day] for day in sorted(watched)] == [0, 99, 99, 0]


def test_a_midnight_that_comes_twice_belongs_to_its_day_both_times():
    # In Havana the clocks go from 1:00 back to 0:00 on 2 November 2025, at 5:00 UTC.
    instants = [datetime(2025, 11, 2, hour, 20, tzinfo=UTC) for hour in (3, 4, 5)]
    creator = a_creator(a_student(), [a_watch(at=at, seconds=10) for at in instants], timezone="America/Havana")

    rows = sorted(shown_rows(creator.id, "student_days"), key=lambda row: row["day"])

    assert [(row["day"], row["quarters"]) for row in rows] == [
        (date(2025, 11, 1), [4 * 23 + 1]),
        (date(2025, 11, 2), [-3, 1]),
    ]
    assert_counted(creator)
    change_nothing(creator, instants)
    assert_counted(creator)


def change_nothing(creator: ACreator, instants: list[datetime]) -> None:
    """Fold the quarters of these instants again."""
    students = [row["id"] for row in rows_of(creator.id, "students")]
    keys = [(student, at) for student in students for at in instants]
    fold(creator, [student for student, _ in keys], [at for _, at in keys])


def fold(creator: ACreator, students: list[UUID], instants: list[datetime | None]) -> None:
    with engine().begin() as owner:
        owner.execute(
            text("select set_config('app.creator_id', :id, true), set_config('app.now', :now, true)"),
            {"id": str(creator.id), "now": NOW.isoformat()},
        )
        owner.execute(
            text(
                "select fold_activity(:id, generation, 0, 0, :students, array_fill(null::uuid, array[:count]), "
                ":instants)"
                " from creator_generations where creator_id = :id and state = 'shown'"
            ),
            {"id": creator.id, "students": students, "instants": instants, "count": len(students)},
        )


def test_folding_the_same_keys_again_changes_nothing():
    ada = a_student()
    creator = a_creator(ada, a_full_week(ada))
    before = {relation: shown_rows(creator.id, relation) for relation in CORE}

    fold(creator, [ada.id, ada.id, ada.id], [None, NOW, NOW])
    fold(creator, [ada.id, ada.id], [NOW - timedelta(days=1)] * 2)

    assert {relation: shown_rows(creator.id, relation) for relation in CORE} == before


def test_who_leaves_takes_their_days_along_and_brings_them_back():
    ada, bo = a_student(), a_student("Bo Lind")
    creator = a_creator(ada, bo, a_full_week(ada), a_full_week(bo))
    before = {relation: in_order(relation, found_in(creator, relation)) for relation in COUNTED}

    change(creator, ada, deleted_at=NOW)
    assert_counted(refreshed(creator))
    add(creator, an_event(ada, days_ago=1))
    assert_counted(refreshed(creator))
    assert {row["student_id"] for row in shown_rows(creator.id, "student_days")} == {bo.id}
    change(creator, bo, deleted_at=NOW)
    refreshed(creator)
    assert [shown_rows(creator.id, relation) for relation in COUNTED] == [[]] * len(COUNTED)

    change(creator, ada, deleted_at=None)
    change(creator, bo, deleted_at=None)
    assert_counted(refreshed(creator))
    assert {
        relation: in_order(relation, found_in(creator, relation)) for relation in COUNTED if relation != "student_days"
    } == {relation: rows for relation, rows in before.items() if relation != "student_days"}


def test_absurd_figures_of_a_platform_stop_nothing():
    creator = a_creator(
        a_student(),
        a_video(),
        [
            a_segment(at=NOW - timedelta(days=1) + second * timedelta(seconds=1), seconds=2_147_483_647)
            for second in range(3)
        ],
    )

    assert day_of(creator)["watched_seconds"] == 3 * 2_147_483_647
    assert_counted(creator)


def test_no_sum_is_ever_negative():
    ada = a_student()
    rows = flat(a_full_week(ada))
    creator = a_creator(ada, a_video(), rows)
    for segment in [row for row in rows if row.table == "watch_segments"][::2]:
        remove(creator, segment_of(creator, segment))
        refreshed(creator)

    figures = [
        value
        for relation in COUNTED
        for row in shown_rows(creator.id, relation)
        for column, value in row.items()
        if isinstance(value, int)
    ]
    assert min(figures) == 0
    assert_counted(creator)


# Three days of two students, loaded completely while the clock is anywhere within them.
LOADED_FROM = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = [LOADED_FROM + timedelta(hours=hour) for hour in range(73)]


def three_days() -> list[object]:
    ada, bo, loops, tuples = a_student(), a_student("Bo Lind"), a_video(), a_video("Tuples")
    every_seven_hours = [LOADED_FROM + 7 * 60 * step * MINUTE for step in range(11)]
    return [
        [ada, bo, loops, tuples],
        [a_watch(ada, (loops, tuples)[step % 2], at=at, seconds=1500) for step, at in enumerate(every_seven_hours)],
        [an_event(ada, at=at + 20 * MINUTE, video=loops) for at in every_seven_hours],
        a_progress(bo, tuples, first_at=LOADED_FROM + 90 * MINUTE, at=LOADED_FROM + timedelta(hours=40)),
        an_attempt(bo, at=LOADED_FROM + timedelta(hours=30)),
        a_chat(student=bo, at=LOADED_FROM + timedelta(hours=47, minutes=58)),
    ]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_what_lies_after_the_clock_counts_nowhere_until_then(monkeypatch: pytest.MonkeyPatch, zone: str):
    monkeypatch.setenv("DASHBOARD_NOW", HOURS[0].isoformat())
    creator = a_creator(three_days(), timezone=zone)

    for now in HOURS:
        monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
        assert_counted(refreshed(creator), now)


def test_a_rebuild_in_the_middle_of_loaded_data_forgets_nothing_of_later(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator(three_days())
    monkeypatch.setenv("DASHBOARD_NOW", HOURS[30].isoformat())
    rebuild(creator.id)
    assert_counted(creator, HOURS[30])

    for now in HOURS[31::5]:
        monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
        assert_counted(refreshed(creator), now)


def test_a_clock_that_stands_before_what_is_folded_finds_who_was_active_by_then(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator(three_days(), timezone="Asia/Kolkata")
    source = oracle.source(creator.id)

    for now in [at + offset for at in HOURS for offset in (0 * MINUTE, 10 * MINUTE)]:
        monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
        expected = {
            student["id"]: activity_oracle.last_active(source, student["id"], NOW, now) for student in source.students
        }
        tiers = rows_of(creator.id, "student_engagement_tiers")
        [totals] = rows_of(creator.id, "creator_analytics_cache")

        assert {row["student_id"]: row["last_active"] for row in tiers} == expected
        assert totals["active_students_7d"] == sum(at is not None for at in expected.values())
        assert all(at is None or at <= now for at in expected.values())


def test_days_that_are_over_count_in_daily_active_users_and_those_without_anybody_do_not():
    creator = a_creator(
        a_student(), a_student(), a_watch(days_ago=1, seconds=90), a_student("Bo Lind", enrolled_days_ago=5)
    )

    [day] = rows_of(creator.id, "daily_active_users")

    assert day == {
        "creator_id": creator.id,
        "activity_date": date(2026, 3, 3),
        "active_count": 1,
        "videos_watched": 1,
        "total_watch_time_seconds": 90,
    }


def segment_of(creator: ACreator, segment: Row) -> Row:
    """The same row with the video that it got."""
    [video] = rows_of(creator.id, "videos")
    return Row(segment.table, segment.values | {"video_id": video["id"]})


def a_full_week(student: Row) -> list[object]:
    return [
        [a_watch(student, days_ago=days, seconds=600 * days) for days in range(7)],
        an_event(student, days_ago=8),
        an_attempt(student, days_ago=2.5),
        a_chat(student=student, days_ago=3.01),
    ]


def visits_of(creator: ACreator) -> list[tuple[datetime, datetime]]:
    return sorted((row["started_at"], row["ended_at"]) for row in shown_rows(creator.id, "visits"))


def days_of(creator: ACreator) -> list[Record]:
    return in_order("days", found_in(creator, "days"))


def day_of(creator: ACreator) -> Record:
    [day] = days_of(creator)
    return day
