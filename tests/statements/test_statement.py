"""Statements that differ only in their variable parts are one; a statement's source is its author."""

import json
from pathlib import Path

import pytest

from tests.statements.statement import Source, as_written, normalised, statements_in

ONE_AND_THE_SAME = {
    "white space": ("select a\n    from b", "select a from b;"),
    "comments": ("-- One row per day's end.\nselect a /* all\nof it */ from b", "select a from b"),
    "parameters of a list": (
        "select a from b where c in (:ids_1_1, :ids_1_2, :ids_1_3)",
        "select a from b where c in (:ids_1_1)",
    ),
    "literals of a list": ("select a from b where c in ('x'::uuid, 'x, y')", "select a from b where c in ('x'::uuid)"),
    "numbers of a list": ("delete from b where c in (1, 22)", "delete from b where c in (1, 3, 4)"),
    "numbered names": ("savepoint sa_savepoint_1", "savepoint sa_savepoint_27"),
    "settings of a transaction": ("set local app.now = '2026-03-02T08:00:00+00:00'", "set local app.now = ''"),
    "composed names": ('insert into "b" ("c", "d") select "c", "d"', 'insert into "e" ("f") select "f"'),
}
TWO = {
    "white space in a text": ("select 'a  b'", "select 'a b'"),
    "a comment in a text": ("select '-- a'", "select '-- b'"),
    "literals": ("select a from b where c = 'x'", "select a from b where c = 'y'"),
    "quoted names": ('select a as "passRate"', 'select a as "failRate"'),
    "parameters": ("select :a", "select :b"),
}


@pytest.mark.parametrize(("one", "other"), ONE_AND_THE_SAME.values(), ids=ONE_AND_THE_SAME)
def test_what_varies_makes_no_other_statement(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), TWO.values(), ids=TWO)
def test_what_means_something_else_is_another_statement(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_parameters_are_written_as_their_author_did() -> None:
    assert as_written("select %(a)s like '50 %%'", is_template=True) == "select :a like '50 %'"
    assert as_written("select %s", is_template=True) == "select :value"
    assert as_written("select '%(a)s %%'", is_template=False) == "select '%(a)s %%'"


def test_the_source_is_the_caller_whose_file_has_the_text(tmp_path: Path) -> None:
    text = Path(__file__).read_text().splitlines()[0]
    callers = [("database/frames.py", "frame"), ("tests/statements/test_statement.py", "asks"), ("manage.py", "main")]

    assert source_of(tmp_path, text, callers) == Source("tests/statements/test_statement.py", "asks")


def test_the_source_of_a_text_that_no_file_has_is_who_sent_it(tmp_path: Path) -> None:
    callers = [("database/bulk.py", "upsert_rows"), ("manage.py", "main")]

    assert source_of(tmp_path, "com" + "posed", callers) == Source("database/bulk.py", "upsert_rows")


def test_without_a_recording_there_are_no_statements(tmp_path: Path) -> None:
    assert statements_in(tmp_path / "nothing.jsonl") == []


def source_of(folder: Path, text: str, callers: list[tuple[str, str]]) -> Source:
    recording = folder / "statements.jsonl"
    recording.write_text(json.dumps({"text": text, "callers": callers}) + "\n")
    (statement,) = statements_in(recording)
    return statement.source
