-- The rollups that were recomputed whole, with their marks, give way to folds and sums.

do $$
declare
    watched record;
begin
    for watched in
        select
            tgrelid::regclass as relation,
            tgname as name
        from pg_trigger
        where
            not tgisinternal
            and tgname in (
                'mark_stale', 'mark_stale_insert', 'mark_stale_update', 'mark_stale_delete', 'mark_stale_history', 'mark_arrivals',
                'keep_replaced_sign_of_life', 'insert_video_views', 'delete_video_views'
            )
    loop
        execute format('drop trigger %I on %s', watched.name, watched.relation);
    end loop;
end;
$$;

drop function if exists mark_stale();
drop function if exists mark_stale_history();
drop function if exists mark_stale_creators();
drop function if exists mark_arrivals();
drop function if exists keep_replaced_sign_of_life();
drop function if exists insert_video_views();
drop function if exists delete_video_views();
drop function if exists refresh_totals(uuid);
drop function if exists refresh_days(uuid, date[]);
drop function if exists refresh_questions(uuid, text[]);
drop function if exists refresh_students(uuid, uuid[]);
drop function if exists refresh_sessions(uuid, uuid[]);
drop function if exists refresh_videos(uuid, uuid[]);
drop function if exists recompute_marked(uuid, jsonb);
drop function if exists marked_keys(jsonb, text);
drop function if exists recompute_everything(uuid);
drop function if exists finish_refresh(uuid, timestamptz);

drop view if exists creator_analytics_cache;
drop view if exists student_engagement_tiers;
drop view if exists watched_pairs;
drop view if exists started_videos;
drop view if exists questions_asked;
drop view if exists signs_of_life;
drop table if exists video_views;
drop table if exists student_activity;
drop table if exists student_sessions;
drop table if exists daily_student_activity;
drop table if exists hourly_activity;
drop table if exists creator_totals;
drop table stale_marks;
