"""What facts say about rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sources.facts import (
    Activity,
    Answer,
    Attempt,
    Course,
    CurvePoint,
    Enrolment,
    Fact,
    Message,
    Progress,
    Question,
    Quiz,
    Run,
    Segment,
    Student,
    Video,
)
from sources.landing.courses import ACourse, ARun, Courses
from sources.landing.names import Names
from sources.landing.relations import (
    ANSWERS,
    ATTEMPTS,
    COURSES,
    CURVES,
    ENROLMENTS,
    EVENTS,
    MESSAGES,
    PROGRESS,
    QUESTIONS,
    QUIZZES,
    RUNS,
    SEGMENTS,
    STUDENTS,
    VIDEOS,
    Key,
    Relation,
    Told,
)
from sources.landing.texts import microseconds

# The fields in which facts of a kind refer to things by name.
REFERENCES: dict[type, tuple[tuple[str, str], ...]] = {
    Student: (("student", "id"),),
    Course: (),
    Run: (),
    Enrolment: (("student", "student"),),
    Video: (("video", "id"),),
    Progress: (("student", "student"), ("video", "video")),
    Segment: (("student", "student"), ("video", "video")),
    CurvePoint: (("video", "video"),),
    Quiz: (("quiz", "id"), ("video", "video")),
    Question: (("question", "id"), ("quiz", "quiz")),
    Attempt: (("student", "student"), ("quiz", "quiz")),
    Answer: (("student", "student"), ("quiz", "quiz"), ("question", "question")),
    Message: (("student", "student"), ("video", "video")),
    Activity: (("student", "student"), ("video", "video")),
}


class Proposal(NamedTuple):
    """What a fact says of a row; `fixed` are the columns that never change, of a row that is new."""

    relation: Relation
    key: Key
    told: Told
    student_id: UUID | None = None
    fixed: tuple[Any, ...] = ()


class Refused(ValueError):
    """A fact that contradicts what is known: the field, its value and the rule."""

    def __init__(self, column: str, value: Any, rule: str) -> None:
        super().__init__(rule)
        self.column, self.value, self.rule = column, value, rule


@dataclass(frozen=True)
class Ids:
    """The ids of everything that a portion names."""

    names: Names
    named: dict[str, dict[str, UUID]]  # by kind and the source's own id
    courses: Courses

    def attempt(self, quiz: str, student: str, own: str | None, at: Any) -> UUID:
        told = own if own is not None else f"\0at {microseconds(at)}"
        return self.names.made("attempt", quiz, student, told)


def proposal(ids: Ids, fact: Fact, times: int = 1) -> Proposal:
    """What the fact says; `times` tells which of equal activities in the input it is.

    Raises Refused for one that contradicts what is known.
    """
    return PROPOSED[type(fact)](ids, fact) if times == 1 else _activity(ids, fact, times)


def said_of_course(course: ACourse, told: Course) -> Proposal:
    return Proposal(COURSES, (course.id,), (course.external_id, told.title, told.position), None, (course.number,))


def said_of_run(run: ARun, told: Run) -> Proposal:
    said = (run.external_id, told.title, told.starts_at, told.ends_at)
    return Proposal(RUNS, (run.id,), said, None, (run.course_id, run.number))


def run_of(ids: Ids, course: str, run: str | None) -> ARun:
    """The run that an enrolment is in."""
    known = ids.courses.course(course)
    if run is None:
        return ids.courses.newest_run(known)
    found = ids.courses.run(run, known)
    if found is None:
        raise Refused("run", run, "This run belongs to another course.")
    return found


def _student(ids: Ids, fact: Student) -> Proposal:
    student_id = ids.named["student"][fact.id]
    is_known = True if fact.created_at is not None else None
    said = (*fact[1:4], fact.removed_at, fact.xp_points, fact.level, fact.streak_days, is_known)
    return Proposal(STUDENTS, (student_id,), said, student_id)


def _course(ids: Ids, fact: Course) -> Proposal:
    return said_of_course(ids.courses.course(fact.id), fact)


def _run(ids: Ids, fact: Run) -> Proposal:
    return said_of_run(run_of(ids, fact.course, fact.id), fact)


def _enrolment(ids: Ids, fact: Enrolment) -> Proposal:
    student_id = ids.named["student"][fact.student]
    key = (student_id, run_of(ids, fact.course, fact.run).id)
    follows = False if fact.enrolled_at is not None else None
    return Proposal(ENROLMENTS, key, (fact.enrolled_at, fact.ended_at, fact.access_expires_at, follows), student_id)


def _video(ids: Ids, fact: Video) -> Proposal:
    course_id = ids.courses.course(fact.course).id if fact.course is not None else None
    said = (
        fact.title,
        course_id,
        fact.duration_seconds,
        fact.position,
        fact.description,
        fact.category,
        None if fact.tags is None else tuple(fact.tags),
        fact.difficulty,
        fact.transcript,
        fact.created_at,
        fact.removed_at,
        None,
    )
    return Proposal(VIDEOS, (ids.named["video"][fact.id],), said)


def _progress(ids: Ids, fact: Progress) -> Proposal:
    student_id = ids.named["student"][fact.student]
    said = (fact.first_watched, fact.last_watched, fact.watched_seconds, _number(fact.watched_percent), fact.completed)
    return Proposal(PROGRESS, (student_id, ids.named["video"][fact.video]), said, student_id)


def _segment(ids: Ids, fact: Segment) -> Proposal:
    student_id = ids.named["student"][fact.student]
    key = (student_id, ids.named["video"][fact.video], fact.watched_at, fact.start_second)
    return Proposal(SEGMENTS, key, (fact.end_second,), student_id)


def _curve_point(ids: Ids, fact: CurvePoint) -> Proposal:
    key = (ids.named["video"][fact.video], _number(fact.position_percent))
    return Proposal(CURVES, key, (_number(fact.viewers_percent),))


def _quiz(ids: Ids, fact: Quiz) -> Proposal:
    course_id = ids.courses.course(fact.course).id if fact.course is not None else None
    video_id = ids.named["video"][fact.video] if fact.video is not None else None
    said = (fact.title, course_id, video_id, fact.position, fact.created_at, fact.removed_at)
    return Proposal(QUIZZES, (ids.named["quiz"][fact.id],), said)


def _question(ids: Ids, fact: Question) -> Proposal:
    kind = "multiple_choice" if fact.options else None
    options = None if fact.options is None else tuple(fact.options)
    said = (fact.prompt, kind, options, fact.correct_answer, fact.position)
    return Proposal(QUESTIONS, (ids.named["question"][fact.id],), said, None, (ids.named["quiz"][fact.quiz],))


def _attempt(ids: Ids, fact: Attempt) -> Proposal:
    student_id = ids.named["student"][fact.student]
    key = (ids.attempt(fact.quiz, fact.student, fact.id, fact.completed_at),)
    score = _number(fact.score_percent)
    said = (fact.completed_at, score, fact.passed, fact.time_taken_seconds, fact.number, False)
    return Proposal(ATTEMPTS, key, said, student_id, (ids.named["quiz"][fact.quiz], student_id))


def _answer(ids: Ids, fact: Answer) -> Proposal:
    attempt_id = ids.attempt(fact.quiz, fact.student, fact.attempt, fact.answered_at)
    key = (attempt_id, ids.named["question"][fact.question])
    return Proposal(ANSWERS, key, (fact.answer, fact.is_correct, fact.answered_at), ids.named["student"][fact.student])


def _message(ids: Ids, fact: Message) -> Proposal:
    student_id = ids.named["student"][fact.student]
    session_id = ids.names.made("conversation", fact.conversation) if fact.conversation is not None else None
    video_id = ids.named["video"][fact.video] if fact.video is not None else None
    said = (
        session_id,
        student_id,
        video_id,
        fact.video_second,
        fact.role,
        fact.content,
        _number(fact.helpful),
        fact.sent_at,
    )
    return Proposal(MESSAGES, (ids.names.made("message", fact.id),), said, student_id)


def _activity(ids: Ids, fact: Any, times: int = 1) -> Proposal:
    student_id = ids.named["student"][fact.student]
    video_id = ids.named["video"][fact.video] if fact.video is not None else None
    key = (_activity_id(ids, fact, times),)
    return Proposal(EVENTS, key, (student_id, video_id, fact.kind, fact.at), student_id)


def _activity_id(ids: Ids, fact: Activity, times: int) -> UUID:
    if fact.id is not None:
        return ids.names.made("activity", fact.id)
    parts = (fact.student, fact.kind, str(microseconds(fact.at)), fact.video or "")
    return ids.names.made("activity", *parts, *([str(times)] if times > 1 else []))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


PROPOSED: dict[type, Callable[[Ids, Any], Proposal]] = {
    Student: _student,
    Course: _course,
    Run: _run,
    Enrolment: _enrolment,
    Video: _video,
    Progress: _progress,
    Segment: _segment,
    CurvePoint: _curve_point,
    Quiz: _quiz,
    Question: _question,
    Attempt: _attempt,
    Answer: _answer,
    Message: _message,
    Activity: _activity,
}
