"""Lists of students: filters, search, sorting and paging against plain Python over the whole school."""

from dataclasses import replace
from datetime import timedelta
from itertools import cycle, product
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.students.lists import (
    PAGE_LIMIT,
    TIERS,
    LastActive,
    ProgressRange,
    SortBy,
    SortOrder,
    Status,
    StudentFilters,
    student,
    students,
)
from rules.searching import is_found, name_key
from tests import oracle
from tests.builders import NOW, a_creator, a_progress, a_student, a_video, an_event
from tests.queries import expected
from tests.queries.comparing import assert_same_rows

EVERYBODY = StudentFilters(limit=PAGE_LIMIT)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SILENCES = (
    timedelta(0),
    timedelta(hours=12) + INSTANT,  # yesterday in UTC
    7 * DAY,
    7 * DAY + INSTANT,
    14 * DAY,
    14 * DAY + INSTANT,
    30 * DAY,
    30 * DAY + INSTANT,
    None,
)
# Of 200 published videos: around the ends of the ranges, on the half percents between them, and all but one.
COMPLETED = (0, 50, 51, 101, 102, 151, 152, 199, 200)
NAMES = (
    "Ada Moss",
    "ada moss",
    "100% Bo",
    "under_score",
    "back\\slash",
    "Conor O'Hara",
    'Dot "Quote" Day',
    "Élodie",
    "Elodie",
    "Zoe\u0308 Álvarez",
    ":name",
)
EMAILS = ("m_x@example.org", "MIXED@Example.org", None, "plain@example.org")
SORT_KEYS = {
    "name": lambda row: name_key(row["name"]),
    "tier": lambda row: TIERS.index(row["engagement_tier"]),
    "progress": lambda row: row["progress_percent"],
    "lastActive": lambda row: row["last_active"],
    "videos": lambda row: row["videos_watched"],
    "quizzes": lambda row: row["quizzes_passed"],
    "questions": lambda row: row["questions_asked"],
    "xp": lambda row: row["xp_points"],
}


@pytest.fixture(scope="module")
def school(shared_database):
    """A student for every time away and progress, with many ties; and one who left."""
    videos = [a_video(f"Part {number}") for number in range(200)]
    rows = [a_student("Gone", deleted_days_ago=1)]
    names, emails, points = cycle(NAMES), cycle(EMAILS), cycle((0, 10, 10, 500))
    for silence, completed in product(SILENCES, COMPLETED):
        one = a_student(next(names), email=next(emails), xp_points=next(points), enrolled_days_ago=60)
        rows.append(one)
        if silence is not None:
            watched = [a_progress(one, video, at=NOW - silence, completed=True) for video in videos[:completed]]
            rows += [*watched, an_event(one, at=NOW - silence)]
    return a_creator(videos, rows)


@pytest.fixture(scope="module")
def everyone(school):
    """All students in plain Python, by id."""
    return expected.students(oracle.source(school.id), NOW)


def fits(row, filters):
    """Whether a student matches, by the published definitions."""
    return (
        filters.status in ("all", row["status"])
        and filters.tier in (None, row["engagement_tier"])
        and (filters.progress is None or in_range(row["progress_percent"], filters.progress))
        and (filters.last_active is None or was_active(row["last_active"], filters.last_active))
        and has(row, filters.search)
    )


def in_range(percent, progress):
    first, last = map(int, progress.split("-"))
    return first <= percent <= last


def was_active(last_active, window):
    if window == "inactive":
        return last_active is None or NOW - last_active > 14 * DAY
    if last_active is None:
        return False
    if window == "today":
        return last_active.astimezone(ZoneInfo("UTC")).date() == NOW.date()
    return NOW - last_active <= {"week": 7, "month": 30}[window] * DAY


def has(row, search):
    return not search.strip() or is_found(search, row["name"], row["email"])


def in_order(rows, filters):
    """Sorted; equal ones by id, those without a value last."""
    key = SORT_KEYS[filters.sort_by]
    known = [row for row in rows if key(row) is not None]
    unknown = [row for row in rows if key(row) is None]
    # `reverse` keeps the order of equal rows.
    return sorted(known, key=key, reverse=filters.sort_order == "desc") + unknown


def ids(frame):
    return frame.student_id.tolist()


def ids_of(rows):
    return [row["student_id"] for row in rows]


filters_of_all_kinds = st.builds(
    StudentFilters,
    status=st.sampled_from(get_args(Status)),
    progress=st.none() | st.sampled_from(get_args(ProgressRange)),
    last_active=st.none() | st.sampled_from(get_args(LastActive)),
    tier=st.none() | st.none() | st.sampled_from(TIERS),
    search=st.just("") | st.just("") | st.text(alphabet="aAdMo%_\\'\":@é ", max_size=3),
    sort_by=st.sampled_from(get_args(SortBy)),
    sort_order=st.sampled_from(get_args(SortOrder)),
    limit=st.integers(1, 100),
    offset=st.integers(0, 80),
)


def test_the_school_has_every_kind_of_student(everyone):
    assert {row["status"] for row in everyone} == set(get_args(Status)) - {"all"}
    assert {row["progress_percent"] for row in everyone} == {0, 25, 26, 51, 76, 99, 100}
    assert any(row["last_active"] is None for row in everyone)


