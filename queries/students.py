"""Who the students are: lists, filters, who needs attention, who does well."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

import pandas as pd

from database.frames import frame, records
from queries.caching import cached_query
from queries.rhythm import FAILED_IN_A_ROW, USUAL_GAP
from queries.shown import SHOWN, day_start
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

# Never 100 by rounding: who has not finished has something left to watch.
PROGRESS = "case when is_finished then 100 else least(round(coalesce(progress_percent, 0))::integer, 99) end"

STUDENT_COLUMNS = f"""
        student_id,
        name,
        email,
        engagement_tier,
        status,
        created_at,
        last_active,
        extract(epoch from (select dashboard_now()) - silent_since) / 86400 as silent_days,
        videos_watched,
        videos_completed,
        published_videos,
        {PROGRESS} as progress_percent,
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

# What the list is sorted by, of the relation that it is made of.
PLACES = ORDERS | {"progress": PROGRESS}

# Which students fit the filters. Progress is compared as it is shown, in whole percent.
STUDENTS_FIT = f"""
            creator_id = :creator_id
            and (:status = 'all' or status = :status)
            and (:tier = '' or engagement_tier = :tier)
            and (:progress = '' or {PROGRESS} between :progress_from and :progress_to)
            and case :last_active
                when 'today' then last_active >= (select day_start from clock)
                when 'week' then last_active >= (select week_start from clock)
                when 'month' then last_active >= (select month_start from clock)
                when 'inactive' then coalesce(last_active < (select inactive_since from clock), true)
                else true
            end
            and (:search = '' or name ilike :search escape '\\' or email ilike :search escape '\\')
"""

CLOCK = f"""
    {SHOWN},

    clock as (
        select
            {day_start("shown.today")} as day_start,
            shown.instant - interval '7 days' as week_start,
            shown.instant - interval '30 days' as month_start,
            shown.instant - interval '14 days' as inactive_since
        from shown
    )
"""

# The students that fit the filters, for every file that lists them.
STUDENTS_FILTERED = f"""
    {CLOCK},

    students_filtered as (
        select
            creator_id,
            {STUDENT_COLUMNS}
        from student_engagement_tiers
        where {STUDENTS_FIT}
    )
"""

STUDENTS = f"""
    -- One row per student of the page asked for, each with the number of all that fit.
    with {CLOCK},

    students_fitting as materialized ( -- no more of each than the order asks for: there are many
        select
            creator_id,
            student_id,
            {{place}} as place
        from student_engagement_tiers
        where {STUDENTS_FIT}
    ),

    students_counted as (
        select
            cast(:creator_id as uuid) as creator_id,
            count(*) as total,
            count(*) filter (where {{after}}) as remaining
        from students_fitting
    ),

    page_chosen as (
        select student_id
        from students_fitting
        where {{after}}
        order by
            place {{direction}} nulls last,
            student_id asc
        limit :limit
        offset :offset
    ),

    page_described as (
        select
            creator_id,
            {STUDENT_COLUMNS}
        from student_engagement_tiers
        where
            creator_id = :creator_id
            and student_id = any(array(select student_id from page_chosen))
    )

    select
        students_counted.total,
        students_counted.remaining,
        page_described.*
    from students_counted
    left join page_described on page_described.creator_id = students_counted.creator_id
    order by
        {{order}} {{direction}} nulls last,
        student_id asc
"""

# The same for everybody, latest first, by the index in this order: no row for a page that reaches those who never
# started, or where the clock stands before the newest activity.
STUDENTS_BY_INDEX = f"""
    -- One row per student of the page asked for, each with the number of all.
    with {SHOWN},

    students_counted as (
        select
            cast(:creator_id as uuid) as creator_id,
            count(*) as total,
            count(*) as remaining
        from students
        where
            creator_id = :creator_id
            and deleted_at is null
    ),

    page_chosen as (
        select student_totals.student_id
        from student_totals
        join students
            on
                students.creator_id = student_totals.creator_id
                and students.id = student_totals.student_id
        where
            student_totals.creator_id = :creator_id
            and student_totals.generation = (select generation from shown)
            and student_totals.course = 0
            and student_totals.run = 0
            and student_totals.last_at <= (select instant from shown)
            and students.deleted_at is null
            and not (select is_behind from shown)
        order by
            student_totals.last_at desc nulls last,
            student_totals.student_id asc
        limit :limit
        offset :offset
    ),

    page_described as (
        select
            creator_id,
            {STUDENT_COLUMNS}
        from student_engagement_tiers
        where
            creator_id = :creator_id
            and student_id = any(array(select student_id from page_chosen))
    )

    select
        students_counted.total,
        students_counted.remaining,
        page_described.*
    from students_counted
    join page_described on page_described.creator_id = students_counted.creator_id
    order by
        last_active desc nulls last,
        student_id asc
"""

