"""Where the pages of a report end."""

from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader
from reportlab.platypus import Flowable, Paragraph, Spacer

from reports.pdf.document import pdf_bytes
from reports.pdf.styles import BODY, HEADING, SUBHEADING
from reports.pdf.tables import Column, table

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_a_long_table_begins_under_its_heading_on_the_same_page():
    """If kept with its heading, it would move to the next page as a whole."""
    pages = pages_of([Paragraph("Students", HEADING), Spacer(0, 300), Paragraph("At risk", SUBHEADING), rows(40)])

    assert "At risk" in pages[0]
    assert "row 0" in pages[0]
    assert "row 39" in pages[1]


def test_a_heading_with_too_little_room_begins_the_next_page():
    pages = pages_of([Spacer(0, 560), Paragraph("Videos", HEADING), rows(10)])

    assert "Videos" not in pages[0]
    assert "Videos" in pages[1]


def test_headings_in_a_row_stay_together():
    story = [Spacer(0, 560), Paragraph("Students", HEADING), Paragraph("By tier", SUBHEADING), rows(10)]

    pages = pages_of(story)

    assert "Students" not in pages[0]
    assert all(said in pages[1] for said in ("Students", "By tier", "row 0"))


def test_a_heading_at_the_end_is_not_lost():
    assert "Last" in pages_of([Paragraph("Something", BODY), Paragraph("Last", HEADING)])[0]


def rows(count: int) -> Flowable:
    return table([Column("Name", 1)], [[f"row {number}"] for number in range(count)])


def pages_of(story: list[Flowable]) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf_bytes("Title", story, NOW))).pages]
