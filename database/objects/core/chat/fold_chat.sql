-- The folds of conversations and questions, and their sums.

-- Refold conversations. A NULL conversation means every conversation that the student ever wrote in.
create or replace function fold_chat(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_named uuid[],
    sessions_named uuid[],
    slice_after uuid default null,
    slice_to uuid default null
)
returns void
language plpgsql
-- As in fold_watching: look-ups by key are laterals with an offset, and all other joins are by hash.
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
set work_mem = '32MB'
as $$
declare
    moment constant timestamptz := dashboard_now();
    zone constant text := (select timezone from creator_generations where creator_id = creator and generation = folded_generation);
    added_to constant uuid := (select students_added_to from creator_generations where creator_id = creator and generation = folded_generation);
    -- The course's videos, and who belongs to it.
    items constant uuid[] := case when folded_course <> 0 then videos_at_level(creator, folded_course) end;
    writers uuid[] := '{}';
    members record;
    whole_students uuid[];
    sessions_folded uuid[];
    emptied tid[]; -- places of rows of video_days
begin
    if cardinality(students_named) = 0 and slice_to is null then
        return;
    end if;
    whole_students := array(
        select distinct student_id
        from unnest(students_named, sessions_named) as named (student_id, session_id)
        where session_id is null
    );
    sessions_folded := array(
        select session_id
        from unnest(sessions_named) as named (session_id)
        where session_id is not null
        union
        select known.session_id
        from unnest(whole_students) as named (student_id)
        cross join lateral (
            select id as session_id
            from every_chat_session
            where
                creator_id = creator
                and student_id = named.student_id
            union all
            select session_id
            from every_chat_message
            where
                creator_id = creator
                and student_id = named.student_id
            union all
            select session_id
            from conversations
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
            offset 0
        ) as known
    );
    if sessions_folded = '{}' and slice_to is null then
        return;
    end if;
    if folded_course <> 0 then
        writers := array(
            select distinct known.student_id
            from unnest(sessions_folded) as named (session_id)
            cross join lateral (
                select student_id
                from every_chat_message
                where
                    creator_id = creator
                    and session_id = named.session_id
                offset 0
            ) as known
        );
    end if;
    members := stays_at_level(creator, folded_course, folded_run, writers);
    with messages_read as materialized (
        select known.*
        from unnest(sessions_folded) as named (session_id)
        cross join lateral (
            select
                session_id,
                id as message_id,
                student_id,
                video_id,
                role,
                question_key,
                content,
                created_at,
                sequence,
                helpful_rating
            from every_chat_message
            where
                creator_id = creator
                and session_id = named.session_id
                and created_at <= moment
            offset 0
        ) as known
    ),

    sessions_read as materialized (
        select known.*
        from unnest(sessions_folded) as named (session_id)
        cross join lateral (
            select
                id as session_id,
                student_id,
                started_at
            from every_chat_session
            where
                creator_id = creator
                and id = named.session_id
                and started_at <= moment
            offset 0
        ) as known
    ),

    people as materialized (
        select
            id as student_id,
            deleted_at is null as is_here
        from students
        where
            creator_id = creator
            and id = any(array(select student_id from messages_read union select student_id from sessions_read))
    ),

    messages_in_order as materialized (
        select
            chat_messages.session_id,
            chat_messages.message_id,
            chat_messages.student_id,
            chat_messages.video_id,
            chat_messages.role,
            chat_messages.question_key,
            chat_messages.content,
            chat_messages.created_at,
            case
                when folded_course = 0 then people.is_here
                else
                    staying.student_id is not null
                    and chat_messages.video_id in (select named.video_id from unnest(items) as named (video_id))
            end as is_here,
            coalesce(
                max(chat_messages.sequence) filter (where chat_messages.role = 'assistant') over (partition by chat_messages.session_id)
                > chat_messages.sequence,
                false
            ) as is_answered,
            -- The rating of the question itself, otherwise that of the message after it if that is an answer.
            coalesce(
                chat_messages.helpful_rating,
                lead(case when chat_messages.role = 'assistant' then chat_messages.helpful_rating end)
                    over (partition by chat_messages.session_id order by chat_messages.sequence)
            ) as rating
        from messages_read as chat_messages
        join people on people.student_id = chat_messages.student_id
        left join unnest(members.students, members.starts, members.ends) as staying (student_id, began_at, ended_at)
            on
                staying.student_id = chat_messages.student_id
                and staying.began_at <= chat_messages.created_at
                and chat_messages.created_at < staying.ended_at
    ),

    -- Only rows that differ, with 1 for the new one and -1 for the old: unchanged rows cancel out.
    questions_changed as materialized (
        select
            signed.session_id,
            signed.message_id,
            signed.student_id,
            signed.video_id,
            signed.question_key,
            signed.asked_at,
            signed.is_answered,
            signed.rating_hundredths,
            signed.wording,
            sum(signed.sign)::integer as sign
        from (
            select
                session_id,
                message_id,
                student_id,
                video_id,
                question_key,
                created_at as asked_at,
                is_answered,
                round(rating * 100)::integer as rating_hundredths,
                trim(content) as wording,
                1 as sign
            from messages_in_order
            where
                role = 'user'
                and question_key is not null
                and is_here
            union all
            select
                session_id,
                message_id,
                student_id,
                video_id,
                question_key,
                asked_at,
                is_answered,
                rating_hundredths,
                wording,
                -1
            from asked_questions
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and session_id = any(sessions_folded)
        ) as signed
        group by
            signed.session_id,
            signed.message_id,
            signed.student_id,
            signed.video_id,
            signed.question_key,
            signed.asked_at,
            signed.is_answered,
            signed.rating_hundredths,
            signed.wording
        having sum(signed.sign) <> 0
    ),

    conversations_changed as materialized (
        select
            signed.session_id,
            signed.student_id,
            signed.started_at,
            signed.messages,
            sum(signed.sign)::integer as sign
        from (
            select
                parts.session_id,
                parts.student_id,
                max(parts.started_at) as started_at,
                sum(parts.messages)::integer as messages,
                1 as sign
            from (
                select
                    session_id,
                    student_id,
                    null::timestamptz as started_at,
                    1 as messages
                from messages_in_order
                where is_here
                union all
                select
                    sessions_read.session_id,
                    sessions_read.student_id,
                    sessions_read.started_at,
                    0
                from sessions_read
                join people on people.student_id = sessions_read.student_id
                where
                    people.is_here
                    and (
                        folded_course = 0
                        -- A conversation belongs to a course if it has a question about it.
                        or (sessions_read.session_id, sessions_read.student_id)
                        in (select session_id, student_id from messages_in_order where is_here)
                    )
            ) as parts
            group by
                parts.session_id,
                parts.student_id
            union all
            select
                session_id,
                student_id,
                started_at,
                messages,
                -1
            from conversations
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and session_id = any(sessions_folded)
        ) as signed
        group by
            signed.session_id,
            signed.student_id,
            signed.started_at,
            signed.messages
        having sum(signed.sign) <> 0
    ),

    questions_dropped as (
        delete from asked_questions
        where
            creator_id = creator
            and ctid = any(
                array(
                    select known.place
                    from (
                        select
                            session_id,
                            message_id
                        from questions_changed
                        group by
                            session_id,
                            message_id
                        having max(sign) < 0
                    ) as gone
                    cross join lateral (
                        select ctid as place
                        from asked_questions
                        where
                            creator_id = creator
                            and generation = folded_generation
                            and course = folded_course
                            and run = folded_run
                            and session_id = gone.session_id
                            and message_id = gone.message_id
                        offset 0
                    ) as known
                )
            )
    ),

    questions_kept as (
        insert into asked_questions (
            creator_id, generation, course, run, session_id, message_id,
            student_id, video_id, question_key, asked_at, is_answered, rating_hundredths, wording
        )
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            session_id,
            message_id,
            student_id,
            video_id,
            question_key,
            asked_at,
            is_answered,
            rating_hundredths,
            wording
        from questions_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, session_id, message_id) do update set
            student_id = excluded.student_id,
            video_id = excluded.video_id,
            question_key = excluded.question_key,
            asked_at = excluded.asked_at,
            is_answered = excluded.is_answered,
            rating_hundredths = excluded.rating_hundredths,
            wording = excluded.wording
    ),

    conversations_dropped as (
        delete from conversations
        where
            creator_id = creator
            and ctid = any(
                array(
                    select known.place
                    from (
                        select
                            session_id,
                            student_id
                        from conversations_changed
                        group by
                            session_id,
                            student_id
                        having max(sign) < 0
                    ) as gone
                    cross join lateral (
                        select ctid as place
                        from conversations
                        where
                            creator_id = creator
                            and generation = folded_generation
                            and course = folded_course
                            and run = folded_run
                            and session_id = gone.session_id
                            and student_id = gone.student_id
                        offset 0
                    ) as known
                )
            )
    ),

    conversations_kept as (
        insert into conversations (creator_id, generation, course, run, session_id, student_id, started_at, messages)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            session_id,
            student_id,
            started_at,
            messages
        from conversations_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, session_id, student_id) do update set
            started_at = excluded.started_at,
            messages = excluded.messages
    ),

    differences as materialized (
        select
            student_id,
            sum(sessions) as sessions,
            sum(messages) as messages,
            sum(questions) as questions,
            sum(answered) as answered,
            sum(rating_sum) as rating_sum,
            sum(rating_count) as rating_count
        from (
            select
                student_id,
                case when started_at is null then 0 else sign end as sessions,
                sign * messages as messages,
                0 as questions,
                0 as answered,
                0 as rating_sum,
                0 as rating_count
            from conversations_changed
            union all
            select
                student_id,
                0,
                0,
                sign,
                case when is_answered then sign else 0 end,
                coalesce(sign * rating_hundredths, 0),
                case when rating_hundredths is null then 0 else sign end
            from questions_changed
        ) as signed
        group by student_id
    ),

    students_changed as (
        insert into student_totals as known (
            creator_id, generation, course, run, student_id,
            chat_sessions, chat_messages, questions, answered, rating_sum, rating_count
        )
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            student_id,
            sessions,
            messages,
            questions,
            answered,
            rating_sum,
            rating_count
        from differences
        where (sessions, messages, questions, answered, rating_sum, rating_count) <> (0, 0, 0, 0, 0, 0)
        on conflict (creator_id, generation, course, run, student_id) do update set
            chat_sessions = known.chat_sessions + excluded.chat_sessions,
            chat_messages = known.chat_messages + excluded.chat_messages,
            questions = known.questions + excluded.questions,
            answered = known.answered + excluded.answered,
            rating_sum = known.rating_sum + excluded.rating_sum,
            rating_count = known.rating_count + excluded.rating_count
    ),

    -- Every question and conversation whose student is already in the sums, and the slice that is being added.
    questions_added as materialized (
        select
            student_id,
            video_id,
            question_key,
            asked_at,
            is_answered,
            rating_hundredths,
            wording,
            sign
        from questions_changed
        where student_id <= added_to
        union all
        select
            student_id,
            video_id,
            question_key,
            asked_at,
            is_answered,
            rating_hundredths,
            wording,
            1
        from asked_questions
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    differences_added as (
        select
            sessions,
            messages,
            questions,
            answered,
            rating_sum,
            rating_count
        from differences
        where student_id <= added_to
        union all
        select
            count(started_at),
            coalesce(sum(messages), 0),
            0,
            0,
            0,
            0
        from conversations
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
        union all
        select
            0,
            0,
            count(*),
            count(*) filter (where is_answered),
            coalesce(sum(rating_hundredths), 0),
            count(rating_hundredths)
        from asked_questions
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    course_changed as (
        insert into course_totals as known (
            creator_id, generation, course, run,
            chat_sessions, chat_messages, questions, answered, rating_sum, rating_count
        )
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            sum(sessions),
            sum(messages),
            sum(questions),
            sum(answered),
            sum(rating_sum),
            sum(rating_count)
        from differences_added
        having (sum(sessions), sum(messages), sum(questions), sum(answered), sum(rating_sum), sum(rating_count)) <> (0, 0, 0, 0, 0, 0)
        on conflict (creator_id, generation, course, run) do update set
            chat_sessions = known.chat_sessions + excluded.chat_sessions,
            chat_messages = known.chat_messages + excluded.chat_messages,
            questions = known.questions + excluded.questions,
            answered = known.answered + excluded.answered,
            rating_sum = known.rating_sum + excluded.rating_sum,
            rating_count = known.rating_count + excluded.rating_count
    ),

    days_changed as (
        insert into days as known (
            creator_id, generation, course, run, day,
            questions, answered, good_ratings, bad_ratings, rating_sum, rating_count
        )
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            (asked_at at time zone zone)::date as day,
            sum(sign),
            sum(case when is_answered then sign else 0 end),
            sum(case when rating_hundredths >= 50 then sign else 0 end),
            sum(case when rating_hundredths < 50 then sign else 0 end),
            sum(coalesce(sign * rating_hundredths, 0)),
            sum(case when rating_hundredths is null then 0 else sign end)
        from questions_added
        group by (asked_at at time zone zone)::date
        on conflict (creator_id, generation, course, run, day) do update set
            questions = known.questions + excluded.questions,
            answered = known.answered + excluded.answered,
            good_ratings = known.good_ratings + excluded.good_ratings,
            bad_ratings = known.bad_ratings + excluded.bad_ratings,
            rating_sum = known.rating_sum + excluded.rating_sum,
            rating_count = known.rating_count + excluded.rating_count
    ),

    video_days_changed as (
        insert into video_days as known (creator_id, generation, course, run, day, video_id, questions)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            (asked_at at time zone zone)::date as day,
            video_id,
            sum(sign)
        from questions_added
        where video_id is not null
        group by
            (asked_at at time zone zone)::date,
            video_id
        having sum(sign) <> 0
        on conflict (creator_id, generation, course, run, day, video_id) do update set questions = known.questions + excluded.questions
        returning known.ctid as place, known.students, known.views, known.questions
    ),

    -- What a student asked before and asks now, so that a student who starts or stops asking changes the head count by one.
    askers_changed as materialized (
        select
            signed.question_key,
            signed.student_id,
            signed.messages,
            coalesce(known.messages, 0) as messages_before,
            known.place
        from (
            select
                question_key,
                student_id,
                sum(sign)::integer as messages
            from questions_added
            group by
                question_key,
                student_id
            having sum(sign) <> 0
        ) as signed
        left join lateral (
            select
                ctid as place,
                messages
            from question_askers
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and question_key = signed.question_key
                and student_id = signed.student_id
            offset 0
        ) as known on true
    ),

    askers_dropped as (
        delete from question_askers
        where
            creator_id = creator
            and ctid = any(array(select place from askers_changed where messages_before + messages = 0))
    ),

    askers_kept as (
        insert into question_askers as known (creator_id, generation, course, run, question_key, student_id, messages)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            question_key,
            student_id,
            messages
        from askers_changed
        where messages_before + messages <> 0
        on conflict (creator_id, generation, course, run, question_key, student_id) do update set
            messages = known.messages + excluded.messages
    ),

    wordings_changed as materialized (
        select
            signed.question_key,
            signed.wording,
            signed.messages,
            coalesce(known.messages, 0) + signed.messages as messages_now,
            known.place
        from (
            select
                question_key,
                wording,
                md5(wording) as wording_key,
                sum(sign)::integer as messages
            from questions_added
            group by
                question_key,
                wording
            having sum(sign) <> 0
        ) as signed
        left join lateral (
            select
                ctid as place,
                messages
            from question_wordings
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and question_key = signed.question_key
                and wording_key = signed.wording_key
            offset 0
        ) as known on true
    ),

    wordings_dropped as (
        delete from question_wordings
        where
            creator_id = creator
            and ctid = any(array(select place from wordings_changed where messages_now = 0))
    ),

    wordings_kept as (
        insert into question_wordings as known (creator_id, generation, course, run, question_key, wording, messages)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            question_key,
            wording,
            messages
        from wordings_changed
        where messages_now <> 0
        on conflict (creator_id, generation, course, run, question_key, wording_key) do update set
            messages = known.messages + excluded.messages
    ),

    totals_changed as materialized (
        select
            signed.question_key,
            signed.messages,
            signed.people,
            signed.answered,
            signed.rating_sum,
            signed.rating_count,
            coalesce(known.messages, 0) + signed.messages as messages_now,
            known.place
        from (
            select
                question_key,
                sum(messages)::integer as messages,
                sum(people)::integer as people,
                sum(answered)::integer as answered,
                sum(rating_sum) as rating_sum,
                sum(rating_count)::integer as rating_count
            from (
                select
                    question_key,
                    sign as messages,
                    0 as people,
                    case when is_answered then sign else 0 end as answered,
                    coalesce(sign * rating_hundredths, 0) as rating_sum,
                    case when rating_hundredths is null then 0 else sign end as rating_count
                from questions_added
                union all
                select
                    question_key,
                    0,
                    case when messages_before = 0 then 1 when messages_before + messages = 0 then -1 else 0 end,
                    0,
                    0,
                    0
                from askers_changed
            ) as parts
            group by question_key
        ) as signed
        left join lateral (
            select
                ctid as place,
                messages
            from question_totals
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and question_key = signed.question_key
            offset 0
        ) as known on true
    ),

    totals_dropped as (
        delete from question_totals
        where
            creator_id = creator
            and ctid = any(array(select place from totals_changed where messages_now = 0))
    ),

    totals_kept as (
        insert into question_totals as known (
            creator_id, generation, course, run, question_key, messages, people, answered, rating_sum, rating_count
        )
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            question_key,
            messages,
            people,
            answered,
            rating_sum,
            rating_count
        from totals_changed
        where
            messages_now <> 0
            and (messages, people, answered, rating_sum, rating_count) <> (0, 0, 0, 0, 0)
        on conflict (creator_id, generation, course, run, question_key) do update set
            messages = known.messages + excluded.messages,
            people = known.people + excluded.people,
            answered = known.answered + excluded.answered,
            rating_sum = known.rating_sum + excluded.rating_sum,
            rating_count = known.rating_count + excluded.rating_count
    )

    select
        array(
            select place
            from video_days_changed
            where (students, views, questions) = (0, 0, 0)
        )
    into emptied;
    delete from video_days
    where
        creator_id = creator
        and ctid = any(emptied);
end;
$$;

revoke execute on function fold_chat(uuid, integer, integer, integer, uuid[], uuid[], uuid, uuid) from public;
