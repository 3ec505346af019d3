-- One row: how much of each kind of data the creator has, in all courses together.
select
    coalesce(course_totals.students, 0) as students,
    coalesce(course_totals.questions, 0) as questions,
    (
        select count(*)
        from videos
        where
            videos.creator_id = :creator_id
            and videos.deleted_at is null
    ) as videos,
    (
        select count(*)
        from quizzes
        where
            quizzes.creator_id = :creator_id
            and quizzes.deleted_at is null
    ) as quizzes,
    coalesce(
        (
            select true
            from days
            where
                days.creator_id = :creator_id
                and days.generation = shown_generations.generation
                and days.course = 0
                and days.run = 0
                and days.activities > 0
            order by days.day desc
            limit 1
        ),
        false
    ) as has_activity
from (select cast(:creator_id as uuid) as creator_id) as asked -- one row even for an unknown creator
left join shown_generations on shown_generations.creator_id = asked.creator_id
left join course_totals
    on
        course_totals.creator_id = asked.creator_id
        and course_totals.generation = shown_generations.generation
        and course_totals.course = 0
        and course_totals.run = 0
