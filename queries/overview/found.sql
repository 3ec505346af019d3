-- One row per student, video, quiz and quiz question that has every word, at most :limit of each kind, the best first.
with words_found as (
    select distinct student_id
    from student_words
    where
        creator_id = :creator_id
        and word >= :word
        and word < :word_end
),

students_found as (
    select
        'student' as kind,
        students.id,
        students.name as title,
        coalesce(students.email, '') as detail,
        null::bigint as number,
        students.sort_key not like :beginning as place,
        students.sort_key
    from words_found
    join students
        on students.creator_id = :creator_id
        and students.id = words_found.student_id
    where
        students.deleted_at is null
        and students.search_text like all(cast(:patterns as text[]))
    order by
        place,
        students.sort_key,
        students.id
    limit :limit
),

videos_found as (
    select
        'video' as kind,
        id,
        title,
        coalesce(category, '') as detail,
        null::bigint as number,
        sort_key not like :beginning as place,
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
        sort_key not like :beginning as place,
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
        true as place,
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
