"""Every cache of the program has a bound, and is in the list in docs/operations.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

from database.settings import PROJECT_DIR

FOLDERS = (
    "actions",
    "api",
    "charts",
    "commands",
    "database",
    "drafts",
    "findings",
    "jobs",
    "mail",
    "notebooks",
    "sources",
    "pages",
    "queries",
    "reports",
    "ui",
)
LISTED = (PROJECT_DIR / "docs" / "operations.md").read_text(encoding="utf-8")

# Gone with the import that created it, which is a separate command.
LIVES_AS_LONG_AS_AN_IMPORT = {"database/importers/futurelearn_tables.py"}


def test_streamlits_caches_are_used_through_the_one_that_is_bounded():
    for path, tree in modules():
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if path != "queries/cache/caching.py":
            assert not used & {"cache_data", "cache_resource"}, f"{path}: use queries.cache.caching.remembered"


def test_no_cache_of_a_function_is_without_an_end():
    for path, tree in modules():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.module == "functools" and named(node, "cache")), path
            if is_lru_cache(node) and path not in LIVES_AS_LONG_AS_AN_IMPORT:
                assert node.keywords, path  # type: ignore[attr-defined]
                assert ast.unparse(node.keywords[0].value) != "None", path  # type: ignore[attr-defined]


def test_every_module_with_a_cache_is_listed():
    for path, tree in modules():
        remembers = any(is_lru_cache(node) or is_remembered(node) for node in ast.walk(tree))
        if remembers and path != "queries/cache/caching.py":
            assert f"`{path}`" in LISTED, f"{path} remembers something: list it in docs/operations.md, with its bound"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in FOLDERS:
        for file in sorted((PROJECT_DIR / folder).rglob("*.py")):
            yield str(Path(file).relative_to(PROJECT_DIR)), ast.parse(file.read_text(encoding="utf-8"))


def is_lru_cache(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("lru_cache")


def is_remembered(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "remembered"


def named(node: ast.ImportFrom, name: str) -> bool:
    return any(alias.name == name for alias in node.names)
