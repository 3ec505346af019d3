"""Every statement of the troubleshooting page runs as it stands there, with an id in place of xxx."""

import re

import pytest
from sqlalchemy import text

from database.engine import engine
from database.settings import PROJECT_DIR
from tests.builders import ACreator, a_creator, a_student, a_watch
from tests.test_manage import answer_of, manage

PAGE = (PROJECT_DIR / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
STATEMENTS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def creator(shared_database) -> ACreator:
    ada = a_student("Ada Moss")
    return a_creator(ada, a_student("Bo Lind"), a_watch(ada), name="Ada's School")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_of_the_page_answers(creator: ACreator, statement: str) -> None:
    with engine().begin() as connection:
        answer = connection.execute(text(statement.replace("xxx", str(creator.id)))).fetchall()

    assert answer or "export_logs" in statement  # nothing was exported yet


def test_psql_opens_the_database_with_a_statement_or_a_script(creator: ACreator) -> None:
    counted = next(statement for statement in STATEMENTS if "deleted_at is null" in statement.lower())

    assert answer_of("psql", "-At", "-c", counted.replace("xxx", str(creator.id))).strip() == "2"


def test_psql_ends_as_its_statement_does(creator: ACreator) -> None:
    ended = manage("psql", "-v", "ON_ERROR_STOP=1", "-c", "refresh materialized view creator_analytics_cache")

    assert ended.returncode == 1
    assert '"creator_analytics_cache" is not a table or materialized view' in ended.stderr
