-- Which videos and quizzes belong to a level.

-- Those of these videos that belong to the level; without a list, all that do. Course 0 means every course.
create or replace function videos_at_level(creator uuid, read_course integer, videos_named uuid[] default null)
returns uuid[]
language plpgsql
as $$
declare
    course constant uuid := (
        select id
        from courses
        where
            creator_id = creator
            and number between read_course and read_course
        order by number
        limit 1
    );
begin
    if read_course = 0 and videos_named is not null then
        return videos_named;
    end if;
    return array(
        select known.id
        from videos as known
        where
            known.creator_id = creator
            and (videos_named is null or known.id = any(videos_named))
            and (read_course = 0 or known.course_id = course)
        order by known.id
    );
end;
$$;

-- The same for quizzes.
create or replace function quizzes_at_level(creator uuid, read_course integer, quizzes_named uuid[] default null)
returns uuid[]
language plpgsql
as $$
declare
    course constant uuid := (
        select id
        from courses
        where
            creator_id = creator
            and number between read_course and read_course
        order by number
        limit 1
    );
begin
    if read_course = 0 and quizzes_named is not null then
        return quizzes_named;
    end if;
    return array(
        select known.id
        from quizzes as known
        where
            known.creator_id = creator
            and (quizzes_named is null or known.id = any(quizzes_named))
            and (read_course = 0 or known.course_id = course)
        order by known.id
    );
end;
$$;

revoke execute on function videos_at_level(uuid, integer, uuid[]) from public;
revoke execute on function quizzes_at_level(uuid, integer, uuid[]) from public;
