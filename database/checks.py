"""Checks on a migrated database that every tenant's data is closed to the others.

Run as `python -m database.checks`: migrates a throw-away database and lists what is open.
"""

import os
import sys

from sqlalchemy import Connection, TextClause, text

from database.engine import engine
from database.migrate import migrate
from database.setup import exit_with
from database.throwaway import throwaway_data_folder
from rules.errors import SetupError

UNPROTECTED_TABLES = text(
    """
    -- One row per public table with an owner column that lacks a protection.
    with tenant_tables as (
        select
            tables.oid,
            tables.oid::regclass::text as name,
            tables.relrowsecurity,
            tables.relforcerowsecurity,
            case tables.relname when 'creators' then 'id' else 'creator_id' end as owner_column
        from pg_class as tables
        where
            tables.relnamespace = 'public'::regnamespace
            and tables.relkind in ('r', 'p')
            and (
                tables.relname = 'creators'
                or exists (
                    select
                    from pg_attribute
                    where attrelid = tables.oid and attname = 'creator_id' and not attisdropped
                )
            )
    ),

    protections as (
        select
            tenant_tables.name,
            tenant_tables.relrowsecurity,
            tenant_tables.relforcerowsecurity,
            exists (
                select
                from pg_policy
                where
                    pg_policy.polrelid = tenant_tables.oid
                    and pg_policy.polpermissive
                    and pg_policy.polcmd = '*'
                    and pg_policy.polroles = array[0::oid]
                    and pg_get_expr(pg_policy.polqual, pg_policy.polrelid)
                    = format('(%I = current_creator())', tenant_tables.owner_column)
                    and pg_get_expr(pg_policy.polwithcheck, pg_policy.polrelid)
                    = format('(%I = current_creator())', tenant_tables.owner_column)
            ) as has_policy
        from tenant_tables
    )

    select
        protections.name,
        faults.fault
    from protections
    cross join lateral (
        values
        (not protections.relrowsecurity, 'row level security is not enabled'),
        (not protections.relforcerowsecurity, 'row level security is not forced on its owner'),
        (not protections.has_policy, 'no policy for all commands and roles compares its owner with current_creator()')
    ) as faults (is_present, fault)
    where faults.is_present
    """
)

WIDE_POLICIES = text(
    """
    -- One row per permissive policy that opens rows to roles other than dashboard_platform.
    select
        pg_policy.polrelid::regclass::text as name,
        format('policy %s opens its rows to other roles than dashboard_platform', pg_policy.polname) as fault
    from pg_policy
    join pg_class as tables on tables.oid = pg_policy.polrelid
    where
        tables.relnamespace = 'public'::regnamespace
        and pg_policy.polpermissive
        and not (
            pg_policy.polroles = array[0::oid]
            and coalesce(pg_get_expr(pg_policy.polqual, pg_policy.polrelid), '(id = current_creator())')
            in ('(id = current_creator())', '(creator_id = current_creator())')
            and coalesce(pg_get_expr(pg_policy.polwithcheck, pg_policy.polrelid), '(id = current_creator())')
            in ('(id = current_creator())', '(creator_id = current_creator())')
        )
        and pg_policy.polroles <> array(select oid from pg_roles where rolname = 'dashboard_platform')
    """
)

OWNERS_VIEWS = text(
    """
    -- One row per view that shows what its owner may see.
    select
        views.oid::regclass::text as name,
        case views.relkind
            when 'm' then 'a materialized view cannot have row level security'
            else 'the view is not security_invoker'
        end as fault
    from pg_class as views
    where
        views.relnamespace = 'public'::regnamespace
        and views.relkind in ('v', 'm')
        and not coalesce(
            (
                select option_value::boolean
                from pg_options_to_table(views.reloptions)
                where option_name = 'security_invoker'
            ),
            false
        )
    """
)

PUBLIC_FUNCTIONS = text(
    """
    -- One row per function of ours that every login may execute.
    select
        functions.oid::regprocedure::text as name,
        'PUBLIC may execute it' as fault
    from pg_proc as functions
    where
        functions.pronamespace = 'public'::regnamespace
        and has_function_privilege('public', functions.oid, 'execute')
        and not exists (
            select
            from pg_depend
            where
                pg_depend.classid = 'pg_proc'::regclass
                and pg_depend.objid = functions.oid
                and pg_depend.deptype = 'e'
        )
    """
)

CHECKS = (UNPROTECTED_TABLES, WIDE_POLICIES, OWNERS_VIEWS, PUBLIC_FUNCTIONS)


def tenancy_gaps(connection: Connection) -> list[str]:
    """Gaps between tenants, as "name: fault" lines in order; empty if there are none.

    Covers every table with an owner (`creators` and everything with a creator_id), policy, view
    and function of the schema public; functions of extensions are left to them.
    """
    return sorted(gap for check in CHECKS for gap in _gaps(connection, check))


def _gaps(connection: Connection, check: TextClause) -> list[str]:
    return [f"{row.name}: {row.fault}" for row in connection.execute(check)]


def gaps_after_migration() -> list[str]:
    """Migrate the current database and look for gaps."""
    migrate()
    with engine().connect() as connection:
        found = tenancy_gaps(connection)
    engine().dispose()
    return found


def main() -> int:
    """Check a separate database, embedded in a folder that is thrown away; returns the exit code."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    found = gaps_after_migration()
    print("\n".join(found) or "Every table, view and function is closed to other creators.")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        exit_with(error)
