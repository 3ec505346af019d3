-- Recompute the questions given. One student who keeps asking is a student to help, not
-- a content gap: a question counts from two students on.
create or replace function refresh_questions(creator uuid, keys text[])
returns void
language sql
as $$
    delete from most_asked_questions where creator_id = creator and question_key = any(keys);

    with wordings_ranked as (
        select
            question_key,
            trim(content) as wording,
            row_number() over (
                partition by question_key
                order by
                    count(*) desc,
                    trim(content) collate "C"
            ) as place
        from questions_asked
        where
            creator_id = creator
            and question_key = any(keys)
        group by
            question_key,
            trim(content)
    ),

    questions_counted as (
        select
            question_key,
            count(*) as ask_count,
            count(distinct student_id) as unique_askers,
            count(*) filter (where is_answered) as answered_count,
            avg(rating) as avg_satisfaction,
            max(created_at) as last_asked_at
        from questions_asked
        where
            creator_id = creator
            and question_key = any(keys)
        group by question_key
        having count(distinct student_id) >= 2
    )

    insert into most_asked_questions
    select
        creator,
        questions_counted.question_key,
        wordings_ranked.wording,
        questions_counted.ask_count,
        questions_counted.unique_askers,
        questions_counted.answered_count,
        questions_counted.avg_satisfaction,
        questions_counted.last_asked_at
    from questions_counted
    join wordings_ranked using (question_key)
    where wordings_ranked.place = 1;
$$;
