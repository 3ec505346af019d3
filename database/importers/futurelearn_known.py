"""What a course already has of the learners and steps of an export, because another run of it was loaded."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from database.importers.futurelearn_courses import Place
from database.importers.futurelearn_export import Export
from database.importers.futurelearn_rows import Step

VIDEOS = text("select id, title, course_id from videos where creator_id = :creator_id and deleted_at is null")
QUIZZES = text("select id, course_id from quizzes where creator_id = :creator_id and deleted_at is null")
QUESTIONS = text("select id from quiz_questions where creator_id = :creator_id")
STAYS = text(
    """
    -- One row per student who is also enrolled in another run. A deleted student takes part in none.
    select
        enrolments.student_id,
        min(enrolments.enrolled_at) as enrolled_at,
        bool_or(enrolments.ended_at is null and students.deleted_at is null) as is_enrolled,
        max(coalesce(enrolments.ended_at, students.deleted_at)) as ended_at
    from enrolments
    join students
        on
            students.creator_id = enrolments.creator_id
            and students.id = enrolments.student_id
    where
        enrolments.creator_id = :creator_id
        and enrolments.run_id <> :run_id
    group by enrolments.student_id
    """
)
PROGRESS = text(
    """
    select
        student_id,
        video_id,
        first_watched,
        last_watched,
        completed
    from video_progress
    where
        creator_id = :creator_id
        and student_id = any(cast(:student_ids as uuid[]))
        and video_id = any(cast(:video_ids as uuid[]))
    """
)
ATTEMPTS = text(
    """
    select
        id,
        student_id,
        quiz_id,
        attempt_number,
        completed_at
    from quiz_attempts
    where
        creator_id = :creator_id
        and student_id = any(cast(:student_ids as uuid[]))
        and quiz_id = any(cast(:quiz_ids as uuid[]))
    """
)
RENUMBER = text(
    """
    update quiz_attempts
    set attempt_number = numbered.attempt_number
    from unnest(cast(:ids as uuid[]), cast(:numbers as integer[])) as numbered (id, attempt_number)
    where
        quiz_attempts.creator_id = :creator_id
        and quiz_attempts.id = numbered.id
    """
)
OUT_OF_THE_WAY = 1_000_000  # a number is given only once, so two cannot swap places in one step


class Stay(NamedTuple):
    """Since when a learner was enrolled in other runs, and when the last enrolment ended (None: still running)."""

    enrolled_at: datetime
    ended_at: datetime | None


class Watched(NamedTuple):
    """What the progress of a student on a video says."""

    first_watched: datetime
    last_watched: datetime
    completed: bool

    def with_more(self, other: "Watched | None") -> "Watched":
        """Combines two runs: from the first instant to the last, completed if it was in either."""
        if other is None:
            return self
        return Watched(
            min(self.first_watched, other.first_watched),
            max(self.last_watched, other.last_watched),
            self.completed or other.completed,
        )


@dataclass(frozen=True)
class Known:
    """Empty for an export that is loaded without a course.

    `shared` has the id of each video and quiz that another run brought, by kind and step; `courses` the course of each
    video and quiz; `questions` which of these exist.
    """

    place: Place | None = None
    shared: dict[tuple[str, Step], UUID] = field(default_factory=dict)
    courses: dict[UUID, UUID] = field(default_factory=dict)
    questions: frozenset[UUID] = frozenset()
    stays: dict[UUID, Stay] = field(default_factory=dict)
    progress: dict[tuple[UUID, UUID], Watched] = field(default_factory=dict)


def step_id(creator_id: UUID, course_run: str, kind: str, step: Step) -> UUID:
    """The id of what a run has at a step, unless it belongs to another run."""
    return uuid5(creator_id, f"futurelearn {course_run} {kind} {step}")


def own_videos(creator_id: UUID, export: Export) -> list[UUID]:
    """The ids of the export's videos that no other run brought."""
    return [step_id(creator_id, export.course_run, "video", video.step) for video in export.videos]


