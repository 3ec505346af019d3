"""Text with separators comes out as it was meant, or is refused with its line."""

import pytest

from rules.errors import InputError
from sources.facts import Refusal
from tests.sources.files.made import read

ROWS = 'Name;Date;Minutes\r\nMüller, Jürgen;01.02.2026;1.000,5\r\n"Zoë ""Z""";03.03.2026;2,5\r\n'
CELLS = [[2, "Müller, Jürgen", "01.02.2026", "1.000,5"], [3, 'Zoë "Z"', "03.03.2026", "2,5"]]


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_encodings_are_known_by_their_mark_or_by_the_whole_content(encoding, found) -> None:
    table, rows, refused = read(ROWS.encode(encoding))

    assert (table.header, table.encoding, table.separator) == (["Name", "Date", "Minutes"], found, ";")
    assert (rows, refused) == (CELLS, [])


def test_a_foreign_letter_in_the_last_line_decides_the_encoding_of_all_lines() -> None:
    content = b"name,score\n" + b"Ann,1\n" * 400_000 + "Zoë,2\n".encode("cp1252")

    table, rows, _ = read(content)

    assert (table.encoding, len(rows), rows[-1][1]) == ("cp1252", 400_001, "Zoë")


def test_an_encoding_that_is_named_is_taken() -> None:
    _, rows, _ = read("name,score\nŁódź,1\n".encode("cp1250"), encoding="cp1250")
    assert rows == [[2, "Łódź", "1"]]
    with pytest.raises(InputError, match="not a known encoding"):
        read(b"a,b\n1,2\n", encoding="klingon")
    with pytest.raises(InputError, match="no encoding of text"):
        read(b"a,b\n1,2\n", encoding="zlib")


def test_excels_line_with_the_separator_is_followed() -> None:
    table, rows, _ = read(b"sep=|\r\na|b\r\n1,5|2,5\r\n3,5|4,5\r\n")
    assert (table.header, table.header_line, rows) == (["a", "b"], 2, [[3, "1,5", "2,5"], [4, "3,5", "4,5"]])


def test_what_stands_above_the_header_and_a_total_below_are_left_out_and_said() -> None:
    content = b"Report: views\nMade: today\n\nUser,Video,Minutes\nu0,v0,1\nu1,v1,2\n\nTotal,,3\n"

    table, rows, _ = read(content)

    assert (table.header_line, rows) == (4, [[5, "u0", "v0", "1"], [6, "u1", "v1", "2"]])
    assert table.notes == [
        "The columns are named in line 4; what stands above was left out.",
        "Line 8 looks like the total of the others and was left out.",
    ]


def test_somebody_who_is_called_total_stays() -> None:
    _, rows, _ = read(b"Name,Score\nAnn,1\nTotal,2\n")
    assert [row[1] for row in rows] == ["Ann", "Total"]


def test_lines_with_too_few_or_too_many_fields_are_refused_alone() -> None:
    _, rows, refused = read(b"id,name,score\n1,a,1\n2,b\n3,c,0,9\n4,d,4\n")

    assert [row[0] for row in rows] == [2, 5]
    assert [(one.line, one.column, one.value) for one in refused] == [
        (3, "score", "2 | b"),
        (4, "column 4", "3 | c | 0 | 9"),
    ]
    assert isinstance(refused[0], Refusal)


def test_empty_fields_behind_the_last_column_are_no_mistake() -> None:
    _, rows, refused = read(b"id,name\n1,a\n2,b,,\n3,c\n")
    assert ([row[1:] for row in rows], refused) == ([["1", "a"], ["2", "b"], ["3", "c"]], [])


def test_a_quote_that_never_closes_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"Line 3 cannot be read as fields: it has a quote .* that never closes"):
        read(b'id,name\n1,a\n2,"oops\n' + b"3,c\n" * 50)


def test_a_quote_that_closes_in_the_middle_of_a_field_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"Line 2 cannot be read .* in the middle of a field"):
        read(b'id,name\n1,"a" b\n')


def test_lines_are_counted_through_text_with_line_breaks() -> None:
    _, rows, _ = read(b'id,name\n1,"two\nlines"\n2,b\n')
    assert rows == [[2, "1", "two\nlines"], [4, "2", "b"]]


def test_columns_that_share_a_name_or_have_none_can_be_told_apart() -> None:
    table, rows, _ = read(b"Email,Score,Score,,Score\na@x,1,2,z,3\n")
    assert table.header == ["Email", "Score", "Score (2)", "column 4", "Score (3)"]
    assert rows == [[2, "a@x", "1", "2", "z", "3"]]


def test_a_single_column_is_a_table_too() -> None:
    table, rows, _ = read(b"email\na@example.org\nb@example.org\n")
    assert (table.header, [row[1] for row in rows]) == (["email"], ["a@example.org", "b@example.org"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"a,b\n1,\0\n", "neither text nor a workbook"),
        (b"a,b\n\x81\x8d\xff,1\n", "neither UTF-8 nor Windows text"),
        (b"%PDF-1.7\0\0", "neither text nor a workbook"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, said) -> None:
    with pytest.raises(InputError, match=said):
        read(content)
