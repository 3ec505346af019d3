"""Pages, emails and files claim nothing but what a registered function says under its condition."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader

from mail import rendering
from tests.accounts import a_linked_account
from tests.sentences.checking import Unfounded, unfounded
from tests.sentences.creators import CREATORS, Planted, of_students, planted
from tests.sentences.everything import PAGES, everything, files, mails, pages
from tests.sentences.rendered import Rendered

CLAIM = "Every student but 4,711 was active."
NEEDS_STUDENTS = {"page announcement", "page student", "pdf of a student"}


@dataclass(frozen=True)
class Shown:
    of: Planted
    staff: tuple[str, ...]
    all: tuple[Rendered, ...]


@pytest.fixture(scope="module", params=sorted(CREATORS))
def shown(request: pytest.FixtureRequest, shared_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Everything that is shown of a creator, rendered once."""
    of = planted(CREATORS[request.param]())
    staff = a_linked_account(name="Sam Field")
    every = everything(of, staff.id, tmp_path_factory.mktemp("printed"))
    return Shown(of, (staff.name, staff.email or ""), tuple(every))


@pytest.fixture
def one(database: object) -> Planted:
    return planted(of_students(1))


def test_nothing_is_claimed_but_what_was_recorded(shown: Shown) -> None:
    found = [
        f"{made.name}: “{offender.text}” leaves “{offender.left}”"
        for made, offender in offenders(shown.all, (*shown.of.written, *shown.staff))
    ]

    assert not found, "\n".join(found)


def test_every_page_email_and_file_has_said_something(shown: Shown) -> None:
    said = {made.name for made in shown.all if any(made.texts)}
    needed = {f"page {page}" for page in PAGES} | {"mail invitation", "mail announcement"}
    needed |= {"pdf of 7d", "pdf of 30d", "workbook", "pdf of a student"}

    assert (needed if shown.of.student_id else needed - NEEDS_STUDENTS) <= said


def test_a_claim_on_a_page_is_found(one: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.overview.summary.summary_sentence", lambda *_facts: CLAIM)

    assert claimed(one, pages(one, one.account.id, ["overview"])) == [CLAIM]


def test_a_claim_in_a_template_of_an_email_is_found(one: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = rendering._templates()
    planted_ones = DictLoader({"invitation-subject": CLAIM})
    monkeypatch.setattr(environment, "loader", ChoiceLoader([planted_ones, environment.loader]))
    monkeypatch.setattr(environment, "cache", None)

    assert claimed(one, mails(one)) == [CLAIM]


def test_a_claim_in_a_pdf_is_found(one: Planted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("reports.snapshot.people.engagement_sentence", lambda _found: CLAIM)

    found = claimed(one, (made for made in files(one, tmp_path) if made.name.startswith("pdf of 7d")))

    assert len(found) == 1
    assert CLAIM in found[0]


def test_a_claim_in_a_workbook_is_found(one: Planted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("reports.snapshot.workbook._facts", lambda _found: [("Period", CLAIM)])

    assert claimed(one, (made for made in files(one, tmp_path) if made.name == "workbook")) == [CLAIM]


def claimed(of: Planted, made: Iterator[Rendered]) -> list[str]:
    return [offender.text for _, offender in offenders(tuple(made), of.written)]


def offenders(made: tuple[Rendered, ...], by_people: tuple[str, ...]) -> Iterator[tuple[Rendered, Unfounded]]:
    for one in made:
        for offender in unfounded(one.texts, one.said, by_people):
            yield one, offender
