alter table export_logs drop constraint export_logs_export_type_check;
alter table export_logs add constraint export_logs_export_type_check check (
    export_type in ('students', 'progress', 'chat', 'analytics', 'quiz_results', 'videos', 'finished')
);