def known(connection: Connection, creator_id: UUID, export: Export, place: Place | None) -> Known:
    """What other runs of the course brought.

    A video is the same in two runs if the number and title of its step are; a quiz, which has no title in the export,
    if
    the number is. The run that brought it first determines its title, length and curve.
    """
    if place is None:
        return Known()
    asked = {"creator_id": creator_id, "run_id": place.run_id}
    videos = {row.id: row for row in connection.execute(VIDEOS, asked)}
    quizzes = {row.id: row for row in connection.execute(QUIZZES, asked)}
    shared = dict(_shared(creator_id, export, place, videos, quizzes))
    stays = {
        row.student_id: Stay(row.enrolled_at, None if row.is_enrolled else row.ended_at)
        for row in connection.execute(STAYS, asked)
    }
    watched = [*shared.values(), *own_videos(creator_id, export)]
    whose = {"creator_id": creator_id, "student_ids": list(stays), "video_ids": watched}
    progress = {
        (row.student_id, row.video_id): Watched(row.first_watched, row.last_watched, row.completed)
        for row in connection.execute(PROGRESS, whose)
    }
    courses = {one: row.course_id for one, row in (videos | quizzes).items()}
    questions = frozenset(connection.execute(QUESTIONS, asked).scalars())
    return Known(place, shared, courses, questions, stays, progress)


def _shared(
    creator_id: UUID, export: Export, place: Place, videos: dict[UUID, Any], quizzes: dict[UUID, Any]
) -> Iterator[tuple[tuple[str, Step], UUID]]:
    """Kind, step and id of what another run brought and this one has not brought itself."""
    titles: dict[tuple[str, Step], str | None] = {("quiz", question.quiz): None for question in export.questions}
    titles |= {("video", video.step): _plain(video.title) for video in export.videos}
    there = videos | quizzes
    for (kind, step), title in titles.items():
        if step_id(creator_id, export.course_run, kind, step) in there:
            continue
        brought = (there.get(step_id(creator_id, run, kind, step)) for run in place.other_runs)
        same = (one.id for one in brought if one and one.course_id == place.course_id and _is_titled(one, title))
        if (shared := next(same, None)) is not None:
            yield (kind, step), shared


def _is_titled(video_or_quiz: Any, title: str | None) -> bool:
    return title is None or _plain(video_or_quiz.title) == title


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


class NumberedAttempt(NamedTuple):
    id: UUID
    student_id: UUID
    quiz_id: UUID
    number: int
    completed_at: datetime


def numbered(
    connection: Connection, creator_id: UUID, stays: Iterable[UUID], attempts: Sequence[NumberedAttempt]
) -> dict[UUID, int]:
    """The number of each of these attempts among all of the student at the quiz, in chronological order.

    Attempts of other runs that were loaded before are renumbered here.
    """
    elsewhere = set(stays)
    quizzes = {one.quiz_id for one in attempts}
    asked = {"creator_id": creator_id, "student_ids": list(elsewhere), "quiz_ids": list(quizzes)}
    there = {row.id: NumberedAttempt(*row) for row in connection.execute(ATTEMPTS, asked)} if elsewhere else {}
    own = {one.id for one in attempts}
    others = [one for one in there.values() if one.id not in own]
    numbers: dict[UUID, int] = {}
    times: Counter[tuple[UUID, UUID]] = Counter()
    for _, one in sorted([*_in_order(others), *_in_order(attempts)], key=itemgetter(0)):  # stable
        times[one.student_id, one.quiz_id] += 1
        numbers[one.id] = times[one.student_id, one.quiz_id]
    _renumber(connection, creator_id, {key: numbers[key] for key, one in there.items() if numbers[key] != one.number})
    return numbers


def _in_order(attempts: Sequence[NumberedAttempt]) -> Iterator[tuple[datetime, NumberedAttempt]]:
    """Each attempt with the latest instant up to its number: a first attempt may end after the second one."""
    latest: dict[tuple[UUID, UUID], datetime] = {}
    for one in sorted(attempts, key=lambda one: one.number):
        key = (one.student_id, one.quiz_id)
        latest[key] = max(one.completed_at, latest.get(key, one.completed_at))
        yield latest[key], one


def _renumber(connection: Connection, creator_id: UUID, numbers: dict[UUID, int]) -> None:
    if not numbers:
        return
    for beyond in (OUT_OF_THE_WAY, 0):
        moved = {"ids": list(numbers), "numbers": [number + beyond for number in numbers.values()]}
        connection.execute(RENUMBER, {"creator_id": creator_id, **moved})
