"""The text of a database error, wherever it goes, contains nothing that was in a row."""

import ast
import io

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.engine import engine
from database.settings import PROJECT_DIR

pytestmark = pytest.mark.usefixtures("shared_database")

PERSON = "Quirin Falkenrath"
TABLE = "create temporary table people (name text unique deferrable, age integer not null check (age > 0))"


@pytest.fixture
def connection():
    with engine().connect() as connection:
        connection.execute(text(TABLE))
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("insert into people values (:person, 1), (:person, 2)", "23505", "duplicate key value violates"),
        ("insert into people values (:person, null)", "23502", 'null value in column "age"'),
        ("insert into people values (:person, -1)", "23514", "people_age_check"),
        ("select cast(:person as uuid)", "22P02", "invalid input syntax for type uuid"),
        ("select nobody from people where name = :person", "42703", 'column "nobody" does not exist'),
        ("select cast(:person as varchar) ~ (:person || '(')", "2201B", "invalid regular expression"),
        ("select to_date(:person, 'YYYY')", "22007", "invalid value"),
    ],
)
def test_an_error_says_what_was_wrong_without_values(connection, statement, code, words):
    with pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement), {"person": PERSON})

    told = str(caught.value)
    assert words in told
    assert caught.value.orig.pgcode == code  # type: ignore[attr-defined]
    assert PERSON not in told + repr(caught.value) + str(caught.value.orig) + repr(caught.value.orig)


def test_a_constraint_that_waits_for_the_commit_is_silent_too():
    with engine().connect() as connection:
        connection.execute(text(TABLE))
        connection.execute(text("set constraints all deferred"))
        connection.execute(text("insert into people values (:person, 1), (:person, 2)"), {"person": PERSON})
        with pytest.raises(DBAPIError) as caught:
            connection.commit()

    assert "duplicate key" in str(caught.value)
    assert PERSON not in str(caught.value)


def test_rows_that_are_copied_or_fetched_are_not_quoted(connection):
    raw = connection.connection.cursor()
    with pytest.raises(psycopg2.Error) as copied:
        raw.copy_expert("copy people from stdin", io.StringIO(f"{PERSON}\t{PERSON}\n"))
    connection.rollback()
    named = connection.connection.cursor("rows")
    named.execute("select cast(word as integer) from unnest(array['1', %s]) as word", [PERSON])
    with pytest.raises(psycopg2.Error) as fetched:
        named.fetchall()

    assert "invalid input syntax for type integer" in str(copied.value)
    assert PERSON not in str(copied.value) + str(fetched.value)


def test_every_engine_hides_the_parameters_and_speaks_through_this_driver():
    made = [
        {option.arg: ast.unparse(option.value) for option in call.keywords}
        for path in PROJECT_DIR.rglob("*.py")
        if not {".venv", "tests", "proofs"} & set(path.relative_to(PROJECT_DIR).parts)
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("create_engine", "create_async_engine"))
    ]

    assert made
    for options in made:
        assert options["hide_parameters"] == "True"
        assert "'connection_factory': QuietConnection" in options["connect_args"]
