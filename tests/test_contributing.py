"""The contributors' guide names only what exists, and draws the layers as the contract has them."""

import ast
import re
import tomllib

from database.settings import PROJECT_DIR
from ui.navigation import ENTRIES

GUIDE = (PROJECT_DIR / "docs" / "contributing.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", GUIDE)
FILE = re.compile(r"([\w.]+/)*[\w.-]+\.(py|sql|md|toml)|([\w.]+/)+")
TEST = re.compile(r"(?P<file>tests/[\w/]+\.py)::(?P<test>test_\w+)")


def test_every_file_and_folder_that_it_names_exists() -> None:
    named = [code for code in CODE if FILE.fullmatch(code)]

    assert len(named) > 40
    assert [path for path in named if not (PROJECT_DIR / path).exists()] == []


def test_every_test_that_it_names_exists() -> None:
    named = [found for code in CODE if (found := TEST.fullmatch(code))]

    assert len(named) > 15
    assert [found[0] for found in named if found["test"] not in functions_of(found["file"])] == []


def test_every_command_that_it_names_exists() -> None:
    commands = {code.split()[1] for code in CODE if code.startswith("make ")}

    assert len(commands) > 5
    assert [name for name in commands if not re.search(rf"^{name}:", MAKEFILE, re.MULTILINE)] == []


def test_the_picture_shows_the_layers_of_the_contract() -> None:
    contracts = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (contract["layers"] for contract in contracts["contracts"] if contract["type"] == "layers")
    nodes = dict(re.findall(r'(layer\d+)\["([^"]+)"\]', GUIDE))
    arrows = re.findall(r"(layer\d+)(?:\[[^\]]+\])? --> (layer\d+)", GUIDE)

    assert [name.replace(" · ", " | ") for name in nodes.values()] == layers
    assert arrows == list(zip(nodes, list(nodes)[1:], strict=False))


def test_every_page_is_in_the_navigation() -> None:
    pages = {path.name for path in (PROJECT_DIR / "pages").glob("*.py") if path.name != "__init__.py"}

    assert {entry.file for entry in ENTRIES} == pages


def functions_of(file: str) -> set[str]:
    tree = ast.parse((PROJECT_DIR / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
