"""Ten thousand hostile texts through every text column and format: no formula, no exception, no text lost."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from reports.exports.xlsx_file import MOST_UNITS, fitting
from tests.builders import (
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_question,
    a_quiz,
    a_student,
    a_video,
    add,
    an_answer,
    an_attempt,
    refreshed,
)
from tests.reports.exports.hostile import hostile_texts
from tests.reports.exports.opened import by_libreoffice, csv_rows, exported, json_rows, xlsx_rows
from tests.rows import Rows

TEXTS = hostile_texts()
TEXTS_AT_ONCE = 2_500  # one transaction of a page; enough rows that the planner is told of them
ONE_VIDEO = uuid4()

# The texts that each export must contain, by title; and how it is narrowed to one row for each of them.
EXPECTED: dict[str, list[str]] = {
    "students": ["Student", "Email"],
    "progress": ["Student", "Email"],
    "chat": ["Student", "Email", "Video", "Question", "Answer"],
    "quiz_results": ["Student", "Email", "Quiz", "Video"],
    "videos": ["Video", "Category", "Tags"],
}
FILTERS: dict[str, dict[str, Any]] = {"progress": {"video_id": ONE_VIDEO}}
BREAKS, UNSHOWN = re.compile("[\r\n]+"), re.compile("[\x01-\x08\x0b-\x1f]")

every_type = pytest.mark.parametrize("export_type", EXPECTED)


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    made = a_creator(name="=1+1 Ltd")
    ids = [ONE_VIDEO, *(uuid4() for _ in TEXTS[1:])]
    for first in range(0, len(TEXTS), TEXTS_AT_ONCE):
        chosen = slice(first, first + TEXTS_AT_ONCE)
        add(made, [somebody_with(text, id) for text, id in zip(TEXTS[chosen], ids[chosen], strict=True)])
    return refreshed(made)


def asked_with(text: str) -> str:
    """A question that contains the text; many of the texts alone ask nothing."""
    return f"{text} in loops"


def somebody_with(text: str, video_id: UUID) -> list[Rows]:
    """A student, a video, a question, an answer, a quiz and an attempt, all with this text."""
    student = Row("students", a_student().values | {"name": text, "email": text})
    video = a_video(text, id=video_id, category=text, tags=[text])
    quiz = a_quiz(text, video=video)
    chat = a_chat(a_question(asked_with(text), video=video), an_answer(text, video=video), student=student)
    return [student, video, quiz, an_attempt(student, quiz), chat]


@every_type
def test_csv_holds_every_text(creator: ACreator, export_type: str) -> None:
    titles, *rows = csv_rows(exported(creator, export_type, "csv", **FILTERS.get(export_type, {})))

    for title in EXPECTED[export_type]:
        texts = [asked_with(text) for text in TEXTS] if title == "Question" else TEXTS
        assert sorted(row[titles.index(title)] for row in rows) == sorted(texts)


@every_type
def test_json_holds_every_text_and_the_rows_of_csv(creator: ACreator, export_type: str) -> None:
    filters = FILTERS.get(export_type, {})
    content = exported(creator, export_type, "json", **filters)

    assert json.loads(content)["row_count"] == len(TEXTS)
    assert json_rows(content) == csv_rows(exported(creator, export_type, "csv", **filters))


@every_type
def test_a_workbook_holds_every_text_and_no_formula(creator: ACreator, export_type: str, tmp_path: Path) -> None:
    filters = FILTERS.get(export_type, {})
    content = exported(creator, export_type, "xlsx", **filters)
    expected = [[fitting(cell) for cell in row] for row in csv_rows(exported(creator, export_type, "csv", **filters))]

    assert xlsx_rows(content) == expected
    assert as_shown(by_libreoffice(content, tmp_path)) == as_shown(expected)


def test_a_text_that_a_cell_cannot_hold_is_cut_and_says_so() -> None:
    for text in ("w" * 40_000, "\U0001f600" * 20_000, "a" + "\U0001f600" * 20_000):
        cut = fitting(text)

        assert len(cut.encode("utf-16-le")) // 2 <= MOST_UNITS
        assert cut.endswith(f"[cut: {len(text):,} characters in all; the CSV and JSON exports have every one]")
        kept = cut[: cut.rindex(" … [cut")]
        assert text.startswith(kept)
        assert len(kept) > 16_000


@pytest.mark.parametrize("text", ["w" * MOST_UNITS, "\U0001f600" * (MOST_UNITS // 2)])
def test_a_text_that_just_fits_stays_whole(text: str) -> None:
    assert fitting(text) == text
    assert fitting(text + "\U0001f600") != text + "\U0001f600"


def as_shown(rows: list[list[str]]) -> list[list[str]]:
    """What LibreOffice keeps of a text: line breaks of one kind, no control characters. openpyxl has seen all of it."""
    return [[UNSHOWN.sub("", BREAKS.sub("\n", cell)) for cell in row] for row in rows]
