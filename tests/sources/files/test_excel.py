"""Workbooks come out as text: what a cell holds is written out, and what is odd about the sheet is said."""

from datetime import datetime, time, timedelta

import pytest

from rules.errors import InputError
from tests.sources.files.made import read, workbook


def test_numbers_dates_and_lengths_are_written_out(tmp_path) -> None:
    rows = [
        ["ID", "Share", "At", "Length", "Passed"],
        ["0012", 0.85, datetime(2026, 3, 1, 14, 30), timedelta(hours=36), True],  # noqa: DTZ001  # as a workbook has it
        [7, "85%", "01.03.2026", time(1, 2, 3), False],
    ]
    _, found, refused = read(workbook(tmp_path, ("Report", rows)))

    assert (found[0][:3], found[0][5]) == ([2, "0012", "0.85"], "TRUE")
    assert found[0][3] == "2026-03-01 14:30:00"
    assert found[1][:4] == [3, "7", "85%", "01.03.2026"]
    assert refused == []


def test_a_title_above_and_hidden_sheets_are_left_out_and_said(tmp_path) -> None:
    rows = [["Course report"], ["Made today"], [], ["ID", "Name", "Score"], ["1", "Ann", 2], ["2", "Bob"]]
    table, found, _ = read(workbook(tmp_path, ("Report", rows), ("Secret", [["x", "y"]]), hidden="Secret"))

    assert (table.header, table.header_line, table.sheets) == (["ID", "Name", "Score"], 4, ["Report"])
    assert found == [[5, "1", "Ann", "2"], [6, "2", "Bob", ""]]
    assert table.notes == [
        "Hidden sheets are not read: Secret.",
        "The columns are named in line 4; what stands above was left out.",
    ]


def test_another_sheet_is_read_if_it_is_named(tmp_path) -> None:
    file = workbook(tmp_path, ("One", [["a", "b"], [1, 2]]), ("Two", [["c", "d"], [3, 4]]))
    assert read(file)[0].notes == ["Only the sheet “One” is read; the others are One, Two."]
    assert read(file, sheet="Two")[1] == [[2, "3", "4"]]
    with pytest.raises(InputError, match="no visible sheet “Three”"):
        read(file, sheet="Three")


def test_a_cell_with_an_error_is_no_empty_cell(tmp_path) -> None:
    table, found, _ = read(workbook(tmp_path, ("A", [["id", "score"], ["1", "=1/0"], ["2", 5]])))
    assert found == [[2, "1", "#DIV/0!"], [3, "2", "5"]]
    assert "1 cells with an error such as #DIV/0!" in table.notes[0]


def test_an_id_that_lost_digits_looks_like_it(tmp_path) -> None:
    _, found, _ = read(workbook(tmp_path, ("A", [["id", "name"], [12345678901234567, "Ann"]])))
    assert "e+16" in found[0][1]


def test_what_is_no_workbook_is_refused(tmp_path) -> None:
    broken = workbook(tmp_path, ("A", [["id", "name"], ["1", "Ann"]]))
    content = b"".join(broken.chunks())
    for damaged in (content[:200], content[:-50], b"PK\x03\x04" + b"x" * 500):
        with pytest.raises(InputError, match="damaged"):
            read(damaged)
    assert read(content)[1]