SEEN = """
        select {columns}
        from student_engagement_tiers
        where
            creator_id = :creator_id
            and generation = (select generation from shown)
            and {range}"""


def students_seen(columns: str, *ranges: str) -> str:
    """Rows of `student_engagement_tiers`, beside `queries.shown.SHOWN`: who was last seen in one of these ranges.

    Each is a condition on last_at, and a look-up of its own in the index of it. A range needs two ends: of one with a
    single end the planner expects every third student, and reads all. What else is asked of them is asked of what was
    found: with it, the planner expects nobody, and counts the videos for each.
    """
    return "\n        union all".join(SEEN.format(columns=columns, range=one) for one in ranges)


NEVER_SEEN = "last_at is null"
# Until the clock they were last seen at an instant that a look at their days tells.
SEEN_AFTER_THE_CLOCK = "last_at > (select instant from shown) and last_at < 'infinity'"
SILENT_FOR_OVER_A_WEEK = "last_at > '-infinity' and last_at < (select instant - interval '7 days' from shown)"


def students_silent(columns: str) -> str:
    """Rows of `student_engagement_tiers`: all who may be silent for over 7 days."""
    return students_seen(columns, SILENT_FOR_OVER_A_WEEK, NEVER_SEEN, SEEN_AFTER_THE_CLOCK)


NOT_WELL = "status <> 'active' and not is_finished"  # of whoever may be silent

AT_RISK_STUDENTS = f"""
    -- One row per student who is silent for over 7 days and has not finished, longest silent first.
    with {SHOWN},

    students_silent as materialized ({students_silent("*")}
    )

    select
        {STUDENT_COLUMNS},
        {USUAL_GAP} as usual_gap_days,
        {FAILED_IN_A_ROW} as failed_in_a_row,
        coalesce(last_at > (select instant from shown), false) as has_come_back
    from students_silent as student_engagement_tiers
    where {NOT_WELL}
    order by
        silent_since,
        student_id
"""

AT_RISK = f"""
    -- One row per student of the first :limit, each with the numbers of all.
    with {SHOWN},

    students_silent as materialized ( -- no more of each than the order asks for: there are many{
    students_silent("student_id, status, is_finished, silent_since")
}
    ),

    students_counted as (
        select
            cast(:creator_id as uuid) as creator_id,
            count(*) filter (where status = 'at-risk') as at_risk,
            count(*) filter (where status = 'inactive') as inactive
        from students_silent
        where {NOT_WELL}
    ),

    first_chosen as (
        select student_id
        from students_silent
        where {NOT_WELL}
        order by
            silent_since,
            student_id
        limit :limit
    ),

    first_described as (
        select
            creator_id,
            silent_since,
            {STUDENT_COLUMNS},
            {USUAL_GAP} as usual_gap_days,
            {FAILED_IN_A_ROW} as failed_in_a_row,
            coalesce(last_at > (select instant from shown), false) as has_come_back
        from student_engagement_tiers
        where
            creator_id = :creator_id
            and student_id = any(array(select student_id from first_chosen))
    )

    select
        students_counted.at_risk,
        students_counted.inactive,
        first_described.*
    from students_counted
    left join first_described on first_described.creator_id = students_counted.creator_id
    order by
        first_described.silent_since,
        first_described.student_id
"""

TOP_PERFORMERS = f"""
    -- One row per student who started a video, best first.
    with students_ranked as (
        select
            student_id,
            videos_completed,
            quizzes_passed,
            xp_points
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
    )

    select {STUDENT_COLUMNS}
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = any(array(select student_id from students_ranked))
    order by
        videos_completed desc,
        quizzes_passed desc,
        xp_points desc,
        student_id asc
"""

