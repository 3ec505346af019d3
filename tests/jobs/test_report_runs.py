"""Reports for many creators: requested by staff, each an export of its creator, fetched as one zip."""

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from actions.export_upkeep import clean_up_exports
from actions.report_runs import remove_old_runs, request_waiting_reports, start_run, waiting_reports
from actions.staff import disable_account
from api.app import api
from database.accounts import NotStaff
from database.engine import engine
from database.tenancy import tenant_tx
from jobs.reports import continue_report_runs
from queries.exports.known import exports
from queries.exports.report_runs import report_runs, run_reports
from queries.staff import audit_log
from reports.exports.run import run_export
from reports.links import download_link, run_link
from rules.errors import InputError
from tests.builders import ACreator, a_creator, a_student
from tests.exports import a_finished_export
from tests.pages.opened import an_account

pytestmark = pytest.mark.usefixtures("database")

BITS = 200


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(api, raise_server_exceptions=True) as client:
        yield client


def test_the_zip_holds_one_report_for_each_creator_that_was_chosen(client: TestClient) -> None:
    staff, first, second = an_account(None), a_creator(a_student(), name="Amy Välé"), a_creator(name="Zoe")
    a_creator(name="Not chosen")

    run_id = finished_run(staff, [first, second])

    archive = downloaded(client, staff, run_id)
    names = [f"snapshot-amy-vale-{str(first.id)[:8]}-7d.xlsx", f"snapshot-zoe-{str(second.id)[:8]}-7d.xlsx"]
    assert archive.namelist() == [*names, "summary.txt"]
    assert archive.testzip() is None
    assert archive.read("summary.txt").decode() == f"Amy Välé: {names[0]}\r\nZoe: {names[1]}"
    opened = openpyxl.load_workbook(io.BytesIO(archive.read(names[0])))
    assert ("Creator", "Amy Välé") in [tuple(row[:2]) for row in opened["About"].iter_rows(values_only=True)]


