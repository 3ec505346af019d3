"""Random histories: what a learning platform may have sent about a creator, including edge cases."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.rows import Row

ZONES = ("UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")

# Shortly after a change of the clocks in New York, London and on Lord Howe (by half an hour).
CLOCK_CHANGES = (
    datetime(2025, 11, 2, 12, tzinfo=UTC),
    datetime(2025, 10, 26, 12, tzinfo=UTC),
    datetime(2025, 10, 5, 3, tzinfo=UTC),
    datetime(2025, 4, 6, 3, tzinfo=UTC),
    datetime(2025, 3, 9, 12, tzinfo=UTC),
)

# One question in several wordings each; "can" and "cannot" differ by a meaningful word.
QUESTIONS = {
    "recursion": ("What is recursion?", "what is RECURSION", "Please explain the recursion!", "  recursion… "),
    "loops": ("How do I write a loop?", "how do you write loops", "“Write” a loop"),
    "only words without meaning": ("What is this?", "what is this"),
    "can": ("Does this run on Windows?", "windows: run"),
    "cannot": ("Does this not run on Windows?", "Windows, not run"),
    "C": ("What is C?", "c, please"),
    "C++": ("What is C++?", "“ｃ＋＋”?"),
    "C#": ("What is C#?", "(c#)"),
}
# Messages that ask nothing: only polite, or without a word.
NO_QUESTIONS = ("Thanks", "OK, thank you very much!", "?!")
WORDINGS = (*(wording for wordings in QUESTIONS.values() for wording in wordings), *NO_QUESTIONS)
TOPICS = {wording: topic for topic, wordings in QUESTIONS.items() for wording in wordings}

SHARES = st.none() | st.sampled_from([0, 24.9, 25, 50, 74.9, 75, 99.5, 100])
LENGTHS = st.sampled_from([None, 0, 5, 10, 30, 60, 600])
RATINGS = st.none() | st.sampled_from([0, 0.25, 0.5, 1])
STARTS = st.integers(0, 50) | st.sampled_from([0, 590])
PLAYED = st.integers(0, 90) | st.sampled_from([540, 600, 1800, 5400])
SCORES = st.sampled_from([0, 9.994, 9.995, 33.333, 50, 89.999, 90, 100])
SECONDS = st.none() | st.sampled_from([0, 60, 600])
ANSWERS = st.none() | st.sampled_from(["", "never", "ten times"])
EDITIONS = st.none() | st.none() | st.sampled_from([1, 2])
# Around the half hour that ends a session, and the same instant twice.
GAPS = st.sampled_from([0, 0, 1, 60, 1799, 1800, 1801, 7200]).map(lambda seconds: timedelta(seconds=seconds))


@dataclass(frozen=True)
class History:
    timezone: str
    rows: list[Row]


@st.composite
def histories(draw: DrawFn, until: datetime) -> History:
    """A creator's rows up to `until`; ids repeat from history to history, so creators have the same ones."""
    when = instants(until)
    students = draw(_some(_students(until), 4))
    videos = draw(_some(_videos(until), 3))
    rows = [*_with_ids(students), *_with_ids(videos)]
    if students:
        rows += draw(_activity(len(students), len(videos), when))
    if students and videos:
        rows += draw(_watching(len(students), len(videos), when))
    if videos:
        rows += draw(_files(len(videos), when))
    rows += draw(_curves(len(videos)))
    return History(draw(st.sampled_from(ZONES)), rows)


def instants(until: datetime) -> SearchStrategy[datetime]:
    """Instants up to `until`: near one another, on both sides of midnight anywhere and of clock changes."""
    steps = st.integers(0, 4) | st.integers(0, 40 * 48)
    jitter = st.sampled_from([0, 0, 0, 1, 600])
    return st.builds(
        lambda end, half_hours, seconds: end - timedelta(minutes=30 * half_hours, seconds=seconds),
        st.sampled_from([until, until, until, *CLOCK_CHANGES]),
        steps,
        jitter,
    )


def _some(strategy: SearchStrategy[Any], at_most: int) -> SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=at_most)


def _with_ids(rows: list[Row]) -> list[Row]:
    return [Row(row.table, {"id": UUID(int=number), **row.values}) for number, row in enumerate(rows, 1)]


