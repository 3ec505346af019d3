"""The child says in its own process what it says in this one: its limits cost a file that is in order nothing."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from database.settings import PROJECT_DIR
from rules.errors import InputError
from sources.files.child import answers
from sources.files.given import GivenFile, encoding_of, file_at
from sources.files.layout import NotATable
from sources.files.reading import Table
from tests.sources.files.made import given, read, workbook

EXAMPLES = sorted((PROJECT_DIR / "docs" / "examples" / "imports").iterdir())
ODD = {
    "separator line": b"sep=;\r\na;b\r\n1,5;2\r\n",
    "above and total": b"Report\n\nUser,Minutes\nann,1\nbob,2\n\nTotal,3\n",
    "short and long lines": b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n",
    "two of one name": b"Score,Score,\n1,2,3\n",
    "UTF-16": "name\tscore\nZoë\t1\n".encode("utf-16"),
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example(path: Path) -> None:
    assert here(file_at(path)) == there(file_at(path))


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_an_odd_text(content: bytes) -> None:
    assert here(given(content)) == there(given(content))


def test_a_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Course report"], [], ["ID", "Name", "Share"], ["1", "Ann", "=1/0"], ["2", "Bob"]]
    file = workbook(tmp_path, ("Report", rows), ("Secret", [["x", "y"]]), hidden="Secret")

    assert here(file) == there(file)


def test_a_quote_that_never_ends() -> None:
    content = b'name,score\n"Ann,1\nBob,2\n'

    with pytest.raises(NotATable) as here_said:
        here(given(content))
    with pytest.raises(InputError) as there_said:
        there(given(content))

    assert str(here_said.value) == str(there_said.value)


def here(file: GivenFile) -> tuple[list[str], list[Any], list[Any], list[str]]:
    told: Any = answers(file.kind, encoding_of(file) if file.kind == "text" else "", BytesIO(b"".join(file.chunks())))
    table = Table(**dict(next(told)))
    header, notes, rows, refused = list(table.header), list(table.notes), [], []
    for answer in told:
        if isinstance(answer, list):
            rows += [list(row) for row in answer[0]]
            refused += [list(line) for line in answer[1]]
        else:
            notes += answer["notes"]
    return header, rows, refused, notes


def there(file: GivenFile) -> tuple[list[str], list[Any], list[Any], list[str]]:
    table, rows, refused = read(file)
    return list(table.header), rows, [list(line) for line in refused], table.notes
