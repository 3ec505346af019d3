-- One row per pair of students who may be one person, and why: an equal address, an account that is named like the other
-- student's id or address, or an equal name where one of both comes from a home page.
with known as (
    select
        students.id,
        students.external_id,
        students.name,
        students.email,
        lower(trim(students.email)) as address,
        strpos(students.external_id, ' ') > 0 and students.external_id like '%://%' as is_account,
        substr(students.external_id, strpos(students.external_id, ' ') + 1) as account
    from students
    where
        students.creator_id = :creator_id
        and students.deleted_at is null
),

pairs as (
    select
        known.id as one_id,
        other.id as other_id,
        'address' as reason
    from known
    join known as other
        on
        other.address = known.address
        and other.id > known.id
    where known.address <> ''
    union all
    select
        known.id as one_id,
        other.id as other_id,
        'account' as reason
    from known
    join known as other
        on
        other.id <> known.id
        and (other.external_id = known.account or other.address = lower(known.account))
    where
        known.is_account
        and not other.is_account
    union all
    select
        known.id as one_id,
        other.id as other_id,
        'name' as reason
    from known
    join known as other
        on
        lower(other.name) = lower(known.name)
        and other.id <> known.id
    where
        known.is_account
        and known.name <> known.external_id
        and (not other.is_account or other.id > known.id)
)

select distinct on (pairs.one_id, pairs.other_id)
    pairs.reason,
    one.external_id as one_external_id,
    one.name as one_name,
    other.external_id as other_external_id,
    other.name as other_name
from pairs
join known as one on one.id = pairs.one_id
join known as other on other.id = pairs.other_id
order by
    pairs.one_id asc,
    pairs.other_id asc,
    pairs.reason asc
limit :most
