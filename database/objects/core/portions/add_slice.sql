-- The sums of a generation that is being built.

-- Once every student is built, add the next slice to the sums: first a few thousand students at a time, and after the last of
-- them a few videos at a time; after the last video the generation is shown and the old one is gone. Adding a student takes a
-- quarter of the time of building one, and a video has many students. Returns the number of videos, or 1 for any other step.
create or replace function add_slice(creator uuid, most_students integer)
returns integer
language plpgsql
as $$
declare
    building creator_generations;
    live record;
    slice_to uuid;
    added integer := 1;
begin
    select * into building from creator_generations where creator_id = creator and state = 'building';
    if not found or most_students = 0 or students_unbuilt(creator) > 0 then
        return 0;
    end if;
    if building.students_added_to < last_id() then
        slice_to := coalesce(
            (
                select id
                from students
                where
                    creator_id = creator
                    and id > building.students_added_to
                order by id
                offset most_students - 1
                limit 1
            ),
            last_id()
        );
        for live in
            select
                course,
                run
            from levels_of_slice_of_students(creator, building.generation, building.students_added_to, slice_to)
        loop
            perform fold_students(creator, building.generation, live.course, live.run, '{}', building.students_added_to, slice_to);
            perform fold_activity(creator, building.generation, live.course, live.run, '{}', '{}', '{}', building.students_added_to, slice_to);
            perform fold_chat(creator, building.generation, live.course, live.run, '{}', '{}', building.students_added_to, slice_to);
            perform fold_quizzes(creator, building.generation, live.course, live.run, '{}', '{}', building.students_added_to, slice_to);
        end loop;
        update creator_generations
        set students_added_to = slice_to
        where
            creator_id = creator
            and generation = building.generation;
    elsif building.videos_added_to < last_id() then
        slice_to := coalesce(
            (
                select id
                from videos
                where
                    creator_id = creator
                    and id > building.videos_added_to
                order by id
                offset most_students / 32
                limit 1
            ),
            last_id()
        );
        for live in
            select
                course,
                run
            from levels_of_slice_of_videos(creator, building.generation, building.videos_added_to, slice_to)
        loop
            perform fold_watching(creator, building.generation, live.course, live.run, '{}', '{}', '{}', building.videos_added_to, slice_to);
        end loop;
        update creator_generations
        set videos_added_to = slice_to
        where
            creator_id = creator
            and generation = building.generation;
        added := (
            select count(*)
            from videos
            where
                creator_id = creator
                and id > building.videos_added_to
                and id <= slice_to
        );
    else
        update creator_generations set state = 'gone' where creator_id = creator and state = 'shown';
        update creator_generations set state = 'shown' where creator_id = creator and generation = building.generation;
        delete from building_ranges where creator_id = creator;
    end if;
    return added;
end;
$$;

revoke execute on function add_slice(uuid, integer) from public;
