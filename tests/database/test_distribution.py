"""Schema and statements can be distributed by creator, with listed exceptions; each planted fault is found."""

import pytest
from sqlalchemy import text

from database.engine import engine
from database.settings import PROJECT_DIR
from tests.scale_out.bodies import statements_of
from tests.scale_out.catalogue import findings, new_and_idle, numbered_columns
from tests.scale_out.offenders import OBJECTS, STATEMENTS, Offender
from tests.scale_out.rules import (
    CROSS,
    DIRECTORY,
    DIRECTORY_KEY,
    JOIN,
    LANGUAGE_SQL,
    NUMBERED,
    ORDER,
    READABLE,
    RIGHTS,
    SET_NULL,
    TENANT,
    TRANSITION,
    UNIQUE,
)
from tests.scale_out.statements import broken_rules, stays_distributable
from tests.statements import Source, Statement
from tests.statements.statement import normalised

TABLES = text("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')")
KEY = "creator_id uuid, id uuid"
TRIGGER = (
    "create function planted() returns trigger language plpgsql as $$ declare x record; begin {} return null; end; $$"
)
FUNCTION = "create function planted() returns void language plpgsql as $$ begin {} end; $$"

PLANTED = {
    "a unique index that begins with another column": (
        "create unique index planted on students (id, creator_id)",
        (UNIQUE, "planted"),
    ),
    "a unique expression": ("create unique index planted on students (lower(name))", (UNIQUE, "planted")),
    "a primary key of its own": (
        "create table planted (creator_id uuid, id uuid primary key)",
        (UNIQUE, "planted_pkey"),
    ),
    "set null": (
        f"create table planted ({KEY}, constraint k foreign key (creator_id, id)"
        " references students on delete set null)",
        (SET_NULL, "planted.k"),
    ),
    "set null of one column": (
        f"create table planted ({KEY}, constraint k foreign key (creator_id, id)"
        " references students on delete set null (id))",
        (SET_NULL, "planted.k"),
    ),
    "a directory table that points to a tenant's": (
        "alter table failures add constraint k foreign key (about_creator_id) references creators (id)",
        (DIRECTORY_KEY, "failures.k"),
    ),
    "an insert from a transition table": (
        TRIGGER.format("insert into changes (creator_id, kind) select creator_id, 'x' from new_rows;"),
        (TRANSITION, "planted"),
    ),
    "a join with a transition table": (
        TRIGGER.format("perform 1 from old_rows join students on students.creator_id = old_rows.creator_id;"),
        (TRANSITION, "planted"),
    ),
    "a loop over such a join": (
        TRIGGER.format(
            "for x in select 1 from new_rows join students on students.creator_id = new_rows.creator_id loop end loop;"
        ),
        (TRANSITION, "planted"),
    ),
    "a condition on such a join": (
        TRIGGER.format("if exists (select from new_rows where id in (select id from students)) then null; end if;"),
        (TRANSITION, "planted"),
    ),
    "SQL that a trigger puts together": (TRIGGER.format("execute 'select 1';"), (TRANSITION, "planted")),
    "language sql over a tenant's table": (
        "create function planted() returns bigint language sql begin atomic select count(*) from students; end",
        (LANGUAGE_SQL, "planted"),
    ),
    "a function whose rights nobody set": (FUNCTION.format("null;"), (RIGHTS, "planted")),
    "a table whose rights nobody set": (f"create table planted ({KEY})", (RIGHTS, "planted")),
    "a view whose rights nobody set": ("create view planted as select id from students", (RIGHTS, "planted")),
    "a view that joins by another column": (
        "create view planted as select s.id from students as s join videos as v on v.title = s.name",
        (JOIN, "planted"),
    ),
    "a function that joins by another column": (
        FUNCTION.format("perform 1 from students join videos on videos.title = students.name;"),
        (JOIN, "planted"),
    ),
}

IN_ORDER = {
    "the two transition tables together": TRIGGER.format(
        "for x in select 1 from new_rows join old_rows on old_rows.creator_id = new_rows.creator_id loop"
        " insert into changes (creator_id, kind) values (x.creator_id, 'x'); end loop;"
    ),
    "language sql without a table": "create function planted() returns int language sql return 1",
    "a key of the directory": "create unique index planted on failures (error)",
}

