-- One row per level and published video: how many reached it or a later one of the level. Needs levels.

-- include: queries/courses/steps/contents,

students_counted as (
    select
        level_student_totals.creator_id,
        level_student_totals.course,
        level_student_totals.run,
        level_student_totals.furthest_video,
        count(*) as students,
        count(*) filter (
            where
            not level_student_totals.furthest_completed
            and level_student_totals.runs_until > (select dashboard_now())
            and level_student_totals.last_active < (
                select dashboard_now() - cast(:silent_days as integer) * interval '24 hours'
            )
        ) as stuck
    from levels
    join level_student_totals
        on level_student_totals.creator_id = levels.creator_id
        and level_student_totals.course = levels.course
        and level_student_totals.run = levels.run
    where level_student_totals.furthest_video is not null
    group by
        level_student_totals.creator_id,
        level_student_totals.course,
        level_student_totals.run,
        level_student_totals.furthest_video
),

steps as (
    select
        levels.creator_id,
        levels.generation,
        levels.course,
        levels.run,
        levels.place as place_of_level,
        contents.place,
        contents.video_id,
        contents.title,
        coalesce(
            sum(students_counted.students) over (partition by levels.place order by contents.place desc),
            0
        )::bigint as reached,
        coalesce(students_counted.stuck, 0) as stuck
    from levels
    join contents
        on contents.creator_id = levels.creator_id
        and contents.course = levels.course
    left join students_counted
        on students_counted.creator_id = levels.creator_id
        and students_counted.course = levels.course
        and students_counted.run = levels.run
        and students_counted.furthest_video = contents.video_id
)
