"""Events are checked one by one: types, times, and what a player can have played."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from sources import facts
from sources.events.batch import MOST_EVENTS, TooManyEvents, Unreadable, parsed, read
from sources.events.items import Batch, Sender

RECEIVED = datetime(2026, 3, 4, 12, tzinfo=UTC)
CREATOR = UUID(int=1)
SERVER = Sender(CREATOR, "events")
PAGE = Sender(CREATOR, "player", "ada")


def test_a_stretch_that_was_watched_is_a_segment_with_whole_seconds():
    [item] = a_batch(watched(**{"from": 9.5, "to": 20.49})).items

    assert item.fact == facts.Segment("ada", "loops", 10, 20, at(minutes=10))


@pytest.mark.parametrize(
    ("event", "fact"),
    [
        ({"type": "student", "student": "ada", "name": "Ada"}, facts.Student("ada", "Ada")),
        ({"type": "course", "course": "py", "position": 2}, facts.Course("py", position=2)),
        (
            {"type": "run", "run": "r1", "course": "py", "startsAt": "2026-03-04T12:00:00Z"},
            facts.Run("r1", "py", starts_at=RECEIVED),
        ),
        (
            {"type": "enrolment", "student": "ada", "course": "py", "at": "2026-03-04T13:00:00+01:00"},
            facts.Enrolment("ada", "py", enrolled_at=RECEIVED),
        ),
        (
            {"type": "video", "video": "loops", "durationSeconds": 60, "tags": ["a", "b"]},
            facts.Video("loops", duration_seconds=60, tags=("a", "b")),
        ),
        (
            {"type": "progress", "student": "ada", "video": "loops", "at": "2026-03-04T12:00:00Z", "completed": True},
            facts.Progress("ada", "loops", RECEIVED, RECEIVED, completed=True),
        ),
        (
            {"type": "curve", "video": "loops", "positionPercent": 50, "viewersPercent": 80.5},
            facts.CurvePoint("loops", 50, 80.5),
        ),
        ({"type": "quiz", "quiz": "q", "video": "loops"}, facts.Quiz("q", video="loops")),
        (
            {"type": "question", "question": "q1", "quiz": "q", "options": ["x", "y"], "correctAnswer": "x"},
            facts.Question("q1", "q", options=("x", "y"), correct_answer="x"),
        ),
        (
            {
                "type": "attempt",
                "quiz": "q",
                "student": "ada",
                "at": "2026-03-04T12:00:00Z",
                "scorePercent": 85,
                "passed": True,
            },
            facts.Attempt("q", "ada", RECEIVED, 85, True),
        ),
        (
            {
                **{"type": "answer", "quiz": "q", "question": "q1", "student": "ada", "isCorrect": False},
                **{"at": "2026-03-04T12:00:00Z", "answer": "y"},
            },
            facts.Answer("q", "q1", "ada", RECEIVED, False, "y"),
        ),
        (
            {
                **{"type": "message", "message": "m1", "student": "ada", "role": "user", "content": "Why?"},
                **{"at": "2026-03-04T12:00:00Z", "videoSecond": 7},
            },
            facts.Message("m1", "ada", "user", "Why?", RECEIVED, video_second=7),
        ),
        (
            {"type": "activity", "student": "ada", "kind": "login", "at": "2026-03-04T12:00:00Z"},
            facts.Activity("ada", "login", RECEIVED, id="e1"),
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_every_kind_of_fact_is_a_type_of_event(event, fact):
    [item] = a_batch({"id": "e1", **event}).items

    assert item.fact == fact


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"to": "20"}, "invalid", "to"),
        ({"to": True}, "invalid", "to"),
        ({"to": float("nan")}, "invalid", "to"),
        ({"to": 10**400}, "invalid", "to"),
        ({"form": 1}, "unknown_field", "form"),
        ({"type": "watch"}, "unknown_type", "type"),
        ({"video": None}, "invalid", "video"),
        ({"student": None}, "missing", "student"),
        ({"video": ""}, "invalid", "video"),
        ({"video": "a\0b"}, "invalid", "video"),
        ({"video": "\ud800"}, "invalid", "video"),
        ({"id": ""}, "invalid", "id"),
        ({"id": "x" * 101}, "invalid", "id"),
        ({"at": "2026-03-04T11:50:00"}, "invalid", "at"),
        ({"at": 1_772_625_000}, "invalid", "at"),
        ({"at": "9999-12-31T23:59:59-23:00"}, "invalid", "at"),
        ({"at": "0001-01-01T00:00:00+23:00"}, "invalid", "at"),
        ({"at": "2026-03-04T13:00:01Z"}, "future", "at"),
        ({"to": 9}, "backwards", "to"),
        ({"from": -1}, "invalid", "from"),
        ({"rate": 0}, "invalid", "rate"),
        ({"to": 612.1}, "too_long", "to"),
        ({"duration": 18}, "beyond_the_end", "to"),
        ({"video": "x" * 32_001}, "too_large", None),
    ],
)
def test_a_bad_event_is_rejected_and_its_neighbours_are_not(change, code, field):
    batch = a_batch(watched("before"), watched("bad") | change, watched("after"))

    [one] = batch.rejected
    assert (one.index, one.code, one.field) == (1, code, field)
    assert one.message
    assert [item.id for item in batch.items] == ["before", "after"]


@pytest.mark.parametrize("raw", [None, 1, "text", [], {}, {"id": 1}])
def test_what_is_no_event_is_rejected(raw):
    batch = a_batch(raw, watched())

    assert [one.index for one in batch.rejected] == [0]
    assert len(batch.items) == 1


def test_the_longest_stretch_is_what_the_time_since_its_beginning_is_enough_for():
    just, over = watched(**{"from": 0, "to": 1202}), watched(**{"from": 0, "to": 1202.1})

    batch = a_batch(just | {"rate": 2}, over | {"rate": 2})

    assert [item.index for item in batch.items] == [0]


def test_a_stretch_that_goes_on_after_the_next_one_of_its_session_began_is_rejected():
    first = watched("first", **{"from": 0, "to": 13, "session": "s", "seq": 0})
    second = watched("second", **{"from": 13, "to": 20, "session": "s", "seq": 1, "at": at(minutes=10, seconds=-10)})
    other_session = watched("other", **{"from": 0, "to": 13, "session": "t", "seq": 0})

    batch = a_batch(second, first, other_session)

    assert [(one.id, one.code) for one in batch.rejected] == [("first", "too_long")]
    assert a_batch(second, first | {"to": 12}).rejected == ()


def test_a_clock_that_is_off_moves_the_batch_by_multiples_of_five_minutes():
    sent = RECEIVED - timedelta(hours=2, minutes=7)
    event = watched(at=(sent - timedelta(seconds=30)).isoformat(), **{"from": 0, "to": 10})

    batch = a_batch(event, sentAt=sent.isoformat())

    assert batch.clocks.skew == timedelta(hours=2, minutes=5)
    assert batch.items[0].fact.watched_at == sent - timedelta(seconds=30) + timedelta(hours=2, minutes=5)


@pytest.mark.parametrize("seconds", [-300, -3, 0, 299, 300])
def test_the_time_on_the_way_moves_nothing(seconds):
    sent = RECEIVED - timedelta(seconds=seconds)

    batch = a_batch(watched(at=at(minutes=20)), sentAt=sent.isoformat())

    assert batch.items[0].fact.watched_at == RECEIVED - timedelta(minutes=20)


def test_a_device_a_year_ahead_sends_what_happened_now():
    sent = RECEIVED + timedelta(days=365)

    batch = a_batch(watched(at=(sent - timedelta(minutes=1)).isoformat()), sentAt=sent.isoformat())

    assert abs(batch.items[0].fact.watched_at - RECEIVED) < timedelta(minutes=5)


@pytest.mark.parametrize("sent", ["yesterday", 5, "9999-12-31T23:59:59Z", "2026-03-04T12:00:00"])
def test_a_batch_sent_at_no_time_cannot_be_read(sent):
    with pytest.raises(Unreadable, match="sentAt"):
        a_batch(watched(), sentAt=sent)


def test_servers_may_send_what_happened_years_ago_and_pages_may_not():
    old = watched(at="2019-03-04T12:00:00Z", **{"from": 0, "to": 1})
    just = (RECEIVED - timedelta(days=400)).isoformat()

    assert len(a_batch(old).items) == 1
    assert [one.code for one in a_batch(of_page(old), sender=PAGE).rejected] == ["too_old"]
    assert len(a_batch(of_page(watched(at=just)), sender=PAGE).items) == 1


def test_a_page_sends_what_its_own_student_watched_and_nothing_else():
    quiz = {"id": "q", "type": "quiz", "quiz": "q"}

    batch = a_batch(quiz, watched(), of_page(watched("mine")), sender=PAGE)

    assert [(one.code, one.field) for one in batch.rejected] == [("not_allowed", "type"), ("not_allowed", "student")]
    assert [item.fact.student for item in batch.items] == ["ada"]


def test_an_id_means_one_event_of_a_creator_and_on_pages_of_a_student():
    def receipt(sender, event):
        return a_batch(event, sender=sender).items[0].receipt

    other = Sender(UUID(int=2), "events")

    assert receipt(SERVER, watched()) == receipt(SERVER, watched(**{"to": 12}))
    assert receipt(SERVER, watched()) != receipt(other, watched())
    assert receipt(SERVER, watched()) != receipt(PAGE, of_page(watched()))
    assert receipt(PAGE, of_page(watched())) != receipt(Sender(CREATOR, "player", "bo"), of_page(watched()))


def test_the_digest_is_of_what_was_sent_whenever_that_was():
    def digest(event, sent=RECEIVED):
        return a_batch(event, sentAt=sent.isoformat()).items[0].digest

    event = watched(at=at(minutes=200))

    assert digest(event) == digest(event, RECEIVED - timedelta(hours=1)) == digest(dict(reversed(event.items())))
    assert digest(event) == digest(event | {"id": "another"})
    assert digest(event) != digest(event | {"to": 19})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no",
        b"[]",
        b"5",
        b"null",
        b'{"events": {}}',
        b'{"events"',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"events": [' + b"9" * 5000 + b"]}",
    ],
    ids=range(10),
)
def test_what_is_no_batch_cannot_be_read(body):
    with pytest.raises(Unreadable):
        parsed(body)


def test_a_batch_has_at_most_five_hundred_events():
    assert parsed(json.dumps({"events": [{}] * MOST_EVENTS}).encode())
    with pytest.raises(TooManyEvents, match="501"):
        parsed(json.dumps({"events": [{}] * (MOST_EVENTS + 1)}).encode())


def a_batch(*events: Any, sender: Sender = SERVER, **more: Any) -> Batch:
    return read({"events": list(events), **more}, sender, RECEIVED)


def watched(event_id: str = "e1", **changes: Any) -> dict[str, Any]:
    event = {"id": event_id, "type": "watched", "at": at(minutes=10), "student": "ada", "video": "loops"}
    told = event | {"from": 10, "to": 20} | changes
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def of_page(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "student"}


def at(**ago: float) -> Any:
    return RECEIVED - timedelta(**ago)
