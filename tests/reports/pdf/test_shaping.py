"""Letters that join, move or run from the right: what stands on paper, from left to right."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.pdf.document import pdf_bytes
from reports.pdf.fonts import font_named
from reports.pdf.glyphs import FIRST, text_of
from reports.pdf.order import RIGHT
from reports.pdf.paragraphs import ShapedParagraph, plain_paragraph
from reports.pdf.shaping import base_of, needs_shaping, shaped, split_to_fit, width_of
from reports.pdf.styles import BODY, CELL
from reports.pdf.text import cleaned
from tests.reports.pdf.test_paragraphs import NOW
from tests.reports.pdf.test_paragraphs import text_of as text_of_file


@pytest.mark.parametrize(
    ("written", "on_paper"),
    [
        ("\u05d9\u05e2\u05dc (Yael)", "(Yael) \u05dc\u05e2\u05d9"),
        ("(\u05d9\u05e2\u05dc)", "(\u05dc\u05e2\u05d9)"),
        ("Yael (\u05d9\u05e2\u05dc) 12:30", "Yael (\u05dc\u05e2\u05d9) 12:30"),
        ("\u05d9\u05e2\u05dc (a) [\u05d1] <3>", "<3> [\u05d1] (a) \u05dc\u05e2\u05d9"),
        ("\u05d9\u05e2\u05dc 12 34", "34 12 \u05dc\u05e2\u05d9"),
        ("plain (text", "plain (text"),
    ],
)
def test_right_to_left_text_and_its_brackets_stand_in_their_order(written, on_paper):
    assert drawn(written) == on_paper


def test_arabic_letters_take_the_forms_that_their_neighbours_give_them():
    alone, joined = shaped("\u0628")[0], shaped("\u0628\u0628\u0628")[0]

    glyphs = [font_named(joined.font).face.charToGlyph[ord(each)] for each in joined.glyphs]

    assert len(set(glyphs)) == 3
    assert font_named(alone.font).face.charToGlyph[ord(alone.glyphs)] not in glyphs


def test_a_vowel_sign_stands_before_its_consonant():
    run = shaped("\u0939\u093f")[0]
    consonant = font_named(run.font).face.charToGlyph[0x939]

    assert [font_named(run.font).face.charToGlyph[ord(each)] for each in run.glyphs][1] == consonant


def test_consonants_join_and_stay_one_when_a_word_is_broken():
    word = "\u0915\u094d\u0937" * 4
    of_one = width_of(shaped("\u0915\u094d\u0937"), 10)

    assert len(shaped(word)[0].glyphs) == 4
    assert split_to_fit(word, 2.1 * of_one, 10, bold=False) == ["\u0915\u094d\u0937" * 2] * 2


def test_thai_is_broken_between_syllables_only():
    pieces = split_to_fit("\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22", 1, 10, bold=False)

    assert pieces == ["\u0e20\u0e32", "\u0e29\u0e32", "\u0e44\u0e17", "\u0e22"]


@pytest.mark.parametrize(
    "written",
    [
        "\u0939\u093f\u0928\u094d\u0926\u0940 \u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f",
        "\u0b93\u0b83 \u0b95\u0bcd\u0bb7\u0bca",
        "\u0b13\u0b21\u0b3c\u0b3f\u0b06",
        "\u1797\u17b6\u179f\u17b6\u1781\u17d2\u1798\u17c2\u179a",
        "\u0e17\u0e35\u0e48\u0e19\u0e35\u0e48",
        "\u1019\u103c\u1014\u103a\u1019\u102c",
        "\u12a0\u121b\u122d\u129b",
    ],
)
def test_what_is_shaped_comes_back_from_the_file(written):
    found = text_of_file(pdf_bytes("Title", [plain_paragraph(written, BODY)], NOW))

    assert written.replace(" ", "") in found.replace(" ", "")  # pypdf sees a space beside raised marks


def test_marks_away_from_their_letter_are_read_with_it():
    pdf = pdf_bytes("Title", [plain_paragraph("\u05e9\u05b8\u05c1\u05dc", BODY)], NOW)

    contents = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()

    assert b"/ActualText <FEFF05e905b805c1>" in contents


def test_latin_chinese_and_numbers_need_no_shaping():
    assert not any(needs_shaping(text) for text in ("Zo\u00eb", "\u674e\u5c0f\u9f99", "12:30", "\ud55c"))


def test_text_of_people_never_holds_a_character_of_a_glyph():
    shaped("\u0939\u093f")

    assert cleaned(f"a{chr(FIRST)}b") == "a\N{REPLACEMENT CHARACTER}b"
    assert text_of(chr(FIRST)) != chr(FIRST)


def test_a_paragraph_from_the_right_stands_on_the_right_and_splits_between_lines():
    paragraph = ShapedParagraph("\u05de\u05dc\u05d4 " * 200, CELL, RIGHT)
    _, height = paragraph.wrap(200, 10_000)

    first, second = paragraph.split(200, height / 2)

    assert first.wrap(200, 10_000)[1] + second.wrap(200, 10_000)[1] == height
    assert first.text + "\n" + second.text == "\n".join(paragraph._lines)
    assert paragraph._start(50) == 150


def drawn(line: str) -> str:
    """What the characters of the line look like, from left to right."""
    return "".join(text_of(each) for run in shaped(line, base_of(line)) for each in run.glyphs)
