-- What 0018 says of the instants of what a platform tells holds for those of editions, markings and verdicts too: they lie
-- between 1990 and 2100. Rows that break this are set aside whole, with all that hangs on them.

-- A table with its instants and its parents (table=column), parents first.
create temporary table sources_of_instants (
    place integer,
    name text,
    instants text[],
    parents text[]
) on commit drop;

insert into sources_of_instants (place, name, instants, parents)
values
(1, 'video_editions', '{began_at}', '{}'),
(2, 'quiz_questions', '{edition_began_at}', '{}'),
(3, 'question_editions', '{began_at}', '{quiz_questions=question_id}'),
(4, 'markings', '{marked_at,undone_at}', '{quiz_questions=question_id}'),
(5, 'quiz_answers', '{}', '{quiz_questions=question_id}'),
(6, 'answer_verdicts', '{given_at}', '{quiz_questions=question_id}'),
(7, 'attempt_verdicts', '{given_at}', '{}');

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

        for source in select * from sources_of_instants order by place loop
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
