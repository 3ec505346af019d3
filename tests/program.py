"""The program as syntax trees: its functions, what each name refers to, and what each function calls."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Call

# They record failures and continue: a function passed to them is safe there.
SURVIVORS = {"database.each.each", "database.each.each_in_turn"}


@dataclass
class Module:
    """One file: `meanings` says for each imported name and each own definition what it refers to, dotted."""

    name: str
    path: str
    tree: ast.Module
    meanings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Function:
    """A function, method or nested function; `owner` is the class of a method."""

    name: str
    module: Module
    node: ast.AST
    owner: str | None


class Program:
    """All modules below the given folders."""

    def __init__(self, root: Path, folders: tuple[str, ...]) -> None:
        self.modules: list[Module] = []
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
        for path in [*paths, *root.glob("manage.py")]:
            self._read(root, path)

    def _read(self, root: Path, path: Path) -> None:
        relative = path.relative_to(root)
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        module = Module(name, str(relative), ast.parse(path.read_text(encoding="utf-8")))
        self.modules.append(module)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                module.meanings |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
            elif isinstance(node, ast.Import):
                module.meanings |= {each.asname or each.name: each.name for each in node.names}
        self._define(module, module.tree, name, None)

    def _define(self, module: Module, parent: ast.AST, prefix: str, owner: str | None) -> None:
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, Definition):
                name = f"{prefix}.{node.name}"
                self.functions[name] = Function(name, module, node, owner)
                if owner is None:
                    module.meanings.setdefault(node.name, name)
                self._define(module, node, name, None)
            elif isinstance(node, ast.ClassDef):
                name = f"{prefix}.{node.name}"
                self.classes[name] = node
                module.meanings.setdefault(node.name, name)
                self._define(module, node, name, name)
            else:
                self._define(module, node, prefix, owner)

    def meaning(self, node: ast.expr, module: Module, owner: str | None = None) -> str:
        """What a called expression refers to: a dotted name, or ".method" of an unknown object."""
        if isinstance(node, ast.Name):
            return module.meanings.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            of = self.meaning(node.value, module, owner)
            if of == "self" and owner and f"{owner}.{node.attr}" in self.functions:
                return f"{owner}.{node.attr}"
            if f"{of}.{node.attr}" in self.functions or f"{of}.{node.attr}" in self.classes:
                return f"{of}.{node.attr}"
            if of in self.functions:  # as in `query.fresh`
                return of
            root = of.partition(".")[0]
            is_of_a_library = isinstance(node.value, ast.Name) and node.value.id in module.meanings and root
            return f"{of}.{node.attr}" if is_of_a_library else f".{node.attr}"
        return "?"

    def calls(self, parts: list[ast.AST], module: Module, owner: str | None) -> set[str]:
        """Everything that these parts call, and every function of ours that they pass on to be called."""
        found = set()
        for node in _outside_of_survivors(parts, self, module, owner):
            if isinstance(node, ast.Call):
                found.add(self.meaning(node.func, module, owner))
                handed_on = [*node.args, *(keyword.value for keyword in node.keywords)]
                found |= {meant for meant in (self.meaning(each, module, owner) for each in handed_on) if meant in self}
        return found

    def __contains__(self, name: str) -> bool:
        return name in self.functions

    @cached_property
    def called(self) -> dict[str, set[str]]:
        """What each function calls."""
        return {
            function.name: self.calls([function.node], function.module, function.owner)
            for function in self.functions.values()
        }

    @cached_property
    def methods(self) -> dict[str, set[str]]:
        """The functions by the name of a method, for calls on objects of unknown class."""
        named: dict[str, set[str]] = {}
        for function in self.functions.values():
            if function.owner:
                named.setdefault("." + function.name.rpartition(".")[2], set()).add(function.name)
        return named

    def loops(self, module: Module) -> Iterator[tuple[str, str | None, Loop]]:
        """Every loop of a module, with the name of the function around it and the class around that."""
        yield from self._loops(module, module.tree, "", None)

    def _loops(
        self, module: Module, parent: ast.AST, around: str, owner: str | None
    ) -> Iterator[tuple[str, str | None, Loop]]:
        for node in ast.iter_child_nodes(parent):
            place, whose = around, owner
            if isinstance(node, ast.ClassDef):
                whose = f"{module.name}.{node.name}"
                place = f"{around}.{node.name}".strip(".")
            elif isinstance(node, Definition):
                place = f"{around}.{node.name}".strip(".")
            elif isinstance(node, Loop) and (not isinstance(node, ast.Call) or _is_mapping(node)):
                yield around or "module", owner, node
            yield from self._loops(module, node, place, whose)


def _is_mapping(call: ast.Call) -> bool:
    """`map(f, rows)` and the like, including those of pools and frames."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return name in ("map", "filter", "starmap", "reduce", "imap", "submit", "apply", "for_each") and bool(call.args)


def body_of(loop: Loop) -> list[ast.AST]:
    """What is done for each item."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return [*loop.body, *loop.orelse]
    if isinstance(loop, ast.While):
        return [loop.test, *loop.body]
    if isinstance(loop, ast.Call):
        return [ast.Call(func=loop.args[0], args=[], keywords=[]), loop.args[0]]
    first, *others = loop.generators
    done = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    return [*done, *first.ifs, *(part for each in others for part in (each.iter, *each.ifs))]


def over(loop: Loop) -> list[ast.expr]:
    """What it iterates over, and under which names."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return [loop.iter, loop.target]
    if isinstance(loop, ast.While):
        return []
    if isinstance(loop, ast.Call):
        return [loop.func, *loop.args[1:]]
    return [part for each in loop.generators for part in (each.iter, each.target)]


def _outside_of_survivors(
    parts: list[ast.AST], program: Program, module: Module, owner: str | None
) -> Iterator[ast.AST]:
    """All nodes except those passed to `each` to be done there; what it iterates over is not safe."""
    waiting = list(parts)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and program.meaning(node.func, module, owner) in SURVIVORS:
            waiting += node.args[:1]
            continue
        yield node
        waiting += ast.iter_child_nodes(node)
