-- Failed and unknown first, then waiting, then the rest; latest first.
case
    when state = 'unknown' then 0
    when state = 'failed' then 1
    when state in ('pending', 'claimed', 'sending') then 2
    else 3
end asc,
coalesce(sent_at, updated_at) desc