TIER_COUNTS = """
    -- One row per engagement tier that has students.
    with tiers_told as materialized ( -- else the planner expects as many tiers as students, and sorts them
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

STUDENT = f"""
    -- One row, or none for a student who is unknown, deleted or another creator's.
    select {STUDENT_COLUMNS}
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


@dataclass(frozen=True)
class AtRisk:
    """The first rows of `at_risk_students`, and how many of all are silent for 7 to 14 days and for over 14."""

    students: pd.DataFrame
    at_risk: int
    inactive: int

    @property
    def total(self) -> int:
        return self.at_risk + self.inactive


@cached_query
def students(creator_id: UUID, filters: StudentFilters) -> StudentPage:
    """The students that fit the filters, sorted, one page of them.

    One row per student: student_id, name, email, engagement_tier, status, created_at, last_active
    (NaT: never started), silent_days, videos_watched, videos_completed, published_videos,
    progress_percent (whole percent), avg_completion_percent, watch_seconds, quiz_attempts,
    quizzes_passed, questions_asked, xp_points, level, streak_days, is_finished.
    """
    if _are_all_by_activity(filters):
        rows = _students(creator_id, STUDENTS_BY_INDEX, **student_parameters(filters))
        if len(rows) == filters.limit:
            return _page(rows, filters)
    statement = STUDENTS.format(
        place=PLACES[filters.sort_by],
        order=ORDERS[filters.sort_by],
        direction=filters.sort_order,
        after=after(filters.sort_by, filters.sort_order),
    )
    return _page(_students(creator_id, statement, **student_parameters(filters)), filters)


@cached_query
def most_at_risk(creator_id: UUID, limit: int = 5) -> AtRisk:
    """How many are silent for over 7 days without having finished, and the longest silent of them."""
    rows = _students(creator_id, AT_RISK, limit=limit)
    counts = [int(rows[column].iloc[0]) for column in ("at_risk", "inactive")]
    found = rows[rows["student_id"].notna()].drop(columns=["at_risk", "inactive", "creator_id", "silent_since"])
    return AtRisk(found.reset_index(drop=True).infer_objects(), *counts)


@cached_query
def at_risk_students(creator_id: UUID) -> pd.DataFrame:
    """Everyone silent for over 7 days who has not finished, longest silent first.

    The columns of `students`, and usual_gap_days (NaN: too few days to tell), failed_in_a_row, has_come_back (seen
    since, where the clock stands in the past).
    """
    return _students(creator_id, AT_RISK_STUDENTS)


@cached_query
def top_performers(creator_id: UUID, limit: int = 10) -> pd.DataFrame:
    """The students with most completed videos, then passed quizzes, then XP; columns of `students`."""
    return _students(creator_id, TOP_PERFORMERS, limit=limit)


@cached_query
def tier_counts(creator_id: UUID) -> pd.DataFrame:
    """Students per tier: engagement_tier, status, students; tiers without students have no row."""
    return frame(creator_id, TIER_COUNTS)


@cached_query
def student(creator_id: UUID, student_id: UUID) -> pd.DataFrame:
    """The student as one row with the columns of `students`; no row for an id that is not the creator's."""
    return _students(creator_id, STUDENT, student_id=student_id)


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
        "progress": filters.progress or "",
        "progress_from": int(progress_from),
        "progress_to": int(progress_to),
        "last_active": filters.last_active or "",
        "search": like_pattern(filters.search),
        "limit": filters.limit,
        "offset": filters.offset,
        "after_id": filters.after.student_id if filters.after else None,
        "after_value": filters.after.value if filters.after else None,
    }


def _are_all_by_activity(filters: StudentFilters) -> bool:
    return filters == StudentFilters(limit=filters.limit, offset=filters.offset)


def _page(rows: pd.DataFrame, filters: StudentFilters) -> StudentPage:
    total, remaining = (int(rows[column].iloc[0]) for column in ("total", "remaining"))
    found = rows[rows["student_id"].notna()].drop(columns=["total", "remaining", "creator_id"])
    return StudentPage(found.reset_index(drop=True).infer_objects(), total, remaining, filters)


def _students(creator_id: UUID, statement: str, **parameters: object) -> pd.DataFrame:
    return frame(creator_id, statement, dates=STUDENT_DATES, **parameters)


def _check(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(str(choice) for choice in allowed if choice is not None)
        raise ValueError(f'{field} is "{value}"; choose one of {choices}.')