JOINED = {
    "by another column": "from students join video_progress on video_progress.student_id = students.id",
    "with one side bound": "from students join videos on videos.title = students.name where videos.creator_id = :id",
    "with the sides bound to two": (
        "from students join videos on videos.title = students.name"
        " where videos.creator_id = :id and students.creator_id = :other"
    ),
    "with a wrong column of creators": "from creators join students on students.id = creators.id",
    "by using another column": "from watch_segments join video_progress using (student_id)",
    "with either": (
        "from students join videos on videos.creator_id = students.creator_id or videos.title = students.name"
    ),
    "in a list of tables": "from students, videos where videos.title = students.name",
    "with a part that has no creator_id": (
        "from students join (select student_id, count(*) as n from watch_segments group by student_id) as w"
        " on w.student_id = students.id"
    ),
    "in a subquery about the row around it": (
        "from students where exists (select from watch_segments where watch_segments.student_id = students.id)"
    ),
    "in a lateral subquery": (
        "from students cross join lateral"
        " (select 1 from watch_segments where watch_segments.student_id = students.id) as w"
    ),
    "three, the last by another column": (
        "from students join watch_segments as w on w.creator_id = students.creator_id"
        " join videos on videos.id = w.video_id"
    ),
}

APART = {
    "cross join": "from a cross join b",
    "left join on true": "from a left join b on true",
    "inner join on true": "from a join b on true",
    "a list": "from a, b",
}
A_AND_B = "with a as (select count(*) as n from students), b as (select count(*) as m from videos) select 1 "

FINE = {
    "by creator_id": "from students join videos on videos.creator_id = students.creator_id",
    "by rows": "from students as s join watch_segments as w on (w.creator_id, w.student_id) = (s.creator_id, s.id)",
    "by using": "from watch_segments join video_progress using (creator_id, student_id)",
    "with creators": "from creators join students on students.creator_id = creators.id",
    "all bound to one": (
        "from students join videos on videos.title = students.name"
        " where students.creator_id = :id and videos.creator_id = :id"
    ),
    "in a list of tables": "from students, videos where videos.creator_id = students.creator_id",
    "with a part that is bound": (
        "from students join (select student_id from watch_segments where creator_id = :id) as w"
        " on w.student_id = students.id where students.creator_id = :id"
    ),
    "a subquery about the row around it": (
        "from students where exists (select from watch_segments as w"
        " where w.creator_id = students.creator_id and w.student_id = students.id)"
    ),
    "a scalar subquery": "from students where (select count(*) from videos) > 3",
    "with rows of no table": "from students cross join generate_series(1, 3) as n cross join lateral (values (1)) as v",
    "with the directory": "from creators join dashboard_users on dashboard_users.creator_id = creators.id",
    "of the server's own": "from pg_class join pg_namespace on pg_namespace.oid = relnamespace",
}


def test_the_migrated_database_breaks_no_rule_but_by_the_list(shared_database: object) -> None:
    assert new_and_idle(found_with("select 1")) == []


def test_directory_tables_and_sequences_are_those_of_the_catalogue(shared_database: object) -> None:
    with engine().connect() as connection:
        assert set(connection.execute(TABLES).scalars()) >= DIRECTORY
        assert numbered_columns(connection) == NUMBERED


@pytest.mark.parametrize(("statement", "expected"), PLANTED.values(), ids=PLANTED)
def test_a_planted_object_is_found(shared_database: object, statement: str, expected: tuple[str, str]) -> None:
    assert expected in {(finding.rule, finding.name) for finding in found_with(statement)}  # type: ignore[attr-defined]


