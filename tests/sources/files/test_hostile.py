"""Files made to break a reader are refused, within the limits of the child."""

import io
import time
import zipfile

import pytest

from rules.errors import InputError
from sources.files.reading import MEGABYTES
from tests.sources.files.made import read, workbook


@pytest.fixture(autouse=True)
def limits():
    """Nothing took more time than is allowed; the kernel refuses the child more memory than it may have."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 30


def test_a_child_may_use_less_than_is_allowed() -> None:
    assert MEGABYTES < 512


def test_a_sheet_of_billions_of_cells(tmp_path) -> None:
    rows: list[list[object]] = [["a", "b"]]
    file = workbook(tmp_path, ("A", rows))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        b"</sheetData></worksheet>"
    )
    with pytest.raises(InputError, match="too large"):
        read(with_sheet(b"".join(file.chunks()), sheet))


def test_a_bomb_of_zeros(tmp_path) -> None:
    sheet = b"<worksheet><sheetData>" + b" " * 500_000_000
    with pytest.raises(InputError, match="too large"):
        read(with_sheet(b"".join(workbook(tmp_path, ("A", [["a", "b"]])).chunks()), sheet))


def test_a_bomb_that_lies_about_its_size(tmp_path) -> None:
    content = with_sheet(
        b"".join(workbook(tmp_path, ("A", [["a", "b"]])).chunks()), b"<worksheet>" + b" " * 300_000_000
    )
    lying = content.replace((300_000_011).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != content
    with pytest.raises(InputError):
        read(lying)


def test_entities_that_multiply(tmp_path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + place, b"&%c;" % (97 + place) * 10) for place in range(12)
    )
    sheet = laughs + b"]><worksheet><sheetData><row><c><v>&m;</v></c></row></sheetData></worksheet>"
    with pytest.raises(InputError):
        read(with_sheet(b"".join(workbook(tmp_path, ("A", [["a", "b"]])).chunks()), sheet))


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n" + b"x" * 10_000_000,
        b"a,b\n" + b'"' + b"x\n" * 5_000_000,
        b",".join(b"c" for _ in range(2_000_000)) + b"\n",
        b"\xff\xfe" + b"\x00\xd8" * 1000,
        b"\xef\xbb\xbf" + b"\xff" * 1000,
        b"PK\x03\x04" * 1000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000,
    ],
    ids=["a line", "a quote", "columns", "surrogates", "a mark", "no archive", "no old workbook"],
)
def test_content_without_an_end(content) -> None:
    with pytest.raises(InputError):
        read(content)


def with_sheet(content: bytes, sheet: bytes) -> bytes:
    """The workbook with this as its first sheet."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, sheet if entry.filename.endswith("sheet1.xml") else old.read(entry))
    return written.getvalue()
