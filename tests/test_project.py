"""The project's metadata: its requirements, its version, and the command that it provides."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import import_module
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from database.settings import PROJECT_DIR

METADATA = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))
CHANGELOG = (PROJECT_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
OF_DEVELOPMENT = ("tests", "proofs", "benchmarks")
RUN, DEVELOPMENT = "requirements.in", "requirements-dev.in"
OWN = {path.name.removesuffix(".py") for path in PROJECT_DIR.iterdir() if path.is_dir() or path.suffix == ".py"}
RELEASE = re.compile(r"## (?P<version>[\d.]+)(, not yet released|, \d{4}-\d{2}-\d{2})(: .+)?")


def test_the_newest_section_of_the_changelog_is_the_version() -> None:
    headings = [line for line in CHANGELOG.splitlines() if line.startswith("## ")]
    released = [RELEASE.fullmatch(line) for line in headings]

    assert None not in released, headings
    versions = [Version(found["version"]) for found in released if found]
    assert str(versions[0]) == METADATA["project"]["version"]
    assert versions == sorted(set(versions), reverse=True)
    assert not any("not yet released" in heading for heading in headings[1:])


def test_requirements_in_is_the_only_list_of_what_is_needed() -> None:
    assert METADATA["project"]["dynamic"] == ["dependencies"]
    assert METADATA["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": [RUN]}
    for line in (PROJECT_DIR / RUN).read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or Requirement(line), line


def test_the_command_is_that_of_manage() -> None:
    module, _, function = METADATA["project"]["scripts"]["creator-dashboard"].partition(":")

    assert module in METADATA["tool"]["setuptools"]["py-modules"]
    assert callable(getattr(import_module(module), function))


def test_every_folder_of_the_program_is_installed() -> None:
    included = {name.rstrip("*") for name in METADATA["tool"]["setuptools"]["packages"]["find"]["include"]}
    folders = {path.parent.name for path in PROJECT_DIR.glob("*/__init__.py")}

    assert included == folders - set(OF_DEVELOPMENT)


def test_what_lies_beside_the_modules_is_installed() -> None:
    patterns = METADATA["tool"]["setuptools"]["package-data"]["*"]
    folders = [path.parent for path in PROJECT_DIR.glob("*/__init__.py") if path.parent.name not in OF_DEVELOPMENT]
    beside = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]

    assert any(path.suffix == ".sql" for path in beside)
    assert [path for path in beside if not any(fnmatch(path.name, pattern) for pattern in patterns)] == []


def test_every_package_that_the_program_imports_is_declared() -> None:
    missing = undeclared(of_the_program(), declared(RUN))

    assert missing == {}, "add them to requirements.in and run `make lock`"


def test_every_package_that_tests_and_benchmarks_import_is_declared() -> None:
    files = [path for folder in OF_DEVELOPMENT for path in (PROJECT_DIR / folder).rglob("*.py")]

    assert undeclared(files, declared(RUN) | declared(DEVELOPMENT)) == {}


@pytest.mark.parametrize(("source", "module"), [("import mako", "mako"), ("from mako.lookup import X", "mako")])
def test_an_import_of_what_only_another_package_brings_is_found(source: str, module: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)

    assert undeclared([path], declared(RUN)) == {module: "module.py"}


def test_a_package_of_an_extra_counts_as_declared() -> None:
    assert "psycopg-pool" in declared(RUN)  # of psycopg[pool]


def undeclared(files: list[Path], packages: set[str]) -> dict[str, str]:
    """Module -> a file that imports it, if no declared package provides it."""
    brought_by = packages_distributions()
    return {
        module: path.name
        for path in files
        for module in imported(path)
        if not {canonicalize_name(name) for name in brought_by.get(module, [])} & packages
    }


def declared(file: str) -> set[str]:
    """The packages of a list, with those that their extras include."""
    lines = (PROJECT_DIR / file).read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if not line.startswith(("#", "-"))]
    return {name for one in wanted for name in (canonicalize_name(one.name), *of_extras(one))}


def of_extras(one: Requirement) -> Iterator[str]:
    for needed in map(Requirement, requires(one.name) or () if one.extras else ()):
        if needed.marker and any(f'extra == "{extra}"' in str(needed.marker) for extra in one.extras):
            yield canonicalize_name(needed.name)


def of_the_program() -> list[Path]:
    folders = [path.parent for path in PROJECT_DIR.glob("*/__init__.py") if path.parent.name not in OF_DEVELOPMENT]
    return [*PROJECT_DIR.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """The first part of every imported module, except Python's own and ours."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            first = name.partition(".")[0]
            if first not in OWN and first not in sys.stdlib_module_names:
                yield first


FOLDER_OF_SOMEBODY = re.compile(r"[\"'`](/(home|mnt|root|Users|work)/\w)")


def test_no_path_of_a_computer_stands_in_the_project() -> None:
    folders = [PROJECT_DIR / name for name in OWN if not name.startswith(".")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    found = {str(path): match[1] for path in files for match in FOLDER_OF_SOMEBODY.finditer(path.read_text("utf-8"))}

    assert found == {}
    assert FOLDER_OF_SOMEBODY.search('SAMPLES = Path("' + "/" + 'home/ada/samples")')
