"""Lists of students: filters, who needs attention, who is doing well."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal, get_args
from uuid import UUID

import pandas as pd

from database.frames import frame, records
from database.statements import sql
from queries.cache.caching import cached_query
from queries.searching import patterns, search_parameters
from queries.students.paging import DIRECTIONS, ORDERS, Cursor, cursor_of, name_bounds, order_choices
from queries.students.rows import AtRiskRow, StudentRow

Status = Literal["all", "active", "at-risk", "inactive"]
ProgressRange = Literal["0-25", "26-50", "51-75", "76-100"]
LastActive = Literal["today", "week", "month", "inactive"]
SortBy = Literal["name", "tier", "progress", "lastActive", "videos", "quizzes", "questions", "xp"]
SortOrder = Literal["asc", "desc"]
Tier = Literal["highly_engaged", "engaged", "moderate", "low_engagement", "at_risk", "inactive"]

TIERS: tuple[Tier, ...] = get_args(Tier)
PAGE_LIMIT = 1_000  # students

STUDENTS = sql("queries/students/students")
STUDENTS_BY_NAME = sql("queries/students/students_by_name")
STUDENTS_BY_INDEX = sql("queries/students/students_by_index")
AT_RISK_STUDENTS = sql("queries/students/at_risk_students")
AT_RISK = sql("queries/students/most_at_risk")
TOP_PERFORMERS = sql("queries/students/top_performers")

TIER_COUNTS = """
    -- One row per engagement tier that has students.
    with tiers_told as materialized ( -- otherwise the planner expects as many tiers as students, and sorts them
        select
            engagement_tier,
            status
        from student_engagement_tiers
        where creator_id = :creator_id
    )

    select
        engagement_tier,
        status,
        count(*) as students
    from tiers_told
    group by
        engagement_tier,
        status
    order by engagement_tier
"""

STUDENT = sql("queries/students/student")

STUDENT_DATES = ["created_at", "last_active"]


@dataclass(frozen=True)
class StudentFilters:
    """The filters of the list. Raises ValueError, naming the field and its value, for anything unknown."""

    status: Status = "all"
    progress: ProgressRange | None = None
    last_active: LastActive | None = None
    tier: str | None = None
    search: str = ""
    sort_by: SortBy = "lastActive"
    sort_order: SortOrder = "desc"
    limit: int = 50
    offset: int = 0
    after: Cursor | None = None

    def __post_init__(self) -> None:
        _check("status", self.status, get_args(Status))
        _check("progress", self.progress, (None, *get_args(ProgressRange)))
        _check("last_active", self.last_active, (None, *get_args(LastActive)))
        _check("tier", self.tier, (None, *TIERS))
        _check("sort_by", self.sort_by, get_args(SortBy))
        _check("sort_order", self.sort_order, get_args(SortOrder))
        if not 1 <= self.limit <= PAGE_LIMIT:
            raise ValueError(f'limit is "{self.limit}"; choose 1 to {PAGE_LIMIT}.')
        if self.offset < 0:
            raise ValueError(f'offset is "{self.offset}"; it starts at 0.')


@dataclass(frozen=True)
class StudentPage:
    """One page of students, in order, and how many match the filters in all."""

    students: Annotated[pd.DataFrame, StudentRow]
    total: int
    remaining: int  # after the cursor; all of them without one
    filters: StudentFilters

    @property
    def page(self) -> int:
        return (self.total - self.remaining + self.filters.offset) // self.filters.limit + 1

    @property
    def has_more(self) -> bool:
        return self.filters.offset + len(self.students) < self.remaining

    @property
    def next_cursor(self) -> Cursor | None:
        """Where the next page begins; None after the last."""
        if not self.has_more or self.students.empty:
            return None
        return cursor_of(records(self.students.tail(1), StudentRow)[0], self.filters.sort_by)


@dataclass(frozen=True)
class AtRisk:
    """The first rows of `at_risk_students`, and how many in all have been away for 7 to 14 days and for over 14."""

    students: Annotated[pd.DataFrame, AtRiskRow]
    at_risk: int
    inactive: int

    @property
    def total(self) -> int:
        return self.at_risk + self.inactive


@cached_query
def students(creator_id: UUID, filters: StudentFilters) -> StudentPage:
    """One page of the students that match the filters, sorted."""
    if _are_all_by_activity(filters):
        rows = _students(creator_id, STUDENTS_BY_INDEX, **student_parameters(filters))
        if len(rows) == filters.limit:
            return _page(rows, filters)
    if _are_all_by_name(filters):
        statement = STUDENTS_BY_NAME.format(direction=DIRECTIONS[filters.sort_order])
        parameters = student_parameters(filters) | name_bounds(filters.sort_order)
        return _page(_students(creator_id, statement, **parameters), filters)
    statement = STUDENTS.format(**order_choices(filters.sort_by, filters.sort_order))
    parameters = student_parameters(filters) | search_parameters(creator_id, filters.search)
    return _page(_students(creator_id, statement, **parameters), filters)


@cached_query
def most_at_risk(creator_id: UUID, limit: int = 5) -> AtRisk:
    """How many have been away for over 7 days without finishing, and those away longest."""
    rows = _students(creator_id, AT_RISK, limit=limit)
    counts = [int(rows[column].iloc[0]) for column in ("at_risk", "inactive")]
    found = rows[rows["student_id"].notna()].drop(columns=["at_risk", "inactive", "creator_id", "silent_since"])
    return AtRisk(found.reset_index(drop=True).infer_objects(), *counts)


@cached_query
def at_risk_students(creator_id: UUID) -> Annotated[pd.DataFrame, AtRiskRow]:
    """Everyone away for over 7 days who has not finished, longest away first."""
    return _students(creator_id, AT_RISK_STUDENTS)


@cached_query
def top_performers(creator_id: UUID, limit: int = 10) -> Annotated[pd.DataFrame, StudentRow]:
    """The students with most completed videos, then passed quizzes, then XP."""
    return _students(creator_id, TOP_PERFORMERS, limit=limit)


@cached_query
def tier_counts(creator_id: UUID) -> pd.DataFrame:
    """Students per tier: engagement_tier, status, students; tiers without students have no row."""
    return frame(creator_id, TIER_COUNTS)


@cached_query
def student(creator_id: UUID, student_id: UUID) -> Annotated[pd.DataFrame, StudentRow]:
    """The student as one row; no row for an id that is not the creator's."""
    return _students(creator_id, STUDENT, student_id=student_id)


