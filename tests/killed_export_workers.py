"""Kill workers while they export: nothing half done is reachable, nothing is stuck, one complete file each."""

import hashlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import text

from actions.export_runs import FOLDER
from actions.export_upkeep import clean_up_exports, hand_over_waiting_exports, recover_lost_exports
from actions.exports import request_export
from api.app import api
from database.scratch import remove_forgotten, scratch_folder
from database.settings import PROJECT_DIR
from database.storage import stored_bytes, stored_keys
from database.tenancy import JOB_SECONDS, tenant_tx
from queries.exports.known import export, export_file
from reports.links import download_link
from tests.builders import ACreator, a_chat, a_creator, a_question, refreshed
from tests.exports import IRA

SESSIONS, QUESTIONS = 2_000, 20_001
SECONDS = 60

ASK_MUCH = text(
    """
    with sessions_added as (
        insert into chat_sessions (creator_id, id, student_id, started_at)
        select
            creator_id,
            gen_random_uuid(),
            student_id,
            started_at + make_interval(mins => numbers.number)
        from chat_sessions
        cross join generate_series(1, :sessions) as numbers (number)
        returning *
    )

    insert into chat_messages (creator_id, id, session_id, student_id, role, content, created_at)
    select
        creator_id,
        gen_random_uuid(),
        id,
        student_id,
        'user',
        'Why does step ' || numbers.number || ' come before the next one?',
        started_at + make_interval(secs => numbers.number)
    from sessions_added
    cross join generate_series(1, 10) as numbers (number)
    """
)


def killed_while_they_export(kills: int, longest_life_seconds: float | None = None) -> list[str]:
    """Kill this many workers, each at a different moment of its export; returns how each export stands after recovery.

    Each worker is killed at the latest after the time that an undisturbed export takes on this machine, unless
    you say how long. Needs a data folder of its own.
    """
    creator = a_creator_who_is_asked_much()
    if longest_life_seconds is None:
        longest_life_seconds = undisturbed_seconds(a_creator_who_is_asked_much())
    chance = random.Random(kills)
    moments: list[str] = []
    asked: list[UUID] = []
    for _ in range(kills):
        with a_worker() as worker:
            wait_until(lambda: all(is_completed(creator, export_id) for export_id in asked))
            asked.append(request_export(IRA, creator.id, "chat", "xlsx", {}))
            wait_until(lambda: status(creator, asked[-1]) != "pending")
            time.sleep(chance.uniform(0, longest_life_seconds))
            worker.send_signal(signal.SIGKILL)
            worker.wait(SECONDS)
        moments.append(status(creator, asked[-1]))
        assert_nothing_half_done_is_reachable(creator, asked)
        recover_lost_exports(silent_seconds=0)
        hand_over_waiting_exports()
    with a_worker():
        wait_until(lambda: all(is_completed(creator, export_id) for export_id in asked))
    clean_up_exports()
    assert_one_whole_file_each(creator, asked)
    remove_forgotten(older_than_seconds=0)
    assert list(scratch_folder().iterdir()) == []
    return moments


def undisturbed_seconds(creator: ACreator) -> float:
    """From the moment a worker claims the export to its end."""
    with a_worker():
        export_id = request_export(IRA, creator.id, "chat", "xlsx", {})
        wait_until(lambda: status(creator, export_id) != "pending")
        began = time.monotonic()
        wait_until(lambda: is_completed(creator, export_id))
        return time.monotonic() - began


def assert_nothing_half_done_is_reachable(creator: ACreator, asked: list[UUID]) -> None:
    with TestClient(api) as client:
        for export_id in asked:
            answer = client.get(download_link(creator.id, export_id).path.removeprefix("/api"))
            described = export(creator.id, export_id)
            assert described is not None
            if described.status == "completed":
                assert hashlib.sha256(answer.content).hexdigest() == described.sha256
            else:
                assert answer.status_code == 404


def assert_one_whole_file_each(creator: ACreator, asked: list[UUID]) -> None:
    files = [export_file(creator.id, export_id) for export_id in asked]
    described = [export(creator.id, export_id) for export_id in asked]
    keys = [file.storage_key for file in files if file]
    sums = [hashlib.sha256(stored_bytes(key)).hexdigest() for key in keys]
    assert sums == [one.sha256 for one in described if one]
    assert {one.rows_written for one in described if one} == {QUESTIONS}
    assert stored_keys(FOLDER, creator.id) == sorted(keys)
    assert len(set(keys)) == len(asked)


def a_creator_who_is_asked_much() -> ACreator:
    creator = a_creator(a_chat(a_question("Why do loops end?"), days_ago=20))
    with tenant_tx(creator.id, JOB_SECONDS) as connection:
        connection.execute(ASK_MUCH, {"sessions": SESSIONS})
    return refreshed(creator)


@contextmanager
def a_worker() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=PROJECT_DIR, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(SECONDS)


def status(creator: ACreator, export_id: UUID) -> str:
    described = export(creator.id, export_id)
    assert described is not None
    assert described.status in ("pending", "processing", "completed"), described.error_message
    return described.status


def is_completed(creator: ACreator, export_id: UUID) -> bool:
    return status(creator, export_id) == "completed"


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, "it is stuck"
        time.sleep(0.02)
