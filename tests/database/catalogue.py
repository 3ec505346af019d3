"""What a database consists of, in a form that can be compared."""

from sqlalchemy import text

from database.engine import engine

CATALOGUE = text(
    """
    -- One row per table, column, constraint, index, policy, view, function, trigger and right of the schema public.
    with ours as (
        select
            oid,
            oid::regclass::text as name,
            relkind,
            relrowsecurity,
            relforcerowsecurity,
            reloptions,
            relacl,
            relowner
        from pg_class
        where relnamespace = 'public'::regnamespace
    ),

    functions as (
        select
            oid,
            oid::regprocedure::text as name,
            proacl,
            proowner
        from pg_proc
        where pronamespace = 'public'::regnamespace
    )

    select
        'relation' as kind,
        name,
        concat_ws(' ', relkind, relrowsecurity, relforcerowsecurity, reloptions::text) as told
    from ours
    union all
    select
        'column',
        ours.name || '.' || attname,
        concat_ws(
            ' ',
            format_type(atttypid, atttypmod),
            case when attnotnull then 'not null' end,
            nullif(attidentity, ''),
            nullif(attgenerated, ''),
            pg_get_expr(adbin, adrelid)
        )
    from pg_attribute
    join ours on ours.oid = attrelid
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v')
    union all
    select
        'constraint',
        ours.name || '.' || conname,
        pg_get_constraintdef(pg_constraint.oid)
    from pg_constraint
    join ours on ours.oid = conrelid
    where contype <> 'n'
    union all
    select
        'index',
        ours.name,
        pg_get_indexdef(ours.oid)
    from ours
    where relkind = 'i'
    union all
    select
        'policy',
        polrelid::regclass || '.' || polname,
        concat_ws(
            ' ', polcmd, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
        )
    from pg_policy
    union all
    select
        'view',
        name,
        pg_get_viewdef(oid)
    from ours
    where relkind = 'v'
    union all
    select
        'function',
        name,
        pg_get_functiondef(oid)
    from functions
    union all
    select
        'trigger',
        tgrelid::regclass || '.' || tgname,
        pg_get_triggerdef(pg_trigger.oid)
    from pg_trigger
    where not tgisinternal
    union all
    select
        'right',
        owned.name,
        concat_ws(' ', grantee::regrole, privilege_type, is_grantable)
    from (
        select
            name,
            coalesce(relacl, acldefault('r', relowner)) as acl
        from ours
        where relkind in ('r', 'p', 'v')
        union all
        select
            name,
            coalesce(proacl, acldefault('f', proowner))
        from functions
        union all
        select
            ours.name || '.' || attname,
            attacl
        from pg_attribute
        join ours on ours.oid = attrelid
        where attacl is not null
    ) as owned
    cross join lateral aclexplode(acl)
    order by 1, 2, 3
    """
)


def catalogue() -> list[tuple[str, str, str]]:
    """Rows of (kind, name, definition), in order, for the current database."""
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(CATALOGUE)]
