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
and (:search = '' or name ilike :search escape '\' or email ilike :search escape '\')
