from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.platypus import Paragraph

from reports.pdf.document import pdf_bytes
from reports.pdf.fonts import font_of, font_runs
from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import BODY, HEADING, TITLE
from reports.pdf.text import safe_markup, shortened

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["<b>unclosed", "<img src='/etc/passwd'/>", "a & b &amp; c", "<br/><font name='x'>", "{{7*7}} </para>", '"quoted"'],
)
def test_markup_in_text_is_shown_and_never_obeyed(text):
    assert text in text_of(pdf_bytes("Title", [plain_paragraph(text, BODY)], NOW))


def test_every_script_finds_its_font():
    assert [font_of(character) for character in "aЖ李さไह🎉민বத"] == [
        "SourceSans3-Regular",
        "SourceSans3-Regular",
        "DroidSansFallbackFull",
        "DroidSansFallbackFull",
        "NotoSansThai-Regular",
        "NotoSansDevanagari-Regular",
        "NotoEmoji-Regular",
        "NanumGothic",
        "NotoSansBengali-Regular",
        "NotoSansTamil-Regular",
    ]
    assert "".join(run.text for run in font_runs("a李b")) == "a李b"


def test_text_in_many_scripts_comes_back_from_the_file():
    written = "Zoë Мария 李小龙 さくら ไทย हिन 🎉 ≥"
    further = "김민준 이서연 বাংলা தமிழ் తెలుగు ગુજરાતી ਪੰਜਾਬੀ ಕನ್ನಡ മലയാളം සිංහල"

    text = text_of(pdf_bytes("Title", [plain_paragraph(written, BODY), plain_paragraph(further, BODY)], NOW))

    assert written in text
    assert further in text


def test_joined_emoji_come_back_from_the_file():
    assert "👨\u200d👩\u200d👧 👍🏽" in text_of(
        pdf_bytes("Title", [plain_paragraph("👨\u200d👩\u200d👧 👍🏽", BODY)], NOW)
    )


def test_a_title_from_the_right_is_a_bookmark():
    document = PdfReader(BytesIO(pdf_bytes("T", [plain_paragraph("יעל (Yael)", TITLE)], NOW)))

    assert [entry.title for entry in document.outline] == ["יעל (Yael)"]


def test_control_characters_and_lone_surrogates_do_no_harm():
    assert safe_markup("a\x00\x07b\u202ec\ud800") == 'a  bc<font name="DejaVuSans">\N{REPLACEMENT CHARACTER}</font>'


def test_long_right_to_left_text_reads_from_the_first_line_down():
    text = " ".join(["ראשון"] + ["מלה"] * 60 + ["אחרון"])

    lines = [
        line
        for line in text_of(pdf_bytes("T", [plain_paragraph(text, BODY)], NOW)).splitlines()
        if "מלה" in line or "הלמ" in line
    ]

    assert len(lines) > 1
    assert "ראשון" in lines[0] or "ןושאר" in lines[0]


def test_a_word_without_end_is_broken_over_lines():
    assert text_of(pdf_bytes("Title", [plain_paragraph("x" * 40_000, BODY)], NOW)).count("x") == 40_000


def test_shortened_says_that_there_was_more():
    assert shortened("one two three", 8) == "one two…"


def test_the_document_has_title_language_bookmarks_and_pages_of_pages():
    story = [Paragraph("Cover", TITLE), Paragraph("First", HEADING)]

    document = PdfReader(BytesIO(pdf_bytes("A <title> \u05e9", story, NOW)))

    assert document.metadata.title == "A <title> \u05e9"
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    assert document.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [entry.title for entry in document.outline] == ["Cover", "First"]
    assert "Page 1 of 1" in " ".join(document.pages[0].extract_text().split())


def test_every_font_is_embedded():
    document = PdfReader(BytesIO(pdf_bytes("Title", [plain_paragraph("plain 李", BODY)], NOW)))

    fonts = [font.get_object() for font in document.pages[0]["/Resources"]["/Font"].values()]

    used = [font for font in fonts if font["/BaseFont"] != "/Helvetica"]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
