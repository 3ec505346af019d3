-- The place of the tier among all, from the most engaged one: not that of its name in the alphabet.
case engagement_tier
    when 'highly_engaged' then 1
    when 'engaged' then 2
    when 'moderate' then 3
    when 'low_engagement' then 4
    when 'at_risk' then 5
    else 6
end
