"""Kill workers while they send: `python -m tests.killed_mail_workers --mails 4000 --kills 100`.

Counts what arrived. Two workers send to a mail server of this computer; one of them after the other dies by SIGKILL at
any moment and is replaced. Uses the database of DATABASE_URL, or an embedded one that is thrown away.
Prints one line of JSON; `duplicates` and `silent_losses` must be 0, and every mail that may or may
not have arrived is `unknown`.
"""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from actions.mails import MailKey, MailToSend, queue_mails
from database.creators import add_creator
from database.engine import engine
from database.migrate import migrate
from database.settings import PROJECT_DIR
from database.tenancy import JOB_SECONDS, tenant_tx
from database.throwaway import throwaway_data_folder
from mail.delivery import send_due
from tests.builders import ACreator
from tests.mail_servers import a_mail_server
from tests.mailing import MONDAY, a_sender, mails

LEASE_SECONDS = 2.0
WORKERS = 2
SECONDS_BETWEEN_KILLS = (0.02, 0.4)
SECONDS_TO_END = 300
MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE)


def counted_run(mails: int, kills: int, seconds: float) -> dict[str, Any]:
    """The same in a separate process, on the database of DATABASE_URL; returns what it prints."""
    environment = {name: value for name, value in os.environ.items() if name != "DASHBOARD_NOW"}
    command = [sys.executable, "-m", "tests.killed_mail_workers", "--mails", str(mails), "--kills", str(kills)]
    run = subprocess.run(
        command, cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, timeout=seconds, check=True
    )
    counted: dict[str, Any] = json.loads(run.stdout)
    return counted


def assert_nothing_is_doubled_or_lost(counted: dict[str, Any], mails: int, kills: int) -> None:
    """No email twice, none lost silently, and few unconfirmed."""
    states = counted["states"]
    assert (counted["mails"], counted["kills"]) == (mails, kills)
    assert counted["duplicates"] == 0
    assert counted["silent_losses"] == 0
    assert counted["arrived_but_neither_sent_nor_unknown"] == 0
    assert set(states) <= {"sent", "unknown", "failed"}
    assert sum(states.values()) == mails
    assert states["sent"] > 0.75 * mails


def main() -> None:
    options = _options()
    if options.serve:
        _serve(Path(options.serve))
        return
    folder = throwaway_data_folder()
    os.environ.pop("DASHBOARD_NOW", None)  # leases need a clock that moves
    if not os.environ.get("DATABASE_URL"):
        os.environ["DASHBOARD_DATA_DIR"] = str(folder)
        migrate()
    creators = _asked_for(options.mails)
    folder.mkdir(exist_ok=True)
    taken = folder / "taken"
    server, port = _started_server(taken)
    try:
        began = time.monotonic()
        kills = _kill_workers(creators, port, options.kills)
        print(json.dumps({"kills": kills, "seconds": round(time.monotonic() - began)} | _counted(creators, taken)))
    finally:
        server.terminate()
        server.wait()


def _asked_for(number: int) -> list[ACreator]:
    """Four creators with email that is due."""
    creators = [ACreator(add_creator(f"Creator {n}", "enterprise", "UTC"), "", "enterprise", "UTC") for n in range(4)]
    for creator in creators:
        keys = [MailKey("plain", f"reader{n}@example.org", MONDAY) for n in range(number // len(creators))]
        with tenant_tx(creator.id, JOB_SECONDS) as connection:
            queue_mails(connection, creator.id, [MailToSend(key, datetime.now(UTC)) for key in keys])
    return creators


def _kill_workers(creators: list[ACreator], port: int, kills: int) -> int:
    """Kill a worker this many times while there is email to send; then let the last ones finish."""
    workers = [_forked_worker(port) for _ in range(WORKERS)]
    done = 0
    while done < kills and _left(creators):
        time.sleep(random.uniform(*SECONDS_BETWEEN_KILLS))
        victim = random.randrange(WORKERS)
        _kill(workers[victim])
        workers[victim] = _forked_worker(port)
        done += 1
    end = time.monotonic() + SECONDS_TO_END
    while _left(creators) and time.monotonic() < end:
        time.sleep(0.3)
    for worker in workers:
        _kill(worker)
    return done


def _forked_worker(port: int) -> int:
    """A worker in a separate process, which begins immediately; returns its id."""
    engine().dispose()  # no connection of the parent's in the child
    process_id = os.fork()
    if process_id:
        return process_id
    try:
        while True:
            send_due(a_sender(port, lease_seconds=LEASE_SECONDS), limit_seconds=60)
            time.sleep(0.1)
    finally:
        os._exit(1)


def _kill(process_id: int) -> None:
    os.kill(process_id, signal.SIGKILL)
    os.waitpid(process_id, 0)


def _left(creators: list[ACreator]) -> int:
    return sum(mail["state"] in ("pending", "claimed", "sending") for creator in creators for mail in mails(creator))


def _counted(creators: list[ACreator], taken: Path) -> dict[str, Any]:
    """The ledger compared with what the mail server accepted."""
    arrived = Counter(taken.read_text().split())
    rows = [mail for creator in creators for mail in mails(creator)]
    states = Counter(mail["state"] for mail in rows)
    known = {mail["message_id"]: mail["state"] for mail in rows if mail["message_id"]}
    return {
        "mails": len(rows),
        "states": dict(states),
        "arrived": len(arrived),
        "duplicates": sum(times - 1 for times in arrived.values()),
        "silent_losses": sum(mail["state"] == "sent" and not arrived[mail["message_id"]] for mail in rows),
        "arrived_but_neither_sent_nor_unknown": sum(known[name] not in ("sent", "unknown") for name in arrived),
        "unknown_that_arrived": sum(mail["state"] == "unknown" and bool(arrived[mail["message_id"]]) for mail in rows),
    }


def _started_server(taken: Path) -> tuple["subprocess.Popen[str]", int]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.killed_mail_workers", "--serve", str(taken)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    return server, int(server.stdout.readline())


def _serve(taken: Path) -> None:
    """Accept emails, record each by its Message-ID before replying, and be a little slow about it."""

    async def take(_server: Any, _session: Any, envelope: Any) -> str:
        found = MESSAGE_ID.search(envelope.original_content)
        assert found
        await asyncio.sleep(random.uniform(0, 0.004))
        with taken.open("ab") as file:
            file.write(found[1] + b"\n")
        await asyncio.sleep(random.uniform(0, 0.004))
        return "250 taken"

    taken.touch()
    with a_mail_server(handle_data=take) as sink:
        print(sink.port, flush=True)
        signal.pause()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=4_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
