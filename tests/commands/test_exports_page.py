"""docs/exports.md describes the contents of the exports."""

import csv
import io
import re

from commands.docs import EXPORTS
from commands.exports_page import exports_page
from reports.exports import TYPES
from reports.exports.formulas import formula_safe
from reports.exports.sources import columns_of
from tests.reports.exports.hostile import hostile_texts


def test_the_page_is_what_the_columns_say() -> None:
    assert EXPORTS.read_text(encoding="utf-8") == exports_page()
    for export_type in TYPES:
        for column in columns_of(export_type):
            assert f"| `{column.key}` | {column.meaning} |" in exports_page()


def test_texts_are_read_exactly_by_the_rule_of_the_page() -> None:
    rule = """re.sub("([;\\t\\r\\n])'", r"\\1", "\\n" + text)[1:]"""
    assert rule in exports_page()
    written = io.StringIO(newline="")
    csv.writer(written).writerows([formula_safe(text)] for text in hostile_texts())

    read = [row[0] if row else "" for row in csv.reader(io.StringIO(written.getvalue(), newline=""))]

    assert [re.sub("([;\t\r\n])'", r"\1", "\n" + text)[1:] for text in read] == hostile_texts()
