-- Views and functions exist now. Nobody but the two roles runs anything.
revoke execute on all functions in schema public from public;

grant select on signs_of_life to dashboard_app;
grant select on started_videos to dashboard_app;
grant select on watched_pairs to dashboard_app;
grant select on questions_asked to dashboard_app;
grant select on student_engagement_tiers to dashboard_app;
grant select on creator_analytics_cache to dashboard_app;

grant execute on function refresh_creator_dashboard_views(uuid) to dashboard_app, dashboard_platform;
grant execute on function refresh_creator_dashboard_views() to dashboard_platform;
grant execute on function rebuild_creator_dashboard_views(uuid) to dashboard_platform;