def test_one_creator_that_fails_does_not_stop_the_rest(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    staff, broken, fine = an_account(None), a_creator(name="Amy"), a_creator(name="Zoe")
    without_tier = a_creator(name="Moe", subscription_tier="pro")
    break_for(monkeypatch, broken)

    run_id = finished_run(staff, [broken, without_tier, fine])

    (run,) = report_runs(staff)
    assert (run.creators, run.completed, run.failed, run.is_unfinished) == (3, 1, 2, False)
    reasons = {report.creator_name: report.reason for report in run_reports(staff, run_id) if report.has_failed}
    assert reasons == {
        "Amy": "Amy has no luck today.",
        "Moe": "Exports are part of the ENTERPRISE tier; this account has the PRO tier. "
        "Upgrade to ENTERPRISE in the subscription settings to get access at once.",
    }
    said = downloaded(client, staff, run_id).read("summary.txt").decode().split("\r\n")
    assert said[:2] == ["Amy: failed. Amy has no luck today.", f"Moe: failed. {reasons['Moe']}"]


def test_a_run_shows_how_far_it_is() -> None:
    staff, creators = an_account(None, name="Sam Staff"), [a_creator(name="Amy"), a_creator(name="Zoe")]
    run_id = start_run(staff, [creator.id for creator in creators], "30d", "pdf")

    (waiting,) = report_runs(staff)
    request_waiting_reports()
    (asked,) = report_runs(staff)

    assert (waiting.id, waiting.asked_by_name, waiting.period, waiting.format) == (run_id, "Sam Staff", "30d", "pdf")
    assert (waiting.ended, waiting.creators, waiting.is_unfinished) == (0, 2, True)
    assert asked.is_unfinished
    assert {report.status for report in run_reports(staff, run_id)} == {"pending"}


def test_a_report_is_an_export_of_its_creator_that_staff_asked_for() -> None:
    staff, creator = an_account(None, name="Sam Staff"), a_creator(name="Amy")

    finished_run(staff, [creator])

    (export,) = exports(creator.id)
    assert (export.export_type, export.format, export.filters) == ("analytics", "xlsx", {"period": "7d"})
    assert (export.requested_as, export.requested_by_name, export.status) == ("staff", "Sam Staff", "completed")
    assert ("Sam Staff", "export requested", "Amy") in noted(staff)


def test_asking_again_changes_nothing() -> None:
    staff, creator = an_account(None), a_creator()
    start_run(staff, [creator.id], "7d", "xlsx")

    assert request_waiting_reports() == 1
    assert request_waiting_reports() == 0

    assert len(exports(creator.id)) == 1
    assert waiting_reports() == []


def test_a_run_whose_worker_was_lost_is_taken_up_again() -> None:
    staff, creator = an_account(None), a_creator()
    start_run(staff, [creator.id], "7d", "xlsx")
    empty_queue()

    continue_report_runs()

    assert queued() == ["request_reports"]


def test_a_creator_that_left_meanwhile_is_left_out() -> None:
    staff, creator = an_account(None), a_creator()
    start_run(staff, [creator.id, uuid4()], "7d", "xlsx")

    assert [report.creator_id for report in waiting_reports()] == [creator.id]


def test_nobody_chosen_is_no_run() -> None:
    with pytest.raises(InputError, match="at least one creator"):
        start_run(an_account(None), [], "7d", "xlsx")


def test_only_staff_start_see_and_fetch_runs(client: TestClient) -> None:
    staff, creator = an_account(None), a_creator()
    outsider = an_account(creator)
    run_id = finished_run(staff, [creator])

    with pytest.raises(NotStaff):
        start_run(outsider, [creator.id], "7d", "xlsx")
    with pytest.raises(NotStaff):
        report_runs(outsider)
    with pytest.raises(NotStaff):
        run_reports(outsider, run_id)
    assert is_refused(client, path(outsider, run_id))


def test_other_creators_do_not_see_that_there_was_a_run() -> None:
    staff, creator, outsider = an_account(None), a_creator(), a_creator()
    finished_run(staff, [creator])

    with pytest.raises(ProgrammingError, match="permission denied"), tenant_tx(outsider.id) as connection:
        connection.execute(text("select * from report_run_creators"))
    with pytest.raises(ProgrammingError, match="permission denied"), tenant_tx(outsider.id) as connection:
        connection.execute(text("select * from report_runs"))


def test_whoever_is_staff_no_more_fetches_nothing(client: TestClient) -> None:
    staff, other, creator = an_account(None), an_account(None), a_creator()
    run_id = finished_run(staff, [creator])
    address = path(staff, run_id)
    assert client.get(address).status_code == 200

    disable_account(other, staff)

    assert is_refused(client, address)


def test_a_link_leads_to_its_run_alone(client: TestClient) -> None:
    staff, creator = an_account(None), a_creator()
    run_id, other_run = finished_run(staff, [creator]), finished_run(staff, [creator])
    attempt = a_finished_export(creator)
    export_query = download_link(creator.id, attempt.export_id).path.partition("?")[2]

    assert is_refused(client, path(staff, run_id).replace(str(run_id), str(other_run)))
    assert is_refused(client, f"/reports/{creator.id}/{attempt.export_id}/download?{export_query}")
    assert is_refused(client, f"/reports/{run_id}/{staff}/download")


def test_a_link_with_any_bit_changed_leads_nowhere(client: TestClient) -> None:
    staff = an_account(None)
    address = path(staff, finished_run(staff, [a_creator()]))
    chance = random.Random(7)

    for _ in range(BITS):
        changed = with_one_bit_changed(address, chance)
        assert client.get(changed).status_code in (404, 405), changed


def test_a_link_expires_after_a_day(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    staff, creator = an_account(None), a_creator()
    monkeypatch.setenv("DASHBOARD_NOW", "2026-03-02T08:00:00+00:00")
    address = path(staff, finished_run(staff, [creator]))

    monkeypatch.setenv("DASHBOARD_NOW", "2026-03-03T07:59:59+00:00")
    assert client.get(address).status_code == 200
    monkeypatch.setenv("DASHBOARD_NOW", "2026-03-03T08:00:00+00:00")
    assert is_refused(client, address)


def test_a_download_is_in_the_audit_log_of_each_creator(client: TestClient) -> None:
    staff, creator = an_account(None, name="Sam Staff"), a_creator(name="Amy")

    downloaded(client, staff, finished_run(staff, [creator]))

    assert ("Sam Staff", "report downloaded", "Amy") in noted(staff)


def test_a_run_without_a_finished_report_has_nothing_to_fetch(client: TestClient) -> None:
    staff, creator = an_account(None), a_creator()
    run_id = start_run(staff, [creator.id], "7d", "xlsx")

    assert is_refused(client, path(staff, run_id))


def test_runs_and_their_files_are_removed_after_30_days(monkeypatch: pytest.MonkeyPatch) -> None:
    staff, creator = an_account(None), a_creator()
    monkeypatch.setenv("DASHBOARD_NOW", "2026-03-02T08:00:00+00:00")
    finished_run(staff, [creator])

    monkeypatch.setenv("DASHBOARD_NOW", "2026-04-01T07:59:59+00:00")
    assert (remove_old_runs(), clean_up_exports().exports_removed, len(report_runs(staff))) == (0, 0, 1)
    monkeypatch.setenv("DASHBOARD_NOW", "2026-04-01T08:00:00+00:00")
    assert (len(report_runs(staff)), clean_up_exports().exports_removed, remove_old_runs()) == (0, 1, 1)


def finished_run(staff: UUID, creators: list[ACreator]) -> UUID:
    """A run whose reports are all ready, as a worker creates them."""
    run_id = start_run(staff, [creator.id for creator in creators], "7d", "xlsx")
    request_waiting_reports()
    for creator in creators:
        for export in exports(creator.id):
            run_export(creator.id, export.id)
    return run_id


def break_for(monkeypatch: pytest.MonkeyPatch, creator: ACreator) -> None:
    from reports.exports import run

    write = run.write_export  # type: ignore[attr-defined]

    def written(creator_id: UUID, *rest: Any) -> int:
        if creator_id == creator.id:
            raise InputError("Amy has no luck today.")
        return write(creator_id, *rest)

    monkeypatch.setattr(run, "write_export", written)


def path(staff: UUID, run_id: UUID) -> str:
    return run_link(staff, run_id).path.removeprefix("/api")


def downloaded(client: TestClient, staff: UUID, run_id: UUID) -> ZipFile:
    answer = client.get(path(staff, run_id))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["cache-control"] == "private, no-store"
    return ZipFile(io.BytesIO(answer.content))


def is_refused(client: TestClient, address: str) -> bool:
    """Exactly the response of an address that does not exist, and no byte of a file."""
    answer, nothing = client.get(address), client.get("/no/such/address")
    return (answer.status_code, answer.content) == (404, nothing.content)


def with_one_bit_changed(address: str, chance: random.Random) -> str:
    """After /reports/, so that it is still an address of this kind; never a bit that makes it another path."""
    place = chance.randrange(len("/reports/"), len(address))
    letter = chr(ord(address[place]) ^ (1 << chance.randrange(7)))
    if letter in "/?#%&+ " or not letter.isprintable():
        return with_one_bit_changed(address, chance)
    return address[:place] + letter + address[place + 1 :]


def noted(staff: UUID) -> list[tuple[str, str, str]]:
    log = audit_log(staff)
    return list(zip(log.who, log.action, log.creator, strict=True))


def empty_queue() -> None:
    with engine().begin() as connection:
        connection.execute(text("delete from procrastinate_jobs"))


def queued() -> list[str]:
    with engine().begin() as connection:
        found = connection.execute(text("select task_name from procrastinate_jobs order by id"))
        return list(found.scalars())
