-- One row per statement that is new: its id. What it belongs to is marked to be understood.
with arrived as (
    select
        id,
        statement,
        content_key,
        actor_key,
        verb_key,
        object_key,
        cast(activities as uuid[]) as activities,
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
    returning id, key_id, ref_id, is_voiding, group_key
),

-- A statement that is voided leaves the facts of its group.
touched as (
    select group_key
    from stored
    union
    select xapi_statements.group_key
    from stored
    join xapi_statements
        on xapi_statements.creator_id = cast(:creator_id as uuid)
        and xapi_statements.id = stored.ref_id
        and xapi_statements.key_id = stored.key_id
    where stored.is_voiding
),

marked as (
    insert into xapi_marks (creator_id, group_key)
    select
        cast(:creator_id as uuid),
        touched.group_key
    from touched
    where touched.group_key is not null
)

select id
from stored
