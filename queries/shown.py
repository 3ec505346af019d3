"""Which generation of a creator's figures is shown, and where the clock stands in it.

The figures of a day are sums up to the newest activity that a refresh has seen. Where the clock stands before
that (in a past week, or fixed in the middle of loaded data) its own day is read from rows up to the clock.
"""

# One row. A creator who was never refreshed has no generation: nothing is found for 0.
# Row level security lets only conditions use an index whose functions are leakproof: compare with plain columns of a
# materialized row, and with the clock as a scalar subquery. The newest activity is one look at its index; of `exists`
# the planner expects to find somebody soon, and reads all students where there is nobody.
SHOWN = """
    shown as materialized (
        select
            creators.id as creator_id,
            coalesce(shown_generations.generation, 0) as generation,
            coalesce(shown_generations.timezone, creators.timezone) as timezone,
            dashboard_now() as instant,
            (dashboard_now() at time zone coalesce(shown_generations.timezone, creators.timezone))::date as today,
            coalesce(
                (
                    select student_totals.last_at
                    from student_totals
                    where
                        student_totals.creator_id = creators.id
                        and student_totals.generation = shown_generations.generation
                        and student_totals.course = 0
                        and student_totals.run = 0
                    order by student_totals.last_at desc nulls last
                    limit 1
                ) > dashboard_now(),
                false
            ) as is_behind
        from creators
        left join shown_generations on shown_generations.creator_id = creators.id
        where creators.id = :creator_id
    )
"""

# The local days of this period and of the one before it.
CALENDAR = """
    calendar as (
        select
            shown.creator_id,
            shown.generation,
            shown.today - series.days_ago as day,
            case when series.days_ago < :days then 'this' else 'previous' end as "window",
            shown.today - series.days_ago % :days as shown_at
        from shown
        cross join generate_series(0, 2 * :days - 1) as series (days_ago)
    )
"""

# Where the sums of the clock's own day go on after the clock: one row per student who had been seen that day and
# quarter of an hour that had begun, the first of each student with place 1. Of a quarter that begins as the clock
# stands, only what is known to lie on the very instant counts: a first activity.
RUNNING_DAY = """
    quarters_begun as (
        select
            student_days.creator_id,
            student_days.day,
            student_days.activities as activities_of_day,
            student_days.watched_seconds,
            student_days.video_ids,
            student_days.last_at <= shown.instant as is_over,
            shown.instant,
            shown.today::timestamp at time zone shown.timezone + parts.quarter * interval '15 minutes' as began_at,
            parts.activities,
            parts.place
        from shown
        join student_days
            on
                student_days.creator_id = shown.creator_id
                and student_days.generation = shown.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.day = shown.today
        cross join lateral unnest(student_days.quarters, student_days.counts)
            with ordinality as parts (quarter, activities, place)
        where
            shown.is_behind
            and student_days.first_at <= shown.instant
    ),

    running_day as (
        select
            creator_id,
            day,
            activities_of_day,
            watched_seconds,
            video_ids,
            place,
            began_at,
            case when is_over or began_at < instant then activities else 1 end as activities
        from quarters_begun
        where
            is_over
            or began_at < instant
            or place = 1
    )
"""

# One row per student with an activity from the instant bounds.seen_since on: when the last one was, up to the clock.
STUDENTS_SEEN = """
    students_seen as (
        select last_active as seen_at
        from shown_student_totals
        where
            creator_id = :creator_id
            and last_at >= (select seen_since from bounds)
    )
"""

# One row: how many were seen on the days from bounds.first_day_before to bounds.last_day_before. Each of them was seen
# for the first time in these days on one of them, on which the gap since the day before reaches out of these days.
STUDENTS_BEFORE = """
    students_before as (
        select coalesce(sum(day_gaps.students), 0)::bigint as students
        from bounds
        join day_gaps
            on
                day_gaps.creator_id = bounds.creator_id
                and day_gaps.generation = bounds.generation
                and day_gaps.course = 0
                and day_gaps.run = 0
                and day_gaps.day between bounds.first_day_before and bounds.last_day_before
        where
            day_gaps.gap_days = 0
            or day_gaps.gap_days > day_gaps.day - bounds.first_day_before
    )
"""


def day_start(day: str) -> str:
    """The first instant of a local day, an SQL expression of `shown`; a midnight may come twice, or never."""
    midnight = f"({day})::timestamp at time zone shown.timezone"
    # Zones differ by quarters of an hour, and none was ever set by more than three hours.
    return f"""(
                select min(quarters.instant)
                from generate_series(
                    {midnight} - interval '3 hours', {midnight} + interval '3 hours', interval '15 minutes'
                ) as quarters (instant)
                where (quarters.instant at time zone shown.timezone)::date >= {day}
            )"""
