"""Statements of a real player in a real browser become figures; none is lost when server and worker are killed."""

import io
import json
import random
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser
from sqlalchemy import URL

from database.api_keys import new_key
from database.settings import PROJECT_DIR
from proofs.length import short_or_full
from sources.xapi.vocabulary import PAUSED, PLAYED
from sources.xapi.working import understand
from tests.api.server import served
from tests.browser.conftest import browser  # noqa: F401
from tests.builders import ACreator, a_creator
from tests.oracle import rows_of
from tests.redis_server import a_free_port
from tests.xapi import of_player, stored

KILLS = short_or_full(6, 50)
OF_A_BATCH, SENDERS = 20, 2
WORKER = """
import time
from jobs.xapi import understand_statements
while True:
    understand_statements()
    time.sleep(0.2)
"""
LESSON_SECONDS = 30


@contextmanager
def a_page(folder: Path) -> Iterator[str]:
    """The address of a page with a player and its lesson, on another host than the dashboard's."""
    (folder / "index.html").write_text((PROJECT_DIR / "proofs" / "xapi_player.html").read_text(encoding="utf-8"))
    silence = io.BytesIO()
    with wave.open(silence, "wb") as told:
        told.setparams((1, 2, 8_000, 0, "NONE", ""))
        told.writeframes(bytes(2 * 8_000 * LESSON_SECONDS))
    (folder / "lesson.wav").write_bytes(silence.getvalue())
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()


def test_a_players_page_in_a_browser(database: URL, browser: Browser, tmp_path: Path, monkeypatch) -> None:  # noqa: F811
    monkeypatch.delenv("DASHBOARD_NOW")  # the browser's clock runs
    creator = a_creator()
    with a_page(tmp_path) as address, served() as api:
        key = new_key(creator.id, "A page", "xapi", [address])
        told = {"endpoint": f"{api}/xapi", "user": str(key.id), "password": key.key}
        page = browser.new_page()
        page.goto(f"{address}/#{quote(json.dumps(told))}")
        page.wait_for_function("window.isReady")
        for start in (0, 12):
            page.evaluate(f"lesson.currentTime = {start}")
            page.wait_for_function("!lesson.seeking")
            page.evaluate("lesson.play()")
            page.wait_for_function(f"lesson.currentTime > {start} + 3")
            page.evaluate("lesson.pause()")
        page.wait_for_function("window.sent == 4")
        page.reload()
        page.wait_for_function("window.isReady")
        resumed = page.evaluate("window.resumed")
        page.close()
    understand(creator.id)

    stretches = sorted((row["start_second"], row["end_second"]) for row in rows_of(creator.id, "watch_segments"))
    assert [start for start, _ in stretches] == [0, 12]
    assert all(3 <= end - start <= 5 for start, end in stretches)
    assert 15 < resumed < 17
    assert [video["duration_seconds"] for video in rows_of(creator.id, "videos")] == [LESSON_SECONDS]


def sittings(seed: int) -> Iterator[list[dict[str, Any]]]:
    """Batches of what players send, without an end."""
    chosen = random.Random(seed)
    while True:
        batch: list[dict[str, Any]] = []
        while len(batch) < OF_A_BATCH:
            student, start = f"{seed}-{chosen.randrange(1_000)}", chosen.randrange(100)
            end = start + chosen.randrange(2, 60)
            session = str(UUID(int=chosen.getrandbits(128)))
            at = f"2026-03-0{chosen.randrange(1, 3)}T{chosen.randrange(24):02}:{chosen.randrange(60):02}:00Z"
            batch += [
                of_player(PLAYED, at, time=start, student=student, session=session),
                of_player(PAUSED, at, time=end, segments=f"{start}[.]{end}", student=student, session=session),
            ]
        yield batch


class Process:
    """A server or a worker that is started again whenever it was killed."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._running = self._started()

    def kill(self) -> None:
        self._running.kill()
        self._running.wait()
        self._running = self._started()

    def end(self) -> None:
        self._running.kill()
        self._running.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def sending(address: str, auth: tuple[str, str], seed: int, is_over: Event) -> list[dict[str, Any]]:
    """Send batch after batch, each again until it is answered as stored; returns all that was."""
    kept: list[dict[str, Any]] = []
    headers = {"X-Experience-API-Version": "1.0.3"}
    for batch in sittings(seed):
        while not _is_stored(address, auth, headers, batch):
            time.sleep(0.1)
        kept += batch
        if is_over.is_set():
            return kept
    return kept


def _is_stored(address: str, auth: tuple[str, str], headers: dict[str, str], batch: list[dict[str, Any]]) -> bool:
    try:
        answer = httpx.post(address, json=batch, auth=auth, headers=headers, timeout=10)
    except httpx.HTTPError:
        return False
    assert answer.status_code in (200, 503), answer.text
    return answer.status_code == 200


def test_nothing_is_lost_when_server_and_worker_are_killed(database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", "1000000")
    creator, undisturbed = a_creator(), a_creator()
    key = new_key(creator.id, "A player", "xapi-server")
    port, is_over, chosen = a_free_port(), Event(), random.Random(1)
    server = Process([sys.executable, "-m", "uvicorn", "api.app:api", "--port", str(port), "--log-level", "critical"])
    worker = Process([sys.executable, "-c", WORKER])
    with ThreadPoolExecutor(SENDERS) as threads:
        address, auth = f"http://127.0.0.1:{port}/xapi/statements", (str(key.id), key.key)
        sent: list[Future[list[dict[str, Any]]]] = [
            threads.submit(sending, address, auth, seed, is_over) for seed in range(SENDERS)
        ]
        for number in range(KILLS):
            _wait_for(f"http://127.0.0.1:{port}/health")
            time.sleep(chosen.uniform(0, 4))
            (server, worker)[number % 2].kill()
        _wait_for(f"http://127.0.0.1:{port}/health")
        is_over.set()
        kept = [statement for future in sent for statement in future.result()]
    server.end()
    worker.end()
    understand(creator.id)
    for place in range(0, len(kept), 500):
        stored(undisturbed.id, *kept[place : place + 500])
    understand(undisturbed.id)

    print(f"{KILLS} kills, {len(kept):,} statements, {len(watched(creator)):,} stretches")
    assert {str(row["id"]) for row in rows_of(creator.id, "xapi_statements")} == {one["id"] for one in kept}
    assert len(kept) > 10 * OF_A_BATCH
    assert watched(creator) == watched(undisturbed)
    assert rows_of(creator.id, "xapi_marks") == []


def _wait_for(address: str) -> None:
    while True:
        try:
            httpx.get(address, timeout=2)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return


def watched(creator: ACreator) -> list[tuple[Any, ...]]:
    students = {row["id"]: row["external_id"] for row in rows_of(creator.id, "students")}
    return sorted(
        (students[row["student_id"]], row["start_second"], row["end_second"], row["watched_at"])
        for row in rows_of(creator.id, "watch_segments")
    )
