"""Who the students are: lists, filters, who needs attention, who does well."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

import pandas as pd

from database.frames import frame, records
from queries.caching import cached_query
from queries.student_paging import ORDERS, Cursor, after, cursor_of

Status = Literal["all", "active", "at-risk", "inactive"]
ProgressRange = Literal["0-25", "26-50", "51-75", "76-100"]
LastActive = Literal["today", "week", "month", "inactive"]
SortBy = Literal["name", "progress", "lastActive", "xp"]
SortOrder = Literal["asc", "desc"]
Tier = Literal["highly_engaged", "engaged", "moderate", "low_engagement", "at_risk", "inactive"]

TIERS: tuple[Tier, ...] = get_args(Tier)
SEARCH_LIMIT = 100  # characters
UNSENDABLE = re.compile("[\x00\ud800-\udfff]")  # no text in PostgreSQL holds these
PAGE_LIMIT = 1_000  # students

STUDENT_COLUMNS = """
        student_id,
        name,
        email,
        engagement_tier,
        status,
        created_at,
        last_active,
        extract(epoch from dashboard_now() - silent_since) / 86400 as silent_days,
        videos_watched,
        videos_completed,
        published_videos,
        round(coalesce(progress_percent, 0))::integer as progress_percent,
        avg_completion as avg_completion_percent,
        watch_seconds,
        quiz_attempts,
        quizzes_passed,
        questions_asked,
        xp_points,
        level,
        streak_days,
        is_finished
"""

# The students that fit the filters, for every statement that lists them.
STUDENTS_FILTERED = """
    clock as (
        select
            dashboard_now() as instant,
            ((dashboard_now() at time zone timezone)::date)::timestamp at time zone timezone as day_start
        from creators
        where id = :creator_id
    ),

    students_described as (
        select {columns}
        from student_engagement_tiers
        where creator_id = :creator_id
    ),

    students_filtered as (
        select students_described.*
        from students_described
        cross join clock
        where
            (:status = 'all' or status = :status)
            and (:tier = '' or engagement_tier = :tier)
            and progress_percent between :progress_from and :progress_to
            and case :last_active
                when 'today' then last_active >= clock.day_start
                when 'week' then last_active >= clock.instant - interval '7 days'
                when 'month' then last_active >= clock.instant - interval '30 days'
                when 'inactive' then coalesce(last_active < clock.instant - interval '14 days', true)
                else true
            end
            and (:search = '' or name ilike :search escape '\\' or email ilike :search escape '\\')
    )
"""

STUDENTS = f"""
    -- One row per student of the page asked for, each with the number of all that fit.
    with {STUDENTS_FILTERED},

    page_chosen as (
        select *
        from students_filtered
        where {{after}}
        order by
            {{order}} nulls last,
            student_id asc
        limit :limit
        offset :offset
    )

    select
        students_counted.total,
        students_counted.remaining,
        page_chosen.*
    from (
        select
            count(*) as total,
            count(*) filter (where {{after}}) as remaining
        from students_filtered
    ) as students_counted
    left join page_chosen on true
    order by
        {{order}} nulls last,
        student_id asc
"""

AT_RISK_STUDENTS = """
    -- One row per student who is silent for over 7 days and has not finished, longest silent first.
    with students_described as (
        select {columns}
        from student_engagement_tiers
        where
            creator_id = :creator_id
            and status <> 'active'
            and not is_finished
    ),

    rhythms_measured as (
        -- The usual gap between days with a sign of life, from three such days on.
        select
            student_id,
            (max(activity_date) - min(activity_date))::numeric / (count(*) - 1) as usual_gap_days
        from daily_student_activity
        where creator_id = :creator_id
        group by student_id
        having count(*) >= 3
    ),

    attempts_ranked as (
        select
            student_id,
            passed,
            row_number() over (partition by student_id order by completed_at desc, attempt_number desc, id asc) as place
        from quiz_attempts
        where creator_id = :creator_id
    ),

    failures_counted as (
        -- Failed attempts since the last one that was passed.
        select
            student_id,
            coalesce(min(place) filter (where passed) - 1, count(*)) as failed_in_a_row
        from attempts_ranked
        group by student_id
    )

    select
        students_described.*,
        rhythms_measured.usual_gap_days,
        coalesce(failures_counted.failed_in_a_row, 0) as failed_in_a_row
    from students_described
    left join rhythms_measured on rhythms_measured.student_id = students_described.student_id
    left join failures_counted on failures_counted.student_id = students_described.student_id
    order by
        students_described.silent_days desc,
        students_described.student_id asc
"""

TOP_PERFORMERS = """
    -- One row per student who started a video, best first.
    select {columns}
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and videos_watched > 0
    order by
        videos_completed desc,
        quizzes_passed desc,
        xp_points desc,
        student_id asc
    limit :limit
