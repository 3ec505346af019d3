-- Which students match the filters. Progress is compared as it is shown, in whole percent.
creator_id = :creator_id
and (:status = 'all' or status = :status)
and (:tier = '' or engagement_tier = :tier)
and (
    :progress = ''
    or (
        -- include: queries/steps/whole_progress
    ) between :progress_from and :progress_to
)
and case :last_active
    when 'today' then last_active >= (select day_start from clock)
    when 'week' then last_active >= (select week_start from clock)
    when 'month' then last_active >= (select month_start from clock)
    when 'inactive' then coalesce(last_active < (select inactive_since from clock), true)
    else true
end
and (cast(:found_ids as uuid[]) is null or student_id = any(cast(:found_ids as uuid[])))
-- Within coalesce: of `like` the planner expects to find hardly anybody, and would look up each of many one by one.
and coalesce(search_text like all(cast(:patterns as text[])), false)
