"""An analyst's own SQL: it reads one creator's rows, and can do nothing else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pandas as pd
import pytest
from sqlalchemy import text

from database.clock import as_of
from database.engine import engine
from database.own_sql import own_sql
from database.tenancy import tenant_snapshot_tx, tenant_tx
from rules.errors import InputError
from tests.builders import NOW, ACreator, a_creator, a_student, a_watch

OTHER = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def creator() -> ACreator:
    return two_creators()[0]


def two_creators() -> tuple[ACreator, ACreator]:
    ada = a_student("Ada Moss")
    mira = a_creator(students=[ada], watches=[a_watch(ada, days_ago=2)])
    return mira, a_creator(students=[a_student("Zoe Kent"), a_student("Yan Wu")], name="Tess Lund")


def test_rows_come_as_a_frame_with_the_types_that_charts_take(creator: ACreator) -> None:
    rows = own_sql(creator.id, "select name, date '2026-02-28' as day, 1.5 as share from students")

    assert rows["name"].tolist() == ["Ada Moss"]
    assert rows["day"].tolist() == [pd.Timestamp("2026-02-28")]
    assert rows["share"].tolist() == [1.5]


def test_no_row_has_the_columns_all_the_same(creator: ACreator) -> None:
    rows = own_sql(creator.id, "select id, created_at::date as day from students where false")

    assert rows.columns.tolist() == ["id", "day"]
    assert rows.empty


def test_parameters_are_values_whatever_is_in_them(creator: ACreator) -> None:
    rows = own_sql(
        creator.id,
        "select :said as said, '12:30 %' as plain from students where name like :name and id = any(:ids) ;",
        said='random"; drop table students; --',
        name="%Moss",
        ids=[*own_sql(creator.id, "select id from students")["id"]],
    )

    assert rows.iloc[0].tolist() == ['random"; drop table students; --', "12:30 %"]


def test_creator_course_and_instant_are_those_in_force(creator: ACreator) -> None:
    with as_of(NOW - timedelta(days=30)):
        rows = own_sql(
            creator.id,
            "select dashboard_now() as now, cast(:creator_id as uuid) as id, cast(:course as integer) as course",
        )

    assert rows.iloc[0].tolist() == [NOW - timedelta(days=30), creator.id, 0]


def test_inside_a_snapshot_it_reads_with_it(creator: ACreator) -> None:
    with tenant_snapshot_tx(creator.id):
        with pytest.raises(InputError, match="does not exist"):
            own_sql(creator.id, "select * from no_such_table")
        assert len(own_sql(creator.id, "select * from students")) == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select * from no_such_table", 'relation "no_such_table" does not exist'),
        ("select :one", ":one, which has no value"),
        ("", "syntax error"),
    ],
)
def test_what_cannot_be_read_is_told(creator: ACreator, statement: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        own_sql(creator.id, statement)


def test_a_parameter_that_is_not_named_is_told(creator: ACreator) -> None:
    with pytest.raises(InputError, match="does not name :tier"):
        own_sql(creator.id, "select 1", tier="engaged")


def test_a_statement_has_the_time_of_a_page(creator: ACreator) -> None:
    assert own_sql(creator.id, "select current_setting('statement_timeout') as said")["said"].tolist() == ["2s"]

    with tenant_snapshot_tx(creator.id, limit_seconds=0.1), pytest.raises(InputError, match="statement timeout"):
        own_sql(creator.id, "select count(*) from generate_series(1, 1000000000)")


EVERY_TABLE = text(
    """
    select relname
    from pg_class
    where
        relnamespace = 'public'::regnamespace
        and relkind in ('r', 'v', 'p')
        and has_table_privilege(oid, 'select')
        and exists (
            select
            from pg_attribute
            where
                attrelid = pg_class.oid
                and attname = 'creator_id'
        )
    """
)


def test_every_table_shows_this_creator_alone() -> None:
    mira, tess = two_creators()
    with tenant_tx(mira.id) as connection:
        tables = connection.execute(EVERY_TABLE).scalars().all()

    assert {"students", "mail_deliveries", "student_totals", "daily_active_users"} <= set(tables)
    for table in tables:
        assert own_sql(mira.id, f"select 1 from {table} where creator_id <> :creator_id").empty, table
    assert own_sql(mira.id, "select id from creators")["id"].tolist() == [mira.id]
    assert own_sql(mira.id, "select 1 from students where creator_id = :other", other=tess.id).empty


HOSTILE = [
    # Writes
    "insert into students (creator_id, id, name) values (:creator_id, :creator_id, 'x')",
    "update students set name = 'x'",
    "delete from students",
    "truncate students",
    "drop table students",
    "create table mine (id integer)",
    "create temporary table mine (id integer)",
    "select * into mine from students",
    "select 1) as own_sql into mine --",
    "with gone as (delete from students returning *) select * from gone",
    "merge into students using videos on true when matched then delete",
    "copy students to '/tmp/students'",
    "copy (select 1) to program 'touch /tmp/mine'",
    "do $$ begin delete from students; end $$",
    "do 'begin delete from students, end'",
    "call refresh_creator_dashboard_views()",
    "select refresh_creator_dashboard_views()",
    "select rebuild_creator_dashboard_views(:creator_id)",
    "select * from students for update",
    "lock table students",
    "select nextval('procrastinate_jobs_id_seq')",
    "select lo_create(0)",
    "select pg_notify('procrastinate_any_queue', 'x')",
    # More than one statement, and what a transaction or session is
    "select 1; delete from students",
    "select 1) as own_sql; delete from students; --",
    "select 1) as own_sql; commit; drop table students; --",
    "commit",
    "rollback",
    "set role postgres",
    "reset role",
    "set transaction read write",
    "set session authorization postgres",
    "discard all",
    "listen anything",
    "deallocate own_sql",
    "execute own_sql",
    "explain analyze delete from students",
    "show app.creator_id",
    "vacuum",
    # Another creator, or another role
    f"select set_config('app.creator_id', '{OTHER}', true), (select count(*) from students)",
    f"with other as materialized (select set_config('app.creator_id', '{OTHER}', true)) select * from other, students",
    f"select * from students where set_config('app.creator_id', '{OTHER}', true) is not null",
    "select set_config('role', 'none', false)",
    "select SET_CONFIG('role', 'none', false)",
    "select pg_catalog . /* here */ set_config ('role', 'none', false)",
    "select \"set_config\"('role', 'none', false)",
    "select U&\"set\\005fconfig\"('role', 'none', false)",
    "select u&\"!0073et_config\" uescape '!' ('role', 'none', false)",
    "select * from set_config('role', 'none', false) as setting",
    "select * from rows from (set_config('role', 'none', false)) as setting",
    "select 1 from students order by set_config('role', 'none', false)",
    "select 1 limit length(set_config('role', 'none', false))",
    "update pg_settings set setting = 'none' where name = 'role'",
    "with changed as (update pg_settings set setting = 'none' where name = 'role') select 1",
    "select query_to_xml('select set_' || 'config(''role'', ''none'', false)', true, true, '')",
    "select * from ts_stat('select set_' || 'config(''role'', ''none'', false)::tsvector')",
    "select ts_rewrite('a'::tsquery, 'select set_' || 'config(''role'', ''none'', false)::tsquery, ''b''::tsquery')",
    # The server
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select pg_sleep(1)",
    "select pg_terminate_backend(1)",
    "select pg_advisory_lock(1)",
    "select rolpassword from pg_authid",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_nothing_else_is_possible(statement: str) -> None:
    mira, tess = two_creators()
    statement = statement.replace(str(OTHER), str(tess.id))

    with pytest.raises(InputError):
        own_sql(mira.id, statement)

    assert students_of(mira) == ["Ada Moss"]
    assert students_of(tess) == ["Yan Wu", "Zoe Kent"]
    assert nothing_is_left_in_the_pool()


@pytest.mark.parametrize(
    "statement",
    ["select ':said'", 'select 1 as ":said"', "select $$:said$$ as told", "select 1 -- :said", "select /* :said */ 1"],
)
def test_a_value_never_becomes_a_part_of_the_statement(creator: ACreator, statement: str) -> None:
    said = "\" '$$ */\n, set_config($a$role$a$, $a$none$a$, false) as now --"

    try:
        told = own_sql(creator.id, statement, said=said)
    except InputError:
        told = pd.DataFrame()

    assert len(told.columns) <= 1
    assert nothing_is_left_in_the_pool()


def test_a_long_name_is_looked_up_as_the_server_cuts_it(creator: ACreator) -> None:
    name = "f" * 63
    with engine().begin() as connection:
        connection.exec_driver_sql(f"create function {name}() returns integer language sql volatile as 'select 1'")

    with pytest.raises(InputError, match="may not stand"):
        own_sql(creator.id, f"select {name}_and_more()")


def test_sessions_of_others_tell_nothing(creator: ACreator) -> None:
    with tenant_tx(creator.id) as connection:
        connection.exec_driver_sql("select 'said by another'")
        seen = own_sql_beside(creator)

    assert not seen["query"].str.contains("said by another").any()


def own_sql_beside(creator: ACreator) -> pd.DataFrame:
    """Called by another thread, as the first one holds a connection."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(own_sql, creator.id, "select query from pg_stat_activity where query is not null").result()


