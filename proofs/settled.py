"""What became of everything that was requested under load."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from actions.export_runs import FOLDER
from database.engine import engine
from database.job_queue import defer
from database.refresh import stale_creators
from database.storage import stored_bytes, stored_keys
from database.tenancy import platform_tx
from jobs.mail import SEND_DUE
from proofs.load import Load, wait_until
from queries.exports.known import export, export_file
from tests.mail_servers import a_mail_server
from tests.mailing import mails

SECONDS_TO_FINISH = 300.0  # a lost export is found once a minute, and goes to another worker after half a minute
MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE)

# Ten minutes are over for the emails that were being sent when the database went away.
LEASES_END = text(
    "update mail_deliveries set claimed_until = now() - interval '1 second' where claimed_until is not null"
)


@contextmanager
def mails_taken() -> Iterator[list[str]]:
    """The Message-IDs of all emails that the mail server of SMTP_URL accepted, in order."""
    taken: list[str] = []

    async def take(_server: Any, _session: Any, envelope: Any) -> str:
        found = MESSAGE_ID.search(envelope.original_content)
        assert found
        taken.append(found[1].decode())
        return "250 taken"

    with a_mail_server(handle_data=take) as sink, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMTP_URL", f"smtp://127.0.0.1:{sink.port}?starttls=never")
        patch.setenv("MAIL_FROM", "Creator Dashboard <dashboard@example.com>")
        yield taken


def everything_is_settled(load: Load) -> None:
    """Wait for every export and mail, and for the figures."""
    with engine().begin() as connection:
        connection.execute(LEASES_END)
    defer(SEND_DUE, queueing_lock=SEND_DUE, timestamp=0)
    wait_until(lambda: not unfinished_exports(load), SECONDS_TO_FINISH, "exports are stuck")
    wait_until(lambda: not unfinished_mails(load), SECONDS_TO_FINISH, "mails are stuck")
    wait_until(lambda: not stale_creators(), SECONDS_TO_FINISH, "figures are late")


def unfinished_exports(load: Load) -> list[Any]:
    return [row for row in export_rows(load) if row.status in ("pending", "processing")]


def unfinished_mails(load: Load) -> list[dict[str, Any]]:
    rows = [mail for creator in load.creators for mail in mails(creator)]
    return [mail for mail in rows if mail["state"] in ("pending", "claimed", "sending")]


def export_rows(load: Load) -> list[Any]:
    with platform_tx() as connection:
        return list(connection.execute(text("select creator_id, id, status, error_message from export_logs")))


def assert_no_export_is_lost(load: Load) -> None:
    """Every confirmed export exists, and each has one complete file."""
    rows = export_rows(load)
    assert load.exports <= {(row.creator_id, row.id) for row in rows}
    assert {(row.status, row.error_message) for row in rows} == {("completed", None)}
    for row in rows:
        described, file = export(row.creator_id, row.id), export_file(row.creator_id, row.id)
        assert described
        assert file
        assert hashlib.sha256(stored_bytes(file.storage_key)).hexdigest() == described.sha256
    assert len(rows) == sum(len(stored_keys(FOLDER, creator.id)) for creator in load.creators)


def assert_no_mail_is_doubled_or_lost(load: Load, taken: list[str]) -> None:
    """Each confirmed email was accepted once; one with an unknown outcome says so and is not sent again."""
    rows = [mail for creator in load.creators for mail in mails(creator)]
    arrived = Counter(taken)
    assert load.invited <= {mail["recipient"] for mail in rows}
    assert [name for name, times in arrived.items() if times > 1] == []
    assert {mail["state"] for mail in rows} <= {"sent", "unknown"}
    assert all(arrived[mail["message_id"]] == 1 for mail in rows if mail["state"] == "sent")
    assert set(arrived) <= {mail["message_id"] for mail in rows}
    assert len(rows) > len([mail for mail in rows if mail["state"] == "unknown"]) * 10


def told(load: Load, taken: list[str]) -> str:
    fates = Counter(mail["state"] for creator in load.creators for mail in mails(creator))
    return f"{len(export_rows(load))} exports, {dict(fates)}, {len(taken)} mails taken, {load.refused} requests refused"