"""

TIER_COUNTS = """
    -- One row per engagement tier that has students.
    select
        engagement_tier,
        status,
        count(*) as students
    from student_engagement_tiers
    where creator_id = :creator_id
    group by
        engagement_tier,
        status
    order by engagement_tier
"""

STUDENT = """
    -- One row, or none for a student who is unknown, deleted or another creator's.
    select {columns}
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = :student_id
"""

STUDENT_DATES = ["created_at", "last_active"]


@dataclass(frozen=True)
class StudentFilters:
    """What to list. Raises ValueError, naming the field and its value, for anything unknown."""

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
    """One page of students, in order, and how many fit the filters in all."""

    students: pd.DataFrame
    total: int
    remaining: int  # behind the cursor; all of them without one
    filters: StudentFilters

    @property
    def page(self) -> int:
        return (self.total - self.remaining + self.filters.offset) // self.filters.limit + 1

    @property
    def has_more(self) -> bool:
        return self.filters.offset + len(self.students) < self.remaining

    @property
    def next_cursor(self) -> Cursor | None:
        """Where the next page begins; None behind the last."""
        if not self.has_more or self.students.empty:
            return None
        return cursor_of(records(self.students.tail(1))[0], self.filters.sort_by)


@cached_query
def students(creator_id: UUID, filters: StudentFilters) -> StudentPage:
    """The students that fit the filters, sorted, one page of them.

    One row per student: student_id, name, email, engagement_tier, status, created_at, last_active
    (NaT: never started), silent_days, videos_watched, videos_completed, published_videos,
    progress_percent (whole percent), avg_completion_percent, watch_seconds, quiz_attempts,
    quizzes_passed, questions_asked, xp_points, level, streak_days, is_finished.
    """
    statement = STUDENTS.format(
        columns=STUDENT_COLUMNS,
        order=student_order(filters),
        after=after(filters.sort_by, filters.sort_order),
    )
    rows = _students(creator_id, statement, **student_parameters(filters))
    total, remaining = (int(rows[column].iloc[0]) for column in ("total", "remaining"))
    found = rows[rows["student_id"].notna()].drop(columns=["total", "remaining"]).reset_index(drop=True)
    return StudentPage(found.infer_objects(), total, remaining, filters)


@cached_query
def at_risk_students(creator_id: UUID) -> pd.DataFrame:
    """Everyone silent for over 7 days who has not finished, longest silent first.

    The columns of `students`, and usual_gap_days (NaN: too few days to tell), failed_in_a_row.
    """
    return _students(creator_id, AT_RISK_STUDENTS.format(columns=STUDENT_COLUMNS))


@cached_query
def top_performers(creator_id: UUID, limit: int = 10) -> pd.DataFrame:
    """The students with most completed videos, then passed quizzes, then XP; columns of `students`."""
    return _students(creator_id, TOP_PERFORMERS.format(columns=STUDENT_COLUMNS), limit=limit)


@cached_query
def tier_counts(creator_id: UUID) -> pd.DataFrame:
    """Students per tier: engagement_tier, status, students; tiers without students have no row."""
    return frame(creator_id, TIER_COUNTS)


@cached_query
def student(creator_id: UUID, student_id: UUID) -> pd.DataFrame:
    """The student as one row with the columns of `students`; no row for an id that is not the creator's."""
    return _students(creator_id, STUDENT.format(columns=STUDENT_COLUMNS), student_id=student_id)


def like_pattern(search: str) -> str:
    """What a person typed as a LIKE pattern in which %, _ and \\ mean themselves; empty for nothing."""
    typed = UNSENDABLE.sub("", search).strip()[:SEARCH_LIMIT]
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if escaped else ""


def student_order(filters: StudentFilters) -> str:
    """By what the list is sorted; in SQL `nulls last, student_id asc` follows, so that the order is always the same."""
    return f"{ORDERS[filters.sort_by]} {filters.sort_order}"


def student_parameters(filters: StudentFilters) -> dict[str, object]:
    """What the statements with STUDENTS_FILTERED are bound with; a page also with its limit and offset."""
    progress_from, progress_to = (filters.progress or "0-100").split("-")
    return {
        "status": filters.status,
        "tier": filters.tier or "",
        "progress_from": int(progress_from),
        "progress_to": int(progress_to),
        "last_active": filters.last_active or "",
        "search": like_pattern(filters.search),
        "limit": filters.limit,
        "offset": filters.offset,
        "after_id": filters.after.student_id if filters.after else None,
        "after_value": filters.after.value if filters.after else None,
    }


def _students(creator_id: UUID, statement: str, **parameters: object) -> pd.DataFrame:
    return frame(creator_id, statement, dates=STUDENT_DATES, **parameters)


def _check(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(str(choice) for choice in allowed if choice is not None)
        raise ValueError(f'{field} is "{value}"; choose one of {choices}.')
