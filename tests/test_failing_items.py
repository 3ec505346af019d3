"""In every loop over creators, mails, exports, files or jobs one failing item is planted: the rest continues.

Each test sees the others done, the odd one recorded under its kind, and the record resolved by the next success.
"""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from actions import alerts, export_upkeep
from actions import announcements as announcing
from actions import invitations as inviting
from actions.announcements import Sending, announce
from actions.export_runs import FOLDER, claim_export
from actions.export_upkeep import clean_up_exports, hand_over_waiting_exports, recover_lost_exports
from actions.invitations import invite
from actions.mail_upkeep import CONTENT_KEPT_FOR, forget_old_mail_contents
from actions.mails import MailKey
from actions.preferences import save_preferences
from actions.report_runs import request_waiting_reports, start_run, waiting_reports
from actions.staff import refresh_creator
from database import storage
from database.account_directory import invite as add_account
from database.account_directory import mail_addresses
from database.accounts import Account
from database.announcements import Announcement
from database.clock import as_of, now
from database.engine import engine
from database.job_queue import defer
from database.refresh import refresh_rested, refresh_stale, stale_creators
from database.scratch import remove_forgotten, scratch_folder
from database.storage import StorageError, new_key, remove_unfinished_files, store_file, stored_keys
from database.tenancy import platform_tx
from database.versions import data_version
from mail import alert, delivery, schedule
from mail.delivery import send_due
from mail.folder import FolderTransport
from manage import cli
from queries.exports.report_runs import run_reports
from reports.exports.run import run_export
from reports.report_zip import zipped
from rules.preferences import Preferences
from tests.accounts import a_linked_account
from tests.builders import ACreator, a_creator, a_student, add, an_event
from tests.exports import CONTENT, a_claimed_export, a_finished_export, an_export, change_export, export_row
from tests.mailing import PLAIN, a_sender, ask_for_mail, chosen, mails, plain_mail, states
from tests.odd_rows import accept, noted, open_failures, refuse, three_creators
from tests.oracle import rows_of
from tests.pages.opened import an_account

pytestmark = pytest.mark.usefixtures("database")

WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)
MONDAY_EIGHT = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    return tmp_path


def with_a_change() -> ACreator:
    creator = a_creator(name="Mira Vale")
    add(creator, a_student())
    return creator


# Figures


def test_a_refresh_of_all():
    odd, _ = three_creators(with_a_change)
    refuse("creator_data_versions", odd.id)

    assert refresh_stale() == 2

    assert stale_creators() == [odd.id]
    assert open_failures() == [("refresh", str(odd.id))]
    accept("creator_data_versions")
    assert refresh_stale() == 1
    assert open_failures() == []


def test_a_refresh_by_the_worker_which_tries_less_and_less_often():
    odd, _ = three_creators(with_a_change)
    refuse("creator_data_versions", odd.id)

    assert [refresh_rested() for _ in range(4)] == [2, 0, 0, 0]

    assert [note["times"] for note in noted()] == [2]  # at once, a minute later, then in pauses


def test_a_refresh_that_staff_ask_for_settles_the_note():
    odd, _ = three_creators(with_a_change)
    refuse("creator_data_versions", odd.id)
    refresh_stale()
    accept("creator_data_versions")

    assert refresh_creator(an_account(None), odd.id)

    assert open_failures() == []


def test_a_page_shows_the_figures_of_before_when_a_refresh_at_once_fails():
    odd = with_a_change()
    refuse("creator_data_versions", odd.id)

    assert [data_version(odd.id) for _ in range(3)] == [1, 1, 1]

    assert [note["times"] for note in noted()] == [1]  # not every time


@pytest.mark.parametrize("arguments", [["refresh"], ["refresh", "--rebuild"]])
def test_the_commands_refresh_and_rebuild(arguments):
    odd, others = three_creators(with_a_change)
    refuse("creator_data_versions", odd.id)

    told = CliRunner().invoke(cli, arguments)

    assert told.exit_code == 1
    assert "2 creators" in told.stdout
    assert (
        "error: 1 failed; everything else is done.\n  refresh of Mira Vale: UniqueViolation (SQLSTATE 23505) at"
        in told.stderr
    )
    assert "ada@example.org" not in told.stderr
    assert stale_creators() == [odd.id]
    assert others


@pytest.mark.parametrize("call", ["refresh_creator_dashboard_views()", "rebuild_creator_dashboard_views()"])
def test_the_same_in_sql(call):
    odd, _ = three_creators(with_a_change)
    refuse("creator_data_versions", odd.id)

    with engine().begin() as connection:
        connection.execute(text("set local role dashboard_platform"))
        assert connection.execute(text(f"select {call}")).scalar_one() == 2

    assert stale_creators() == [odd.id]


