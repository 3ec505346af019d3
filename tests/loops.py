"""Loops in which one odd row would stop the rest: found in the syntax trees, whatever form they have.

A loop offends in either of two ways:
- what it does for each item reaches the database, the queue, files or mail servers, directly or through any
  function of ours, whatever it is that it goes through;
- it goes through something that is named after creators, students, mails, exports, digests or jobs, and calls
  what can raise for one of them.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.program import SURVIVORS, Loop, Module, Program, body_of, over

READ = (
    "rules",
    "database",
    "queries",
    "actions",
    "drafts",
    "reports",
    "mail",
    "commands",
    "jobs",
    "notebooks",
    "sources",
)
CHECKED = ("rules", "database", "actions", "reports", "mail", "commands", "jobs", "notebooks", "sources", "manage.py")

OUTSIDE = {
    "database.tenancy.tenant_tx",
    "database.tenancy.platform_tx",
    "database.tenancy.reading_tx",
    "database.tenancy.tenant_snapshot_tx",
    "database.engine.engine",
    "shutil.rmtree",
    "subprocess.Popen",
    "os.unlink",
    "os.remove",
    "os.replace",
}
OUTSIDE_METHODS = {
    ".execute",
    ".defer",
    ".defer_async",
    ".retry_job",
    ".finish_job",
    ".unlink",
    ".hand_over",
    ".send_message",
}
OUTSIDE_LIBRARIES = ("obstore.",)

ROWS = re.compile(
    r"(?:^|_|\b)(?:creator|student|learner|mail|export|digest|job|deliver(?:y|ies)|recipient|reader|account|report|alert"
    r"|invitation|waiting|stale|asked|chosen|reached|people)s?(?:$|_|\b)",
    re.IGNORECASE,
)

BUILT_IN = (
    "str repr ascii len bool tuple list dict set frozenset sorted reversed sum any all isinstance issubclass getattr "
    "hasattr enumerate zip range print type id max min abs format vars super property field slice object"
)
METHODS = (
    "append extend add update discard items keys values get setdefault join lower upper title capitalize casefold "
    "strip lstrip rstrip split rsplit partition rpartition splitlines replace translate startswith endswith isoformat "
    "format fullmatch match search sub mappings scalars scalar all add_row print advance info warning error debug "
    "isprintable astimezone total_seconds isna notna tolist count copy"
)
CANNOT_RAISE = {*BUILT_IN.split(), *(f".{name}" for name in METHODS.split()), "rich.markup.escape", "uuid.uuid4"}


@dataclass(frozen=True, order=True)
class Offender:
    """A loop that one odd row would stop: the file, the function around it, its line, and what it calls."""

    file: str
    function: str
    line: int
    calls: str

    @property
    def place(self) -> tuple[str, str]:
        return self.file, self.function


def offenders(root: Path) -> list[Offender]:
    """All of them, in order, below this folder."""
    program = Program(root, READ)
    outside, raising = _reaching_outside(program), _raising(program)
    return sorted(
        Offender(module.path, function, loop.lineno, ", ".join(sorted(found)))
        for module in program.modules
        if module.path.split("/")[0] in CHECKED
        for function, owner, loop in program.loops(module)
        if (found := _faults(program, module, owner, loop, outside, raising))
    )


def _faults(
    program: Program, module: Module, owner: str | None, loop: Loop, outside: set[str], raising: set[str]
) -> set[str]:
    calls = program.calls(body_of(loop), module, owner)
    found = {call for call in calls if _is_any(program, call, outside, _is_outside)}
    if _is_over_rows(loop, module):
        found |= {call for call in calls if _is_any(program, call, raising, _is_unknown)}
    return found


def _is_any(program: Program, call: str, known: set[str], by_name: Callable[[str], bool]) -> bool:
    if call in SURVIVORS:
        return False
    if call in program.functions:
        return call in known
    if call in program.classes:
        return any(f"{call}.{method}" in known for method in ("__init__", "__post_init__", "__new__"))
    if call in program.methods and not call.startswith(".__"):
        return any(method in known for method in program.methods[call]) or by_name(call)
    return by_name(call)


def _is_outside(call: str) -> bool:
    return call in OUTSIDE or call in OUTSIDE_METHODS or call.startswith(OUTSIDE_LIBRARIES)


def _is_unknown(call: str) -> bool:
    """Neither ours nor known to be harmless, so that it may raise for all we know."""
    return call not in CANNOT_RAISE


def _reaching_outside(program: Program) -> set[str]:
    return _closed(program, {name for name in program.functions if name in OUTSIDE}, _is_outside)


def _raising(program: Program) -> set[str]:
    raises = {
        function.name
        for function in program.functions.values()
        if any(isinstance(node, ast.Raise | ast.Assert) for node in ast.walk(function.node))
    }
    return _closed(program, raises, _is_unknown)


def _closed(program: Program, seed: set[str], by_name: Callable[[str], bool]) -> set[str]:
    """The seed, and every function that calls one of it, directly or through others."""
    found = set(seed)
    while True:
        more = {
            name
            for name, calls in program.called.items()
            if name not in found and any(_is_any(program, call, found, by_name) for call in calls)
        }
        if not more:
            return found
        found |= more


def _is_over_rows(loop: Loop, module: Module) -> bool:
    """By its own names, and by what its names were assigned from in this file, or are declared to hold."""
    names = {node.id for part in over(loop) for node in ast.walk(part) if isinstance(node, ast.Name)}
    words = [ast.unparse(part) for part in over(loop)]
    words += [ast.unparse(_said_of(node)) for node in ast.walk(module.tree) if _names(node) & names and _said_of(node)]
    return any(ROWS.search(word) for text in words for word in re.findall(r"[A-Za-z_]+", text))


def _names(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Assign):
        return {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    if isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name):
        return {node.target.id}
    return {node.arg} if isinstance(node, ast.arg) else set()


def _said_of(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.arg | ast.AnnAssign):
        return node.annotation
    return getattr(node, "value", None)
