-- The questions of this period that are among the most asked, the worst answered or the unanswered, with their figures: out of
-- all rows of messages_found, whichever these are.

-- include: queries/chat/steps/questions_counted,

keys_chosen as (
    (
        select question_key
        from questions_counted
        order by
            people desc,
            messages desc,
            last_asked_at desc,
            question_key asc
        limit :most
    )
    union
    (
        select question_key
        from questions_counted
        where
            ratings >= :least_ratings
            and mean_rating < :good_rating
        order by
            mean_rating asc,
            people desc,
            question_key asc
        limit :most
    )
    union
    (
        select question_key
        from questions_counted
        where unanswered > 0
        order by
            unanswered desc,
            people desc,
            last_asked_at desc,
            question_key asc
        limit :most
    )
),

questions_chosen as materialized (
    select questions_counted.*
    from questions_counted
    join keys_chosen on keys_chosen.question_key = questions_counted.question_key
),

-- Question by question: the planner does not know how often a question is asked, and would read the whole period.
people_counted as (
    select
        questions_chosen.question_key,
        askers.people_before
    from questions_chosen
    cross join lateral (
        select count(distinct asked_questions.student_id) as people_before
        from asked_questions
        where
            -- include: queries/chat/steps/asked_before
            and asked_questions.question_key = questions_chosen.question_key
            -- include: queries/chat/steps/fits
    ) as askers
),

-- How often each was worded this way, and about which video: one pass over the questions of the period serves both.
messages_counted as materialized (
    select
        messages_found.question_key,
        messages_found.wording,
        messages_found.video_id,
        count(*) as messages
    from messages_found
    join questions_chosen on questions_chosen.question_key = messages_found.question_key
    group by
        messages_found.question_key,
        messages_found.wording,
        messages_found.video_id
),

wordings_counted as (
    select
        question_key,
        wording,
        sum(messages) as messages
    from messages_counted
    group by
        question_key,
        wording
),

wordings_listed as (
    select
        question_key,
        array_agg(wording order by messages desc, wording collate "C" asc) as wordings
    from wordings_counted
    group by question_key
),

videos_counted as (
    select
        question_key,
        video_id,
        sum(messages) as messages
    from messages_counted
    group by
        question_key,
        video_id
),

videos_listed as (
    select
        videos_counted.question_key,
        array_agg(
            videos.title
            order by videos_counted.messages desc, videos.title collate "C" asc, videos.id asc
        ) as video_titles
    from videos_counted
    join videos
        on videos.creator_id = :creator_id
        and videos.id = videos_counted.video_id
    where videos.deleted_at is null
    group by videos_counted.question_key
)

select
    wordings_listed.wordings[1] as question,
    questions_chosen.question_key,
    questions_chosen.messages,
    questions_chosen.people,
    coalesce(people_counted.people_before, 0) as people_before,
    questions_chosen.unanswered,
    questions_chosen.mean_rating,
    questions_chosen.ratings,
    questions_chosen.last_asked_at,
    wordings_listed.wordings[1:cast(:most_wordings as integer)] as wordings,
    cardinality(wordings_listed.wordings) as wording_count,
    coalesce(videos_listed.video_titles, array[]::text[]) as video_titles
from questions_chosen
join wordings_listed on wordings_listed.question_key = questions_chosen.question_key
left join people_counted on people_counted.question_key = questions_chosen.question_key
left join videos_listed on videos_listed.question_key = questions_chosen.question_key
order by
    questions_chosen.people desc,
    questions_chosen.messages desc,
    questions_chosen.last_asked_at desc,
    questions_chosen.question_key asc
