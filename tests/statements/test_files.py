"""A statement in a file consists of the file's text with the steps that it names, and is linted as it is sent."""

from pathlib import Path

import pytest

from database import statements
from database.settings import PROJECT_DIR
from database.statements import sql, step
from tests.statements.files import statements as statements_of_files
from tests.statements.lint import FOLDERS, lint_all
from tests.statements.statement import Source, Statement, normalised

STEP = "-- What it is.\n\nfound as (\n    select 1\n)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(statements, "PROJECT_DIR", tmp_path)
    sql.cache_clear()
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "found.sql").write_text(STEP)
    return tmp_path


@pytest.fixture(autouse=True)
def _forget_texts():
    yield
    sql.cache_clear()


def test_a_file_is_sent_as_it_stands(folder: Path) -> None:
    (folder / "plain.sql").write_text("-- One row.\nselect ':x -- include: steps/found', :x\n")

    assert sql("plain") == "-- One row.\nselect ':x -- include: steps/found', :x"


def test_a_step_stands_where_it_is_named_at_its_indentation_without_the_comment_at_its_head(folder: Path) -> None:
    (folder / "long.sql").write_text("with\n\n-- include: steps/found,\n\nx as (\n    -- include: steps/inner\n)\n")
    (folder / "steps" / "inner.sql").write_text("select *\n\nfrom found\n")

    assert sql("long") == ("with\n\nfound as (\n    select 1\n),\n\nx as (\n    select *\n\n    from found\n)")


def test_a_step_may_include_another(folder: Path) -> None:
    (folder / "steps" / "both.sql").write_text("-- Two.\n\n-- include: steps/found,\n\nother as (select 2)\n")

    assert step("steps/both") == "found as (\n    select 1\n),\n\nother as (select 2)"


def test_a_file_that_does_not_exist_is_an_error(folder: Path) -> None:
    (folder / "wrong.sql").write_text("with\n\n-- include: steps/missing\n")

    with pytest.raises(FileNotFoundError, match=r"missing\.sql"):
        sql("wrong")


def test_every_file_is_a_statement_or_a_step_of_one() -> None:
    found = [file for name in FOLDERS for file in (PROJECT_DIR / name).rglob("*.sql")]
    written = "".join(file.read_text(encoding="utf-8") for file in found)
    modules = "".join(
        file.read_text(encoding="utf-8") for name in FOLDERS for file in (PROJECT_DIR / name).rglob("*.py")
    )
    paths = [str(file.relative_to(PROJECT_DIR).with_suffix("")) for file in found]

    assert paths
    assert [path for path in paths if f'"{path}"' not in modules and f"-- include: {path}" not in written] == []


def test_a_file_says_first_what_a_row_is() -> None:
    texts = {file: file.read_text(encoding="utf-8") for name in FOLDERS for file in (PROJECT_DIR / name).rglob("*.sql")}

    assert [file for file, text in texts.items() if not text.startswith("-- ") or text.startswith("-- include")] == []


def test_no_file_of_sql_is_long() -> None:
    lines = {
        file: len(file.read_text(encoding="utf-8").splitlines())
        for name in FOLDERS
        for file in (PROJECT_DIR / name).rglob("*.sql")
    }

    assert {file: number for file, number in lines.items() if number >= 300} == {}


def test_the_layout_of_a_file_is_linted() -> None:
    text = "select\n    id,   name\nfrom students"
    (report,) = lint_all([Statement(text, normalised(text), Source("queries/example.sql", "sql"))], excused=())

    assert "queries/example.sql, sql(): LT01" in report


def test_a_choice_of_a_column_or_a_direction_is_linted_too() -> None:
    assert not [one for one in statements_of_files() if "{" in one.text]
