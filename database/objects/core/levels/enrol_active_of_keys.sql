-- Enrolments that follow from the activity that a portion folds.

-- Whether a creator has several runs, of one course or of many.
create or replace function has_several_runs(creator uuid)
returns boolean
language plpgsql
stable
-- Reads the first two entries of an index rather than all of them.
set enable_bitmapscan = off
set enable_seqscan = off
as $$
begin
    return (select count(*) from (select from course_runs where creator_id = creator limit 2) as runs) > 1;
end;
$$;

-- The same for what a portion folds: pairs of a student and a video, a quiz or a conversation; without an object, everything of
-- the student.
create or replace function enrol_active_of_keys(
    creator uuid,
    viewers uuid[],
    videos_viewed uuid[],
    takers uuid[],
    quizzes_taken uuid[],
    askers uuid[],
    sessions uuid[]
)
returns void
language plpgsql
as $$
declare
    students_found uuid[];
    courses_found uuid[];
begin
    if not has_several_runs(creator) then
        return;
    end if;
    select
        coalesce(array_agg(found.student_id), '{}'),
        coalesce(array_agg(found.course_id), '{}')
    into students_found, courses_found
    from (
        select
            named.student_id,
            videos.course_id
        from unnest(viewers, videos_viewed) as named (student_id, video_id)
        join videos
            on
                videos.creator_id = creator
                and videos.id = named.video_id
        union
        select
            named.student_id,
            quizzes.course_id
        from unnest(takers, quizzes_taken) as named (student_id, quiz_id)
        join quizzes
            on
                quizzes.creator_id = creator
                and quizzes.id = named.quiz_id
        union
        select
            chat_messages.student_id,
            videos.course_id
        from every_chat_message as chat_messages
        join videos
            on
                videos.creator_id = chat_messages.creator_id
                and videos.id = chat_messages.video_id
        where
            chat_messages.creator_id = creator
            and chat_messages.session_id = any(sessions)
            and chat_messages.role = 'user'
        union
        select
            named.student_id,
            null
        from (
            select student_id
            from unnest(viewers, videos_viewed) as whole (student_id, video_id)
            where video_id is null
            union
            select student_id
            from unnest(takers, quizzes_taken) as whole (student_id, quiz_id)
            where quiz_id is null
            union
            select student_id
            from unnest(askers, sessions) as whole (student_id, session_id)
            where session_id is null
        ) as named
    ) as found;
    perform enrol_active(creator, students_found, courses_found);
end;
$$;

revoke execute on function has_several_runs(uuid) from public;
revoke execute on function enrol_active_of_keys(uuid, uuid[], uuid[], uuid[], uuid[], uuid[], uuid[]) from public;
