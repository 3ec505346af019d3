"""The rules for a migrated database: its keys, rights and functions."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlglot
from sqlalchemy import Connection, text
from sqlglot import exp
from sqlglot.errors import SqlglotError

from database.settings import PROJECT_DIR
from tests.scale_out.bodies import BodyStatement, statements_of
from tests.scale_out.joins import OWNER, OWNERS, faults_of
from tests.scale_out.offenders import OBJECTS, Offender
from tests.scale_out.rules import (
    DIRECTORY_KEY,
    LANGUAGE_SQL,
    NUMBERED,
    OF_TOOLS,
    QUEUE,
    READABLE,
    RIGHTS,
    SET_NULL,
    TRANSITION,
    UNIQUE,
    Finding,
    is_tenants,
)

UNIQUE_KEYS = text(
    """
    -- One row per unique constraint or index: its table and its first column, NULL for an expression.
    select
        tables.relname as relation,
        keys.relname as name,
        pg_attribute.attname as first_column
    from pg_index
    join pg_class as tables on tables.oid = pg_index.indrelid
    join pg_class as keys on keys.oid = pg_index.indexrelid
    left join pg_attribute
        on
            pg_attribute.attrelid = tables.oid
            and pg_attribute.attnum = pg_index.indkey[0]
            and pg_index.indkey[0] > 0
    where
        tables.relnamespace = 'public'::regnamespace
        and pg_index.indisunique
    """
)
FOREIGN_KEYS = text(
    """
    -- One row per foreign key, with the columns that it holds.
    select
        tables.relname as relation,
        pg_constraint.conname as name,
        target.relname as target,
        pg_constraint.confdeltype in ('n', 'd') or pg_constraint.confupdtype in ('n', 'd') as sets_null,
        array(
            select attname::text
            from pg_attribute
            where
                attrelid = tables.oid
                and attnum = any(pg_constraint.conkey)
        ) as held
    from pg_constraint
    join pg_class as tables on tables.oid = pg_constraint.conrelid
    join pg_class as target on target.oid = pg_constraint.confrelid
    where
        tables.relnamespace = 'public'::regnamespace
        and pg_constraint.contype = 'f'
    """
)
RELATIONS = text(
    """
    -- One row per table and view.
    select
        relname as name,
        relkind::text as kind,
        relacl is null as is_without_rights
    from pg_class
    where
        relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p', 'v', 'm')
    """
)
VIEWS = text("select viewname as name, definition from pg_views where schemaname = 'public'")
FUNCTIONS = text(
    """
    -- One row per function and procedure that does not come from an extension.
    select
        pg_proc.proname as name,
        pg_language.lanname as language,
        coalesce(pg_get_function_sqlbody(pg_proc.oid), pg_proc.prosrc) as body,
        pg_proc.prorettype = 'trigger'::regtype as is_trigger,
        pg_proc.proacl is null as is_without_rights
    from pg_proc
    join pg_language on pg_language.oid = pg_proc.prolang
    where
        pg_proc.pronamespace = 'public'::regnamespace
        and not exists (
            select
            from pg_depend
            where
                pg_depend.classid = 'pg_proc'::regclass
                and pg_depend.objid = pg_proc.oid
                and pg_depend.deptype = 'e'
        )
    """
)
SEQUENCES = text(
    """
    -- One row per column that a sequence fills.
    select
        pg_class.relname as relation,
        pg_attribute.attname as name
    from pg_attribute
    join pg_class on pg_class.oid = pg_attribute.attrelid
    left join pg_attrdef on pg_attrdef.adrelid = pg_attribute.attrelid and pg_attrdef.adnum = pg_attribute.attnum
    where
        pg_class.relnamespace = 'public'::regnamespace
        and (
            pg_attribute.attidentity <> ''
            or pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid) like 'nextval(%'
        )
    """
)

TRANSITION_TABLES = {"old_rows", "new_rows"}
REVOKED = re.compile(r"revoke execute on (?:function|procedure)\s+(.*?)\s+from public;", re.DOTALL)


def findings(connection: Connection) -> list[Finding]:
    """What in the current database would not work on several machines, listed or not."""
    found = (_of_keys, _of_relations, _of_functions)
    return sorted({finding for each in found for finding in each(connection)}, key=lambda one: (one.name, one.rule))


def new_and_idle(found: Sequence[Finding], listed: Sequence[Offender] = OBJECTS) -> list[str]:
    """What is found but not listed, and what is listed but not found."""
    known = {(offender.rule, offender.name) for offender in listed}
    present = {(finding.rule, finding.name) for finding in found}
    return [str(finding) for finding in found if (finding.rule, finding.name) not in known] + [
        f"{name} offends no more ({rule}): take it off the list." for rule, name in sorted(known - present)
    ]


def numbered_columns(connection: Connection) -> set[str]:
    """table.column of tenants' tables that a sequence fills."""
    return {f"{row.relation}.{row.name}" for row in connection.execute(SEQUENCES) if is_tenants(row.relation)}


