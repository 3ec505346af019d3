-- Who may touch what. Row level security is forced, so that even the tables' owner sees one creator at a time.

do $$
declare
    tenant record;
begin
    for tenant in
        select
            tables.oid::regclass as name,
            case tables.relname when 'creators' then 'id' else 'creator_id' end as owner_column
        from pg_class as tables
        where
            tables.relnamespace = 'public'::regnamespace
            and tables.relkind in ('r', 'p')
            and (
                tables.relname = 'creators'
                or exists (
                    select from pg_attribute
                    where attrelid = tables.oid and attname = 'creator_id' and not attisdropped
                )
            )
    loop
        execute format('alter table %s enable row level security', tenant.name);
        execute format('alter table %s force row level security', tenant.name);
        execute format(
            'create policy one_creator on %s using (%2$I = current_creator()) with check (%2$I = current_creator())',
            tenant.name, tenant.owner_column
        );
    end loop;
end;
$$;

-- Sources and the dashboard's own tables: read and written for one creator.
grant select, insert, update, delete on students to dashboard_app;
grant select, insert, update, delete on videos to dashboard_app;
grant select, insert, update, delete on video_progress to dashboard_app;
grant select, insert, update, delete on watch_segments to dashboard_app;
grant select, insert, update, delete on retention_points to dashboard_app;
grant select, insert, update, delete on activity_events to dashboard_app;
grant select, insert, update, delete on chat_sessions to dashboard_app;
grant select, insert, update, delete on chat_messages to dashboard_app;
grant select, insert, update, delete on quizzes to dashboard_app;
grant select, insert, update, delete on quiz_questions to dashboard_app;
grant select, insert, update, delete on quiz_attempts to dashboard_app;
grant select, insert, update, delete on quiz_answers to dashboard_app;
grant select, insert, update, delete on creator_preferences to dashboard_app;
grant select, insert, update, delete on export_logs to dashboard_app;
-- A creator chooses the time zone; the tier is the platform's to set.
grant select, update (timezone) on creators to dashboard_app;
grant select, insert on audit_log to dashboard_app;
grant insert on stale_marks to dashboard_app;

-- Rollups: read only. The refresh functions write them.
grant select on student_activity to dashboard_app;
grant select on student_sessions to dashboard_app;
grant select on daily_active_users to dashboard_app;
grant select on daily_student_activity to dashboard_app;
grant select on hourly_activity to dashboard_app;
grant select on video_analytics to dashboard_app;
grant select on most_asked_questions to dashboard_app;
grant select on creator_totals to dashboard_app;
grant select on creator_data_versions to dashboard_app;
grant select on stale_marks to dashboard_app;

-- The directory spans creators, and has its own, separate permissions: which creators and
-- accounts there are, how many students, what waits for a refresh.
grant select, insert, update, delete on creators, dashboard_users to dashboard_platform;
grant select on creator_totals, creator_data_versions, stale_marks, audit_log to dashboard_platform;
grant insert on stale_marks, audit_log to dashboard_platform;

create policy directory on creators to dashboard_platform using (true) with check (true);
create policy directory on dashboard_users to dashboard_platform using (true) with check (true);
create policy directory_read on creator_totals for select to dashboard_platform using (true);
create policy directory_read on creator_data_versions for select to dashboard_platform using (true);
create policy directory_read on stale_marks for select to dashboard_platform using (true);
create policy directory_write on stale_marks for insert to dashboard_platform with check (true);
create policy directory_read on audit_log for select to dashboard_platform using (true);
create policy directory_write on audit_log for insert to dashboard_platform with check (true);