def test_in_sql_one_creator_alone_fails_loudly():
    odd = with_a_change()
    refuse("creator_data_versions", odd.id)

    with pytest.raises(Exception, match="is odd"), engine().begin() as connection:
        connection.execute(text("select rebuild_creator_dashboard_views(:id)"), {"id": odd.id})


# Digests and alerts


def wanting_mail() -> ACreator:
    creator = a_creator(a_student(), an_event(days_ago=9), name="Mira Vale")
    add_account(f"{uuid4().hex[:8]}@example.com", "Mira Vale", creator.id)
    wanted = Preferences(is_digest_on=True, is_alert_mail_on=True, digest_hour=1)
    save_preferences(a_linked_account(creator), creator.id, wanted)
    return creator


def test_digests_that_are_due_where_the_database_refuses(monkeypatch):
    monkeypatch.setenv("DASHBOARD_NOW", WEDNESDAY.isoformat())
    odd, others = three_creators(wanting_mail)
    schedule.queue_due_digests()
    monkeypatch.setenv("DASHBOARD_NOW", MONDAY_EIGHT.isoformat())
    refuse("mail_schedules", odd.id)

    assert schedule.queue_due_digests() == 4  # two readers each

    assert [len(mails(creator)) for creator in (odd, *others)] == [0, 2, 2]
    assert open_failures() == [("digest", str(odd.id))]
    accept("mail_schedules")
    assert schedule.queue_due_digests() == 2
    assert open_failures() == []


def test_digests_that_are_due_where_preferences_make_no_sense(monkeypatch):
    odd, _ = three_creators(wanting_mail)
    monkeypatch.setattr(schedule, "preferences", odd_for(odd, schedule.preferences))  # type: ignore[attr-defined]

    schedule.queue_due_digests()

    assert open_failures() == [("digest", str(odd.id))]


def test_alerts_that_are_due(monkeypatch):
    odd, others = three_creators(wanting_mail)
    with monkeypatch.context() as patch:
        patch.setattr(alert, "preferences", odd_for(odd, alert.preferences))  # type: ignore[attr-defined]

        assert alert.queue_due_alerts() == 4

    assert [len(mails(creator)) for creator in (odd, *others)] == [0, 2, 2]
    assert open_failures() == [("alert", str(odd.id))]
    assert alert.queue_due_alerts() == 2
    assert open_failures() == []


def test_the_command_that_sends_what_is_due_names_whose_was_not(monkeypatch):
    odd, others = three_creators(wanting_mail)
    monkeypatch.setattr(schedule, "preferences", odd_for(odd, schedule.preferences))  # type: ignore[attr-defined]
    monkeypatch.setattr(delivery, "all_kinds", lambda: {"plain": PLAIN})
    for creator in others:
        ask_for_mail(creator)

    told = CliRunner().invoke(cli, ["digest", "send", "--due"])

    assert told.exit_code == 1
    assert "Mail: 2 sent" in told.stdout
    assert "  digest of Mira Vale: KeyError at " in told.stderr
    assert "ada@example.org" not in told.stderr


# Mail


def with_mail() -> ACreator:
    creator = a_creator(name="Mira Vale")
    ask_for_mail(creator)
    return creator


def test_a_mail_that_cannot_be_written(data_folder, monkeypatch):
    odd, others = three_creators(with_mail)
    sender = a_sender(FolderTransport(data_folder), odd_kind(odd))

    send_due(sender)

    assert [states(creator) for creator in (odd, *others)] == [["pending"], ["sent"], ["sent"]]
    assert mails(odd)[0]["reason"] == "The email could not be written (KeyError)."
    assert open_failures() == [("mail", str(mails(odd)[0]["id"]))]
    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(hours=1)).isoformat())
    send_due(a_sender(FolderTransport(data_folder)))
    assert states(odd) == ["sent"]
    assert open_failures() == []


def test_one_of_many_recipients(data_folder):
    creator = a_creator()
    for name in ("ada", "bo", "cleo"):
        ask_for_mail(creator, f"{name}@example.org")

    def write(creator_id, mail):
        if mail.recipient.startswith("bo"):
            raise KeyError(mail.recipient)
        return plain_mail(creator_id, mail)

    send_due(a_sender(FolderTransport(data_folder), delivery.MailKind("plain", "Plain", write, noun="mails")))  # type: ignore[attr-defined]

    assert states(creator) == ["sent", "pending", "sent"]
    assert [kind for kind, _ in open_failures()] == ["mail"]


