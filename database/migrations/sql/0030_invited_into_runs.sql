-- Into which run of which course somebody is invited; NULL: into the only one.
alter table invitations add column run_id uuid;
alter table invitations add foreign key (creator_id, run_id) references course_runs (creator_id, id);
create index idx_invitations_run on invitations (creator_id, run_id) where run_id is not null;
grant update (run_id) on invitations to dashboard_app;
