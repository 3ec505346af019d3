-- Folds and sums have no foreign key to creators: looking up the same creator for every row took a tenth of a rebuild.
-- Whoever deletes a creator takes them along by the trigger of core/deleted_creators.sql.
do $$
declare
    key record;
begin
    for key in
        select
            pg_constraint.conrelid::regclass as relation,
            pg_constraint.conname as name
        from pg_constraint
        join pg_attribute
            on
                pg_attribute.attrelid = pg_constraint.conrelid
                and pg_attribute.attname = 'generation'
        where
            pg_constraint.contype = 'f'
            and pg_constraint.confrelid = 'creators'::regclass
            and pg_constraint.conrelid <> 'creator_generations'::regclass
    loop
        execute format('alter table %s drop constraint %I', key.relation, key.name);
    end loop;
end;
$$;
