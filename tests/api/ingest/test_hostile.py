"""Whatever a batch has in it: each event is answered, none breaks the server, and nobody else's data changes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.ingest.test_batch import Sending, a_server, receipts, rows, watched
from tests.builders import NOW, ACreator, a_creator, a_student, a_video, a_watch

AT = NOW.isoformat()
EVENTS: list[dict[str, Any]] = [
    {"type": "student", "student": "ada", "name": "Ada", "email": "a@example.org", "level": 1, "createdAt": AT},
    {"type": "course", "course": "py", "title": "Python", "position": 1},
    {"type": "run", "run": "r", "course": "py", "startsAt": AT, "endsAt": AT},
    {"type": "enrolment", "student": "ada", "course": "py", "run": "r", "at": AT, "endedAt": AT},
    {
        "type": "video",
        "video": "v",
        "title": "V",
        "course": "py",
        "durationSeconds": 60,
        "tags": ["a"],
        "difficulty": "beginner",
    },
    {"type": "progress", "student": "ada", "video": "v", "at": AT, "watchedSeconds": 5, "watchedPercent": 5.5},
    {
        "type": "watched",
        "student": "ada",
        "video": "v",
        "at": AT,
        "from": 0,
        "to": 1,
        "rate": 1,
        "session": "s",
        "seq": 1,
    },
    {"type": "curve", "video": "v", "positionPercent": 50, "viewersPercent": 50},
    {"type": "quiz", "quiz": "q", "title": "Q", "video": "v", "course": "py", "position": 1},
    {"type": "question", "question": "q1", "quiz": "q", "prompt": "?", "options": ["a"], "correctAnswer": "a"},
    {"type": "attempt", "quiz": "q", "student": "ada", "at": AT, "scorePercent": 5, "passed": True, "number": 1},
    {"type": "answer", "quiz": "q", "question": "q1", "student": "ada", "at": AT, "isCorrect": True, "answer": "a"},
    {"type": "message", "message": "m", "student": "ada", "role": "user", "content": "?", "at": AT, "helpful": 1},
    {"type": "activity", "student": "ada", "kind": "login", "at": AT, "video": "v"},
]
FIELDS = sorted({name for event in EVENTS for name in event} | {"id", "duration", "creator_id"})
NUMBERS = [0, -1, 1, 2, 1.5, -0.0, 1e308, 2**31, 2**63, 10**300, float("nan"), float("inf"), True]
TEXTS = ["", " ", "ada", "v", "0", "\0", "a\0b", "\ud800", "\U0001f600", "'; drop table students; --", "{}", "é" * 499]
LONG = ["x" * 501, "x" * 40_000, "user", "beginner", "00000000-0000-0000-0000-000000000001"]
INSTANTS = ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-03-04", AT, "2026-03-04T12:00:00-23:59"]
NESTED: list[Any] = [None, [], {}, [None], [[]], ["a"] * 201, {"a": {"b": []}}]
VALUES = st.sampled_from([*NUMBERS, *TEXTS, *LONG, *INSTANTS, *NESTED])


@st.composite
def an_event(draw: st.DrawFn) -> Any:
    event = dict(draw(st.sampled_from(EVENTS)), id=draw(st.sampled_from(["a", "b", "c", "d", "e", "f"])))
    for name in draw(st.lists(st.sampled_from(FIELDS), max_size=3)):
        event[name] = draw(VALUES)
    return draw(st.sampled_from([event] * 9 + [draw(VALUES)]))


@pytest.fixture(scope="module")
def platform(shared_database) -> Sending:
    return a_server()


@pytest.fixture(scope="module")
def other(shared_database) -> ACreator:
    ada, video = a_student(external_id="ada"), a_video(external_id="v")
    return a_creator(ada, video, a_watch(ada, video))


@given(events=st.lists(an_event(), max_size=30))
def test_every_event_of_any_batch_is_answered(platform: Sending, other: ACreator, events: list[Any]):
    of_other = everything_of(other)

    answer = platform.post(json.dumps({"events": events}).encode())

    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert told["accepted"] + told["duplicate"] + told["conflicting"] + len(told["rejected"]) == len(events)
    assert all(one["code"] and one["message"] for one in told["rejected"])
    assert everything_of(other) == of_other


def test_what_was_written_is_what_was_accepted_of_each_kind(platform: Sending):
    """After any number of hostile batches; runs behind them."""
    impossible = rows(
        platform.creator,
        """
        select 'segment' from watch_segments where end_second < start_second
        union all
        select 'future' from watch_segments where watched_at > dashboard_now() + interval '1 hour'
        union all
        select 'attempt' from quiz_attempts where score_percent not between 0 and 100
        union all
        select 'student' from students where external_id = '' or name = ''
        """,
    )

    assert impossible == []
    assert receipts(platform.creator) > 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"events": [' + b"[" * 900 + b"]" * 900 + b"]}",
        b'{"events": [{"id": "a", "type": "watched", "at": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}]}",
        b'{"events": [1e999, -1e999, NaN, Infinity]}',
        json.dumps({"events": [watched(video="\ud800")]}).encode(),
        '{"events": [{"id": "é", "type": "ü"}]}'.encode("utf-16"),
    ],
    ids=range(5),
)
def test_deep_and_odd_json_is_rejected_event_by_event(platform: Sending, body: bytes):
    answer = platform.post(body)

    assert answer.status_code == 202
    assert answer.json()["accepted"] == 0


def everything_of(creator: ACreator) -> list[tuple[Any, ...]]:
    return rows(
        creator,
        """
        select 'student', students::text from students
        union all
        select 'video', videos::text from videos
        union all
        select 'segment', watch_segments::text from watch_segments
        union all
        select 'import', imports::text from imports
        union all
        select 'receipt', event_receipts::text from event_receipts
        order by 1, 2
        """,
    )