def test_a_mail_whose_end_cannot_be_stored(data_folder):
    creator = a_creator()
    ask_for_mail(creator, "ada@example.org")
    ask_for_mail(creator, "bo@example.org")
    refuse("mail_deliveries", creator.id, "update", "and new.state = 'sent' and new.recipient like 'ada%'")

    send_due(a_sender(FolderTransport(data_folder)))

    assert states(creator) == ["sending", "sent"]  # it may have arrived: it is never sent again automatically
    assert open_failures() == [("mail", str(mails(creator)[0]["id"]))]


def test_a_creator_whose_mail_cannot_even_be_claimed(data_folder):
    odd, others = three_creators(with_mail)
    refuse("mail_deliveries", odd.id, "update")

    send_due(a_sender(FolderTransport(data_folder)))

    assert [states(creator) for creator in (odd, *others)] == [["pending"], ["sent"], ["sent"]]
    assert [(note["kind"], note["item"], note["times"]) for note in noted()] == [("mail_of_creator", str(odd.id), 1)]
    accept("mail_deliveries")
    send_due(a_sender(FolderTransport(data_folder)))
    assert open_failures() == []


def test_old_mails_that_are_forgotten(data_folder):
    odd, others = three_creators(with_mail)
    send_due(a_sender(FolderTransport(data_folder)))
    refuse("mail_deliveries", odd.id, "update")

    with as_of(now() + CONTENT_KEPT_FOR + timedelta(days=1)):
        assert forget_old_mail_contents() == 2

    assert [mails(creator)[0]["snapshot"] is None for creator in (odd, *others)] == [False, True, True]
    assert open_failures() == [("mail_contents", str(odd.id))]


def test_a_recipient_of_an_announcement_whom_no_mail_can_be_addressed_to(monkeypatch):
    ada, bo = a_student("Ada", email="ada@example.org"), a_student("Bo", email="bo@example.org")
    creator = a_creator(ada, bo)
    monkeypatch.setattr(announcing, "MailKey", odd_key("ada@example.org"))
    sending = Sending(uuid4(), Announcement("Hello", "Words"), "All", now(), "UTC")

    asked = announce(a_linked_account(creator), creator.id, sending, chosen(creator, ada.id, bo.id))

    assert asked == 1
    assert [mail["recipient"] for mail in mails(creator)] == ["bo@example.org"]
    assert open_failures() == [("recipient", f"{creator.id} student {ada.id}")]
    with engine().begin() as connection:
        connection.execute(text("select set_config('app.creator_id', :id, true)"), {"id": str(creator.id)})
        left_out = connection.execute(text("select student_id, reason from announcement_skips")).all()
    assert left_out == [(ada.id, "no_address")]


def test_an_address_that_is_invited_and_gets_no_mail(monkeypatch):
    creator = a_creator()
    monkeypatch.setattr(inviting, "MailKey", odd_key("ada@example.org"))

    asked = invite(a_linked_account(creator), creator.id, ["ada@example.org", "bo@example.org"], "UTC")

    assert asked == 1
    assert [kind for kind, _ in open_failures()] == ["recipient"]
    assert [row["email"] for row in rows_of(creator.id, "invitations")] == ["bo@example.org"]  # nobody without a mail


def test_one_of_the_readers_of_a_digest(monkeypatch):
    monkeypatch.setenv("DASHBOARD_NOW", WEDNESDAY.isoformat())
    creator = a_creator()
    for name in ("ada", "bo", "cleo"):
        add_account(f"{name}@example.org", name, creator.id)
    with platform_tx() as connection:
        connection.execute(text("update dashboard_users set email = 'odd \u000b@example.org' where name = 'bo'"))
    save_preferences(
        Account(creator.id, "Mira", None, "creator", creator.id, "", ""), creator.id, Preferences(is_digest_on=True)
    )
    schedule.queue_due_digests()
    monkeypatch.setenv("DASHBOARD_NOW", MONDAY_EIGHT.isoformat())

    assert schedule.queue_due_digests() == 2

    assert sorted(mail["recipient"] for mail in mails(creator)) == ["ada@example.org", "cleo@example.org"]


def test_one_of_the_readers_of_an_alert(monkeypatch):
    odd = wanting_mail()
    first, _ = mail_addresses(odd.id)
    monkeypatch.setattr(alerts, "MailKey", odd_key(first))

    assert alert.queue_due_alerts() == 1

    ((kind, item),) = open_failures()
    assert (kind, item.split()[0]) == ("recipient", str(odd.id))


# Exports


