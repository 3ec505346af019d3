-- The folds, level by level.

-- Fold these keys in a generation, each at the levels where its student has rows or may have some. For students who left or
-- came back, whose keys are among the others, that includes levels where they have rows but no enrolment.
create or replace function fold_keys(
    creator uuid,
    folded_generation integer,
    enrolled uuid[],
    watched_students uuid[],
    watched_videos uuid[],
    watched_instants timestamptz[],
    placed uuid[],
    active_students uuid[],
    active_videos uuid[],
    active_instants timestamptz[],
    asking_students uuid[],
    sessions uuid[],
    taking_students uuid[],
    quizzes_taken uuid[],
    lost_or_back uuid[]
)
returns void
language plpgsql
as $$
declare
    live record;
begin
    for live in
        select *
        from keys_at_levels(
            creator,
            folded_generation,
            enrolled,
            watched_students,
            watched_videos,
            watched_instants,
            placed,
            active_students,
            active_videos,
            active_instants,
            asking_students,
            sessions,
            taking_students,
            quizzes_taken,
            lost_or_back
        )
    loop
        perform fold_students(creator, folded_generation, live.course, live.run, live.enrolled);
        perform fold_watching(
            creator, folded_generation, live.course, live.run, live.watched_students, live.watched_videos, live.watched_instants
        );
        perform fold_furthest(
            creator,
            folded_generation,
            live.course,
            live.run,
            live.watched_students || live.placed,
            live.watched_videos || array_fill(null::uuid, array[cardinality(live.placed)])
        );
        perform fold_activity(
            creator, folded_generation, live.course, live.run, live.active_students, live.active_videos, live.active_instants
        );
        perform fold_chat(creator, folded_generation, live.course, live.run, live.asking_students, live.sessions);
        if live.taking_students <> '{}' then
            perform fold_quizzes(creator, folded_generation, live.course, live.run, live.taking_students, live.quizzes_taken);
            perform fold_failures(creator, folded_generation, live.course, live.run, live.taking_students);
        end if;
        perform drop_empty_sums(
            creator,
            folded_generation,
            live.course,
            live.run,
            array(
                select distinct named.student_id
                from unnest(
                    live.enrolled || live.watched_students || live.active_students || live.asking_students || live.taking_students
                ) as named (student_id)
            )
        );
    end loop;
end;
$$;

revoke execute on function fold_keys(
    uuid, integer, uuid[], uuid[], uuid[], timestamptz[], uuid[], uuid[], uuid[], timestamptz[], uuid[], uuid[], uuid[], uuid[], uuid[]
) from public;
