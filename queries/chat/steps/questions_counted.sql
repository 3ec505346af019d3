-- By hash, student by student: counting distinct students would sort.
askers_counted as (
    select
        question_key,
        student_id,
        count(*) as messages,
        count(*) filter (where not is_answered) as unanswered,
        sum(rating_hundredths) as rating_sum,
        count(rating_hundredths) as ratings,
        max(asked_at) as last_asked_at
    from messages_found
    group by
        question_key,
        student_id
),

questions_counted as materialized (
    select
        question_key,
        sum(messages)::bigint as messages,
        count(*) as people,
        sum(unanswered)::bigint as unanswered,
        sum(rating_sum) / (100.0 * nullif(sum(ratings), 0)) as mean_rating,
        sum(ratings)::bigint as ratings,
        max(last_asked_at) as last_asked_at
    from askers_counted
    group by question_key
)
