"""How many weekly digests a second are gathered, written and sent: `python -m benchmarks.digests`."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from actions.mail_schedules import queue_digest
from benchmarks.mail import mail_server
from database.clock import now
from database.demo import DemoCreator, DemoReport, DemoSize, load_demo
from database.migrate import migrate
from database.tenancy import JOB_SECONDS, tenant_tx
from database.throwaway import throwaway_data_folder
from mail.digest.week import last_full_week

DIGESTS, WORKERS = 1_000, 2
SIZE = DemoSize(students=245, videos=40, days=120, seed=1)  # the demo's usual one
WANT = text(
    "insert into creator_preferences (creator_id, notification_settings)"
    " values (:creator_id, '{\"is_digest_on\": true}')"
    " on conflict (creator_id) do update set notification_settings = excluded.notification_settings"
)
STATES = text("select state, count(*) as mails from mail_deliveries where creator_id = :creator_id group by state")
CARRY = "from mail.delivery import deliver_due; print(flush=True); input(); deliver_due(3600)"


def digests_per_second(demo: DemoReport, digests: int = DIGESTS) -> float:
    """Each digest is gathered from the demo's courses and passed to a mail server by two running workers."""
    entitled = [creator for creator in demo.creators if creator.subscription_tier == "enterprise"]
    for creator in entitled:
        _asked(creator, digests // len(entitled))
    with mail_server() as port:
        settings = {"SMTP_URL": f"smtp://127.0.0.1:{port}?starttls=never", "MAIL_FROM": "Dashboard <d@example.com>"}
        workers = [_worker(os.environ | settings) for _ in range(WORKERS)]
        began = time.perf_counter()
        for worker in workers:
            assert worker.stdin
            worker.stdin.write("\n")
            worker.stdin.flush()
        assert [worker.wait() for worker in workers] == [0] * WORKERS
        taken = time.perf_counter() - began
    assert sum(_sent(creator.id) for creator in entitled) == digests
    return digests / taken


def _worker(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """A process that has imported everything and waits for a line."""
    command = [sys.executable, "-c", CARRY]
    worker = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    assert worker.stdout.readline() == "\n"
    return worker


def _asked(creator: DemoCreator, digests: int) -> None:
    week = last_full_week(now(), creator.timezone)
    readers = [f"reader{number}@example.org" for number in range(digests)]
    with tenant_tx(creator.id, JOB_SECONDS) as connection:
        connection.execute(WANT, {"creator_id": creator.id})
        queue_digest(connection, creator.id, week.monday, readers, now())


def _sent(creator_id: UUID) -> int:
    with tenant_tx(creator_id) as connection:
        found = {row.state: row.mails for row in connection.execute(STATES, {"creator_id": creator_id})}
    assert set(found) == {"sent"}, found
    return int(found["sent"])


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    loaded = load_demo(SIZE)
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else DIGESTS
    print(f"{digests_per_second(loaded, wanted):.1f} digests a second with {WORKERS} workers")