def _students(until: datetime) -> SearchStrategy[Row]:
    # 7 and 14 days are the ends of tiers.
    age = st.sampled_from([0, 6, 7, 8, 14, 15, 200])
    return st.builds(
        lambda name, days, deleted: Row(
            "students",
            {
                "name": name,
                "email": None,
                "created_at": until - timedelta(days=days),
                "deleted_at": until if deleted else None,
            },
        ),
        st.sampled_from(["Ada Moss", "Bo Lind"]),
        age,
        st.sampled_from([False, False, False, True]),
    )


def _videos(until: datetime) -> SearchStrategy[Row]:
    return st.builds(
        lambda status, published, deleted, seconds: Row(
            "videos",
            {
                "title": "Loops",
                "status": status,
                "is_published": published,
                "deleted_at": until if deleted else None,
                "duration_seconds": seconds,
            },
        ),
        st.sampled_from(["completed", "completed", "uploaded", "processing", "failed"]),
        st.sampled_from([True, True, False]),
        st.sampled_from([False, False, False, True]),
        LENGTHS,
    )


@st.composite
def _files(draw: DrawFn, videos: int, when: SearchStrategy[datetime]) -> list[Row]:
    keys = st.tuples(_ids(videos), st.integers(1, 3))
    return [
        Row(
            "video_editions",
            {"video_id": key[0], "edition": key[1], "began_at": draw(when), "duration_seconds": draw(LENGTHS)},
        )
        for key in draw(st.lists(keys, unique=True, max_size=3))
    ]


@st.composite
def _watching(draw: DrawFn, students: int, videos: int, when: SearchStrategy[datetime]) -> list[Row]:
    pairs = st.tuples(_ids(students), _ids(videos))
    segments = draw(_some(st.builds(_segment, pairs, when, STARTS, PLAYED), 12))
    progress = {
        pair: draw(
            st.builds(_progress, st.just(pair), when, GAPS, st.none() | st.integers(0, 900), SHARES, st.booleans())
        )
        for pair in draw(st.lists(pairs, unique=True, max_size=8))
    }
    return [*segments, *progress.values()]


@st.composite
def _activity(draw: DrawFn, students: int, videos: int, when: SearchStrategy[datetime]) -> list[Row]:
    student_ids = _ids(students)
    about = st.none() | _ids(videos) if videos else st.none()
    events = draw(_some(st.builds(_event, student_ids, when, about), 6))
    sessions = draw(_some(_session(student_ids, when, about), 3))
    return [*_with_ids(events), *draw(_quizzes(student_ids, when)), *_chats(sessions)]


@st.composite
def _curves(draw: DrawFn, videos: int) -> list[Row]:
    percents = st.sampled_from([0, 10, 33.3, 50, 100])
    return [
        _point(UUID(int=number), position, viewers)
        for number in range(1, videos + 1)
        for position, viewers in draw(st.dictionaries(percents, percents, max_size=3)).items()
    ]


@st.composite
def _session(
    draw: DrawFn, students: SearchStrategy[UUID], when: SearchStrategy[datetime], about: SearchStrategy[UUID | None]
) -> tuple[UUID, datetime, list[dict[str, Any]]]:
    start = draw(when)
    said_at, messages = start, []
    roles = draw(st.lists(st.sampled_from(["user", "user", "assistant"]), max_size=5))
    for role, sequence in zip(roles, draw(st.permutations(range(1, len(roles) + 1))), strict=True):
        said_at += draw(GAPS)
        content = draw(st.sampled_from(WORDINGS)) if role == "user" else "It calls itself."
        messages.append(
            {
                "role": role,
                "content": content,
                "helpful_rating": draw(RATINGS),
                "video_id": draw(about),
                "created_at": said_at,
                "sequence": sequence,
            }
        )
    return draw(students), start, messages


def _ids(count: int) -> SearchStrategy[UUID]:
    return st.integers(1, count).map(lambda number: UUID(int=number))


def _segment(pair: tuple[UUID, UUID], watched_at: datetime, start: int, seconds: int) -> Row:
    values = {
        "student_id": pair[0],
        "video_id": pair[1],
        "start_second": start,
        "end_second": start + seconds,
        "watched_at": watched_at,
    }
    return Row("watch_segments", values)


