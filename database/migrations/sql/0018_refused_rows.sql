-- Every instant of a source table lies between 1990 and 2100 and is finite: an infinite one or one of the year 20000 breaks
-- what counts days, and a platform that writes 1970 for "unknown" would move the beginning of everything there.

-- Rows that were there before and are refused from now on, whole, with all that hangs on them. They tell what students did:
-- whoever reads the directory sees that there are some, and why.
create table refused_rows (
    creator_id uuid not null references creators (id) on delete cascade,
    table_name text not null,
    row jsonb not null,
    reason text not null,
    refused_at timestamptz not null default dashboard_now(),
    constraint row_is_a_json_object check (jsonb_typeof(row) = 'object')
);

create index idx_refused_rows_creator on refused_rows (creator_id, table_name);

alter table refused_rows enable row level security;
alter table refused_rows force row level security;
create policy one_creator on refused_rows using (creator_id = current_creator()) with check (creator_id = current_creator());
create policy directory_read on refused_rows for select to dashboard_platform using (true);
revoke all on refused_rows from public;
grant select (creator_id, table_name, reason, refused_at) on refused_rows to dashboard_platform;

-- A table of sources with its instants and its parents (table=column), parents first.
create temporary table sources_of_instants (
    place integer,
    name text,
    instants text[],
    parents text[]
) on commit drop;

insert into sources_of_instants (place, name, instants, parents)
values
(1, 'students', '{last_active,created_at,deleted_at}', '{}'),
(2, 'videos', '{created_at,updated_at,deleted_at}', '{}'),
(3, 'quizzes', '{created_at,deleted_at}', '{videos=video_id}'),
(4, 'chat_sessions', '{started_at}', '{students=student_id}'),
(5, 'quiz_questions', '{}', '{quizzes=quiz_id}'),
(6, 'quiz_attempts', '{completed_at}', '{students=student_id,quizzes=quiz_id}'),
(7, 'video_progress', '{first_watched,last_watched}', '{students=student_id,videos=video_id}'),
(8, 'watch_segments', '{watched_at}', '{students=student_id,videos=video_id}'),
(9, 'retention_points', '{}', '{videos=video_id}'),
(10, 'activity_events', '{occurred_at}', '{students=student_id,videos=video_id}'),
(11, 'chat_messages', '{created_at}', '{students=student_id,chat_sessions=session_id,videos=video_id}'),
(12, 'quiz_answers', '{}', '{quiz_attempts=attempt_id,quiz_questions=question_id}'),
(13, 'announcement_skips', '{}', '{students=student_id}');

-- Row level security binds the owner too, so that the rows are looked through creator by creator. Rows are copied before
-- any is deleted: what hangs on a row goes with it.
do $$
declare
    within constant text := '(%1$I >= timestamptz ''1990-01-01 00:00:00+00'' and %1$I < timestamptz ''2100-01-01 00:00:00+00'')';
    beneath constant text := '%I in (select (row ->> ''id'')::uuid from refused_rows where creator_id = current_creator() and table_name = %L)';
    creator uuid;
    creator_ids uuid[];
    source record;
    part text;
    conditions text[];
    reasons text;
begin
    set local role dashboard_platform;
    creator_ids := array(select id from creators order by id);
    reset role;
    foreach creator in array creator_ids loop
        perform set_config('app.creator_id', creator::text, true);

        for source in select * from sources_of_instants order by place loop
            conditions := '{}';
            reasons := '';
            foreach part in array source.instants loop
                conditions := conditions || format('not ' || within, part);
                reasons := reasons || format(
                    ' when not ' || within || ' then format(%2$L, %1$I)', part, part || ' is %s, which does not lie between 1990 and 2100'
                );
            end loop;
            foreach part in array source.parents loop
                conditions := conditions || format(beneath, split_part(part, '=', 2), split_part(part, '=', 1));
                reasons := reasons || format(
                    ' when ' || beneath || ' then %L',
                    split_part(part, '=', 2), split_part(part, '=', 1),
                    format('its row of %s was refused', split_part(part, '=', 1))
                );
            end loop;
            execute format(
                'insert into refused_rows (creator_id, table_name, row, reason) '
                'select creator_id, %1$L, to_jsonb(%1$I), case %2$s end from %1$I where creator_id = current_creator() and (%3$s)',
                source.name, reasons, array_to_string(conditions, ' or ')
            );
        end loop;

        for source in
            select *
            from sources_of_instants
            where exists (
                select
                from refused_rows
                where
                    refused_rows.creator_id = creator
                    and refused_rows.table_name = sources_of_instants.name
            )
            order by place
        loop
            foreach part in array source.instants loop
                execute format('delete from %I where creator_id = current_creator() and not ' || replace(within, '%1$I', '%2$I'), source.name, part);
            end loop;
        end loop;
    end loop;
    perform set_config('app.creator_id', '', true);

    for source in
        select
            sources_of_instants.name,
            named.instant
        from sources_of_instants
        cross join lateral unnest(sources_of_instants.instants) as named (instant)
        order by
            sources_of_instants.place,
            named.instant
    loop
        execute format(
            'alter table %I add constraint %I check ' || replace(within, '%1$I', '%3$I'),
            source.name, source.instant || '_is_between_1990_and_2100', source.instant
        );
    end loop;
end;
$$;

drop table sources_of_instants;
