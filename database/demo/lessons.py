"""The videos and quizzes of a course. Nothing here is random: ids and lengths never change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID
from zlib import crc32

from database.demo.courses import Course, DemoSize
from database.demo.ids import stable_id
from database.demo.topics import Topic

VIDEOS_PER_QUIZ = 4
PREPARED_DAYS = 40  # the course was complete this long before the first student joined
WITHDRAWN_DAYS_AGO = 60
LEVELS = ("beginner", "intermediate", "advanced")
# How able a student must be to know the answer half of the time, and how sharply that separates them.
EASY, TELLING, HARD = -1.1, -0.4, 1.2
ROUGHLY, SHARPLY = 1.5, 3.0


@dataclass(frozen=True)
class Video:
    id: UUID
    title: str
    topic: Topic
    part: str
    level: str
    duration_seconds: int | None
    position: int
    status: str
    created_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Question:
    id: UUID
    position: int
    kind: str
    prompt: str
    options: tuple[str, ...]  # what students choose from; not shown if the answer is typed
    truth: str
    correct_answer: str  # as the quiz has it; differs from the truth if the answer key is wrong
    difficulty: float
    slope: float


@dataclass(frozen=True)
class Quiz:
    id: UUID
    video_index: int
    title: str
    position: int
    created_at: datetime
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Lessons:
    """`published` are in course order; `withdrawn` was deleted, `unfinished` cannot be watched."""

    course: Course
    published: tuple[Video, ...]
    withdrawn: tuple[Video, ...]
    unfinished: tuple[Video, ...]
    quizzes: tuple[Quiz, ...]

    @cached_property
    def watchable(self) -> tuple[Video, ...]:
        return self.published + self.withdrawn

    @property
    def videos(self) -> tuple[Video, ...]:
        return self.watchable + self.unfinished


def lessons_of(course: Course, size: DemoSize, now: datetime) -> Lessons:
    """The course in the requested size, as of now."""
    count = course.videos(size)
    unfinished = (count >= 6) + (count >= 8)
    opened_at = now.replace(microsecond=0) - timedelta(days=size.days + PREPARED_DAYS)
    published = tuple(_video(course, index, count, opened_at) for index in range(count - unfinished))
    return Lessons(
        course=course,
        published=published,
        withdrawn=(_first_take(course, count, now),) if count >= 4 else (),
        unfinished=tuple(_unfinished(course, count - unfinished + place, count, now) for place in range(unfinished)),
        quizzes=tuple(
            _quiz(course, number, published[start : start + VIDEOS_PER_QUIZ])
            for number, start in enumerate(range(0, len(published) - VIDEOS_PER_QUIZ + 1, VIDEOS_PER_QUIZ))
        ),
    )


def _video(course: Course, index: int, count: int, created_at: datetime, **changes: object) -> Video:
    repeat, place = divmod(index, len(course.topics))
    topic = course.topics[place]
    title = topic.title if repeat == 0 else f"{topic.title}, part {repeat + 1}"
    details: dict[str, object] = {
        "id": stable_id(course.subject, "video", index),
        "title": title,
        "topic": topic,
        "part": course.parts[place * len(course.parts) // len(course.topics)],
        "level": LEVELS[index * len(LEVELS) // count],
        "duration_seconds": 180 + crc32(title.encode()) % 1320,
        "position": index + 1,
        "status": "completed",
        "created_at": created_at + timedelta(hours=3 * index % 700),
    }
    return Video(**(details | changes))  # type: ignore[arg-type]  # assembled by name


def _first_take(course: Course, count: int, now: datetime) -> Video:
    return _video(
        course,
        0,
        count,
        now.replace(microsecond=0) - timedelta(days=200),
        id=stable_id(course.subject, "video", "first take"),
        title=f"{course.topics[0].title} (first take)",
        deleted_at=now.replace(microsecond=0) - timedelta(days=WITHDRAWN_DAYS_AGO),
    )


def _unfinished(course: Course, index: int, count: int, now: datetime) -> Video:
    is_last = index == count - 1
    return _video(
        course,
        index,
        count,
        now.replace(microsecond=0) - (timedelta(days=2) if is_last and count >= 8 else timedelta(minutes=25)),
        status="failed" if is_last and count >= 8 else "processing",
        duration_seconds=None,
    )


def _quiz(course: Course, number: int, videos: tuple[Video, ...]) -> Quiz:
    last = videos[-1]
    topics = [video.topic for video in videos]
    return Quiz(
        id=stable_id(course.subject, "quiz", number),
        video_index=last.position - 1,
        title=f"Quiz {number + 1}: {topics[0].title} to {last.title}",
        position=number + 1,
        created_at=last.created_at,
        questions=tuple(_question(course, number, position, topics) for position in range(5 + number % 4)),
    )


def _question(course: Course, quiz: int, position: int, topics: list[Topic]) -> Question:
    topic = topics[position % len(topics)]
    about_pitfalls = position >= len(topics)
    options = [choice.pitfall if about_pitfalls else choice.meaning for choice in topics]
    prompt = f"What mistake is usual with {topic.term}?" if about_pitfalls else f"What is {topic.term}?"
    truth = options[position % len(topics)]
    kind = "multiple_choice"
    if position == 4 + quiz % 4:
        kind, truth, options = "fill_in_the_blank", topic.term, [choice.term for choice in topics]
        prompt = f"Fill in the missing words: ___ is {topic.meaning}."
    plants = course.plants
    is_hard = plants is not None and plants.hard_question == (quiz, position)
    is_miskeyed = plants is not None and plants.miskeyed_question == (quiz, position)
    turn = position % len(options)
    return Question(
        id=stable_id(course.subject, "question", quiz, position),
        position=position + 1,
        kind=kind,
        prompt=prompt,
        options=tuple(options[turn + 1 :] + options[: turn + 1]),
        truth=truth,
        correct_answer=options[(position + 1) % len(options)] if is_miskeyed else truth,
        difficulty=HARD if is_hard else TELLING if is_miskeyed else EASY + 0.25 * (position % 4),
        slope=SHARPLY if is_hard or is_miskeyed else ROUGHLY,
    )
