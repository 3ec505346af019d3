"""Control characters, direction marks and non-characters in everything that people name: each report is created."""

import json
from email import message_from_bytes
from email.header import decode_header, make_header
from io import BytesIO
from itertools import chain
from uuid import UUID
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from charts.funnel import funnel_bars
from charts.quizzes import answer_bars, correct_bars
from charts.student import course_strip, watched_strips
from database.creators import creator_of_id
from database.tenancy import tenant_tx
from mail.digest.gather import gathered
from mail.digest.mail import digest_mail
from mail.message import Mail, as_email
from queries.courses.funnel import funnel
from queries.periods.period import MONTH
from queries.quizzes.question_analysis import answers, questions
from queries.students.details import student_details
from reports import chart_files
from reports.chart_files import RendererEnded
from reports.exports.request import FORMATS, TYPES
from reports.parts import place_of
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from reports.student_pdf import student_report
from rules.visible import UNSHOWN
from tests.builders import ACreator
from tests.mail.digest.a_week import WEEK, a_busy_creator
from tests.odd_text import STORABLE
from tests.pages.opened import an_account, opened
from tests.reports.exports.opened import csv_rows, exported, json_rows, xlsx_rows
from tests.reports.test_hostile_texts import HEADING

ODD = "".join(STORABLE)


@pytest.fixture(scope="module")
def creator(shared_database) -> ACreator:
    """Everything that people name contains every odd character that the database accepts."""
    return a_busy_creator(
        name=f"Mira{ODD}Vale",
        student_name=f"Ada{ODD}Moss",
        title=f"Loops{ODD}and knots",
        question=f"Why{ODD}so?",
        transcript=f"Welcome{ODD}here. It gets{ODD}hard. Goodbye.",
        category=f"Craft{ODD}s",
        tags=[f"rope{ODD}s"],
    )


def test_the_snapshot_as_pdf_and_as_workbook(creator):
    found = snapshot(creator.id, MONTH)
    assert found.worst_videos

    pages = PdfReader(BytesIO(snapshot_pdf(found))).pages
    workbook = workbook_bytes(found)

    assert any("Loops" in page.extract_text() for page in pages)
    for part in parts_of(workbook):
        assert not UNSHOWN.search("".join(part.itertext()))


@pytest.mark.parametrize("name", ["Ada", "Cleo"])
def test_the_report_on_a_student(creator, name):
    pages = PdfReader(BytesIO(student_report(creator.id, student_of(creator, name)))).pages

    assert any(name in page.extract_text() for page in pages)


def test_the_digest(creator):
    mail = digest_mail(gathered(creator_of_id(creator.id), WEEK))
    assert isinstance(mail, Mail)

    sent = message_from_bytes(as_email(Mail.of_snapshot(json.loads(json.dumps(mail.as_snapshot()))), HEADING))

    parts = [part.get_payload(decode=True).decode() for part in sent.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    for part in [*parts, str(make_header(decode_header(sent["Subject"])))]:
        assert not UNSHOWN.search(part.replace("\r\n", "\n"))
    assert any("Loops" in part for part in parts)


@pytest.mark.parametrize("export_type", TYPES)
def test_exports_keep_every_character_where_they_are_data(creator, export_type):
    made = {export_format: exported(creator, export_type, export_format) for export_format in FORMATS}

    assert PdfReader(BytesIO(made["pdf"])).pages
    told = json_rows(made["json"])
    if export_type in ("analytics", "finished"):  # no texts of people; nobody finished here
        return
    assert any(ODD in cell for cell in chain(*told))
    assert csv_rows(made["csv"]) == told
    assert len(list(parts_of(made["xlsx"]))) > 3
    assert any("\x0b" in cell for cell in chain(*xlsx_rows(made["xlsx"])))


def test_the_charts_of_the_pages(creator):
    quiz = ids(creator, "quizzes")[0]
    details = student_details.fresh(creator.id, student_of(creator, "Cleo"))
    asked = questions.fresh(creator.id, quiz)
    drawn = [
        funnel_bars(funnel.fresh(creator.id)),
        correct_bars(asked),
        answer_bars(answers.fresh(creator.id, quiz)),
        course_strip(details.course),
        watched_strips(details.watched.rows, details.ranges),
    ]

    for chart in drawn:
        assert not any(UNSHOWN.search(each) for each in texts_in(chart.to_dict()))


@pytest.mark.parametrize("page", ["overview", "students", "videos", "quizzes", "chat", "funnel", "exports"])
def test_the_pages(creator, page):
    assert not opened(an_account(creator), page).exception


@pytest.mark.parametrize(("page", "table"), [("student", "students"), ("video", "videos"), ("quiz", "quizzes")])
def test_the_page_of_one(creator, page, table):
    subject = student_of(creator, "Ada") if table == "students" else ids(creator, table)[0]

    assert not opened(an_account(creator), page, id=str(subject)).exception


def test_a_chart_that_ends_the_renderer_is_named_without_what_people_wrote(creator, monkeypatch):
    monkeypatch.setattr(chart_files, "visible_values", lambda spec: spec)
    monkeypatch.setattr("charts.funnel.visible_line", lambda title: title)

    with pytest.raises(RendererEnded) as ended:
        snapshot_pdf(snapshot(creator.id, MONTH))

    assert f"the chart “how far they get” of creator {creator.id}" in str(ended.value)
    said = place_of(ended.value)
    assert "below the heading “How far they get”" in said
    assert said.endswith(f"the analytics snapshot of creator {creator.id} as PDF")
    assert "Loops" not in f"{ended.value} {said}"


def test_a_section_and_a_sheet_that_fail_are_named(creator, monkeypatch):
    found = snapshot(creator.id, MONTH)
    object.__setattr__(found, "quizzes", None)

    for rendered, part in ((snapshot_pdf, "the section quizzes"), (workbook_bytes, "the sheet quizzes")):
        with pytest.raises((AttributeError, TypeError)) as failure:
            rendered(found)
        assert place_of(failure.value).startswith(f"while rendering {part}")
        assert str(creator.id) in place_of(failure.value)


def parts_of(workbook: bytes) -> list[ElementTree.Element]:
    """Every part of the workbook as a program reads it: a character that XML cannot hold is an error."""
    with ZipFile(BytesIO(workbook)) as parts:
        return [ElementTree.fromstring(parts.read(name)) for name in parts.namelist() if not name.endswith(".bin")]


def texts_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [found for each in value.values() for found in texts_in(each)]
    if isinstance(value, list):
        return [found for each in value for found in texts_in(each)]
    return [value] if isinstance(value, str) else []


def student_of(creator: ACreator, name: str) -> UUID:
    with tenant_tx(creator.id) as connection:
        found: UUID = connection.execute(
            text("select id from students where name like :name || '%'"), {"name": name}
        ).scalar_one()
        return found


def ids(creator: ACreator, table: str) -> list[UUID]:
    with tenant_tx(creator.id) as connection:
        return list(connection.execute(text(f"select id from {table}")).scalars())
