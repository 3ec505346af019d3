-- Recompute the days given: who was there, how many, on what, and at which hours.
create or replace function refresh_days(creator uuid, days date[])
returns void
language plpgsql
as $$
declare
    zone constant text := (select timezone from creators where id = creator);
begin
    delete from daily_active_users where creator_id = creator and activity_date = any(days);
    delete from daily_student_activity where creator_id = creator and activity_date = any(days);
    delete from hourly_activity where creator_id = creator and activity_date = any(days);

    with signs_gathered as materialized (
        select
            signs_of_life.student_id,
            signs_of_life.occurred_at,
            signs_of_life.occurred_at at time zone zone as local_time,
            wanted.activity_date,
            signs_of_life.video_id,
            signs_of_life.watched_seconds
        from unnest(days) as wanted (activity_date)
        -- The wide range finds the rows by index in any zone; the day itself decides.
        join signs_of_life
            on signs_of_life.occurred_at >= wanted.activity_date::timestamp at time zone 'UTC' - interval '16 hours'
            and signs_of_life.occurred_at < wanted.activity_date::timestamp at time zone 'UTC' + interval '40 hours'
            and (signs_of_life.occurred_at at time zone zone)::date = wanted.activity_date
        join students
            on students.creator_id = signs_of_life.creator_id
            and students.id = signs_of_life.student_id
        where
            signs_of_life.creator_id = creator
            and students.deleted_at is null
    ),

    days_counted as (
        insert into daily_active_users (creator_id, activity_date, active_count, videos_watched, total_watch_time_seconds)
        select
            creator,
            activity_date,
            count(distinct student_id),
            count(distinct video_id),
            sum(watched_seconds)
        from signs_gathered
        group by activity_date
    ),

    students_noted as (
        insert into daily_student_activity (creator_id, activity_date, student_id)
        select distinct
            creator,
            activity_date,
            student_id
        from signs_gathered
    )

    insert into hourly_activity (creator_id, activity_date, hour, signs_of_life)
    select
        creator,
        activity_date,
        extract(hour from local_time),
        count(distinct (student_id, occurred_at))
    from signs_gathered
    group by
        activity_date,
        extract(hour from local_time);
end;
$$;
