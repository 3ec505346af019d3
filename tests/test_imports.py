"""Modules import one another in one direction, and every folder of the program has a place among the layers."""

import tomllib

import grimp
import pytest

from database.settings import PROJECT_DIR

CONTRACTS = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
PACKAGES = sorted(path.parent.name for path in PROJECT_DIR.glob("*/__init__.py"))
# What is above all layers: it may import anything, and no part of the program imports it.
ABOVE = {"benchmarks", "commands", "proofs", "tests"}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES)  # including those inside functions


def test_no_modules_import_each_other(imports: grimp.ImportGraph) -> None:
    assert circles({module: imports.find_modules_directly_imported_by(module) for module in imports.modules}) == []


def test_a_circle_is_found_however_long_it_is() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_every_folder_is_in_a_layer_or_above_them() -> None:
    (layers,) = (contract["layers"] for contract in CONTRACTS["contracts"] if contract["type"] == "layers")
    in_layers = {name.strip() for layer in layers for name in layer.split("|")}

    assert in_layers | ABOVE == set(PACKAGES)
    assert in_layers == set(CONTRACTS["root_packages"])


def test_nothing_in_a_layer_imports_what_is_above_them(imports: grimp.ImportGraph) -> None:
    found = [
        (module, imported)
        for module in imports.modules
        for imported in imports.find_modules_directly_imported_by(module)
        if module.split(".")[0] not in ABOVE and imported.split(".")[0] in ABOVE
    ]

    assert found == []


def circles(imported_by: dict[str, set[str]]) -> list[list[str]]:
    """The modules that lead back to themselves, those of one cycle together."""
    reached = {module: everything_behind(module, imported_by) for module in imported_by}
    found = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in imported_by
        if module in reached[module]
    }
    return [list(circle) for circle in sorted(found)]


def everything_behind(module: str, imported_by: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = list(imported_by[module])
    while ahead:
        if (next_one := ahead.pop()) not in seen:
            seen.add(next_one)
            ahead += imported_by.get(next_one, set())
    return seen
