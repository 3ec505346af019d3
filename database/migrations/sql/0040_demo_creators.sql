-- Which creators are the demo's: they are labelled wherever their name is shown, and removed together.
alter table creators add column is_demo boolean not null default false;
-- The name as people read it. Whatever students receive has the name alone.
alter table creators
add column shown_name text not null generated always as (name || case when is_demo then ' (demo)' else '' end) stored;

-- Those that a demo loaded before the column existed have the demo's fixed ids.
set local role dashboard_platform;
update creators
set is_demo = true
where
    id in (
        '10ee18c8-ae70-561c-a802-b8a45d520e81',
        '3c56dd30-27d0-5a09-b393-d0148d0ce1c2',
        '226d908d-8d53-5c8d-81d1-fca608836c51'
    );
reset role;

comment on column creators.is_demo is 'Whether the demo made this creator; everything of it is invented.';