@pytest.mark.parametrize("statement", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_in_order_is_not_found(shared_database: object, statement: str) -> None:
    found = found_with(statement)

    assert [finding for finding in found if finding.name == "planted" and finding.rule != RIGHTS] == []  # type: ignore[attr-defined]


def test_a_planted_sequence_is_told(shared_database: object) -> None:
    with engine().connect() as connection:
        connection.execute(text(f"create table planted ({KEY}, number bigint generated always as identity)"))
        assert numbered_columns(connection) == {*NUMBERED, "planted.number"}
        connection.rollback()


def test_an_object_that_offends_no_more_has_to_leave_the_list(shared_database: object) -> None:
    listed = Offender(UNIQUE, "students_pkey", "an example")

    assert new_and_idle([], [listed]) == [f"students_pkey offends no more ({UNIQUE}): take it off the list."]


@pytest.mark.parametrize("source", JOINED.values(), ids=JOINED)
def test_a_join_without_creator_id_is_found(source: str) -> None:
    assert JOIN in broken_rules(f"select 1 {source}")


@pytest.mark.parametrize("source", APART.values(), ids=APART)
def test_different_tables_side_by_side_are_found(source: str) -> None:
    assert broken_rules(A_AND_B + source) == {CROSS}


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_a_join_by_creator_id_is_fine(source: str) -> None:
    assert broken_rules(f"select 1 {source}") == set()


@pytest.mark.parametrize(
    "statement",
    [
        "update students set name = videos.title from videos where videos.id = students.id",
        "delete from watch_segments using students where watch_segments.student_id = students.id",
        "insert into students (name) select title from videos join quizzes on quizzes.video_id = videos.id",
        "with a as (select 1 from students join videos on videos.title = students.name) select 1 from a",
        "select 1 from students union all select 1 from quizzes join videos on quizzes.video_id = videos.id",
    ],
)
def test_a_join_is_found_wherever_it_stands(statement: str) -> None:
    assert JOIN in broken_rules(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select id from students order by number",
        "select id from students as s order by s.name desc, s.number asc",
        "select row_number() over (order by number) from students",
        "select array_agg(id order by number) from students",
    ],
)
def test_an_order_by_a_sequence_is_found(statement: str) -> None:
    assert broken_rules(statement, frozenset({"students.number"})) == {ORDER}
    assert broken_rules(statement, frozenset({"videos.number"})) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "select set_config('app.creator_id', :creator_id, true)",
        "select set_config('role', 'dashboard_app', true)",
        "select set_config(:name, :value, true)",
    ],
)
def test_a_tenant_set_by_a_function_is_found(statement: str) -> None:
    assert broken_rules(statement) == {TENANT}


def test_a_statement_that_cannot_be_read_is_told() -> None:
    assert broken_rules("select from where (") == {READABLE}


def test_a_statement_of_the_list_is_let_through_while_it_offends() -> None:
    bad, good = sent(f"select 1 {JOINED['by another column']}"), sent(f"select 1 {FINE['by creator_id']}")
    listed = [Offender(JOIN, "queries/example.py", "an example", "from students")]

    assert stays_distributable([bad], listed) == []
    assert stays_distributable([bad], []) == [f"queries/example.py, example(): {JOIN}\n    {bad.normalised}"]
    assert stays_distributable([good], listed) == [
        f"Nothing in queries/example.py offends any more ({JOIN}): take it off the list."
    ]
    assert stays_distributable([], listed) == []


def test_statements_of_tests_are_their_own_affair() -> None:
    bad = sent(f"select 1 {JOINED['by another column']}", "tests/example.py")

    assert stays_distributable([bad], []) == []


def test_what_is_listed_stands_in_its_file() -> None:
    for offender in STATEMENTS:
        assert offender.part in normalised((PROJECT_DIR / offender.name).read_text(encoding="utf-8").replace("'", ""))


@pytest.mark.parametrize("offender", [*OBJECTS, *STATEMENTS], ids=lambda offender: f"{offender.rule}, {offender.name}")
def test_every_offender_has_a_reason(offender: Offender) -> None:
    assert offender.reason


def test_a_body_is_taken_apart() -> None:
    body = """
    declare
        zone constant text := (select timezone from creators where id = creator);
        found record;
    begin
        if tg_op in ('INSERT', 'UPDATE') then
            perform note(1);
        elsif exists (select from a) then
            return query select 2;
        else
            select max(x), min(x) into most, least from b where y = case when z then 1 else 2 end;
        end if;
        for found in select c from d loop
            delete from e where f = found.c returning g into h;
        end loop;
        for place in 1 .. 3 loop
            execute format('%s', 'x');
        end loop;
        case found.c
            when 'x' then
                total := total + 1;
            else
                null;
        end case;
        raise exception 'No.';
        return null;
    end;
    """

    assert [" ".join(statement.text.split()) for statement in statements_of(body)] == [
        "select (select timezone from creators where id = creator)",
        "select tg_op in ('INSERT', 'UPDATE')",
        "select note(1)",
        "select exists (select from a)",
        "select 2",
        "select max(x), min(x) from b where y = case when z then 1 else 2 end",
        "select c from d",
        "delete from e where f = found.c returning g",
        "execute format('%s', 'x')",
        "select found.c",
        "select 'x'",
        "select total + 1",
        "select null",
    ]


def found_with(statement: str) -> list[object]:
    with engine().connect() as connection:
        connection.execute(text(statement))
        found = findings(connection)
        connection.rollback()
    return found  # type: ignore[return-value]


def sent(statement: str, file: str = "queries/example.py") -> Statement:
    return Statement(statement, normalised(statement), Source(file, "example"))
