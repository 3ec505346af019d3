"""What is missing is an empty cell or a dash, never a word of the program."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from queries.periods.period import MONTH
from reports.exports import FORMATS, TYPES
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from reports.student_pdf import student_report
from tests.builders import ACreator, a_chat, a_creator, a_progress, a_question, a_student, a_video, an_attempt
from tests.reports.exports.opened import csv_rows, exported, xlsx_rows

WORDS = re.compile(r"\b(None|nan|NaN|NaT|<NA>|null)\b")
ADA, BEN = a_student("Ada Moss", email=None), a_student("Ben Okoro", email=None)
LOOPS = a_video("Loops", duration_seconds=None, category=None, difficulty_level=None)


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    """Of everything that may be unknown, nothing is known."""
    return a_creator(
        [ADA, BEN, LOOPS],
        [a_progress(ADA, LOOPS, days_ago=1, watch_percentage=None, watch_duration=None)],
        [an_attempt(ADA, days_ago=1, time_taken_seconds=None)],
        [a_chat(a_question("Why so?"), student=ADA, days_ago=1)],
    )


@pytest.mark.parametrize("export_type", TYPES)
def test_no_cell_says_that_it_is_nothing(creator: ACreator, export_type: str) -> None:
    assert set(FORMATS) == {"csv", "json", "pdf", "xlsx"}

    cells = [cell for row in csv_rows(exported(creator, export_type, "csv")) for cell in row]
    cells += [cell for row in xlsx_rows(exported(creator, export_type, "xlsx")) for cell in row]

    assert [cell for cell in cells if WORDS.search(cell)] == []
    assert not WORDS.search(text_of(exported(creator, export_type, "pdf")))


def test_no_report_says_that_it_is_nothing(creator: ACreator) -> None:
    found = snapshot(creator.id, MONTH)
    workbook = workbook_bytes(found)

    cells = [cell for sheet in range(14) for row in xlsx_rows(workbook, sheet) for cell in row]

    assert [cell for cell in cells if WORDS.search(cell)] == []
    assert not WORDS.search(text_of(snapshot_pdf(found)))
    assert not any(WORDS.search(text_of(student_report(creator.id, each.id))) for each in (ADA, BEN))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
