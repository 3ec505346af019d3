"""PDF tables: any text, every page complete, and a sentence if there is more than a file should hold."""

import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from reports.exports import TYPES, write_export
from reports.exports.pdf_file import MOST_PRINTED, printed_cell, write_pdf_table
from reports.exports.request import ExportRequest
from reports.exports.table import About, Column, Table, in_one_batch
from tests.builders import NOW, ACreator, a_chat, a_creator, a_question, a_student, a_video, an_answer, an_attempt
from tests.reports.exports.hostile import hostile_texts
from tests.reports.exports.opened import csv_rows, exported

TEXTS_AT_ONCE = 1_000
NAME, NUMBER = (
    Column("name", "Name", "text", "A text.", print_share=1),
    Column("number", "Number", "number", "Its place.", print_share=1),
)


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    return a_creator(
        [a_student(f"Student {number:04}", enrolled_days_ago=number / 24) for number in range(MOST_PRINTED + 1)],
        [a_video("Loops"), an_attempt(), a_chat(a_question("Why <b>not</b>?"), an_answer("Because & so."))],
        name="Mira <i>Vale</i> مرحبا",
    )


@pytest.mark.parametrize("export_type", TYPES)
def test_every_pdf_is_sound_and_says_what_it_is(creator: ACreator, export_type: str, tmp_path: Path) -> None:
    path = tmp_path / "export.pdf"
    path.write_bytes(exported(creator, export_type, "pdf"))

    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    pages = PdfReader(path).pages
    text = text_of(path)
    assert "Mira <i>Vale</i>" in text
    assert f"Page {len(pages)} of {len(pages)}" in text
    assert ("Figures calculated: 4 March 2026, 12:00" if export_type == "analytics" else "figures as of") in text
    assert PdfReader(path).metadata.title.startswith(export_type.replace("_", " ").capitalize())


def test_titles_stand_on_every_page(creator: ACreator, tmp_path: Path) -> None:
    path = tmp_path / "export.pdf"
    path.write_bytes(exported(creator, "students", "pdf"))

    pages = text_of(path).split("\f")[:-1]
    assert len(pages) > 20
    assert all(
        "Last active" in page and f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)
    )


def test_a_pdf_with_more_rows_than_anybody_reads_says_where_they_are(creator: ACreator, tmp_path: Path) -> None:
    target = BytesIO()
    rows = write_export(
        creator.id, ExportRequest.of("students", "pdf", {"sort_by": "name", "sort_order": "asc"}), target
    )
    path = tmp_path / "export.pdf"
    path.write_bytes(target.getvalue())

    text = text_of(path)
    assert rows == MOST_PRINTED
    assert "shows the first 1,000 of 1,001 rows; the CSV, JSON and Excel exports have all rows" in text
    assert ("Student 0999" in text, "Student 1000" in text) == (True, False)


def test_a_pdf_with_every_row_says_nothing_of_the_kind(creator: ACreator, tmp_path: Path) -> None:
    path = tmp_path / "export.pdf"
    path.write_bytes(exported(creator, "students", "pdf", search="Student 000"))

    assert "10 rows" in text_of(path)
    assert "This file shows" not in text_of(path)


def test_a_pdf_holds_the_printed_cells_of_csv(creator: ACreator, tmp_path: Path) -> None:
    titles, *rows = csv_rows(exported(creator, "quiz_results", "csv"))
    path = tmp_path / "export.pdf"
    path.write_bytes(exported(creator, "quiz_results", "pdf"))

    text = text_of(path)
    for title in ("Student", "Quiz", "Score (%)", "Attempt"):
        assert rows[0][titles.index(title)] in text


def test_the_head_says_in_words_what_was_chosen(creator: ACreator, tmp_path: Path) -> None:
    path = tmp_path / "export.pdf"
    path.write_bytes(exported(creator, "students", "pdf", search="Student 000", progress="0-25"))

    text = " ".join(text_of(path).split())
    assert "10 rows, by last active, descending. Filters: 0 to 25% progress; with “Student 000”" in text
    assert "sort" not in text


def test_an_email_address_stands_on_one_line(about: About, tmp_path: Path) -> None:
    address = "a.person.with.a.very.long.name.indeed@students.of.the.university.example.org"
    columns = (Column("email", "Email", "text", "An address.", print_share=2), *(replace(NUMBER) for _ in range(4)))
    table = Table("Addresses", columns, in_one_batch([[address], *[[1]] * 4]), 1, about)
    path = tmp_path / "addresses.pdf"

    with path.open("w+b") as target:
        write_pdf_table(table, target, ExportRequest.of("students", "pdf"))

    assert address in text_of(path)


@pytest.mark.parametrize("first", range(0, 10_000, TEXTS_AT_ONCE))
def test_ten_thousand_hostile_texts_are_printed(first: int, about: About, tmp_path: Path) -> None:
    texts = hostile_texts()[first : first + TEXTS_AT_ONCE]
    table = Table("<b>Texts", (NAME, NUMBER), in_one_batch([texts, range(len(texts))]), len(texts), about)
    path = tmp_path / "texts.pdf"

    with path.open("w+b") as target:
        write_pdf_table(table, target, ExportRequest.of("students", "pdf", {"search": "<b>"}))

    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    printed = text_of(path)
    assert "999" in printed
    for word in re.findall("[A-Za-z]{4,}", " ".join(text for text in texts if text.isascii() and len(text) < 60)):
        assert word in printed


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (None, "-"),
        (0, "0"),
        (False, "No"),
        (True, "Yes"),
        (1234.5, "1,234.5"),
        (NOW, "4 Mar 2026, 12:00"),
        ("a\n b", "a b"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 120 + " … [121 characters in all]"),
    ],
)
def test_a_cell_is_printed_as_people_read_it(cell: object, printed: str) -> None:
    assert printed_cell(NAME, cell) == printed


@pytest.fixture
def about() -> About:
    return About("Mira <Vale>", ZoneInfo("UTC"), NOW, None, 0)


def text_of(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout
