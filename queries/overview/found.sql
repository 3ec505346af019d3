-- One row per student, video, quiz and quiz question that has every word, at most :limit of each kind, the best first.
with students_beginning as (
    select
        id,
        name,
        email,
        sort_key,
        0 as place
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and sort_key >= :beginning
        and sort_key < :beginning_end
        and search_text like all(cast(:patterns as text[]))
    order by
        sort_key,
        id
    limit :limit
),

students_elsewhere as (
    select
        id,
        name,
        email,
        sort_key,
        1 as place
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and (cast(:found_ids as uuid[]) is null or id = any(cast(:found_ids as uuid[])))
        and search_text like all(cast(:patterns as text[]))
        and not (sort_key >= :beginning and sort_key < :beginning_end)
    order by
        sort_key,
        id
    limit :limit
),

students_found as (
    select
        'student' as kind,
        id,
        name as title,
        coalesce(email, '') as detail,
        null::bigint as number,
        place,
        sort_key
    from (
        select * from students_beginning
        union all
        select * from students_elsewhere
    ) as students_of_both
    order by
        place,
        sort_key,
        id
    limit :limit
),

videos_found as (
    select
        'video' as kind,
        id,
        title,
        coalesce(category, '') as detail,
        null::bigint as number,
        case when sort_key >= :beginning and sort_key < :beginning_end then 0 else 1 end as place,
        sort_key
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
        and search_text like all(cast(:patterns as text[]))
    order by
        place,
        position,
        id
    limit :limit
),

quizzes_found as (
    select
        'quiz' as kind,
        id,
        title,
        '' as detail,
        null::bigint as number,
        case when sort_key >= :beginning and sort_key < :beginning_end then 0 else 1 end as place,
        sort_key
    from quizzes
    where
        creator_id = :creator_id
        and deleted_at is null
        and search_text like all(cast(:patterns as text[]))
    order by
        place,
        position,
        id
    limit :limit
),

quiz_questions_found as (
    select
        'quiz_question' as kind,
        quizzes.id,
        quiz_questions.prompt as title,
        quizzes.title as detail,
        (
            select count(*)
            from quiz_questions as earlier
            where
                earlier.creator_id = quiz_questions.creator_id
                and earlier.quiz_id = quiz_questions.quiz_id
                and (earlier.position, earlier.id) <= (quiz_questions.position, quiz_questions.id)
        ) as number,
        1 as place,
        quizzes.sort_key
    from quiz_questions
    join quizzes
        on quizzes.creator_id = quiz_questions.creator_id
        and quizzes.id = quiz_questions.quiz_id
    where
        quiz_questions.creator_id = :creator_id
        and quizzes.deleted_at is null
        and quiz_questions.search_text like all(cast(:patterns as text[]))
    order by
        quizzes.position,
        quizzes.id,
        quiz_questions.position,
        quiz_questions.id
    limit :limit
)

select
    kind,
    id,
    title,
    detail,
    number
from (
    select * from students_found
    union all
    select * from videos_found
    union all
    select * from quizzes_found
    union all
    select * from quiz_questions_found
) as found
order by
    kind,
    place,
    sort_key,
    number,
    id
