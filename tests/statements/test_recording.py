"""What the tests send to the database is recorded once, as its author wrote it, with its sender."""

from contextlib import closing

import pytest
from sqlalchemy import text

from database.bulk import upsert_rows
from database.engine import engine
from database.job_queue import defer
from database.tenancy import tenant_tx
from queries.overview.headline import OVERVIEW_STATS, overview_stats
from tests.builders import a_creator, a_student
from tests.statements import Source, Statement, recorded_statements

pytestmark = pytest.mark.usefixtures("shared_database")


def sent(part: str) -> list[Statement]:
    return [statement for statement in recorded_statements() if part in statement.normalised]


def test_a_query_is_recorded_as_written_with_the_function_that_asks_it():
    overview_stats.fresh(a_creator().id)

    (statement,) = [one for one in sent("new_students_counted as (") if one.text == OVERVIEW_STATS]
    assert statement.source == Source("queries/overview/headline.py", "overview_stats")
    assert statement.is_of_the_product


def test_a_statement_sent_twice_is_recorded_once():
    for number in (1, 2):
        with engine().connect() as connection:
            connection.execute(text("select :number + 20 as twice"), {"number": number})

    (statement,) = sent("as twice")
    assert statement.text == "select :number + 20 as twice"
    assert statement.source == Source(
        "tests/statements/test_recording.py", "test_a_statement_sent_twice_is_recorded_once"
    )
    assert not statement.is_of_the_product


def test_percent_signs_are_as_written():
    with engine().connect() as connection:
        connection.execute(text("select 'percent %' like :pattern"), {"pattern": "%"})
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute("select 'percent %%' as kept")

    assert [one.text for one in sent("'percent")] == ["select 'percent %%' as kept", "select 'percent %' like :pattern"]


def test_statements_of_the_drivers_own_cursor_are_recorded():
    student = a_student("Ada Moss")
    creator = a_creator(student)
    with tenant_tx(creator.id) as connection:
        upsert_rows(connection, "students", ["creator_id", "id", "name"], [(creator.id, student.id, "Ada Lane")])

    by_bulk = [one.normalised for one in recorded_statements() if one.source.file == "database/bulk.py"]
    assert 'copy "name" ("name") from stdin' in by_bulk
    assert 'drop table "name"' in by_bulk


def test_statements_of_a_library_are_nobodys():
    defer("refresh")

    (statement,) = sent("unnest( procrastinate_defer_jobs")
    assert statement.source == Source("", "")
    assert not statement.is_of_the_product