def _of_keys(connection: Connection) -> Iterator[Finding]:
    for key in connection.execute(UNIQUE_KEYS):
        if is_tenants(key.relation) and key.first_column != OWNERS.get(key.relation, OWNER):
            yield Finding(UNIQUE, key.name)
    for key in connection.execute(FOREIGN_KEYS):
        if OWNER in key.held and key.sets_null:
            yield Finding(SET_NULL, f"{key.relation}.{key.name}")
        if not is_tenants(key.relation) and is_tenants(key.target):
            yield Finding(DIRECTORY_KEY, f"{key.relation}.{key.name}")


def _of_relations(connection: Connection) -> Iterator[Finding]:
    for relation in connection.execute(RELATIONS):
        if relation.is_without_rights and not _is_foreign(relation.name):
            yield Finding(RIGHTS, relation.name)
    for view in connection.execute(VIEWS):
        for rule in _broken(BodyStatement(view.definition)):
            yield Finding(rule, view.name)


def _of_functions(connection: Connection) -> Iterator[Finding]:
    for function in connection.execute(FUNCTIONS):
        if _is_foreign(function.name):
            continue
        if function.is_without_rights or function.name not in _revoked_by_name():
            yield Finding(RIGHTS, function.name)
        if function.language == "plpgsql":
            yield from _of_body(function)
        elif _reads_tenants(function.body):
            yield Finding(LANGUAGE_SQL, function.name)


def _of_body(function: Any) -> Iterator[Finding]:
    for statement in statements_of(function.body):
        if function.is_trigger and not _reads_transition_tables_alone(statement):
            yield Finding(TRANSITION, function.name)
        if not statement.is_dynamic:
            for rule in _broken(statement):
                yield Finding(rule, function.name, statement.text)


def _reads_tenants(body: str) -> bool:
    return any(is_tenants(table) for statement in statements_of(body) for table in _tables_of(statement))


def _reads_transition_tables_alone(statement: BodyStatement) -> bool:
    """Whether a trigger's statement reads no transition table, or nothing else and writes nothing."""
    if statement.is_dynamic:
        return False  # nobody can tell what it reads
    parsed = _parsed(statement)
    if parsed is None:
        return True  # it is reported as unreadable
    tables = _tables_of(statement)
    if not tables & TRANSITION_TABLES:
        return True
    return isinstance(parsed, exp.Query) and tables <= TRANSITION_TABLES and not list(parsed.find_all(exp.DML))


def _tables_of(statement: BodyStatement) -> set[str]:
    """The names of the relations in it; none if it cannot be read."""
    parsed = _parsed(statement)
    if parsed is None:
        return set()
    tables = {table.name for table in parsed.find_all(exp.Table) if isinstance(table.this, exp.Identifier)}
    return tables - {cte.alias for cte in parsed.find_all(exp.CTE)}


def _broken(statement: BodyStatement) -> frozenset[str]:
    return _broken_by(statement.text)


@cache  # most tests read the same functions, and the long ones take seconds
def _broken_by(words: str) -> frozenset[str]:
    parsed = _parsed_words(words)
    return frozenset({READABLE} if parsed is None else faults_of(parsed, NUMBERED))


def _parsed(statement: BodyStatement) -> exp.Expression | None:
    return _parsed_words(statement.text)


@cache
def _parsed_words(words: str) -> exp.Expression | None:
    try:
        return sqlglot.parse_one(words, dialect="postgres")  # type: ignore[return-value]
    except SqlglotError:
        return None


def _is_foreign(name: str) -> bool:
    """Whether a package or a tool owns it: such an object stays on one machine."""
    return name.startswith(QUEUE) or name in OF_TOOLS


@cache
def _revoked_by_name() -> frozenset[str]:
    """Functions for which a file revokes the right of everybody to execute them, by name."""
    files = (PROJECT_DIR / "database").rglob("*.sql")
    lists = [found for file in files for found in REVOKED.findall(file.read_text(encoding="utf-8"))]
    return frozenset(name for one in lists for name in re.findall(r"(\w+)\s*\(", one))
