-- When the definitions of figures changed that a creator may remember: whoever is there now is told so once.
alter table creators add column definitions_changed_at timestamptz default dashboard_now();
alter table creators alter column definitions_changed_at drop default;

comment on column creators.definitions_changed_at is 'When figures began to be counted as they are now; NULL: never otherwise.';
