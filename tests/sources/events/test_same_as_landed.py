"""The same facts by events and by the landing are the same rows and figures; erased people stay erased."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from actions.erasures import erase_student
from database.api_keys import new_key
from queries.overview.headline import overview_stats
from sources.facts import (
    Activity,
    Answer,
    Attempt,
    Course,
    Enrolment,
    Message,
    Progress,
    Question,
    Quiz,
    Segment,
    Student,
    Video,
)
from sources.landing import imports, write_facts
from tests.accounts import a_linked_account
from tests.api.ingest.test_batch import Sending, answered, rows
from tests.builders import NOW, ACreator, a_creator, refreshed

pytestmark = pytest.mark.usefixtures("shared_database")

STUDENTS, BEATS = 6, 8
AGO = timedelta(days=9)
COMPARED = (
    "select external_id, name, email, created_at from students",
    "select external_id, title, duration_seconds, status from videos",
    "select title, position from courses",
    "select enrolled_at, ended_at from enrolments",
    "select start_second, end_second, watched_at from watch_segments",
    "select first_watched, last_watched, watch_percentage, completed from video_progress",
    "select external_id, title from quizzes",
    "select external_id, prompt, options, correct_answer from quiz_questions",
    "select attempt_number, score_percent, passed, completed_at from quiz_attempts",
    "select answer, is_correct from quiz_answers",
    "select role, content, created_at, video_second from chat_messages",
    "select kind, occurred_at from activity_events",
    "select first_at, last_at, watched_seconds, share_hundredths, is_completed from watched_videos where course = 0",
    "select views, completions, watched_seconds from video_totals where course = 0",
)


def test_events_and_facts_are_the_same_rows_and_figures():
    by_events, by_facts = a_creator(), a_creator()
    sending = Sending(by_events, new_key(by_events.id, "A server", "ingest"))

    for place in range(0, len(EVENTS), 7):  # in the order in which things happened, in several batches
        assert sending(*EVENTS[place : place + 7]).json()["rejected"] == []
    assert write_facts(by_facts.id, FACTS).refused == 0

    for creator in (by_events, by_facts):
        refreshed(creator)
    for statement in COMPARED:
        assert counted(by_events, statement) == counted(by_facts, statement), statement
        assert counted(by_events, statement), statement
    assert asdict(overview_stats.fresh(by_events.id)) == asdict(overview_stats.fresh(by_facts.id))
    assert [(one.door, one.facts_new) for one in imports(by_events.id)] == [("events", len(EVENTS))]


def test_an_erased_student_is_refused_and_leaves_no_receipt():
    creator = a_creator()
    sending = Sending(creator, new_key(creator.id, "A server", "ingest"))
    sending(event("watched", "w1", student="ada", video="loops", at=NOW - AGO, **{"from": 0, "to": 10}))
    [(student_id,)] = rows(creator, "select id from students")
    erase_student(a_linked_account(creator), creator.id, student_id)

    again = event("watched", "w2", student="ada", video="loops", at=NOW - AGO, **{"from": 10, "to": 20})
    answer = sending(again, event("course", "c", course="py")).json()

    assert [(one["id"], one["code"], one["value"]) for one in answer["rejected"]] == [("w2", "erased", None)]
    assert answer["accepted"] == 1
    assert rows(creator, "select 1 from students") == rows(creator, "select 1 from watch_segments") == []
    assert sending(again).json()["rejected"][0]["code"] == "erased"
    assert sending(event("course", "c", course="py")).json() == answered(duplicate=1)


def event(event_type: str, event_id: str, **fields: Any) -> dict[str, Any]:
    told = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in fields.items()}
    return {"id": event_id, "type": event_type, **told}


def counted(creator: ACreator, statement: str) -> list[str]:
    return sorted(map(str, rows(creator, statement)))


def told() -> list[tuple[Any, dict[str, Any]]]:
    """Each fact, and the same as an event."""
    found: list[tuple[Any, dict[str, Any]]] = [
        (Course("py", "Python", 3), event("course", "c", course="py", title="Python", position=3)),
        (
            Video("loops", "Loops", "py", 80),
            event("video", "v", video="loops", title="Loops", course="py", durationSeconds=80),
        ),
        (Quiz("quiz", "Loops quiz", video="loops"), event("quiz", "q", quiz="quiz", title="Loops quiz", video="loops")),
        (
            Question("q1", "quiz", "What ends it?", ("break", "stop"), "break"),
            event(
                "question",
                "q1",
                question="q1",
                quiz="quiz",
                prompt="What ends it?",
                options=["break", "stop"],
                correctAnswer="break",
            ),
        ),
    ]
    for student in (f"s{number}" for number in range(STUDENTS)):
        found += told_of(student, int(student[1:]))
    return found


def told_of(student: str, number: int) -> list[tuple[Any, dict[str, Any]]]:
    at = NOW - AGO + timedelta(hours=number)
    found: list[tuple[Any, dict[str, Any]]] = [
        (
            Student(student, f"Student {number}"),
            event("student", f"{student}-s", student=student, name=f"Student {number}"),
        ),
        (Enrolment(student, "py", None, at), event("enrolment", f"{student}-e", student=student, course="py", at=at)),
    ]
    for beat in range(BEATS - number):
        begun, start = at + timedelta(seconds=10 * beat), 10 * beat
        fields = {
            "student": student,
            "video": "loops",
            "at": begun,
            "from": start - 0.4 * bool(beat),
            "to": start + 10.3,
        }
        found.append(
            (Segment(student, "loops", start, start + 10, begun), event("watched", f"{student}-w{beat}", **fields))
        )
    later = at + timedelta(minutes=5)
    return [
        *found,
        (
            Progress(student, "loops", later, later, None, 10 * number, number == 1),
            event(
                "progress",
                f"{student}-p",
                student=student,
                video="loops",
                at=later,
                watchedPercent=10 * number,
                completed=number == 1,
            ),
        ),
        (
            Attempt("quiz", student, later, 100 * (number % 2), number % 2 == 1, "a" + student),
            event(
                "attempt",
                f"{student}-a",
                **{"quiz": "quiz", "student": student, "at": later, "attempt": "a" + student},
                **{"scorePercent": 100 * (number % 2), "passed": number % 2 == 1},
            ),
        ),
        (
            Answer("quiz", "q1", student, later, number % 2 == 1, "break", "a" + student),
            event(
                "answer",
                f"{student}-n",
                **{"quiz": "quiz", "question": "q1", "student": student, "at": later, "attempt": "a" + student},
                **{"isCorrect": number % 2 == 1, "answer": "break"},
            ),
        ),
        (
            Message(
                f"m{student}", student, "user", "Why does it never end?", later, video="loops", video_second=number
            ),
            event(
                "message",
                f"{student}-m",
                **{"message": f"m{student}", "student": student, "role": "user", "content": "Why does it never end?"},
                **{"at": later, "video": "loops", "videoSecond": number},
            ),
        ),
        (
            Activity(student, "forum", later, id=f"{student}-f"),
            event("activity", f"{student}-f", student=student, kind="forum", at=later),
        ),
    ]


TOLD = told()
FACTS, EVENTS = [fact for fact, _ in TOLD], [one for _, one in TOLD]
