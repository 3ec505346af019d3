"""Docstrings and comments, of Python and of SQL, name only what exists."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from database.settings import PROJECT_DIR

OUTSIDE = {".venv", ".git", ".data"}
RELEASED = "database/migrations/"  # never changes, whatever became of what it names
FILE = re.compile(r"(?<![\w/…])\w+(?:/[\w.-]+)+\.(?:py|sql|md|toml|css|js)\b")
# A name of several words: a single one may be English.
NAME = re.compile(r"(?<![\w/.{-])[a-z]+(?:_[a-z0-9]+)+(?![\w/{])")
OF_OTHERS = {
    "name_1": "an example of a cookie",
    "name_2": "an example of a cookie",
    "pre_save_hook": "an option of Jupyter",
    "was_correct": "an example of a key",
}


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in PROJECT_DIR.glob("*/*.py")}))
def test_what_a_folder_says_names_only_what_exists(folder: str) -> None:
    told = [f"{path}: {name}" for path in files(folder) for text in texts(path) for name in missing(text)]

    assert told == []


@pytest.mark.parametrize(
    "text",
    [
        "# As `ui/no_such_file.py` does.",
        "Rows of no_such_query, one per day.",
        "-- What `no_such_view` reads.",
    ],
)
def test_a_name_of_nothing_is_found(text: str) -> None:
    assert len(missing(text)) == 1


def test_texts_are_docstrings_and_comments(tmp_path: Path) -> None:
    python, sql = tmp_path / "a.py", tmp_path / "a.sql"
    python.write_text('"""One."""\nx = "two"  # three\ndef f():\n    """Four."""\n', encoding="utf-8")
    sql.write_text("-- Five.\nselect 'six' -- seven\n", encoding="utf-8")

    assert list(texts(python)) == ["One.", "Four.", "# three"]
    assert list(texts(sql)) == ["-- Five.", "-- seven"]


def missing(text: str) -> list[str]:
    """Files and names in a text that are nowhere in the project."""
    gone = [file for file in FILE.findall(text) if not (PROJECT_DIR / file).exists()]
    return gone + [name for name in NAME.findall(text) if name not in names() and name not in OF_OTHERS]


def texts(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        yield from re.findall("--.*", source)
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (said := ast.get_docstring(node)):
            yield said
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


@cache
def names() -> set[str]:
    """Every word of the project's code, and its files' names: all that is neither a docstring nor a comment."""
    found = set[str]()
    for path in set(files()) - {Path(__file__)}:
        source = path.read_text(encoding="utf-8")
        found.add(path.stem)
        # A long name may stand in a text of its own, say in an SQL statement inside a module.
        code = re.sub("--.*", "", source) if path.suffix == ".sql" else without_texts(source)
        found.update(re.findall(r"\w+", code))
    return found


def without_texts(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Pass()
    return ast.unparse(tree)


@cache
def files(folder: str = "") -> list[Path]:
    """Of a folder, or of the whole project."""
    under = PROJECT_DIR / folder
    every = [path for path in under.rglob("*") if path.suffix in (".py", ".sql")]
    paths = {path: path.relative_to(PROJECT_DIR) for path in every}
    return [
        path
        for path, name in paths.items()
        if not OUTSIDE & set(name.parts) and not (folder and str(name).startswith(RELEASED))
    ]