def test_exports_of_lost_workers():
    odd, others = three_creators()
    lost = {creator.id: a_claimed_export(creator) for creator in (odd, *others)}
    for creator in (odd, *others):
        change_export(creator, lost[creator.id].export_id, "heartbeat_at = heartbeat_at - interval '1 hour'")
    refuse("export_logs", odd.id)

    assert recover_lost_exports() == 2

    assert all(claim_export(creator.id, lost[creator.id].export_id) for creator in others)
    assert open_failures() == [("export_recovery", str(lost[odd.id].export_id))]
    accept("export_logs")
    assert recover_lost_exports() == 1
    assert open_failures() == []


def test_the_file_of_a_lost_worker_which_cannot_be_removed(monkeypatch):
    creator = a_creator()
    lost = a_claimed_export(creator)
    store_file(lost.storage_key, [CONTENT])
    change_export(creator, lost.export_id, "heartbeat_at = heartbeat_at - interval '1 hour'")
    with monkeypatch.context() as patch:
        patch.setattr(export_upkeep, "remove_file", unable_to_remove(creator))
        assert recover_lost_exports() == 1
        ((kind, item),) = open_failures()
    assert (kind, lost.storage_key in item) == ("file_without_export", False)

    assert clean_up_exports().files_without_export == 1

    assert open_failures() == []


def test_waiting_exports_that_are_in_no_queue(monkeypatch):
    odd, others = three_creators()
    waiting = {creator.id: an_export(creator) for creator in (odd, *others)}
    refuse("procrastinate_jobs", f"write_export {waiting[odd.id]}", "insert", column="queueing_lock")

    assert hand_over_waiting_exports() == 2

    assert open_failures() == [("export_hand_over", str(waiting[odd.id]))]
    accept("procrastinate_jobs")
    assert hand_over_waiting_exports() == 1
    assert open_failures() == []


def test_old_exports_whose_row_stays():
    odd, others = three_creators()
    ids = {creator.id: an_export(creator, "completed", days_ago=31) for creator in (odd, *others)}
    refuse("export_logs", odd.id, "delete")

    assert clean_up_exports().exports_removed == 2

    assert export_row(odd, ids[odd.id])
    assert open_failures() == [("export_removal", str(ids[odd.id]))]


def test_old_exports_whose_file_stays(monkeypatch):
    odd, others = three_creators()
    ids = {creator.id: an_export(creator, "completed", days_ago=31) for creator in (odd, *others)}
    with monkeypatch.context() as patch:
        patch.setattr(export_upkeep, "remove_file", unable_to_remove(odd))
        assert clean_up_exports().exports_removed == 2

    assert open_failures() == [("export_removal", str(ids[odd.id]))]
    assert noted()[0]["error"] == "StorageError: The file could not be removed."
    assert len(stored_keys(FOLDER, odd.id)) == 1
    assert clean_up_exports().exports_removed == 1
    assert open_failures() == []


def test_exports_whose_file_is_missing():
    odd, others = three_creators()
    attempts = {creator.id: a_finished_export(creator) for creator in (odd, *others)}
    for attempt in attempts.values():
        storage.remove_file(attempt.storage_key)
    refuse("export_logs", odd.id)

    assert clean_up_exports().exports_without_file == 2

    assert open_failures() == [("export_without_file", str(attempts[odd.id].export_id))]


def test_files_without_an_export(monkeypatch):
    odd, others = three_creators()
    keys = {creator.id: new_key(FOLDER, creator.id, "csv") for creator in (odd, *others)}
    for key in keys.values():
        store_file(key, [CONTENT])
    monkeypatch.setattr(export_upkeep, "remove_file", unable_to_remove(odd))

    assert clean_up_exports().files_without_export == 2

    ((kind, item),) = open_failures()
    assert kind == "file_without_export"
    assert item.startswith(str(odd.id))
    assert keys[odd.id].rpartition("/")[2] not in item  # anyone who knows the name can get the file


def test_files_that_were_never_finished(data_folder):
    key = new_key(FOLDER, a_creator().id, "csv")
    store_file(key, [CONTENT])
    folder = (data_folder / "files" / key).parent
    (folder / "a folder#1").mkdir()
    (folder / "rest#2").write_bytes(b"half")

    assert remove_unfinished_files(FOLDER, older_than_seconds=-60) == 1

    assert not (folder / "rest#2").exists()
    assert [kind for kind, _ in open_failures()] == ["unfinished_file"]


