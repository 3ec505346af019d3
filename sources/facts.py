"""What a source can say: typed facts, in the source's own ids.

A door (a file, xAPI, events, another database, a platform's export, or a program's own code) reads its input and yields
facts; `sources.landing` writes them. A fact names everything by the id that its source uses: the landing finds or makes
the row. In every fact:

- None means that the source does not say; it never overwrites what is known.
- Times are aware datetimes, seconds are counted from the start of the video, percents go from 0 to 100.
- A student, course, run, video, quiz or question that is referred to before it was described is made with its id as its
  name, and described when a later fact does so.

Named tuples and no dataclasses, because a file has millions of them.
"""

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias


class Student(NamedTuple):
    """A person who learns. `removed_at` is when the source removed them (they leave every figure)."""

    id: str
    name: str | None = None
    email: str | None = None
    created_at: datetime | None = None
    removed_at: datetime | None = None
    xp_points: int | None = None
    level: int | None = None
    streak_days: int | None = None


class Course(NamedTuple):
    """A course of the creator, at its position among the others (from 0)."""

    id: str
    title: str | None = None
    position: int | None = None


class Run(NamedTuple):
    """A time during which a course is taught."""

    id: str
    course: str
    title: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Enrolment(NamedTuple):
    """A student in a run, or (run is None) in the newest run of a course."""

    student: str
    course: str
    run: str | None = None
    enrolled_at: datetime | None = None
    ended_at: datetime | None = None
    access_expires_at: datetime | None = None


class Video(NamedTuple):
    """A lesson. One that a source knows counts as published."""

    id: str
    title: str | None = None
    course: str | None = None
    duration_seconds: int | None = None
    position: int | None = None
    description: str | None = None
    category: str | None = None
    tags: tuple[str, ...] | None = None
    difficulty: Literal["beginner", "intermediate", "advanced"] | None = None
    transcript: str | None = None
    created_at: datetime | None = None
    removed_at: datetime | None = None


class Progress(NamedTuple):
    """How far a student is in a video, as the source adds it up. `watched_seconds` counts repeats."""

    student: str
    video: str
    first_watched: datetime
    last_watched: datetime
    watched_seconds: int | None = None
    watched_percent: float | None = None
    completed: bool | None = None


class Segment(NamedTuple):
    """A stretch of a video that a student played, from the instant at which it began."""

    student: str
    video: str
    start_second: int
    end_second: int
    watched_at: datetime


class CurvePoint(NamedTuple):
    """A point of a ready-made retention curve: who still watches (of 100) at this percent of the video."""

    video: str
    position_percent: float
    viewers_percent: float


class Quiz(NamedTuple):
    """A set of questions, about a course, and about a video where the source says so."""

    id: str
    title: str | None = None
    course: str | None = None
    video: str | None = None
    position: int | None = None
    created_at: datetime | None = None
    removed_at: datetime | None = None


class Question(NamedTuple):
    """A question of a quiz. Without `options`, it is answered in the student's own words."""

    id: str
    quiz: str
    prompt: str | None = None
    options: tuple[str, ...] | None = None
    correct_answer: str | None = None
    position: int | None = None


class Attempt(NamedTuple):
    """One time that a student finished a quiz.

    `id` None: student, quiz and instant identify it. `number` None: attempts are counted in order of their instants.
    """

    quiz: str
    student: str
    completed_at: datetime
    score_percent: float
    passed: bool
    id: str | None = None
    number: int | None = None
    time_taken_seconds: int | None = None


class Answer(NamedTuple):
    """What a student answered to a question in an attempt, which is named as in `Attempt`.

    The attempt may come in the same input as its own fact; without one, an attempt is made of its answers (its score is
    the share that is correct, and it is passed from 50).
    """

    quiz: str
    question: str
    student: str
    answered_at: datetime
    is_correct: bool
    answer: str | None = None
    attempt: str | None = None


class Message(NamedTuple):
    """A message between a student and the assistant, in order of their instants within a conversation.

    `conversation` None: messages of one student with gaps up to 30 minutes are one conversation. `helpful` goes from 0
    to 1. `video_second` is the second that the message is about.
    """

    id: str
    student: str
    role: Literal["user", "assistant"]
    content: str
    sent_at: datetime
    conversation: str | None = None
    video: str | None = None
    video_second: int | None = None
    helpful: float | None = None


class Activity(NamedTuple):
    """Anything else that a student did.

    `id` None: student, kind, instant and video identify it, and the n-th equal one in an input is the n-th.
    """

    student: str
    kind: str
    at: datetime
    video: str | None = None
    id: str | None = None


Fact: TypeAlias = (
    Student
    | Course
    | Run
    | Enrolment
    | Video
    | Progress
    | Segment
    | CurvePoint
    | Quiz
    | Question
    | Attempt
    | Answer
    | Message
    | Activity
)


class Refusal(NamedTuple):
    """Something in the input that was not understood or is not possible: where, which value, and which rule it breaks.

    `column` and `value` are as the input has them; `rule` is a sentence for people.
    """

    line: int
    column: str | None
    value: str | None
    rule: str


class Line(NamedTuple):
    """What one line (record, statement, event) of an input says. A line with refusals has no facts."""

    number: int
    facts: tuple[Fact, ...] = ()
    refusals: tuple[Refusal, ...] = ()
