"""docs/exports.md: what each export holds, from the columns themselves."""

from reports.exports.request import FILTERS, TYPES, ExportType, filter_names
from reports.exports.table import Column
from reports.exports.writing import NAMES, columns_of, grain_of

HEAD = """# Exports

What a creator can take along: six types, each as CSV, JSON, Excel workbook or PDF. `reports/exports/` writes
them; this page comes from its columns (`make docs`).

```sh
python manage.py export --creator "Mira Vale" --type students --format xlsx --filter status=active --out students.xlsx
```

Every file is of one instant, however long it takes to write: one snapshot of the database, read from a cursor.

## The formats

**CSV**: RFC 4180, lines end with CRLF, UTF-8 with a byte order mark, the titles in the first row. Nothing is an
empty cell, and so is an empty text (JSON tells them apart). TRUE and FALSE. Times are local (`2026-03-04
13:05:00`), and the title names the zone; an hour that the clocks repeat is told apart only in JSON.

*Formulas*: a spreadsheet takes a cell for a formula by its first visible character, and may split a file at
semicolons, tabs or line breaks. At each of these places of a text, an apostrophe stands before what would begin
a formula (`=`, `+`, `-`, `@` and their full-width and small forms, also behind characters that cannot be seen)
and before an apostrophe that stood there already. To read a text exactly, take away the apostrophe at its
beginning and behind each `;`, tab, CR and LF: `re.sub("([;\\t\\r\\n])'", r"\\1", "\\n" + text)[1:]`. Numbers
are never marked.

**JSON**: one object: `creator`, `type`, `filters`, `generated_at`, `figures_as_of`, `data_version`, `timezone`,
`row_count`, `columns` (key, title, kind, unit) and `rows`, one object per row. Times carry their distance to
UTC. Missing values are null.

**Excel**: one sheet (analytics: the report as a workbook, with charts, and the sheet "All figures" with these rows),
typed cells, a frozen row of titles with filters. No cell is a formula or a link. Times are local, and the title
names the zone. A cell holds 32,767 units of UTF-16: a longer text is cut, and ends with `… [cut: 40,000
characters in all; the CSV and JSON exports have every one]`. A sheet holds 1,048,575 rows; more are refused.

**PDF**: for reading and printing. Analytics: the report that staff hand out, with these rows at its end. Else the
columns marked below, the first 1,000 rows; where there are more, a sentence on the first page says how many. A
text stands on one line of its own and is cut where it would be higher than a page, with its length behind it.
Figures are as in the other formats, with a comma between thousands.

Shares are rounded to two decimals, halves up; figures that the pages show as whole numbers are whole here too.
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
        rows="\n".join(_row(column) for column in columns_of(export_type)),
    )


def _filter(export_type: ExportType, name: str) -> str:
    usual = getattr(FILTERS[export_type](), name)
    return f"`{name}`" if usual in (None, "") else f"`{name}` (usually {usual})"


def _row(column: Column) -> str:
    title = f"{column.title} (zone)" if column.kind == "instant" else column.title
    unit = column.unit or {"instant": "local time", "boolean": "TRUE or FALSE"}.get(column.kind, "")
    return f"| {title} | `{column.key}` | {column.meaning} | {unit} | {'yes' if column.print_share else ''} |"
