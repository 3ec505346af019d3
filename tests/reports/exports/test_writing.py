"""How an export is written: from one state, reporting progress, stopped at once, and for ENTERPRISE only."""

import gc
from io import BytesIO
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, text

from database.tenancy import tenant_tx
from reports.exports import (
    FORMATS,
    TYPES,
    ExportRequest,
    export_analytics_dashboard,
    export_bytes,
    export_chat_history,
    export_student_list,
    write_export,
)
from reports.exports.pdf_file import MOST_PRINTED
from reports.exports.xlsx_file import MOST_ROWS, check_rows
from rules.errors import InputError
from rules.tiers import FeatureAccessDenied
from tests.builders import ACreator, a_chat, a_creator, a_student, add, change
from tests.one_connection import two_connections
from tests.reports.exports.opened import by_libreoffice, csv_rows, exported, json_rows, xlsx_rows

MANY = 2_500


class Stopped(Exception):
    pass


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    return a_creator([a_student(f"Student {number}") for number in range(MANY)], [a_chat()])


@pytest.mark.parametrize(("export_type", "export_format"), list(product(TYPES, FORMATS)))
def test_every_type_is_written_in_every_format(creator: ACreator, export_type: str, export_format: str) -> None:
    content = exported(creator, export_type, export_format)

    beginning = {"csv": b"\xef\xbb\xbf", "json": b"{\n", "xlsx": b"PK", "pdf": b"%PDF-"}
    assert content.startswith(beginning[export_format])
    assert len(content) > 60


@pytest.mark.parametrize("export_type", [name for name in TYPES if name != "analytics"])
def test_csv_json_workbook_and_libreoffice_agree(creator: ACreator, export_type: str, tmp_path: Path) -> None:
    rows = csv_rows(exported(creator, export_type, "csv"))
    workbook = exported(creator, export_type, "xlsx")

    assert json_rows(exported(creator, export_type, "json")) == rows
    assert xlsx_rows(workbook) == rows
    assert by_libreoffice(workbook, tmp_path) == rows


def test_csv_is_rfc_4180(creator: ACreator) -> None:
    content = exported(creator, "chat", "csv")

    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 2


@pytest.mark.parametrize("export_format", FORMATS)
def test_progress_is_told_before_the_first_row_and_every_thousand(creator: ACreator, export_format: str) -> None:
    told: list[tuple[int, int | None]] = []

    rows = write_export(
        creator.id,
        ExportRequest.of("students", export_format),
        BytesIO(),
        lambda done, total: told.append((done, total)),
    )

    written = MOST_PRINTED if export_format == "pdf" else MANY
    assert rows == written
    assert told == [(done, written) for done in (0, 1_000, 2_000, MANY) if done <= written]


@pytest.mark.parametrize("export_format", FORMATS)
def test_whoever_is_told_may_stop_it(creator: ACreator, export_format: str, caplog: pytest.LogCaptureFixture) -> None:
    target = BytesIO()

    def stop(done: int, total: int | None) -> None:
        if done >= 1_000:
            raise Stopped

    with pytest.raises(Stopped):
        write_export(creator.id, ExportRequest.of("students", export_format), target, stop)
    gc.collect()

    assert not target.closed
    assert caplog.records == []


def test_all_rows_are_of_one_instant(database: URL) -> None:
    ada = a_student("Ada Moss")
    creator = a_creator([ada, *(a_student(f"Student {number}") for number in range(1_500))])
    request = ExportRequest.of("students", "csv", {"sort_by": "name", "sort_order": "desc"})
    target = BytesIO()

    def rename(done: int, total: int | None) -> None:
        if done == 0:
            with two_connections():
                change(creator, ada, name="Changed meanwhile")
                add(creator, a_student("Added meanwhile"))

    rows = write_export(creator.id, request, target, rename)

    assert rows == 1_501
    assert "Ada Moss" in target.getvalue().decode()
    assert "meanwhile" not in target.getvalue().decode()


@pytest.mark.parametrize("tier", ["basic", "pro"])
@pytest.mark.parametrize("export_type", TYPES)
def test_a_creator_below_enterprise_is_refused(shared_database: URL, export_type: str, tier: str) -> None:
    creator = a_creator(name="Paul Pro", subscription_tier=tier)
    target = BytesIO()

    with pytest.raises(FeatureAccessDenied) as refused:
        write_export(creator.id, ExportRequest.of(export_type, "csv"), target)

    assert "Feature Access Denied" in str(refused.value)
    assert f'"Paul Pro" has the {tier.upper()} tier. Upgrade to ENTERPRISE' in str(refused.value)
    assert target.getvalue() == b""


def test_an_unknown_creator_is_named(shared_database: URL) -> None:
    unknown = uuid4()

    with pytest.raises(InputError, match=f'no creator with the id "{unknown}"'):
        export_bytes(unknown, ExportRequest.of("students", "csv"))


def test_an_export_writes_nothing_to_the_database(creator: ACreator) -> None:
    before = counted(creator)

    for export_type in TYPES:
        exported(creator, export_type, "csv")

    assert counted(creator) == before


def test_more_rows_than_a_sheet_holds_are_refused_with_a_way_out() -> None:
    check_rows(MOST_ROWS)

    with pytest.raises(InputError, match=r"holds 1,048,575 rows, and these are 1,048,576. .* choose CSV or JSON"):
        check_rows(MOST_ROWS + 1)


def test_the_convenience_functions_write_their_files(creator: ACreator) -> None:
    assert export_student_list(creator.id) == exported(creator, "students", "csv")
    assert export_chat_history(creator.id) == exported(creator, "chat", "csv")
    assert xlsx_rows(export_analytics_dashboard(creator.id, "7d")) == xlsx_rows(
        exported(creator, "analytics", "xlsx", period="7d")
    )


def counted(creator: ACreator) -> int:
    with tenant_tx(creator.id) as connection:
        return connection.execute(text("select count(*) from export_logs")).scalar_one()
