"""Run a notebook's cells without Jupyter: `python -m tests.notebooks.running NOTEBOOK TARGET`.

What each cell ends with, its output in Jupyter, is pickled into the target: a list of (source, value).
"""

import ast
import json
import pickle
import sys
from pathlib import Path
from typing import Any


def cells_of(notebook: Path) -> list[dict[str, Any]]:
    """The cells as stored, each with its source as one text."""
    stored = json.loads(notebook.read_text(encoding="utf-8"))
    return [cell | {"source": "".join(cell["source"])} for cell in stored["cells"]]


def outputs_of(sources: list[str]) -> list[tuple[str, Any]]:
    """Each source with the value of its last expression; all run in one namespace, in order."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return [(source, _output(source, names)) for source in sources]


def _output(source: str, names: dict[str, Any]) -> Any:
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None  # type: ignore[attr-defined]


if __name__ == "__main__":
    codes = [cell["source"] for cell in cells_of(Path(sys.argv[1])) if cell["cell_type"] == "code"]
    Path(sys.argv[2]).write_bytes(pickle.dumps(outputs_of(codes)))
