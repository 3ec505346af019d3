"""What we use of other packages beyond their public API: a version that lacks it fails here by name."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from reportlab.platypus import BaseDocTemplate, Frame
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.caching.global_cache_budget import get_global_cache_budget
from streamlit.runtime.scriptrunner import script_runner
from xlsxwriter import worksheet, xmlwriter
from xlsxwriter.worksheet import Worksheet

from database.settings import PROJECT_DIR
from ui.garbage import SCRIPT_THREAD

OF_DEVELOPMENT = ("tests", "proofs", "benchmarks")
# Module, name, and a file that uses it. The reason is there, next to its use.
USED_BY_THE_PROGRAM = (
    ("starlette._utils", "get_route_path", "api/problems.py"),
    ("fastapi.dependencies.models", "Dependant", "api/parameters.py"),
    ("streamlit.proto.ForwardMsg_pb2", "ForwardMsg", "ui/account/demo_account.py"),
    ("streamlit", "runtime", "queries/cache/caching.py"),
    ("streamlit.runtime.scriptrunner", "get_script_run_ctx", "ui/account/demo_account.py"),
    ("streamlit.runtime.caching.global_cache_budget", "get_global_cache_budget", "queries/cache/caching.py"),
    (
        "streamlit.runtime.caching.global_cache_budget",
        "reconfigure_global_cache_budget_from_config",
        "queries/cache/caching.py",
    ),
)
# The class that uses or overrides them says why. An override of something that is gone would never be called.
OF_WORKSHEETS = (
    "_write_boolean",
    "_write_datetime",
    "_write_number",
    "_write_string",
    "_xml_inline_string",
    "_xml_rich_inline_string",
    "_escape_control_characters",
)
USED_BY_TESTS = (
    ("streamlit.components.v2.manifest_scanner", "scan_component_manifests"),
    ("streamlit.delta_generator", "DeltaGenerator._enqueue"),
    ("streamlit.elements.lib", "policies"),
    ("streamlit.elements.vega_charts", "_convert_altair_to_vega_lite_spec"),
    ("streamlit.proto.Alert_pb2", "Alert"),
    ("streamlit.proto.BackMsg_pb2", "BackMsg"),
    ("streamlit.proto.WidgetStates_pb2", "WidgetState"),
    ("streamlit.runtime.caching", "get_data_cache_stats_provider"),
    ("streamlit.runtime.caching.cache_utils", "TTLCACHE_TIMER"),
    ("streamlit.runtime.scriptrunner", "ScriptRunContext"),
    ("streamlit.runtime.scriptrunner", "script_runner"),
    ("streamlit.runtime.scriptrunner.script_cache", "ScriptCache.get_bytecode"),
    ("streamlit.runtime.secrets", "Secrets._reset"),
    ("streamlit.testing.v1", "AppTest"),
    ("streamlit.testing.v1.local_script_runner", "ScriptCache"),
    ("streamlit.web.server.starlette.starlette_app_utils", "create_signed_value"),
)
# Attributes with an underscore on objects that are not ours, as they are written.
ATTRIBUTES = {
    "self.frame._y": "reports/pdf/document.py",
    "super()._endBuild": "reports/pdf/document.py",
}
DOCUMENTED = {"_asdict", "_exit", "_getframe", "_mapping"}  # of named tuples, os, sys, and a row of SQLAlchemy
INSIDES = re.compile(
    r"streamlit\.(runtime|proto|elements|web|delta_generator)\b|fastapi\.dependencies\b|(?!__future__)(.+\.)?_\w+"
)


@pytest.mark.parametrize(("module", "name", "file"), USED_BY_THE_PROGRAM)
def test_what_the_program_uses_is_there(module: str, name: str, file: str) -> None:
    assert hasattr(import_module(module), name), f"{file} needs it"


@pytest.mark.parametrize(("module", "name"), USED_BY_TESTS)
def test_what_tests_use_is_there(module: str, name: str) -> None:
    found = import_module(module)
    for part in name.split("."):
        assert hasattr(found, part), name
        found = getattr(found, part)


@pytest.mark.parametrize("name", OF_WORKSHEETS)
def test_a_worksheet_writes_its_cells_as_ours_expects(name: str) -> None:
    assert callable(getattr(Worksheet, name, None))
    assert f".{name}(" in inspect.getsource(worksheet) + inspect.getsource(xmlwriter)


def test_a_column_says_how_far_down_it_is_filled() -> None:
    assert isinstance(Frame(0, 0, 100, 100)._y, int | float)  # type: ignore[attr-defined]


def test_a_document_ends_its_building_in_one_place() -> None:
    assert "self._endBuild()" in inspect.getsource(BaseDocTemplate.build)


def test_the_budget_of_all_caches_says_what_is_held_and_the_most() -> None:
    budget = get_global_cache_budget()

    assert isinstance(budget.total_bytes, int)
    assert budget.max_bytes is None or isinstance(budget.max_bytes, int)


def test_a_browser_is_sent_away_by_a_message() -> None:
    message = ForwardMsg()
    message.auth_redirect.url = "https://example.org"

    assert message.WhichOneof("type") == "auth_redirect"


def test_an_address_of_fastapi_says_what_it_takes() -> None:
    assert {"query_params", "dependencies"} <= {field.name for field in fields(Dependant)}


def test_threads_that_run_a_script_have_the_name_that_is_waited_for() -> None:
    assert f'"{SCRIPT_THREAD}"' in inspect.getsource(script_runner)


@pytest.mark.parametrize(
    "option", ["runner.postScriptGC", "client.showErrorDetails", "logger.enableRich", "logger.hideWelcomeMessage"]
)
def test_streamlit_knows_the_options_that_are_set_in_code(option: str) -> None:
    assert config.get_option(option) is not None


def test_every_module_from_within_a_package_is_listed() -> None:
    told = {(module, name) for module, name, _ in USED_BY_THE_PROGRAM}

    assert {(module, name) for path in files() for module, name in from_within(path)} == told


def test_what_tests_import_from_within_a_package_is_listed() -> None:
    told = {part for module, name in USED_BY_TESTS for part in (module, f"{module}.{name.partition('.')[0]}")}
    told |= {f"{module}.{name}" for module, name, _ in USED_BY_THE_PROGRAM}
    used = {f"{module}.{name}" for path in files(OF_DEVELOPMENT) for module, name in from_within(path)}

    assert used - told == set()


def test_every_attribute_with_an_underscore_that_is_not_ours_is_listed() -> None:
    ours = {name for path in files() for name in underscored_names(path)} - {"_endBuild"} | set(OF_WORKSHEETS)
    used = {text: path for path in files() for text, name in underscored(path) if name not in ours | DOCUMENTED}

    assert {text: str(path.relative_to(PROJECT_DIR)) for text, path in used.items()} == ATTRIBUTES


@pytest.mark.parametrize(
    ("used", "file"), [(name, file) for _, name, file in USED_BY_THE_PROGRAM] + [*ATTRIBUTES.items()]
)
def test_a_reason_stands_beside_its_use(used: str, file: str) -> None:
    lines = (PROJECT_DIR / file).read_text(encoding="utf-8").splitlines()
    places = [place for place, line in enumerate(lines) if re.search(rf"(?<![\w.]){re.escape(used)}\b", line)]

    assert any(
        "# " in line.partition("type: ignore")[0] for place in places for line in lines[max(place - 4, 0) : place + 1]
    )


def files(folders: tuple[str, ...] = ()) -> list[Path]:
    """The files of these folders; by default, those of the program."""
    every = [path for path in PROJECT_DIR.rglob("*.py") if ".venv" not in path.parts]
    first = {path: path.relative_to(PROJECT_DIR).parts[0] for path in every}
    return [path for path in every if (first[path] in folders if folders else first[path] not in OF_DEVELOPMENT)]


def from_within(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of what is imported from the inside of a package that is neither ours nor Python's."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            is_pythons_or_ours = node.module.partition(".")[0] in sys.stdlib_module_names | OURS
            for alias in () if is_pythons_or_ours else node.names:
                if INSIDES.match(node.module) or INSIDES.fullmatch(f"{node.module}.{alias.name}"):
                    yield node.module, alias.name


OURS = {path.name.removesuffix(".py") for path in PROJECT_DIR.iterdir()}


def underscored(path: Path) -> Iterator[tuple[str, str]]:
    """Each attribute with one underscore in front: as it is written, and its name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr):
            yield ast.unparse(node), node.attr


def underscored_names(path: Path) -> Iterator[str]:
    """What a file defines or sets under a name with an underscore."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.attr if isinstance(node, ast.Attribute) else node.id