def test_forgotten_scratch_files(monkeypatch):
    for name in ("first", "second"):
        (scratch_folder() / name).mkdir()
    removed = []

    def rmtree(path):
        if path.name == "first":
            raise PermissionError(13, "Permission denied", str(path))
        removed.append(path.name)

    monkeypatch.setattr("database.scratch.shutil.rmtree", rmtree)

    assert remove_forgotten(older_than_seconds=-60) == 1

    assert (removed, open_failures()) == (["second"], [("scratch_file", "first")])
    assert noted()[0]["error"] == "PermissionError"


# Reports for many


def test_reports_of_a_run_that_are_asked_for():
    odd, others = three_creators()
    run_id = start_run(an_account(None), [creator.id for creator in (odd, *others)], "7d", "xlsx")
    refuse("export_logs", odd.id)

    assert request_waiting_reports() == 2

    assert [report.creator_id for report in waiting_reports()] == [odd.id]
    assert open_failures() == [("report_request", f"{run_id} {odd.id}")]
    accept("export_logs")
    assert request_waiting_reports() == 1
    assert open_failures() == []


def test_the_command_that_writes_reports_for_all(tmp_path, monkeypatch):
    odd, _ = three_creators(lambda: a_creator(name="Mira Vale"))
    write = odd_for(odd, lambda _: b"%PDF")
    monkeypatch.setattr("reports.bulk.snapshot_writer", lambda _: lambda creator_id, _period: write(creator_id))

    told = CliRunner().invoke(cli, ["report", "--all", "--out", str(tmp_path / "out")])

    assert told.exit_code == 1
    assert "2 of 3 reports are in" in told.stdout
    assert "  report of Mira Vale: KeyError at " in told.stderr
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert open_failures() == [("report", str(odd.id))]


def test_reports_in_a_zip_of_which_one_cannot_be_read(monkeypatch):
    staff = an_account(None)
    odd, others = three_creators()
    run_id = start_run(staff, [creator.id for creator in (odd, *others)], "7d", "xlsx")
    request_waiting_reports()
    with engine().begin() as connection:
        waiting = connection.execute(text("select args from procrastinate_jobs where task_name = 'write_export'"))
        jobs = waiting.scalars().all()
    for job in jobs:
        run_export(UUID(job["creator_id"]), UUID(job["export_id"]))
    real = storage.stored_file
    monkeypatch.setattr("reports.report_zip.stored_file", lambda key: unable_to_remove(odd)(key) or real(key))

    archive = ZipFile(io.BytesIO(b"".join(zipped(run_reports(staff, run_id), now()))))

    assert len(archive.namelist()) == 3
    assert archive.testzip() is None
    assert archive.read("summary.txt").decode().count("The file could not be read; download") == 1
    assert [kind for kind, _ in open_failures()] == ["report_download"]


# The queue


def test_jobs_of_lost_workers(database, monkeypatch):
    from jobs.app import app
    from jobs.queue_connection import QueueConnector

    for _ in range(3):
        defer("some_task")
    with engine().begin() as connection:
        connection.execute(text("update procrastinate_jobs set status = 'doing', attempts = 1"))
        odd = connection.execute(text("select min(id) from procrastinate_jobs")).scalar_one()
    refuse("procrastinate_jobs", odd, "update", column="id")

    async def retry() -> None:
        async with app.open_async():
            await app.tasks["retry_jobs_of_dead_workers"].func(timestamp=0)

    with app.replace_connector(QueueConnector(database)):
        asyncio.run(retry())

    with engine().connect() as connection:
        statuses = connection.execute(text("select status::text from procrastinate_jobs order by id")).scalars().all()
    assert statuses == ["doing", "todo", "todo"]
    assert open_failures() == [("job", f"job {odd}")]


def odd_for(creator, usual):
    """Like the function, but for this creator it raises an error that quotes somebody."""

    def ask(creator_id):
        if creator_id == creator.id:
            raise KeyError("ada@example.org")
        return usual(creator_id)

    return ask


def odd_kind(creator):
    def write(creator_id, mail):
        odd_for(creator, lambda _: None)(creator_id)
        return plain_mail(creator_id, mail)

    return delivery.MailKind("plain", "Plain mail", write, noun="plain mails")  # type: ignore[attr-defined]


def odd_key(address):
    """A MailKey that refuses this address."""

    def key(kind, recipient, *more, **named):
        if recipient == address:
            raise ValueError(f"{recipient} is odd")
        return MailKey(kind, recipient, *more, **named)

    return key


def unable_to_remove(creator):
    """Like the removal of a file, but this creator's files stay."""

    def remove(key):
        if str(creator.id) in key:
            raise StorageError("The file could not be removed.")
        return storage.remove_file(key) if key.endswith(".csv") else None

    return remove
