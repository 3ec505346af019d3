-- One row per level and student who completed every published video: when they enrolled, and when they watched the last of the
-- videos. Over several courses, a student is to watch those of the courses that their row names. Needs levels.

-- include: queries/courses/steps/contents,

contents_counted as materialized (
    select
        creator_id,
        course,
        count(*) as published_videos
    from contents
    group by
        creator_id,
        course
),

students_required as (
    select
        levels.creator_id,
        levels.generation,
        levels.course,
        levels.run,
        students.id as student_id,
        case
            when levels.course = 0 then students.created_at
            else level_student_totals.enrolled_at
        end as enrolled_at,
        level_student_totals.videos_completed,
        case
            when level_student_totals.courses is null then contents_counted.published_videos
            else (
                select sum(of_course.published_videos)
                from contents_counted as of_course
                where
                    of_course.creator_id = levels.creator_id
                    and of_course.course = any(level_student_totals.courses)
            )
        end as published_videos
    from levels
    join contents_counted
        on contents_counted.creator_id = levels.creator_id
        and contents_counted.course = levels.course
    join level_student_totals
        on level_student_totals.creator_id = levels.creator_id
        and level_student_totals.course = levels.course
        and level_student_totals.run = levels.run
    join students
        on students.creator_id = level_student_totals.creator_id
        and students.id = level_student_totals.student_id
    where students.deleted_at is null
),

students_completed as materialized (
    select
        creator_id,
        generation,
        course,
        run,
        student_id,
        enrolled_at
    from students_required
    where videos_completed >= published_videos
),

students_finished as (
    select
        students_completed.creator_id,
        students_completed.course,
        students_completed.run,
        students_completed.enrolled_at,
        last_completed.finished_at
    from students_completed
    cross join lateral (
        select max(watched_videos.last_at) as finished_at
        from watched_videos
        where
            watched_videos.creator_id = students_completed.creator_id
            and watched_videos.generation = students_completed.generation
            and watched_videos.course = students_completed.course
            and watched_videos.run = students_completed.run
            and watched_videos.student_id = students_completed.student_id
            and watched_videos.is_completed
            and watched_videos.is_required
    ) as last_completed
    where last_completed.finished_at <= (select dashboard_now())
)
