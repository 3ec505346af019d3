-- One row per creator, by name.
select
    creators.id,
    creators.name,
    creators.shown_name,
    creators.is_demo,
    creators.subscription_tier,
    creators.timezone,
    creators.timezone_was,
    coalesce(course_totals.students, 0) as students,
    coalesce(creator_data_versions.version, 0) as version,
    creator_data_versions.refreshed_at,
    creator_data_versions.refresh_seconds,
    coalesce(waiting.keys, 0) as waiting_keys,
    building.students_built,
    building.students_to_build,
    coalesce(refused.refused_rows, 0) as refused_rows
from creators
left join creator_generations as shown
    on shown.creator_id = creators.id
    and shown.state = 'shown'
left join creator_generations as building
    on building.creator_id = creators.id
    and building.state = 'building'
left join course_totals
    on course_totals.creator_id = creators.id
    and course_totals.generation = shown.generation
    and course_totals.course = 0
    and course_totals.run = 0
left join creator_data_versions on creator_data_versions.creator_id = creators.id
left join (
    select
        creator_id,
        sum(keys) as keys
    from changes
    where
        due_at is null
        or due_at <= dashboard_now()
    group by creator_id
) as waiting on waiting.creator_id = creators.id
left join (
    select
        creator_id,
        count(*) as refused_rows
    from refused_rows
    group by creator_id
) as refused on refused.creator_id = creators.id
order by
    creators.sort_key,
    creators.id
