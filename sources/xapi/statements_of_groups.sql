-- One row per statement of these groups that is not voided, in no order.
select
    found.group_key,
    found.statement
from (
    select
        xapi_statements.id,
        xapi_statements.key_id,
        xapi_statements.group_key,
        xapi_statements.statement,
        sum(length(xapi_statements.statement)) over (
            partition by xapi_statements.group_key
            order by xapi_statements.stored_at asc, xapi_statements.id asc
        ) as characters
    from xapi_statements
    where
        xapi_statements.creator_id = :creator_id
        and xapi_statements.group_key = any(cast(:groups as uuid[]))
) as found
where
    found.characters <= :most
    and not exists (
        select
        from xapi_statements as voiding
        where
            voiding.creator_id = :creator_id
            and voiding.ref_id = found.id
            and voiding.key_id = found.key_id
            and voiding.is_voiding
    )
