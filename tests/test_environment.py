"""Every environment variable is in a table: the program's in the README, those of the tests in the guide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from database.settings import PROJECT_DIR

TABLES = {"README.md": "## Where things are", "docs/contributing.md": "## The layers"}  # each ends before this heading
OF_TESTS = ("tests", "proofs", "benchmarks")
# What the tests set for themselves, or the program's own variables.
NOT_SET_BY_PEOPLE = {
    "PYTEST_XDIST_WORKER",
    "TEST_DATA_DIR",
    "memory.VARIABLE",
    "RECORDED_STATEMENTS",
    "DATABASE_URL",
    "PORT",
}


class Unresolved(AssertionError):
    """The name of a variable is neither a literal nor a constant of its module."""


def test_the_readme_has_every_variable_of_the_program_and_no_other() -> None:
    read = {name for path in program() for name in variables_read(path.read_text(encoding="utf-8"))}

    assert len(read) > 15
    assert table("README.md") == read


def test_the_guide_has_every_variable_of_the_tests_and_no_other() -> None:
    files = [path for folder in OF_TESTS for path in (PROJECT_DIR / folder).rglob("*.py")]
    read = {name for path in files for name in variables_read(path.read_text(encoding="utf-8"))}

    assert table("docs/contributing.md") == read - NOT_SET_BY_PEOPLE


@pytest.mark.parametrize(
    "source",
    [
        "os.environ.get('ONE')",
        "os.environ['ONE']",
        "os.getenv('ONE', 'usual')",
        "'ONE' in os.environ",
        "NAME = 'ONE'\ndef read():\n    return os.environ.get(NAME)",
        "NAMES = ('ONE',)\n{name: os.environ.get(name) for name in NAMES}",
    ],
)
def test_a_variable_is_found_however_it_is_read(source: str) -> None:
    assert set(variables_read(source)) == {"ONE"}


@pytest.mark.parametrize("source", ["os.environ['ONE'] = 'x'", "os.environ.pop('ONE', None)"])
def test_a_variable_that_is_set_is_not_read(source: str) -> None:
    assert set(variables_read(source)) == set()


def test_a_name_that_is_made_up_while_running_is_refused() -> None:
    with pytest.raises(Unresolved):
        set(variables_read("os.environ.get(prefix + 'ONE')"))


def program() -> Iterator[Path]:
    for path in PROJECT_DIR.rglob("*.py"):
        if path.relative_to(PROJECT_DIR).parts[0] not in (".venv", *OF_TESTS):
            yield path


def table(page: str) -> set[str]:
    above, _, _ = (PROJECT_DIR / page).read_text(encoding="utf-8").partition(TABLES[page])
    return set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", above, re.MULTILINE))


def variables_read(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    known = constants(tree)
    for node in ast.walk(tree):
        for name in names_asked_for(node):
            if isinstance(name, ast.Constant):
                yield str(name.value)
            elif isinstance(name, ast.Name) and name.id in known:
                yield from known[name.id]
            elif isinstance(name, ast.Attribute):
                yield ast.unparse(name)  # of another module
            else:
                raise Unresolved(ast.unparse(node))


def names_asked_for(node: ast.AST) -> Iterator[ast.expr]:
    """The expression that names the variable, if the node reads one."""
    match node:
        case ast.Call(func=ast.Attribute(value=holder, attr="get"), args=[name, *_]) if is_environment(holder):
            yield name
        case ast.Call(func=ast.Attribute(value=ast.Name("os"), attr="getenv"), args=[name, *_]):
            yield name
        case ast.Subscript(value=holder, slice=name, ctx=ast.Load()) if is_environment(holder):
            yield name
        case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()], comparators=[holder]) if is_environment(holder):
            yield name


def is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) == "os.environ"


def constants(tree: ast.Module) -> dict[str, list[str]]:
    """The names that stand for one text of the module, or iterate over several."""
    told: dict[str, list[str]] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Constant(str(text))):
                told[name] = [text]
            case ast.Assign(targets=[ast.Name(name)], value=ast.Tuple(items)):
                told[name] = [item.value for item in items if isinstance(item, ast.Constant)]  # type: ignore[misc]
    for node in ast.walk(tree):  # type: ignore[assignment]
        if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name):
            told |= {node.target.id: told[node.iter.id]} if getattr(node.iter, "id", None) in told else {}  # type: ignore[attr-defined]
    return told
