"""Server and refreshes are killed while events arrive: nothing that was answered is lost, nothing counts twice."""

import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from database.api_keys import new_key
from database.settings import PROJECT_DIR
from proofs.length import short_or_full
from tests.api.ingest.test_batch import rows
from tests.builders import NOW, ACreator, a_creator, refreshed
from tests.redis_server import a_free_port

KILLS = short_or_full(8, 50)
SENDERS, EVENTS_OF_A_BATCH, STUDENTS, SECONDS_OF_A_BEAT = 3, 40, 25, 10
SECONDS_TO_START = 90
LONGEST_LIFE_SECONDS = 0.6  # after the first answer
SHARE_LEFT = 0.1  # of batches after which the sender hangs up before the answer
REFRESHES = """
import sys
from uuid import UUID
from database.refresh import refresh
while True:
    refresh(UUID(sys.argv[1]))
"""


@dataclass
class Sent:
    """What was answered with 202, and how often there was no answer."""

    events: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    is_over: bool = False


@pytest.mark.usefixtures("database")
def test_nothing_that_was_answered_is_lost_and_nothing_counts_twice() -> None:
    creator = a_creator()
    key = new_key(creator.id, "A server", "ingest").key
    address, chance, sent = f"127.0.0.1:{a_free_port()}", random.Random(KILLS), Sent()
    numbers = itertools.count()
    senders = [threading.Thread(target=send, args=(address, key, numbers, sent)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        for _ in range(KILLS):
            before = len(sent.events)
            processes = [started_server(address), started_refreshes(creator)]
            wait_for(lambda before=before: len(sent.events) > before)
            time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
            for process in processes:
                process.kill()
                process.wait()
        server = started_server(address)
    finally:
        sent.is_over = True
        for sender in senders:
            sender.join()
    again = answered_at_last(address, key, sent.events[:EVENTS_OF_A_BATCH])
    server.kill()
    server.wait()
    print(f"{KILLS} kills, {len(sent.events)} events, {dict(sent.answers)}")

    refreshed(creator)
    assert sent.answers["no answer"] >= KILLS // 2
    assert (again["accepted"], again["duplicate"]) == (0, EVENTS_OF_A_BATCH)
    assert stored(creator) == sorted(told(event) for event in sent.events)
    assert rows(creator, "select count(*) from event_receipts") == [(len(sent.events),)]
    [(seconds,)] = rows(creator, "select sum(watched_seconds) from watched_videos where course = 0")
    assert seconds == SECONDS_OF_A_BEAT * len(sent.events)
    [(counted,)] = rows(creator, "select sum(facts_new) from imports where door = 'events'")
    assert counted == len(sent.events)


def send(address: str, key: str, numbers: "itertools.count[int]", sent: Sent) -> None:
    """Send batches, each until it is answered."""
    chance = random.Random(KILLS)
    while not sent.is_over:
        events = [an_event(number) for number in itertools.islice(numbers, EVENTS_OF_A_BATCH)]
        body = json.dumps({"events": events}).encode()
        # Of a batch that was stored before its answer was lost, the next answer says that it is a duplicate.
        while (answer := answered(address, key, body, chance.random() < SHARE_LEFT)) is None:
            sent.answers["no answer"] += 1
            time.sleep(0.05)
        assert answer["rejected"] == [], answer
        assert answer["conflicting"] == 0, answer
        sent.answers.update({name: answer[name] for name in ("accepted", "duplicate")})
        sent.events += events


def answered_at_last(address: str, key: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    body = json.dumps({"events": events}).encode()
    while (answer := answered(address, key, body, False)) is None:
        time.sleep(0.05)
    return answer


def answered(address: str, key: str, body: bytes, is_left: bool) -> dict[str, Any] | None:
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request("POST", "/ingest/v1/batch", body, {"Authorization": f"Bearer {key}"})
        if is_left:
            return None
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    assert answer.status in (202, 503), content
    return json.loads(content) if answer.status == 202 else None


def an_event(number: int) -> dict[str, Any]:
    beat, student = divmod(number, STUDENTS)
    at = NOW - timedelta(days=300) + timedelta(seconds=SECONDS_OF_A_BEAT * beat)
    start = SECONDS_OF_A_BEAT * beat
    event = {"id": f"e{number}", "type": "watched", "at": at.isoformat(), "student": f"s{student}", "video": "long"}
    return event | {"from": start, "to": start + SECONDS_OF_A_BEAT}


def told(event: dict[str, Any]) -> tuple[str, int, int]:
    return event["student"], event["from"], event["to"]


def stored(creator: ACreator) -> list[tuple[Any, ...]]:
    found = rows(
        creator,
        """
        select students.external_id, start_second, end_second
        from watch_segments
        join students on students.creator_id = watch_segments.creator_id and students.id = student_id
        """,
    )
    return sorted(found)


def started_server(address: str) -> "subprocess.Popen[bytes]":
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "uvicorn", "api.app:api", "--port", port, "--log-level", "warning"]
    environment = os.environ | {"INGEST_EVENTS_PER_MINUTE": "100000000"}
    return subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stderr=subprocess.DEVNULL)


def started_refreshes(creator: ACreator) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", REFRESHES, str(creator.id)], cwd=PROJECT_DIR)


def wait_for(condition: Any) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while not condition():
        assert time.monotonic() < end, "nothing was answered"
        time.sleep(0.02)