def _progress(
    pair: tuple[UUID, UUID], first: datetime, gap: timedelta, duration: int | None, share: float | None, completed: bool
) -> Row:
    values = {
        "student_id": pair[0],
        "video_id": pair[1],
        "first_watched": first,
        "last_watched": first + gap,
        "watch_duration": duration,
        "watch_percentage": share,
        "completed": completed,
    }
    return Row("video_progress", values)


def _point(video_id: UUID, position: float, viewers: float) -> Row:
    values = {"video_id": video_id, "position_percent": position, "viewers_percent": viewers}
    return Row("retention_points", values)


def _event(student_id: UUID, occurred_at: datetime, video_id: UUID | None) -> Row:
    values = {"student_id": student_id, "video_id": video_id, "kind": "login", "occurred_at": occurred_at}
    return Row("activity_events", values)


@st.composite
def _quizzes(draw: DrawFn, students: SearchStrategy[UUID], when: SearchStrategy[datetime]) -> list[Row]:
    """Three quizzes, one a draft and one perhaps deleted; four questions, the first of which has two editions."""
    kept = _quiz(1, "Loops quiz")
    draft = _quiz(2, "Draft", status="draft")
    deleted = _quiz(3, "Tuples quiz", deleted_at=draw(st.none() | when))
    questions = [
        _asked(number, quiz_id, draw(when) if number == 1 else None)
        for number, quiz_id in enumerate([kept.id, kept.id, kept.id, deleted.id], 1)
    ]
    earlier = [_earlier_edition(row) for row in questions if row.values["edition"] > 1]
    taken = draw(_some(st.tuples(st.sampled_from([kept.id, kept.id, draft.id, deleted.id]), students), 6))
    numbers: dict[tuple[UUID, UUID], int] = {}
    attempts, answers = [], []
    for number, pair in enumerate(taken, 1):
        numbers[pair] = numbers.get(pair, draw(st.sampled_from([0, 0, 0, 1]))) + 1
        attempts.append(draw(st.builds(_attempt, st.just((number, *pair, numbers[pair])), when, SCORES, SECONDS)))
        answers += [
            draw(st.builds(_answer, st.just((number, question.id)), ANSWERS, EDITIONS, st.booleans()))
            for question in questions
            if question.values["quiz_id"] == pair[0] and draw(st.booleans())
        ]
    return [kept, draft, deleted, *questions, *earlier, *attempts, *answers]


def _quiz(number: int, title: str, status: str = "published", deleted_at: datetime | None = None) -> Row:
    values = {"id": UUID(int=number), "title": title, "status": status, "deleted_at": deleted_at}
    return Row("quizzes", values)


def _asked(number: int, quiz_id: UUID, again_at: datetime | None) -> Row:
    values = {
        "id": UUID(int=number),
        "quiz_id": quiz_id,
        "position": number,
        "prompt": f"{number}?",
        "edition": 1 if again_at is None else 2,
        "edition_began_at": again_at,
    }
    return Row("quiz_questions", values)


def _earlier_edition(question: Row) -> Row:
    values = {"question_id": question.id, "edition": 1, "kind": "multiple_choice", "prompt": "?", "options": "[]"}
    return Row("question_editions", values)


def _attempt(key: tuple[int, UUID, UUID, int], at: datetime, score: float, seconds: int | None) -> Row:
    number, quiz_id, student_id, attempt_number = key
    values = {
        "id": UUID(int=number),
        "quiz_id": quiz_id,
        "student_id": student_id,
        "attempt_number": attempt_number,
        "score_percent": score,
        "passed": score >= 50,
        "time_taken_seconds": seconds,
        "completed_at": at,
    }
    return Row("quiz_attempts", values)


def _answer(key: tuple[int, UUID], answer: str | None, edition: int | None, is_correct: bool) -> Row:
    values = {
        "attempt_id": UUID(int=key[0]),
        "question_id": key[1],
        "edition": edition,
        "answer": answer,
        "is_correct": is_correct,
    }
    return Row("quiz_answers", values)


def _chats(sessions: list[tuple[UUID, datetime, list[dict[str, Any]]]]) -> list[Row]:
    rows, messages = [], []
    for number, (student_id, started_at, said) in enumerate(sessions, 1):
        session_id = UUID(int=number)
        rows.append(Row("chat_sessions", {"id": session_id, "student_id": student_id, "started_at": started_at}))
        messages += [
            Row("chat_messages", message | {"session_id": session_id, "student_id": student_id}) for message in said
        ]
    return [*rows, *_with_ids(messages)]
