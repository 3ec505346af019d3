"""Watching, quizzes, chats and logins as rows."""

from collections.abc import Iterator

import numpy as np

from database.demo.batch import Batch
from database.demo.ids import stable_id
from database.demo.lessons import Lessons
from database.demo.rhythm import Ints, stamps
from database.demo.tables import Table


def activity_rows(lived: Batch, lessons: Lessons) -> Iterator[Table]:
    """What the batch's students did, in an order that foreign keys allow."""
    yield _video_progress(lived, lessons)
    yield from _activity(lived, lessons)
    yield from _chat(lived, lessons)
    yield from _attempts(lived, lessons)


def _video_progress(lived: Batch, lessons: Lessons) -> Table:
    table = lived.progress
    viewing = table["viewing"].to_numpy()
    return Table(
        "video_progress",
        ("student_id", "video_id", "first_watched", "last_watched", "watch_duration", "watch_percentage", "completed"),
        zip(
            _student_ids(lived, lived.watched.student[viewing]),
            _video_ids(lessons, lived.watched.video[viewing]),
            stamps(table["first_at"].to_numpy(np.int64)),
            stamps(table["last_at"].to_numpy(np.int64)),
            table["seconds"].tolist(),
            table["percent"].tolist(),
            table["completed"].tolist(),
            strict=True,
        ),
        key=("creator_id", "student_id", "video_id"),
    )


def _activity(lived: Batch, lessons: Lessons) -> Iterator[Table]:
    runs, subject = lived.told.runs, lessons.course.subject
    first = int(lived.cohort.numbers[0]) if len(lived.cohort) else 0
    viewing = runs["viewing"].to_numpy()
    yield Table(
        "watch_segments",
        ("id", "student_id", "video_id", "start_second", "end_second", "watched_at"),
        zip(
            (stable_id(subject, "segment", first, place) for place in range(len(runs))),
            _student_ids(lived, lived.watched.student[viewing]),
            _video_ids(lessons, lived.watched.video[viewing]),
            runs["start"].tolist(),
            runs["end"].tolist(),
            stamps(runs["at"].to_numpy(np.int64)),
            strict=True,
        ),
    )
    yield Table(
        "activity_events",
        ("id", "student_id", "kind", "occurred_at"),
        zip(
            (stable_id(subject, "login", first, place) for place in range(len(lived.logins))),
            _student_ids(lived, lived.logins["student"].to_numpy(np.int64)),
            ["login"] * len(lived.logins),
            stamps(lived.logins["at"].to_numpy(np.int64)),
            strict=True,
        ),
    )


def _chat(lived: Batch, lessons: Lessons) -> Iterator[Table]:
    sessions, messages = lived.talk.sessions, lived.talk.messages
    yield Table(
        "chat_sessions",
        ("id", "student_id", "started_at"),
        zip(
            sessions["id"],
            _student_ids(lived, sessions["student"].to_numpy(np.int64)),
            stamps(sessions["at"].to_numpy(np.int64)),
            strict=True,
        ),
    )
    yield Table(
        "chat_messages",
        ("id", "session_id", "student_id", "video_id", "role", "content", "helpful_rating", "created_at"),
        zip(
            messages["id"],
            messages["session"],
            _student_ids(lived, messages["student"].to_numpy(np.int64)),
            _video_ids(lessons, messages["video"].to_numpy(np.int64)),
            messages["role"],
            messages["content"],
            messages["rating"],
            stamps(messages["at"].to_numpy(np.int64)),
            strict=True,
        ),
    )


def _attempts(lived: Batch, lessons: Lessons) -> Iterator[Table]:
    taken = lived.told.attempts
    student = lived.watched.student[taken["viewing"]]
    numbers = lived.cohort.numbers[student].tolist()
    ids = [
        stable_id(lessons.course.subject, "attempt", number, quiz, attempt_number)
        for number, quiz, attempt_number in zip(numbers, taken["quiz"], taken["attempt_number"], strict=True)
    ]
    yield Table(
        "quiz_attempts",
        (
            "id",
            "quiz_id",
            "student_id",
            "attempt_number",
            "score_percent",
            "passed",
            "time_taken_seconds",
            "completed_at",
        ),
        zip(
            ids,
            [lessons.quizzes[quiz].id for quiz in taken["quiz"]],
            _student_ids(lived, student),
            taken["attempt_number"].tolist(),
            taken["score_percent"].tolist(),
            taken["passed"].tolist(),
            taken["seconds"].tolist(),
            stamps(taken["at"].to_numpy(np.int64)),
            strict=True,
        ),
    )
    yield Table(
        "quiz_answers",
        ("attempt_id", "question_id", "answer", "is_correct"),
        (
            (attempt_id, question.id, answer, answer == question.correct_answer)
            for attempt_id, quiz, answers in zip(ids, taken["quiz"], taken["answers"], strict=True)
            for question, answer in zip(lessons.quizzes[quiz].questions, answers, strict=True)
        ),
        key=("creator_id", "attempt_id", "question_id"),
    )


def _student_ids(lived: Batch, student: Ints) -> list[str]:
    return [lived.ids[place] for place in student.tolist()]


def _video_ids(lessons: Lessons, video: Ints) -> list[str]:
    ids = [str(watchable.id) for watchable in lessons.watchable]
    return [ids[place] for place in video.tolist()]
