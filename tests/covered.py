"""Which lines and branches of the application the tests ran: `-p tests.covered`, as `make test` does.

SlipCover puts probes into a module as it is imported and silences each one that was met; tracing every line would cost
the suite a third of its time. Programs that a test starts are not counted. The plugin comes before conftest.py, which
imports the application.
"""

import ast
import json
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import slipcover
from slipcover.branch import preinstrument

PROJECT = Path(__file__).parent.parent
OF_DEVELOPMENT = {"tests", "proofs", "benchmarks", "notebooks"}
FOLDERS = sorted(folder for folder in {path.parent.name for path in PROJECT.glob("*/*.py")} - OF_DEVELOPMENT)
NAMED = 10  # files, those with most lines that no test ran
FOUND = "covered"  # where a worker puts what it found

probes = slipcover.Slipcover(branch=True, immediate=True, source=FOLDERS)
slipcover.ImportManager(probes, slipcover.FileMatcher(sources=FOLDERS)).__enter__()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--floor", type=float, default=0, help="the percentage of lines and branches that tests must run")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Worker(config) if hasattr(config, "workerinput") else Controller(config))


class Worker:
    def __init__(self, config: pytest.Config) -> None:
        self._output: dict[str, str] = config.workeroutput  # type: ignore[attr-defined]

    def pytest_collection_finish(self) -> None:
        """Pages are compiled by Streamlit: they are never imported."""
        from streamlit.runtime.scriptrunner.script_cache import ScriptCache

        usual = ScriptCache.get_bytecode

        def with_probes(self: ScriptCache, script_path: str) -> Any:
            is_page = Path(script_path).resolve().is_relative_to(PROJECT / "pages")
            return page(script_path) if is_page else usual(self, script_path)

        ScriptCache.get_bytecode = with_probes  # type: ignore[method-assign]

    def pytest_sessionfinish(self) -> None:
        self._output[FOUND] = json.dumps(probes.get_coverage())


class Controller:
    """Adds up what the workers found, and fails the run where it is below the floor."""

    def __init__(self, config: pytest.Config) -> None:
        self._floor: float = config.getoption("floor")
        self._found: dict[str, Any] = {}

    def pytest_testnodedown(self, node: Any) -> None:
        # A worker that crashed brought nothing.
        found = json.loads(getattr(node, "workeroutput", {}).get(FOUND, "{}"))
        if self._found and found:
            slipcover.merge_coverage(self._found, found)
        self._found = self._found or found

    @property
    def _percent(self) -> float:
        return float(self._found["summary"]["percent_covered"]) if self._found else 0

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._percent < self._floor and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self._found:
            return
        summary = self._found["summary"]
        for name, file in sorted(self._found["files"].items(), key=lambda file: -len(file[1]["missing_lines"]))[:NAMED]:
            terminalreporter.write_line(f"{file['summary']['percent_covered']:6.1f}%  {name}")
        terminalreporter.write_line(
            f"Tests ran {self._percent:.1f}% of the application (floor {self._floor:g}%): "
            f"{summary['missing_lines']} lines and {summary['missing_branches']} branches were not met."
        )


@cache
def page(path: str) -> CodeType:
    code: CodeType = compile(preinstrument(ast.parse(Path(path).read_bytes())), path, "exec")
    return probes.instrument(code)
