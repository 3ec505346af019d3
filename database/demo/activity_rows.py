"""Watching, quizzes, chats and logins as rows."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from database.demo.batch import Batch
from database.demo.ids import stable_id
from database.demo.lessons import Lessons
from database.demo.quizzing import choices, questions
from database.demo.rhythm import Ints
from database.demo.tables import Columns, of_each, stamps, texts


def activity_rows(lived: Batch, lessons: Lessons) -> Iterator[Columns]:
    """What the batch's students did, in an order that foreign keys allow."""
    yield _video_progress(lived, lessons)
    yield _watch_segments(lived, lessons)
    yield _logins(lived, lessons)
    yield _chat_sessions(lived)
    yield _chat_messages(lived, lessons)
    yield from _attempts(lived, lessons)


def _video_progress(lived: Batch, lessons: Lessons) -> Columns:
    table = lived.progress
    viewing = table["viewing"].to_numpy()
    return Columns(
        "video_progress",
        {
            "student_id": _student_ids(lived, lived.watched.student[viewing]),
            "video_id": _video_ids(lessons, lived.watched.video[viewing]),
            "first_watched": stamps(table["first_at"].to_numpy()),
            "last_watched": stamps(table["last_at"].to_numpy()),
            "watch_duration": pa.array(table["seconds"]),
            "watch_percentage": pa.array(table["percent"]),
            "completed": pa.array(table["completed"]),
        },
    )


def _watch_segments(lived: Batch, lessons: Lessons) -> Columns:
    # Sittings that had to end by now may overlap, and playback is written once per second at which it begins.
    runs = lived.told.runs.drop_duplicates(["viewing", "at", "start"])
    viewing = runs["viewing"].to_numpy()
    return Columns(
        "watch_segments",
        {
            "student_id": _student_ids(lived, lived.watched.student[viewing]),
            "video_id": _video_ids(lessons, lived.watched.video[viewing]),
            "start_second": pa.array(runs["start"]),
            "end_second": pa.array(runs["end"]),
            "watched_at": stamps(runs["at"].to_numpy()),
        },
    )


def _logins(lived: Batch, lessons: Lessons) -> Columns:
    first = int(lived.cohort.numbers[0]) if len(lived.cohort) else 0
    count = len(lived.logins)
    return Columns(
        "activity_events",
        {
            "id": texts(stable_id(lessons.course.subject, "login", first, place) for place in range(count)),
            "student_id": _student_ids(lived, lived.logins["student"].to_numpy()),
            "kind": texts(["login"] * count),
            "occurred_at": stamps(lived.logins["at"].to_numpy()),
        },
    )


def _chat_sessions(lived: Batch) -> Columns:
    sessions = lived.talk.sessions
    return Columns(
        "chat_sessions",
        {
            "id": texts(sessions["id"]),
            "student_id": _student_ids(lived, sessions["student"].to_numpy(np.int64)),
            "started_at": stamps(sessions["at"].to_numpy(np.int64)),
        },
    )


def _chat_messages(lived: Batch, lessons: Lessons) -> Columns:
    messages = lived.talk.messages
    return Columns(
        "chat_messages",
        {
            "id": texts(messages["id"]),
            "session_id": texts(messages["session"]),
            "student_id": _student_ids(lived, messages["student"].to_numpy(np.int64)),
            "video_id": _video_ids(lessons, messages["video"].to_numpy(np.int64)),
            "role": texts(messages["role"]),
            "content": texts(messages["content"]),
            "helpful_rating": pa.array(messages["rating"], type=pa.float64(), from_pandas=True),
            "created_at": stamps(messages["at"].to_numpy(np.int64)),
            "sequence": pa.array(messages["sequence"], type=pa.int64()),
        },
    )


def _attempts(lived: Batch, lessons: Lessons) -> Iterator[Columns]:
    taken, answers = lived.told.attempts, lived.answers
    student = lived.watched.student[taken["viewing"]]
    of_attempt = zip(lived.cohort.numbers[student].tolist(), taken["quiz"], taken["attempt_number"], strict=True)
    ids = [stable_id(lessons.course.subject, "attempt", *names) for names in of_attempt]
    yield Columns(
        "quiz_attempts",
        {
            "id": texts(ids),
            "quiz_id": of_each((quiz.id for quiz in lessons.quizzes), taken["quiz"].to_numpy()),
            "student_id": _student_ids(lived, student),
            "attempt_number": pa.array(taken["attempt_number"]),
            "score_percent": pa.array(taken["score_percent"]),
            "passed": pa.array(taken["passed"]),
            "time_taken_seconds": pa.array(taken["seconds"]),
            "completed_at": stamps(taken["at"].to_numpy()),
        },
    )
    yield Columns(
        "quiz_answers",
        {
            "attempt_id": of_each(ids, answers["attempt"].to_numpy()),
            "question_id": of_each((question.id for question in questions(lessons)), answers["question"].to_numpy()),
            "answer": of_each(choices(lessons), answers["choice"].to_numpy()),
            "is_correct": pa.array(answers["is_correct"]),
        },
    )


def _student_ids(lived: Batch, student: Ints) -> pa.Array:
    return of_each(lived.ids, student)


def _video_ids(lessons: Lessons, video: Ints) -> pa.Array:
    return of_each((watchable.id for watchable in lessons.watchable), video)
