-- One row per notice that the account has marked as seen.
seen as (
    select notice_key
    from seen_notices
    where
        creator_id = :creator_id
        and account_id = :account_id
)
