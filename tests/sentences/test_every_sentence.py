"""Each registered function says what is true for nobody, one, two, all, none, the unknown and contradictions."""

import pkgutil
from importlib import import_module

import pytest

import findings
import mail
import queries
import reports
import ui
from rules.sentences import REGISTERED, Sentence, always, figure, recorded, sentence
from tests.sentences import (
    cases_of_mails,
    cases_of_own_data,
    cases_of_people,
    cases_of_questions,
    cases_of_quizzes,
    cases_of_videos,
)
from tests.sentences.case import NAMES, CannotBe, Cases, Says

CASES: Cases = {
    **cases_of_mails.CASES,
    **cases_of_own_data.CASES,
    **cases_of_people.CASES,
    **cases_of_questions.CASES,
    **cases_of_quizzes.CASES,
    **cases_of_videos.CASES,
}
FEWEST_WORDS = 4  # of a reason
EVERY_CASE = [(function, name) for function in CASES for name in CASES[function]]


def registered() -> set[str]:
    """The names of all functions with the decorator, wherever they are; those that tests register are left out."""
    for package in (findings, mail, queries, reports, ui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name != "ui.main":  # the script that a server runs
                import_module(module.name)
    return {name for name in REGISTERED if not name.startswith("tests.")}


@pytest.fixture(autouse=True, scope="module")
def everything_is_imported() -> None:
    registered()


def test_each_registered_function_has_cases_and_the_other_way_round() -> None:
    assert registered() == set(CASES)


@pytest.mark.parametrize("function", sorted(CASES))
def test_a_function_has_all_cases(function: str) -> None:
    assert tuple(CASES[function]) == NAMES


@pytest.mark.parametrize(("function", "name"), EVERY_CASE)
def test_a_case(function: str, name: str) -> None:
    case = CASES[function][name]
    if isinstance(case, Says):
        assert REGISTERED[function](*case.arguments) == case.expected
    else:
        assert isinstance(case, CannotBe)
        assert len(case.reason.split()) >= FEWEST_WORDS


def test_what_a_registered_function_returns_is_recorded() -> None:
    @sentence
    def told(count: int) -> list[str | None]:
        return [f"{count} of them", None]

    with recorded() as said:
        texts = told(3)

    assert said == ["3 of them"]
    assert isinstance(texts[0], Sentence)
    REGISTERED.pop(next(name for name in REGISTERED if name.endswith("told")))


def test_nothing_is_recorded_when_nobody_listens() -> None:
    with recorded() as said:
        pass

    always("Nobody is enrolled without accepting.")

    assert said == []


def test_two_who_listen_hear_the_same() -> None:
    @figure
    def written(count: int) -> str:
        return f"{count}%"

    with recorded() as one, recorded() as other:
        written(7)

    assert one == other == ["7%"]
