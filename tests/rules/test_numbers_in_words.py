"""Numbers, percents, days and plurals are put into words by `rules/formatting.py`, and nowhere in pages and files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from database.settings import PROJECT_DIR

FOLDERS = ("findings", "mail", "pages", "reports", "ui")
BY_HAND_IN_TEMPLATE = re.compile(r"\|\s*(?:length|sum|round)\s*\}\}|[!=]= 1\b")

# What is not words, or has its own words for one and for several.
ALLOWED = {
    "mail/digest/week.py": "the home of the words for a week",
    "reports/exports/analytics.py": "days in data are written as ISO dates",
    "reports/exports/request.py": "the day in the name of a file",
    "ui/top_bar/notices.py": "the key of a notice, which nobody reads",
    "findings/questions.py": "the only question, both questions, all of them",
    "mail/digest/people.py": "the only video, or all of them",
    "ui/mails/announcing.py": "this student, or these students",
    "ui/quizzes/sentences.py": "the only student, both students, all of them",
    "ui/videos/forms.py": "its quiz stays, or its quizzes stay",
}


def by_hand(source: str) -> list[str]:
    """The expressions that put a number into words themselves."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if _is_by_hand(node)]


def _is_by_hand(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return _formats_a_number(node) or _writes_a_percent(node)
    if isinstance(node, ast.IfExp):
        return _asks_for_one(node.test) and any(_is_text(branch) for branch in (node.body, node.orelse))
    return isinstance(node, ast.Attribute) and node.attr == "strftime"


def _formats_a_number(text: ast.JoinedStr) -> bool:
    """A thousands separator, decimal places or a date in the format; what a `JoinedStr` may nest is a format."""
    formats = [part.format_spec for part in text.values if isinstance(part, ast.FormattedValue) and part.format_spec]
    return any(re.search(r",|%|\.\d+f|\dd'$", ast.unparse(spec)) for spec in formats)


def _writes_a_percent(text: ast.JoinedStr) -> bool:
    return any(
        isinstance(before, ast.FormattedValue) and isinstance(part, ast.Constant) and str(part.value).startswith("%")
        for before, part in zip(text.values, text.values[1:], strict=False)
    )


def _asks_for_one(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq | ast.NotEq):
        return False
    return any(isinstance(one, ast.Constant) and one.value == 1 for one in test.comparators)


def _is_text(branch: ast.expr) -> bool:
    return isinstance(branch, ast.JoinedStr) or (isinstance(branch, ast.Constant) and isinstance(branch.value, str))


def modules() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((PROJECT_DIR / folder).rglob("*.py"))


def test_no_module_puts_a_number_into_words_by_hand() -> None:
    found = {path.relative_to(PROJECT_DIR).as_posix(): by_hand(path.read_text(encoding="utf-8")) for path in modules()}
    offenders = {path: texts for path, texts in found.items() if texts}

    assert {path: texts for path, texts in offenders.items() if path not in ALLOWED} == {}
    assert set(ALLOWED) - set(offenders) == set(), "no longer needed"


def test_no_template_puts_a_number_into_words_by_hand() -> None:
    templates = sorted((PROJECT_DIR / "mail" / "templates").iterdir())

    assert templates
    assert [path.name for path in templates if BY_HAND_IN_TEMPLATE.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'f"{count:,} students"',
        'f"{share}% of them"',
        'f"{rate:.1f}"',
        'f"{day:%-d %b}"',
        'f"{hour:02d}:00"',
        'day.strftime("%d")',
        '"1 student" if count == 1 else "students"',
        '"students" if count != 1 else f"{count} student"',
    ],
)
def test_a_number_by_hand_is_found(source: str) -> None:
    assert by_hand(source)


def test_other_texts_are_not() -> None:
    assert by_hand('f"{grouped(count)} of {name}"; first if count == 1 else other; f"{name!r:>10}"') == []
