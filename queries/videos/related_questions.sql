-- One row per question that students asked about the video; all wordings of a question count as one.
with asked as (
    select
        asked_questions.question_key,
        asked_questions.wording,
        asked_questions.student_id,
        asked_questions.is_answered,
        asked_questions.rating_hundredths,
        asked_questions.asked_at
    from shown_generations
    join asked_questions
        on asked_questions.creator_id = shown_generations.creator_id
        and asked_questions.generation = shown_generations.generation
    join videos
        on videos.creator_id = asked_questions.creator_id
        and videos.id = asked_questions.video_id
    where
        shown_generations.creator_id = :creator_id
        and asked_questions.course = :course
        and asked_questions.run = :run
        and asked_questions.video_id = :video_id
        and asked_questions.asked_at <= dashboard_now()
        and videos.deleted_at is null
),

wordings_ranked as (
    select
        question_key,
        wording,
        row_number() over (
            partition by question_key
            order by
                count(*) desc,
                wording collate "C" asc
        ) as place
    from asked
    group by
        question_key,
        wording
),

questions_counted as (
    select
        question_key,
        count(distinct student_id) as people,
        count(*) as messages,
        count(*) filter (where not is_answered) as unanswered,
        count(rating_hundredths) as ratings,
        avg(rating_hundredths) / 100 as mean_rating,
        max(asked_at) as last_asked_at
    from asked
    group by question_key
)

select
    wordings_ranked.wording as question,
    questions_counted.question_key,
    questions_counted.people,
    questions_counted.messages,
    questions_counted.unanswered,
    questions_counted.ratings,
    questions_counted.mean_rating::float as mean_rating,
    questions_counted.ratings >= :least_ratings
    and questions_counted.mean_rating < :bad_rating as is_badly_answered,
    questions_counted.last_asked_at
from questions_counted
join wordings_ranked on wordings_ranked.question_key = questions_counted.question_key
where wordings_ranked.place = 1
order by
    questions_counted.people desc,
    questions_counted.messages desc,
    questions_counted.last_asked_at desc,
    questions_counted.question_key asc
limit :limit
