"""Random histories: what a learning platform may have told us about a creator, edge cases included."""

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

# One question in several wordings each; the last two differ by a word that bears meaning.
QUESTIONS = {
    "recursion": ("What is recursion?", "what is RECURSION", "Please explain the recursion!", "  recursion… "),
    "loops": ("How do I write a loop?", "how do you write loops", "“Write” a loop"),
    "only words without meaning": ("What is this?", "what is this"),
    "can": ("Does this run on Windows?", "windows: run"),
    "cannot": ("Does this not run on Windows?", "Windows, not run"),
}
WORDINGS = tuple(wording for wordings in QUESTIONS.values() for wording in wordings)
TOPICS = {wording: topic for topic, wordings in QUESTIONS.items() for wording in wordings}

SHARES = st.none() | st.sampled_from([0, 24.9, 25, 50, 74.9, 75, 99.5, 100])
RATINGS = st.none() | st.sampled_from([0, 0.25, 0.5, 1])
# Around the half hour that ends a session, and twice the same instant.
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
        lambda status, deleted: Row(
            "videos", {"title": "Loops", "status": status, "deleted_at": until if deleted else None}
        ),
        st.sampled_from(["completed", "completed", "uploaded", "processing", "failed"]),
        st.sampled_from([False, False, False, True]),
    )


@st.composite
def _watching(draw: DrawFn, students: int, videos: int, when: SearchStrategy[datetime]) -> list[Row]:
    pairs = st.tuples(_ids(students), _ids(videos))
    segments = draw(_some(st.builds(_segment, pairs, when, st.integers(0, 50), st.integers(0, 90)), 12))
    progress = {
        pair: draw(
            st.builds(_progress, st.just(pair), when, GAPS, st.none() | st.integers(0, 900), SHARES, st.booleans())
        )
        for pair in draw(st.lists(pairs, unique=True, max_size=8))
    }
    return [*_with_ids(segments), *progress.values()]


@st.composite
def _activity(draw: DrawFn, students: int, videos: int, when: SearchStrategy[datetime]) -> list[Row]:
    student_ids = _ids(students)
    about = st.none() | _ids(videos) if videos else st.none()
    events = draw(_some(st.builds(_event, student_ids, when, about), 6))
    attempts = draw(_some(st.tuples(student_ids, when, st.booleans()), 5))
    sessions = draw(_some(_session(student_ids, when, about), 3))
    return [*_with_ids(events), *_quiz(attempts), *_chats(sessions)]


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
    for role in draw(st.lists(st.sampled_from(["user", "user", "assistant"]), max_size=5)):
        said_at += draw(GAPS)
        content = draw(st.sampled_from(WORDINGS)) if role == "user" else "It calls itself."
        messages.append(
            {
                "role": role,
                "content": content,
                "helpful_rating": draw(RATINGS),
                "video_id": draw(about),
                "created_at": said_at,
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


def _quiz(attempts: list[tuple[UUID, datetime, bool]]) -> list[Row]:
    quiz_id = UUID(int=1)
    quiz = Row("quizzes", {"id": quiz_id, "title": "Loops quiz"})
    made = [
        Row(
            "quiz_attempts",
            {
                "quiz_id": quiz_id,
                "student_id": student_id,
                "attempt_number": number,
                "score_percent": 90 if passed else 40,
                "passed": passed,
                "completed_at": completed_at,
            },
        )
        for number, (student_id, completed_at, passed) in enumerate(attempts, 1)
    ]
    return [quiz, *_with_ids(made)]


def _chats(sessions: list[tuple[UUID, datetime, list[dict[str, Any]]]]) -> list[Row]:
    rows, messages = [], []
    for number, (student_id, started_at, said) in enumerate(sessions, 1):
        session_id = UUID(int=number)
        rows.append(Row("chat_sessions", {"id": session_id, "student_id": student_id, "started_at": started_at}))
        messages += [
            Row("chat_messages", message | {"session_id": session_id, "student_id": student_id}) for message in said
        ]
    return [*rows, *_with_ids(messages)]
