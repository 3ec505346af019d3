"""A clean text is linted once; one with a report, or under other rules, is linted again."""

from pathlib import Path

import pytest

from tests.statements import lint as linting
from tests.statements.clean import CleanTexts
from tests.statements.lint import Excused, lint
from tests.statements.statement import Source, Statement, normalised

GOOD, BAD = "select id from students", "select id from students order by name desc, id"


@pytest.fixture
def linted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the linter got."""
    met: list[str] = []
    usual = linting._reports_on
    monkeypatch.setattr(linting, "_reports_on", lambda one: [met.append(one.text), *usual(one)][1:])
    return met


def test_a_clean_text_is_linted_once(tmp_path: Path, linted: list[str]) -> None:
    for _ in range(2):
        assert lint([statement(GOOD)], clean=CleanTexts(tmp_path / "of a run" / "clean")) == []

    assert linted == [GOOD]


def test_what_has_a_report_is_reported_by_every_run(tmp_path: Path, linted: list[str]) -> None:
    reports = [lint([statement(GOOD), statement(BAD)], clean=CleanTexts(tmp_path / "clean")) for _ in range(2)]

    assert reports[0] == reports[1] != []
    assert linted == [GOOD, BAD, BAD]


def test_what_is_excused_is_not_clean(tmp_path: Path, linted: list[str]) -> None:
    excused = [Excused("AM03", "queries/example.py", "from students", "an example")]
    for _ in range(2):
        assert lint([statement(BAD)], excused, CleanTexts(tmp_path / "clean")) == []

    assert lint([statement(BAD)], [], CleanTexts(tmp_path / "clean")) != []
    assert linted == [BAD, BAD, BAD]


def test_other_rules_ask_again(tmp_path: Path) -> None:
    strict, loose = tmp_path / "strict", tmp_path / "loose"
    strict.write_text("rules = all")
    loose.write_text("rules = none")
    CleanTexts(tmp_path / "clean", [loose]).add([GOOD])

    assert CleanTexts(tmp_path / "clean", [loose]).knows(GOOD)
    assert not CleanTexts(tmp_path / "clean", [strict]).knows(GOOD)
    assert not CleanTexts(tmp_path / "clean", [loose]).knows(BAD)


def test_the_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.statements.clean.MOST", 1)
    for text in ("first", "second", "third"):
        CleanTexts(tmp_path / "clean").add([text])

    kept = CleanTexts(tmp_path / "clean")
    assert [kept.knows(text) for text in ("first", "second", "third")] == [False, False, True]


def statement(text: str) -> Statement:
    return Statement(text, normalised(text), Source("queries/example.py", "example"))