@given(filters=filters_of_all_kinds)
def test_any_filters_order_and_page_equal_plain_python(school, everyone, filters):
    page = students.fresh(school.id, filters)

    fitting = in_order([row for row in everyone if fits(row, filters)], filters)
    wanted = fitting[filters.offset : filters.offset + filters.limit]
    assert page.total == len(fitting)
    assert_same_rows(page.students, wanted)
    assert page.has_more == (filters.offset + len(wanted) < len(fitting))
    assert page.page == filters.offset // filters.limit + 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("status", [status for status in get_args(Status) if status != "all"]),
        ("progress", get_args(ProgressRange)),
        ("tier", TIERS),
    ],
)
def test_every_student_has_exactly_one(school, everyone, field, values):
    found = [
        one for value in values for one in ids(students.fresh(school.id, replace(EVERYBODY, **{field: value})).students)
    ]

    assert sorted(found) == ids_of(everyone)


@pytest.mark.parametrize(("sort_by", "sort_order"), [*product(get_args(SortBy), get_args(SortOrder))])
@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_join_to_the_whole(school, everyone, sort_by, sort_order, limit):
    whole = replace(EVERYBODY, sort_by=sort_by, sort_order=sort_order)
    pages = [
        students.fresh(school.id, replace(whole, limit=limit, offset=offset))
        for offset in range(0, len(everyone), limit)
    ]

    assert [one for page in pages for one in ids(page.students)] == ids_of(in_order(everyone, whole))
    assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False]
    assert [page.page for page in pages] == list(range(1, len(pages) + 1))


@pytest.mark.parametrize("sort_order", get_args(SortOrder))
def test_who_never_started_comes_last_in_both_directions(school, sort_order):
    page = students.fresh(school.id, replace(EVERYBODY, sort_by="lastActive", sort_order=sort_order))

    missing = page.students.last_active.isna().tolist()
    assert missing == sorted(missing)
    assert sum(missing) == len(COMPLETED)


def test_a_page_beyond_the_end_is_empty_and_knows_the_total(school, everyone):
    page = students.fresh(school.id, replace(EVERYBODY, offset=100_000))

    assert (len(page.students), page.total, page.has_more) == (0, len(everyone), False)
    assert "total" not in page.students.columns


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("%", set()),
        ("_", set()),
        ("1%0", set()),
        ("slash\\back", {"back\\slash"}),
        ("O’Hara", {"Conor O'Hara"}),
        ("ohara con", {"Conor O'Hara"}),
        ("hara", {"Conor O'Hara"}),
        ("' or true --", set()),
        (":name", {":name"}),
        ("  BO  ", {"100% Bo"}),
        ("ELODIE", {"Élodie", "Elodie"}),
        ("e\u0301lo", {"Élodie", "Elodie"}),
        ("alvarez\u00a0zoë", {"Zoe\u0308 Álvarez"}),
        ("oss", set()),
        ("100%\x00 bo", {"100% Bo"}),
        ("100%\ud800 bo", {"100% Bo"}),
    ],
)
def test_what_is_typed_means_itself(shared_database, search, names):
    creator = a_creator([a_student(name, email=None) for name in NAMES])

    assert set(students.fresh(creator.id, StudentFilters(search=search)).students.name) == names


@pytest.mark.parametrize("search", ["a" * 10_000, "%" * 10_000, "\\" * 10_000, "\x00" * 10_000 + "zz", "'" * 9_999])
def test_a_very_long_search_finds_nobody_and_harms_nothing(school, search):
    assert students.fresh(school.id, StudentFilters(search=search)).total == 0


@pytest.mark.parametrize("search", ["", "   ", "\t\n", "\x00"])
def test_a_search_for_nothing_finds_everybody(school, everyone, search):
    assert students.fresh(school.id, StudentFilters(search=search)).total == len(everyone)


def test_today_begins_at_the_creators_midnight(shared_database):
    midnight = NOW.astimezone(ZoneInfo("Asia/Kolkata")).replace(hour=0, minute=0)
    today, yesterday = a_student("Ada"), a_student("Bo")
    creator = a_creator(
        today,
        yesterday,
        an_event(today, at=midnight),
        an_event(yesterday, at=midnight - INSTANT),
        timezone="Asia/Kolkata",
    )

    assert students.fresh(creator.id, StudentFilters(last_active="today")).students.name.tolist() == ["Ada"]


def test_progress_is_0_where_nothing_is_published(shared_database):
    creator = a_creator(a_student(), a_video(status="processing"))

    page = students.fresh(creator.id, StudentFilters(progress="0-25"))

    assert page.students.progress_percent.tolist() == [0]
    assert page.students.is_finished.tolist() == [False]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "finished"),
        ("status", ""),
        ("status", "at_risk"),
        ("progress", "25-50"),
        ("last_active", "year"),
        ("tier", "at-risk"),
        ("sort_by", "email"),
        ("sort_by", "name; drop table students"),
        ("sort_order", "DESC"),
        ("limit", 0),
        ("limit", PAGE_LIMIT + 1),
        ("offset", -1),
    ],
)
def test_an_unknown_value_is_named(field, value):
    with pytest.raises(ValueError, match=field) as raised:
        StudentFilters(**{field: value})

    assert f'"{value}"' in str(raised.value)


def test_a_student_is_the_row_of_the_list(school, everyone):
    for row in everyone[::20]:
        assert_same_rows(student.fresh(school.id, row["student_id"]), [row])


def test_a_student_who_left_is_unknown(shared_database):
    gone = a_student(deleted_days_ago=1)

    assert student.fresh(a_creator(gone).id, gone.id).empty
