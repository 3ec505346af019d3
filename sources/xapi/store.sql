-- One row per statement that is new: its id. What it belongs to is marked to be understood.
with arrived as (
    select
        id,
        statement,
        content_key,
        actor_key,
        verb_key,
        object_key,
        activities,
        registration,
        ref_id,
        is_voiding,
        verb,
        meaning,
        group_key
    from unnest(
        cast(:id as uuid[]),
        cast(:statement as text[]),
        cast(:content_key as uuid[]),
        cast(:actor_key as uuid[]),
        cast(:verb_key as uuid[]),
        cast(:object_key as uuid[]),
        cast(:activities as text[]),
        cast(:registration as uuid[]),
        cast(:ref_id as uuid[]),
        cast(:is_voiding as boolean[]),
        cast(:verb as text[]),
        cast(:meaning as text[]),
        cast(:group_key as uuid[])
    ) as given (
        id, statement, content_key, actor_key, verb_key, object_key, activities, registration, ref_id, is_voiding, verb,
        meaning, group_key
    )
),

stored as (
    insert into xapi_statements (
        creator_id, id, key_id, stored_at, statement, content_key, actor_key, verb_key, object_key, activities,
        registration, ref_id, is_voiding, verb, meaning, group_key
    )
    select
        cast(:creator_id as uuid),
        arrived.id,
        cast(:key_id as uuid),
        cast(:stored_at as timestamptz),
        arrived.statement,
        arrived.content_key,
        arrived.actor_key,
        arrived.verb_key,
        arrived.object_key,
        arrived.activities,
        arrived.registration,
        arrived.ref_id,
        arrived.is_voiding,
        arrived.verb,
        arrived.meaning,
        arrived.group_key
    from arrived
    order by arrived.id asc
    on conflict (creator_id, id) do nothing
    returning id, group_key
),

marked as (
    insert into xapi_marks (creator_id, group_key)
    select distinct
        cast(:creator_id as uuid),
        stored.group_key
    from stored
    where stored.group_key is not null
)

select id
from stored
