"""Exports of 100,000 chat rows: against COPY of the same query, against a bare workbook, and their memory."""

import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Connection, text
from xlsxwriter import Workbook

from benchmarks.measuring import Timing, timed_in_turn
from database.creators import add_creator
from database.engine import engine
from database.tenancy import tenant_snapshot_tx, tenant_tx
from reports.exports import ExportRequest, write_export
from reports.exports.chat import COLUMNS, statement
from reports.exports.filters import EVER, ChatFilters
from reports.exports.reading import about_creator, streamed
from reports.exports.table import Batch, Column

ROWS = 100_000
REPEATS = 3
SETUP_SECONDS = 600.0

FILL = (
    "insert into videos (creator_id, title, status) select :creator_id, 'Video ' || n, 'completed' "
    "from generate_series(1, 40) as n",
    "insert into students (creator_id, name, email) select :creator_id, 'Student ' || n, n || '@example.org' "
    "from generate_series(1, 1000) as n",
    """
    insert into chat_sessions (creator_id, id, student_id, started_at)
    select :creator_id, md5('session' || :creator_id || place)::uuid, id, dashboard_now() - place * interval '1 minute'
    from (select id, row_number() over (order by id) as place from students where creator_id = :creator_id) as numbered
    """,
    """
    insert into chat_messages
        (creator_id, session_id, student_id, video_id, role, content, helpful_rating, created_at, sequence)
    select
        :creator_id,
        sessions[1 + n % 1000],
        students[1 + n % 1000],
        videos[1 + n % 40],
        role,
        case role
            when 'user' then 'Why does step ' || n || ' of the recipe need so much water? Can I use milk instead?'
            else 'In step ' || n || ' the dough rests. Water binds the flour; "milk" works, but it browns sooner.'
        end,
        case when role = 'assistant' and n % 3 = 0 then (n % 5) / 4.0 end,
        dashboard_now() - (:rows - n) * interval '1 minute' - case role when 'user' then 5 else 0 end * interval '1 s',
        2 * (n / 1000) + case role when 'user' then 1 else 2 end
    from
        generate_series(1, :rows) as n,
        (values ('user'), ('assistant')) as roles (role),
        (
            select array_agg(sessions.id order by sessions.id) as sessions,
                array_agg(sessions.student_id order by sessions.id) as students
            from chat_sessions as sessions
            where sessions.creator_id = :creator_id
        ) as conversations,
        (select array_agg(id order by id) as videos from videos where creator_id = :creator_id) as library
    """,
)

MEMORY_OF_AN_EXPORT = """
import sys
from pathlib import Path
from uuid import UUID
from reports.exports import ExportRequest, write_export
with open(sys.argv[3], "w+b") as target:
    write_export(UUID(sys.argv[1]), ExportRequest.of("chat", sys.argv[2]), target)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])  # not ru_maxrss: a parent's counts
"""


@dataclass(frozen=True)
class MeasuredExport:
    """An export's time beside the least possible, and its process's peak memory."""

    format: str
    timing: Timing
    bare: Timing
    bare_name: str
    megabytes: float


def busy_chat() -> UUID:
    """Add a creator with 100,000 answered questions."""
    creator_id = add_creator("A busy chat", "enterprise", "Europe/Berlin")
    with tenant_tx(creator_id, limit_seconds=SETUP_SECONDS) as connection:
        for insert in FILL:
            names = {"creator_id": creator_id, "rows": ROWS}
            connection.execute(text(insert), {name: value for name, value in names.items() if f":{name}" in insert})
    with tenant_tx(creator_id, limit_seconds=SETUP_SECONDS) as connection:
        connection.execute(text("set local role none"))
        connection.execute(text("analyze"))
    return creator_id


def measured_exports(creator_id: UUID) -> Iterator[MeasuredExport]:
    """Compare CSV with COPY, and XLSX with a workbook written by a bare loop."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        yield _measured(creator_id, "csv", path, lambda: _copy(creator_id, path), "\\copy of the same query")
        cells = list(_cells(creator_id))
        gc.freeze()  # otherwise garbage collection would walk through all cells during the bare loop
        yield _measured(creator_id, "xlsx", path, lambda: _bare_workbook(cells, path), "a bare XlsxWriter loop")


def megabytes_of_others(creator_id: UUID) -> dict[str, float]:
    """Peak memory of the formats that have no counterpart to compare with; a PDF stops at its limit."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: _peak_megabytes(creator_id, name, Path(folder) / "export") for name in ("json", "pdf")}


def _measured(
    creator_id: UUID, file_format: str, path: Path, bare: Callable[[], object], bare_name: str
) -> MeasuredExport:
    export, least = timed_in_turn([lambda: _export(creator_id, file_format, path), bare], REPEATS)
    return MeasuredExport(file_format, export, least, bare_name, _peak_megabytes(creator_id, file_format, path))


def _export(creator_id: UUID, file_format: str, path: Path) -> None:
    with path.open("w+b") as target:
        rows = write_export(creator_id, ExportRequest.of("chat", file_format), target)
    assert rows == ROWS


def _copy(creator_id: UUID, path: Path) -> None:
    with tenant_snapshot_tx(creator_id) as connection, path.open("w+b") as target:
        _copied(connection, creator_id, target)


def _copied(connection: Connection, creator_id: UUID, target: IO[bytes]) -> None:
    chat = statement(ChatFilters(), EVER, with_course=False)
    compiled = text(chat.rows).bindparams(creator_id=creator_id, **chat.parameters).compile(dialect=engine().dialect)
    cursor: Any = connection.connection.cursor()
    query = cursor.mogrify(str(compiled), {name: _bound(value) for name, value in compiled.params.items()}).decode()
    cursor.copy_expert(f"copy ({query}) to stdout with (format csv, header)", target)


def _bound(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _cells(creator_id: UUID) -> Iterator[Batch]:
    with tenant_snapshot_tx(creator_id) as connection:
        about = about_creator(connection, creator_id)
        chat = statement(ChatFilters(), EVER, with_course=False)
        yield from streamed(connection, creator_id, "Chat", COLUMNS, chat, about).batches


def _bare_workbook(batches: list[Batch], path: Path) -> None:
    """As in XlsxWriter's documentation, with all cells in memory and already typed."""
    with Workbook(str(path), {"constant_memory": True, "remove_timezone": True}) as workbook:
        sheet = workbook.add_worksheet()
        instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        row = 0
        for batch in batches:
            for cells in zip(*batch, strict=True):
                row += 1
                for place, cell in enumerate(cells):
                    _write_bare(sheet, COLUMNS[place], row, place, cell, instant)


def _write_bare(sheet: Any, column: Column, row: int, place: int, cell: Any, instant: Any) -> None:
    if cell is None:
        return
    if column.kind in ("text", "id"):
        sheet.write_string(row, place, cell)
    elif column.kind == "number":
        sheet.write_number(row, place, cell)
    elif column.kind == "boolean":
        sheet.write_boolean(row, place, cell)
    else:
        sheet.write_datetime(row, place, cell, instant)


def _peak_megabytes(creator_id: UUID, file_format: str, path: Path) -> float:
    """Peak memory of a process that only makes the export."""
    answer = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_AN_EXPORT, str(creator_id), file_format, str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(answer.stdout) / 1024