CATALOGUE = {
    "operators": "select oprname from pg_operator join pg_proc on pg_proc.oid = oprcode where provolatile = 'v'",
    "casts": "select castsource from pg_cast join pg_proc on pg_proc.oid = castfunc where provolatile = 'v'",
    "types": "select typname from pg_type join pg_proc on pg_proc.oid in (typinput, typoutput) where provolatile = 'v'",
    "aggregates": (
        "select aggfnoid from pg_aggregate join pg_proc on pg_proc.oid in (aggtransfn, aggfinalfn, aggcombinefn,"
        " aggmtransfn, aggminvtransfn, aggmfinalfn) where provolatile = 'v'"
    ),
    "names that are words in no statement": (
        "select proname from pg_proc where provolatile = 'v' and proname::text !~* '^[a-z_][a-z0-9_]*$'"
    ),
    "tables and columns that nobody could name": (
        "select attname from pg_attribute join pg_class on pg_class.oid = attrelid where relnamespace ="
        " 'public'::regnamespace and (attname in (select proname from pg_proc where provolatile = 'v') or relname in"
        " (select proname from pg_proc where provolatile = 'v'))"
    ),
}


@pytest.mark.parametrize("what", CATALOGUE)
def test_nothing_but_a_name_calls_a_volatile_function(what: str) -> None:
    with engine().connect() as connection:
        assert connection.exec_driver_sql(CATALOGUE[what]).scalars().all() == []


def students_of(creator: ACreator) -> list[str]:
    with tenant_tx(creator.id) as connection:
        return list(connection.execute(text("select name from students order by name")).scalars())


def nothing_is_left_in_the_pool() -> bool:
    """No role, creator, open transaction or prepared statement remains from before."""
    with engine().connect() as connection:
        role, creator, statements = connection.exec_driver_sql(
            "select current_user = session_user, coalesce(current_setting('app.creator_id', true), ''),"
            " (select count(*) from pg_prepared_statements)"
        ).one()
    return bool(role) and creator == "" and statements == 0


def test_today_is_a_date(creator: ACreator) -> None:
    assert own_sql(creator.id, "select dashboard_now()::date as today")["today"].dt.date.tolist() == [
        date(NOW.year, NOW.month, NOW.day)
    ]
