"""What people do to an installation at the same time: create exports, invite, and return to their courses."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import DBAPIError, TimeoutError

from actions.exports import TooManyExports, request_export
from actions.invitations import invite
from database.accounts import Account, account
from database.job_queue import defer
from jobs.mail import SEND_DUE
from tests.builders import ACreator, a_chat, a_creator, a_question, a_student, a_video, a_watch, add, an_event
from tests.exports import IRA
from tests.pages.opened import an_account

STUDENTS = 40
INVITED_AT_ONCE = 5
EXPORTS = (("students", "csv"), ("chat", "xlsx"), ("progress", "json"), ("analytics", "xlsx"), ("videos", "csv"))
AWAY = (DBAPIError, TimeoutError, ConnectorException)  # what people see while the database is away


@dataclass
class Load:
    """What was requested and confirmed; requests made while the database went away may have succeeded too."""

    creators: list[ACreator]
    authors: dict[UUID, Account]
    exports: set[tuple[UUID, UUID]] = field(default_factory=set)
    invited: set[str] = field(default_factory=set)
    errors: list[BaseException] = field(default_factory=list)
    refused: int = 0


def some_creators(number: int = 3) -> Load:
    """Add creators with students who learn and ask."""
    creators = [_a_course(n) for n in range(number)]
    authors = {creator.id: account(an_account(creator)) for creator in creators}
    assert all(authors.values())
    return Load(creators, {creator_id: author for creator_id, author in authors.items() if author})


@contextmanager
def under_load(load: Load) -> Iterator[None]:
    """Request things until the block ends; any error but the database's absence is added to `errors`."""
    ended = threading.Event()
    turns = ((_ask_for_exports, 0.4), (_invite, 0.5), (_learn, 0.3))
    threads = [threading.Thread(target=_again, args=(load, do, pause, ended)) for do, pause in turns]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _again(load: Load, do: Callable[[Load, int], None], pause: float, ended: threading.Event) -> None:
    for turn in count():
        if ended.wait(pause):
            return
        try:
            do(load, turn)
        except AWAY:
            load.refused += 1
        except Exception as error:
            load.errors.append(error)


def _ask_for_exports(load: Load, turn: int) -> None:
    creator = load.creators[turn % len(load.creators)]
    export_type, export_format = EXPORTS[turn % len(EXPORTS)]
    try:
        load.exports.add((creator.id, request_export(IRA, creator.id, export_type, export_format, {})))
    except TooManyExports:
        return


def _invite(load: Load, turn: int) -> None:
    creator = load.creators[turn % len(load.creators)]
    addresses = [f"guest{turn}-{n}@example.org" for n in range(INVITED_AT_ONCE)]
    invite(load.authors[creator.id], creator.id, addresses, creator.timezone)
    load.invited.update(addresses)
    defer(SEND_DUE, queueing_lock=SEND_DUE, timestamp=0)


def _learn(load: Load, turn: int) -> None:
    creator = load.creators[turn % len(load.creators)]
    add(creator, an_event(days_ago=turn % 20 / 10))
    if turn % 5 == 0:
        defer("refresh_stale_creators", queueing_lock="refresh_stale_creators", timestamp=0)


def _a_course(number: int) -> ACreator:
    students = [a_student(f"Student {n}") for n in range(STUDENTS)]
    video = a_video()
    watches = [a_watch(student, video, days_ago=n % 9) for n, student in enumerate(students)]
    chats = [a_chat(a_question("Why is it so?"), student=student, days_ago=1) for student in students[:10]]
    return a_creator(students, video, watches, chats, name=f"Creator {number}")


def wait_until(is_so: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait, and return how long it took; fails after `seconds`."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.05)
    return time.monotonic() - began
