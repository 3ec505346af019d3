"""One definition per figure: the pages, the documentation and the file say the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.docs import TARGET, metrics_page
from database.settings import PROJECT_DIR
from queries.definitions import definitions, help_for

SHOWING = ("ui", "pages")


def names_asked_for(source: str) -> Iterator[str | None]:
    """The name in each call of help_for; None if it is not a literal."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) == "help_for":
            name = node.args[0]
            yield name.value if isinstance(name, ast.Constant) else None  # type: ignore[misc]


def _called(call: ast.Call) -> str | None:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", None)


def calls() -> list[tuple[Path, str | None]]:
    files = [path for folder in SHOWING for path in sorted((PROJECT_DIR / folder).rglob("*.py"))]
    return [(path, name) for path in files for name in names_asked_for(path.read_text(encoding="utf-8"))]


def test_names_are_found_in_any_call():
    source = "st.metric(help=f\"{help_for('one')} …\")\nqueries.definitions.help_for('two')\nhelp_for(chosen)"

    assert set(names_asked_for(source)) == {"one", "two", None}


def test_every_figure_that_is_explained_has_a_definition():
    # A name that is only known when the page is drawn raises KeyError there.
    written_out = [(path, name) for path, name in calls() if name is not None]

    assert len(written_out) >= 10
    assert [f"{path.name}: {name}" for path, name in written_out if name not in definitions()] == []


@pytest.mark.parametrize("name", definitions())
def test_every_definition_is_complete(name):
    entry = definitions()[name]

    for field in (entry.title, entry.definition, entry.unit, entry.source):
        assert field.strip() == field
        assert field
    assert entry.definition.endswith(".")
    assert help_for(name) == entry.definition


def test_titles_are_told_apart():
    titles = [entry.title for entry in definitions().values()]

    assert len(set(titles)) == len(titles)


def test_a_figure_without_a_definition_is_an_error():
    with pytest.raises(KeyError):
        help_for("vibes")


def test_the_documentation_is_up_to_date():
    assert TARGET.read_text(encoding="utf-8") == metrics_page(), "run `make docs`"
