"""What people read says each thing in the words of the glossary in docs/contributing.md."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from database.settings import PROJECT_DIR

CODE = (
    "ui",
    "pages",
    "charts",
    "findings",
    "rules",
    "mail",
    "reports",
    "api",
    "actions",
    "commands",
    "drafts",
    "sources",
    "database",
)
FILES = ("manage.py", "queries/students/reasons.py", "queries/quizzes/question_analysis.py")
SHOWN_DOCSTRINGS = ("api/routes/", "api/schemas/", "commands/", "manage.py")  # by /api/docs and by --help
STATEMENT = re.compile(r"\s*(--|select\b|with\b|insert\b|update\b|delete\b|from\b|\()")
GLOSSARY = re.compile(r"^## Glossary$.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)

# Each phrase with a text in which it must be found.
PHRASES = {
    r"\bsigns? of life\b": "The newest sign of life.",
    r"\bcall(ed)? off\b": "The announcement was called off.",
    r"\bkeyed answers?\b": "The keyed answer is wrong.",
    r"\bnothing fits\b": "Nothing fits “loops”.",
    r"([\d}]|^) %(?! ?[\d(])": "Only 29 % complete it.",
    r"\be-mails?\b": "Send me a summary by E-mail.",
    r"\breport as (pdf|workbook)": "Report as workbook",
    r"\bstart the export\b": "Start the export",
    r"\b(exports|reports|answers) so far\b": "Exports so far",
    r"\banew\b": "Every figure is computed anew.",
    r"\bwhoever\b": "Whoever accepts becomes your student.",
    r"\btak(e|en) (it )?back (from students|before)\b": "Take back from students",
    r"\b(period|format) to begin with\b": "Period to begin with",
    r"^to whom$": "To whom",
    r"\bas it will arrive\b": "As it will arrive",
    r"\bstaff only read\b": "Staff only read.",
    r"\bthe usual gap is\b": "Silent for 69 days; the usual gap is 13 days.",
    r"\bsilent for\b": "Silent for 69 days.",
    r"\bdays of silence\b": "Back after 20 days of silence.",
    r"\breckoned\b": "Days and hours are reckoned in",
    r"\bpassed over\b": "3 are passed over.",
    r"\bleast telling\b": "Least telling first",
    r"^what it says$": "What it says",
    r"\bstands? last in\b": "It stands last in the course.",
    r"\bagainst last month\b": "+50% against last month so far",
    r"\b(has|have) run out\b|^runs? out$": "The invitation has run out.",
    r"\bmend(s|ed)?\b": "Mend the reason first.",
    r"\bnobody knows whether\b": "Nobody knows whether it arrived.",
    r"\b(no longer|exists?) (no )?more\b": "The invitation exists no more.",
    r"(?<!there )\bis no (id|address|text|week|filter|key|number|time zone|instant)\b": "That is no id of a creator.",
    r"\bthere is no such\b": "There is no such quiz.",
}
PUBLISHED = {("reports/exports/videos.py", "What it says")}  # the title of a column in files that people have

SECOND_PERSON = re.compile(
    r"\byour? (students?|courses?|videos?|quizzes|platform|time zone|dashboard|creators?)\b", re.IGNORECASE
)
SEEN_BY_STAFF_TOO = ("ui/", "pages/", "charts/", "findings/", "queries/")
ABOUT_THE_READER = ("ui/account/",)  # before anybody has chosen whose dashboard it is


class Text(NamedTuple):
    path: str
    words: str


def test_nothing_that_people_read_uses_a_phrase_that_the_glossary_replaces() -> None:
    assert _offenders(_all_texts()) == []


@pytest.mark.parametrize(("phrase", "planted"), PHRASES.items())
def test_each_phrase_is_found_where_it_is_planted(phrase: str, planted: str, tmp_path: Path) -> None:
    """As a whole string, in an f-string, in a template and on a page of the documentation."""
    source = tmp_path / "page.py"
    source.write_text(
        f'"""Whoever reads docstrings."""\n\nTITLE = {planted!r}\nSAID = f"{{TITLE}}"\n', encoding="utf-8"
    )
    text = tmp_path / "page.md"
    text.write_text(f"# A page\n\n{planted}\n", encoding="utf-8")
    for found in (list(_of_code(source, "page.py")), list(_of_text(text, "page.md"))):
        assert [(path, said) for path, said, _ in _offenders(found) if said == planted], phrase


def test_a_percentage_is_found_in_an_f_string(tmp_path: Path) -> None:
    source = tmp_path / "page.py"
    for said in ('f"{share} % of {share:,} viewers"', "f\"{share}{' %' if share else ''}\""):
        source.write_text(f"share = 3\nSAID = {said}\n", encoding="utf-8")
        assert len(_offenders(_of_code(source, "page.py"))) == 1


def test_a_docstring_is_read_only_where_people_see_it(tmp_path: Path) -> None:
    source = tmp_path / "page.py"
    source.write_text('def page() -> None:\n    """Whoever reads this."""\n', encoding="utf-8")
    assert _offenders(_of_code(source, "ui/page.py")) == []
    assert len(_offenders(_of_code(source, "commands/page.py"))) == 1


def test_what_staff_see_too_does_not_say_your() -> None:
    """Staff look at the dashboards of others: "the students" is right for them and for the creator."""
    read = [text for text in _all_texts() if text.path.startswith(SEEN_BY_STAFF_TOO)]
    assert [
        text for text in read if SECOND_PERSON.search(text.words) and not text.path.startswith(ABOUT_THE_READER)
    ] == []
    assert SECOND_PERSON.search("67% of your students were active")


def test_the_texts_are_found_at_all() -> None:
    paths = {text.path for text in _all_texts()}
    assert len(paths) > 150
    assert {
        "pages/exports.py",
        "mail/templates/digest-text",
        "queries/metrics.toml",
        "docs/api.md",
        "README.md",
    } <= paths


def _offenders(texts: Iterator[Text] | list[Text]) -> list[tuple[str, str, str]]:
    return [
        (text.path, text.words, phrase)
        for text in texts
        if text not in PUBLISHED
        for phrase in PHRASES
        if re.search(phrase, text.words, re.IGNORECASE)
    ]


def _all_texts() -> list[Text]:
    return [*_code(), *_templates(), *_definitions(), *_documentation()]


def _code() -> Iterator[Text]:
    folders = (path for folder in CODE for path in sorted((PROJECT_DIR / folder).rglob("*.py")))
    for path in (*folders, *(PROJECT_DIR / name for name in FILES)):
        yield from _of_code(path, path.relative_to(PROJECT_DIR).as_posix())


def _templates() -> Iterator[Text]:
    for path in sorted((PROJECT_DIR / "mail" / "templates").iterdir()):
        yield from _of_text(path, path.relative_to(PROJECT_DIR).as_posix())


def _definitions() -> Iterator[Text]:
    entries = tomllib.loads((PROJECT_DIR / "queries" / "metrics.toml").read_text(encoding="utf-8"))
    for entry in entries.values():
        yield Text("queries/metrics.toml", entry["title"])
        yield Text("queries/metrics.toml", entry["definition"])


def _documentation() -> Iterator[Text]:
    for path in (PROJECT_DIR / "README.md", *sorted((PROJECT_DIR / "docs").glob("*.md"))):
        yield from _of_text(path, path.relative_to(PROJECT_DIR).as_posix())


def _of_text(path: Path, name: str) -> Iterator[Text]:
    for line in GLOSSARY.sub("", path.read_text(encoding="utf-8")).splitlines():
        yield Text(name, line)


def _of_code(path: Path, name: str) -> Iterator[Text]:
    """The strings of a module: f-strings as one, with {} for each value; statements and most docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = set() if name.startswith(SHOWN_DOCSTRINGS) else set(_docstrings(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
    for node in ast.walk(tree):
        words = _words(node) if id(node) not in left_out else ""
        if words and not ("\n" in words and STATEMENT.match(words)):
            yield Text(name, words)


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield id(first.value)
