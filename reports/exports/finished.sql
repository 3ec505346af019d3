-- One row per student who completed every published video of their courses, and when. With the column course, where the
-- creator has several, behind the others: reports.exports.course_column.
with

-- include: queries/steps/students_filtered,

-- include: queries/steps/period,

videos_completed as (
    -- One row per student and video that they had to complete.
    select
        students_filtered.creator_id,
        students_filtered.student_id,
        watched_videos.video_id,
        least(max(watched_videos.last_at), shown.instant) as last_watched
    from shown
    join students_filtered on students_filtered.creator_id = shown.creator_id
    join watched_videos
        on watched_videos.creator_id = students_filtered.creator_id
        and watched_videos.generation = shown.generation
        and watched_videos.course = :course
        and watched_videos.run = :run
        and watched_videos.student_id = students_filtered.student_id
        and watched_videos.is_completed
        and watched_videos.is_required
    where students_filtered.is_finished
    group by
        students_filtered.creator_id,
        students_filtered.student_id,
        watched_videos.video_id,
        shown.instant
),

ends_reached as (
    -- Per completed video, when its furthest second was first played, as on the student's timeline.
    select
        videos_completed.creator_id,
        videos_completed.student_id,
        coalesce(
            (
                select watch_segments.watched_at
                from watch_segments
                where
                    watch_segments.creator_id = videos_completed.creator_id
                    and watch_segments.student_id = videos_completed.student_id
                    and watch_segments.video_id = videos_completed.video_id
                    and watch_segments.watched_at <= videos_completed.last_watched
                    and (
                        :run = 0
                        or :run = (
                            select level_runs.number
                            from (
                                select
                                    watch_segments.creator_id,
                                    watch_segments.student_id,
                                    watch_segments.watched_at as instant
                            ) as done
                            -- include: queries/steps/run_in_force
                        )
                    )
                order by
                    watch_segments.end_second desc,
                    watch_segments.watched_at asc
                limit 1
            ),
            videos_completed.last_watched
        ) as completed_at
    from videos_completed
),

courses_finished as (
    select
        creator_id,
        student_id,
        max(completed_at) as finished_at
    from ends_reached
    group by
        creator_id,
        student_id
),

students_finished as (
    select
        students_filtered.*,
        shown_student_totals.first_at,
        courses_finished.finished_at
    from shown
    join period on period.creator_id = shown.creator_id
    join students_filtered on students_filtered.creator_id = shown.creator_id
    join courses_finished
        on courses_finished.creator_id = students_filtered.creator_id
        and courses_finished.student_id = students_filtered.student_id
    join shown_student_totals
        on shown_student_totals.creator_id = students_filtered.creator_id
        and shown_student_totals.student_id = students_filtered.student_id
    where
        :is_ever
        or (courses_finished.finished_at at time zone shown.timezone)::date
        between period.first_day and period.last_day
)

select
    name,
    email,
    created_at,
    first_at,
    finished_at,
    round(greatest(extract(epoch from finished_at - created_at), 0) / 86400, 2) as days_taken,
    videos_completed,
    watch_seconds,
    quizzes_passed,
    quiz_attempts,
    student_id::text as student_id{course}
from students_finished