def student_order(filters: StudentFilters) -> str:
    """The sort order of the list; in SQL `nulls last, student_id asc` follows, so that the order is always the same."""
    return f"{ORDERS[filters.sort_by]} {filters.sort_order}"


def student_parameters(filters: StudentFilters) -> dict[str, object]:
    """The parameters of statements with `students_filtered`; a page also with its limit and offset.

    A search looks through all texts, unless `queries.searching.search_parameters` stand in for two of them.
    """
    progress_from, progress_to = (filters.progress or "0-100").split("-")
    return {
        "status": filters.status,
        "tier": filters.tier or "",
        "progress": filters.progress or "",
        "progress_from": int(progress_from),
        "progress_to": int(progress_to),
        "last_active": filters.last_active or "",
        "limit": filters.limit,
        "offset": filters.offset,
        "sort_order": filters.sort_order,
        "after_id": filters.after.student_id if filters.after else None,
        "after_value": filters.after.value if filters.after else None,
        "patterns": patterns(filters.search),
        "found_ids": None,
    }


def _are_all_by_activity(filters: StudentFilters) -> bool:
    return filters == StudentFilters(limit=filters.limit, offset=filters.offset)


def _are_all_by_name(filters: StudentFilters) -> bool:
    return replace(filters, sort_order="asc", after=None) == StudentFilters(
        sort_by="name", sort_order="asc", limit=filters.limit, offset=filters.offset
    )


def _page(rows: pd.DataFrame, filters: StudentFilters) -> StudentPage:
    total, remaining = (int(rows[column].iloc[0]) for column in ("total", "remaining"))
    found = rows[rows["student_id"].notna()].drop(columns=["total", "remaining", "creator_id", "sort_key"])
    return StudentPage(found.reset_index(drop=True).infer_objects(), total, remaining, filters)


def _students(creator_id: UUID, statement: str, **parameters: object) -> pd.DataFrame:
    return frame(creator_id, statement, dates=STUDENT_DATES, **parameters)


def _check(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(str(choice) for choice in allowed if choice is not None)
        raise ValueError(f'{field} is "{value}"; choose one of {choices}.')
