"""Two servers with warm caches: a change through one shows in the other at its next request."""

import json
from uuid import uuid4

import httpx2
import pytest

from actions.staff import refresh_creator
from actions.uploads import begin_upload
from database.api_keys import add_key
from database.refresh import refresh
from tests.accounts import a_linked_account
from tests.api.server import served
from tests.builders import ACreator, a_creator, a_student, add, an_event
from tests.redis_server import a_redis
from tests.uploads import arriving

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(64)


@pytest.fixture(scope="module", params=["redis", "no redis"])
def servers(request, shared_database):
    """The addresses of two processes on one database."""
    if request.param == "no redis":
        with served() as one, served() as other:
            yield one, other
        return
    with a_redis() as redis, served(REDIS_URL=redis.url) as one, served(REDIS_URL=redis.url) as other:
        yield one, other


@pytest.fixture
def creator(servers) -> ACreator:
    return a_creator(a_student("Ada Moss"), an_event(days_ago=1))


@pytest.fixture
def both(servers, creator):
    """Call both, so that their caches are warm; returns a function that calls both again."""
    key = add_key(creator.id, "Two", "read")

    def ask(path: str = "/creator/dashboard"):
        headers = {"Authorization": f"Bearer {key}"}
        return [httpx2.get(address + path, headers=headers, timeout=30).json() for address in servers]

    for path in ("/creator/dashboard", "/creator/students", "/creator/videos"):
        for _ in range(2):
            ask(path)
    return ask


def test_an_enrolment_shows_in_both(both, creator):
    assert totals(both()) == [1, 1]

    add(creator, a_student("Bo Lind"))  # as the learning platform writes it: nobody refreshes

    assert totals(both()) == [2, 2]
    assert [answer["total"] for answer in both("/creator/students")] == [2, 2]


def test_a_video_upload_shows_in_both(both, creator):
    before = [answer["total"] for answer in both("/creator/videos")]

    begin_upload(a_linked_account(creator), creator.id, arriving(MP4), "Loops")

    assert [answer["total"] for answer in both("/creator/videos")] == [before[0] + 1] * 2


def test_a_refresh_shows_in_both(both, creator):
    assert actives(both()) == [1, 1]
    silent = a_student("Cy Hart")
    add(creator, silent)
    both()

    add(creator, an_event(silent, days_ago=1))
    assert actives(both()) == [1, 1]  # nobody has refreshed: activity shows within a minute
    assert refresh(creator.id)

    assert actives(both()) == [2, 2]


def test_the_refresh_button_shows_in_both(both, creator):
    silent = a_student("Cy Hart")
    add(creator, silent)
    both()
    add(creator, an_event(silent, days_ago=1))

    assert refresh_creator(a_linked_account().id, creator.id)

    assert actives(both()) == [2, 2]


def test_both_say_the_same_at_all_times(both, creator):
    for _ in range(3):
        one, other = both()
        assert json.dumps(one) == json.dumps(other)
        add(creator, a_student(id=uuid4()))


def totals(answers) -> list[int]:
    return [answer["students"]["total"] for answer in answers]


def actives(answers) -> list[int]:
    return [answer["students"]["active"] for answer in answers]
