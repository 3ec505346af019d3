"""docs/exports.md: the contents of each export, generated from its columns."""

from dataclasses import replace

from reports.exports.request import FILTERS, TYPES, ExportType, filter_names
from reports.exports.sources import NAMES, columns_of, course_column_of, grain_of
from reports.exports.table import Column

HEAD = """# Exports

What a creator can download: seven types of data, each as CSV, JSON, Excel or PDF. `reports/exports/` writes
them; this page is generated from its columns (`make docs`).

```sh
python manage.py export --creator "Mira Vale" --type students --format xlsx --filter status=active --out students.xlsx
```

**Courses**: every type takes the filters `course_id` and `run_id`, the ids of a course and of a run of it (the HTTP
API takes them as `course` and `run`). The file then contains only what belongs to that course or run:
its students, videos, quizzes and activity. JSON, PDF and the file name say which course. Where
there are several courses, a last column, "Course", is added; with one course it is
omitted.

**Columns**: every type takes `columns` (`--columns name,email`), the names in JSON, in this order; without it all of
them (PDF: those marked below). The column "Course" can be chosen with one course too. A PDF holds at most 10. The
reports (analytics as PDF or Excel, the progress of one student as PDF) have columns of their own.

Every file is consistent, however long it takes to write: it is read from one snapshot of the database.

## The formats

**CSV**: RFC 4180, lines end with CRLF, UTF-8 with a byte order mark, titles in the first row. A missing value is an
empty cell, and so is empty text (JSON distinguishes them). TRUE and FALSE. Times are local (`2026-03-04
13:05:00`), and the title names the zone; an hour that the clocks repeat is only unambiguous in JSON.

*For the spreadsheets of other countries*: `separator` (`comma`, `semicolon`, `tab`), `decimal_mark` (`point`,
`comma`) and `encoding` (`utf-8-bom`, `utf-8`, `utf-16`; each has every character). The page begins with the
creator's preferences; the command and the HTTP API begin with RFC 4180, whatever these are. A number whose mark is
also the separator is quoted; between tabs every cell is. Ids, titles, times and TRUE stay as they are.

*Formulas*: a spreadsheet recognises a formula by its first visible character, and may split a file at
semicolons, tabs or line breaks. At each of these places, an apostrophe is put before anything that would start
a formula (`=`, `+`, `-`, `@` and their full-width and small forms, also behind characters that cannot be seen)
and before an apostrophe that stood there already. To read a text exactly, take away the apostrophe at its
beginning and behind each `;`, tab, CR and LF: `re.sub("([;\\t\\r\\n])'", r"\\1", "\\n" + text)[1:]`. In a
file that is separated by semicolons or tabs, the comma is such a place too (`[,;\\t\\r\\n]`). Numbers are never marked.

**JSON**: one object: `creator`, `course` (only where the file is of one), `type`, `filters`, `generated_at`,
`figures_as_of`, `data_version`, `timezone`, `row_count`, `columns` (key, title, kind, unit) and `rows`, one object per
row. Times include their offset from UTC. Missing values are null.

**Excel**: one sheet (analytics: the Excel report, with charts, and the sheet "All figures" with these rows),
typed cells, a frozen title row with filters. No cell is a formula or a link. Times are local, and the title
names the zone. A cell holds 32,767 units of UTF-16: longer text is cut, and ends with `… [cut: 40,000
characters in all; the CSV and JSON exports have every one]`. A sheet holds 1,048,575 rows; more are refused.

**PDF**: for reading and printing. Analytics: the snapshot report, with these rows at the end. Otherwise the
columns marked below and the first 1,000 rows; if there are more, the first page says how many. Of one student
(`student_id`), progress is the progress report, with every row and the student's name in title and file name. A
text that would be longer than a page is cut, followed by its length.
Figures are as in the other formats, with commas between thousands.

Shares are rounded to two decimals, halves up; figures that pages show as whole numbers are whole here too.
"""

SECTION = """## {name}

`--type {type}`. {grain}

*Filters:* {filters}.

| column | in JSON | meaning | unit | in PDF |
| --- | --- | --- | --- | --- |
{rows}
"""


def exports_page() -> str:
    """The page as Markdown, one section per type."""
    return "\n".join([HEAD, *(_section(export_type) for export_type in TYPES)])


def _section(export_type: ExportType) -> str:
    return SECTION.format(
        name=NAMES[export_type],
        type=export_type,
        grain=grain_of(export_type),
        filters=", ".join(_filter(export_type, name) for name in filter_names(export_type)),
        rows="\n".join([*map(_row, columns_of(export_type)), *_course_row(export_type)]),
    )


def _course_row(export_type: ExportType) -> list[str]:
    """The column that only exists if the creator has several courses."""
    column = course_column_of(export_type)
    return [_row(replace(column, meaning=f"Only if there are several courses. {column.meaning}"))] if column else []


def _filter(export_type: ExportType, name: str) -> str:
    usual = getattr(FILTERS[export_type](), name)
    return f"`{name}`" if usual in (None, "") else f"`{name}` (default {usual})"


def _row(column: Column) -> str:
    title = f"{column.title} (zone)" if column.kind == "instant" else column.title
    unit = column.unit or {"instant": "local time", "boolean": "TRUE or FALSE"}.get(column.kind, "")
    return f"| {title} | `{column.key}` | {column.meaning} | {unit} | {'yes' if column.print_share else ''} |"
