"""Which statements are linted, what is reported, and which excuses hold."""

import pytest
from procrastinate.schema import SchemaManager

from database.settings import PROJECT_DIR
from tests.statements.lint import EXCUSED, Excused, lint
from tests.statements.statement import Source, Statement, normalised

PRODUCT = Source("queries/example.py", "example")
BAD = "select id from students order by name desc, id"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (BAD, "AM03"),
        ("SELECT id from students", "CP01"),
        ("select id from students where", "PRS"),
        ("select id from students join videos using (creator_id)", "ST07"),
        ("select id from students limit 1", "AM09"),
        ("select cast(id as text) as id from students", "casts"),
    ],
)
def test_a_bad_statement_is_reported_with_file_function_rule_and_line(text: str, rule: str) -> None:
    reports = lint([statement(text)])

    assert f"queries/example.py, example(): {rule}, " in reports[0]
    assert reports[0].endswith(f"\n    {text}")


def test_layout_is_pythons() -> None:
    assert lint([statement("select id,   name\n   from students\n      where id=:id")]) == []


def test_parameters_may_be_cast_otherwise_than_columns() -> None:
    assert lint([statement("select cast(:id as uuid) as id, name::text as name from students")]) == []


@pytest.mark.parametrize("file", ["tests/example.py", "proofs/example.py", "benchmarks/example.py", ""])
def test_statements_of_tests_and_libraries_are_their_own_affair(file: str) -> None:
    assert lint([statement(BAD, Source(file, "example"))]) == []


def test_a_sql_file_is_linted_as_a_file() -> None:
    migration = (PROJECT_DIR / "database" / "migrations" / "sql" / "0001_roles.sql").read_text()

    for content in (migration, SchemaManager.get_schema()):
        assert lint([statement(content)]) == []
        assert lint([statement(f"{content}\nselct 1")]) != []


def test_an_excuse_holds_for_its_rule_file_and_statement_only() -> None:
    excused = [Excused("AM03", PRODUCT.file, "from students", "an example")]

    assert lint([statement(BAD)], excused) == []
    assert lint([statement(BAD, Source("queries/other.py", "example"))], excused) != []
    assert lint([statement(BAD.replace("students", "videos"))], excused) != []
    assert lint([statement("select id from students limit 1")], excused)[0].startswith(f"{PRODUCT}: AM09")


def test_an_excuse_that_nothing_needs_is_reported_where_its_statement_ran() -> None:
    excused = [Excused("AM03", PRODUCT.file, "from students", "an example")]

    assert lint([statement("select id from students")], excused) == [
        "Nothing in queries/example.py breaks AM03 any more: take the excuse away."
    ]
    assert lint([statement("select id from videos")], excused) == []


def test_many_statements_are_linted_as_few_are() -> None:
    many = [statement(f"select id from students where level = {level} order by name desc, id") for level in range(20)]

    assert lint(many) == [report for one in many for report in lint([one])]


@pytest.mark.parametrize("excuse", EXCUSED, ids=lambda excuse: f"{excuse.rule} {excuse.file}")
def test_every_excuse_names_a_file_that_exists(excuse: Excused) -> None:
    assert (PROJECT_DIR / excuse.file).is_file()


def statement(text: str, source: Source = PRODUCT) -> Statement:
    return Statement(text, normalised(text), source)
