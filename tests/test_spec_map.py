"""The map names only what exists."""

import importlib
import re

from database.settings import PROJECT_DIR

MAP = (PROJECT_DIR / "docs" / "spec-map.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", MAP)
PYTHON = re.compile(r"(queries|actions|charts|ui|jobs|database|reports|api)(\.\w+)+")
FILE = re.compile(r"(queries|actions|charts|ui|jobs|database|pages|reports|api)/[\w/]+\.(py|sql)")


def test_every_function_on_the_map_exists():
    named = [code for code in CODE if PYTHON.fullmatch(code)]

    assert len(named) > 15
    for name in named:
        module, attribute = name.rsplit(".", 1)
        assert hasattr(importlib.import_module(module), attribute), name


def test_every_file_on_the_map_exists():
    named = [code for code in CODE if FILE.fullmatch(code)]

    assert len(named) > 20
    for path in named:
        assert (PROJECT_DIR / path).is_file(), path


def test_every_page_is_on_the_map():
    pages = {f"pages/{path.name}" for path in (PROJECT_DIR / "pages").glob("*.py") if path.name != "__init__.py"}

    assert pages <= set(CODE)
