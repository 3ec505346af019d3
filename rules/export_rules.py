"""Limits of all exports: retention, size, when a worker counts as dead; and how a CSV file may be written."""

from codecs import BOM_UTF8, BOM_UTF16_LE
from dataclasses import dataclass
from datetime import timedelta

from rules.errors import InputError

KEPT_FOR = timedelta(days=30)  # row and file
LINK_VALID_FOR = timedelta(hours=24)
MAX_FILE_BYTES = 100 * 1024 * 1024
MOST_AT_ONCE = 10  # waiting or running, per creator
BEAT_SECONDS = 1.0
SILENT_SECONDS = 30.0  # a worker that is silent for this long is dead
MOST_WORKERS_LOST = 3  # an export that took this many down with it is not retried
MOST_PRINTED_COLUMNS = 10  # of a PDF: as many as one can read across a page
LONGEST_SECONDS = 30 * 60.0  # an attempt that takes longer is stuck

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
DECIMAL_MARKS = {"point": ".", "comma": ","}
# Only those that have every character: nothing is lost.
ENCODINGS = {"utf-8-bom": ("utf-8", BOM_UTF8), "utf-8": ("utf-8", b""), "utf-16": ("utf-16-le", BOM_UTF16_LE)}


@dataclass(frozen=True)
class CsvStyle:
    """How a CSV file is written, for the spreadsheets of a country; by default RFC 4180 with a byte order mark.

    Raises InputError, naming the choice and its value, for anything that is not an option.
    """

    separator: str = "comma"
    decimal_mark: str = "point"
    encoding: str = "utf-8-bom"

    def __post_init__(self) -> None:
        for name, offered in (("separator", SEPARATORS), ("decimal_mark", DECIMAL_MARKS), ("encoding", ENCODINGS)):
            value = getattr(self, name)
            if value not in offered:
                raise InputError(f'{name} is "{value}"; choose one of {", ".join(offered)}.')


RFC_4180 = CsvStyle()
