"""Every screen, file and email that shows a finding shows the same ones in the same order."""

from datetime import timedelta
from io import BytesIO
from typing import get_args

import openpyxl
import pytest
from pypdf import PdfReader

from database.clock import as_of
from findings.finding import Kind
from findings.gathered import findings
from findings.ranking import recommended
from mail.digest.gather import gathered
from mail.digest.week import Week
from queries.periods.period import MONTH, WEEK
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from tests.api.asking import by_key
from tests.builders import NOW, ACreator, a_creator
from tests.findings.everything_found import everything_found
from tests.mail.digest.a_week import known
from tests.pages.opened import an_account, opened, words
from ui.shared.text import plain

ON_PAGES: dict[str, tuple[Kind, ...]] = {"quizzes": ("wrong_key", "hard", "quiz"), "funnel": ("stuck", "drop")}


@pytest.fixture
def creator(database: object) -> ACreator:
    return a_creator(everything_found())


def test_every_kind_but_few_is_planted(creator: ACreator) -> None:
    found = {finding.kind for finding in findings.fresh(creator.id, MONTH).ranked}

    assert set(get_args(Kind)) - found <= {"long", "many_ask", "unanswered"}


def test_workbook_and_api_hold_all_in_one_order(creator: ACreator) -> None:
    every = findings.fresh(creator.id, MONTH).ranked
    first = recommended(every)
    sheet = openpyxl.load_workbook(BytesIO(workbook_bytes(snapshot(creator.id, MONTH))))["What to do"]

    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] != "What happened"]
    answer = by_key(creator.id).get("/creator/findings").json()["findings"]

    assert [row[2] for row in rows] == [one.told for one in (*first, *(one for one in every if one not in first))]
    assert [(one["finding"], one["people"]) for one in answer] == [(one.sentence, one.people) for one in every]
    assert [one["finding"] for one in answer if one["isRecommended"]] == [one.sentence for one in first]


def test_the_report_on_paper_begins_with_what_is_recommended(creator: ACreator) -> None:
    first = recommended(findings.fresh(creator.id, MONTH).ranked)
    pages = PdfReader(BytesIO(snapshot_pdf(snapshot(creator.id, MONTH)))).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())

    places = [printed.find(one.sentence) for one in first]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("page", sorted(ON_PAGES))
def test_pages_show_those_of_their_subject(creator: ACreator, page: str) -> None:
    said = words(opened(an_account(creator), page))

    for kind in ON_PAGES[page]:
        of_kind = findings.fresh(creator.id, MONTH).of(kind)
        assert of_kind
        assert_in_order(said, [plain(one.sentence) for one in of_kind])


def test_the_page_of_a_video_shows_those_about_it(creator: ACreator) -> None:
    every = findings.fresh(creator.id, MONTH)
    about = [one for one in every.of("cliff", "replay", "completion", "long") if one.title == "Loops"]

    said = words(opened(an_account(creator), "video", id=about[0].subject))

    assert all(plain(one.sentence) in said for one in about)
    assert_in_order(said[said.index("What you can do") :], [f"**{plain(one.action)}.**" for one in about])


def test_the_page_of_questions_begins_with_what_most_ask(creator: ACreator) -> None:
    asked = findings.fresh(creator.id, MONTH).of("asked")[0]

    assert plain(asked.sentence) in words(opened(an_account(creator), "chat"))


def test_the_digest_lists_the_first_of_the_week(creator: ACreator) -> None:
    week = Week((NOW - timedelta(days=NOW.weekday() + 7)).date(), creator.timezone)

    digest = gathered(known(creator), week)
    with as_of(week.last_moment):
        every = findings.fresh(creator.id, WEEK)

    for section, kinds in (
        (digest.videos, ("cliff",)),
        (digest.quizzes, ("quiz",)),
        (digest.quiz_questions, ("wrong_key", "hard")),
        (digest.questions, ("badly_answered", "unanswered")),
    ):
        assert [item.detail for item in section.items] == [one.sentence for one in every.of(*kinds)][:3]
    assert section.total


def assert_in_order(said: str, sentences: list[str]) -> None:
    places = [said.find(sentence) for sentence in sentences]
    assert -1 not in places, [sentence for sentence in sentences if sentence not in said]
    assert places == sorted(places)
