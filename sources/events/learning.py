"""Types of events about students, courses, quizzes, conversations and other activity."""

from typing import Literal

from sources import facts
from sources.events.event import Event
from sources.events.values import Id, Instant, Number, Text, Whole, YesOrNo


class StudentEvent(Event):
    type: Literal["student"]
    student: Id
    name: Text | None = None
    email: Text | None = None
    created_at: Instant | None = None
    removed_at: Instant | None = None
    xp_points: Whole | None = None
    level: Whole | None = None
    streak_days: Whole | None = None

    def fact(self) -> facts.Fact:
        return facts.Student(
            self.student,
            self.name,
            self.email,
            self.created_at,
            self.removed_at,
            self.xp_points,
            self.level,
            self.streak_days,
        )


class CourseEvent(Event):
    type: Literal["course"]
    course: Id
    title: Text | None = None
    position: Whole | None = None

    def fact(self) -> facts.Fact:
        return facts.Course(self.course, self.title, self.position)


class RunEvent(Event):
    type: Literal["run"]
    run: Id
    course: Id
    title: Text | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None

    def fact(self) -> facts.Fact:
        return facts.Run(self.run, self.course, self.title, self.starts_at, self.ends_at)


class EnrolmentEvent(Event):
    type: Literal["enrolment"]
    student: Id
    course: Id
    run: Id | None = None
    at: Instant | None = None
    ended_at: Instant | None = None
    access_expires_at: Instant | None = None

    def fact(self) -> facts.Fact:
        return facts.Enrolment(self.student, self.course, self.run, self.at, self.ended_at, self.access_expires_at)


class QuizEvent(Event):
    type: Literal["quiz"]
    quiz: Id
    title: Text | None = None
    course: Id | None = None
    video: Id | None = None
    position: Whole | None = None
    created_at: Instant | None = None
    removed_at: Instant | None = None

    def fact(self) -> facts.Fact:
        return facts.Quiz(
            self.quiz, self.title, self.course, self.video, self.position, self.created_at, self.removed_at
        )


class QuestionEvent(Event):
    type: Literal["question"]
    question: Id
    quiz: Id
    prompt: Text | None = None
    options: tuple[Text, ...] | None = None
    correct_answer: Text | None = None
    position: Whole | None = None

    def fact(self) -> facts.Fact:
        return facts.Question(self.question, self.quiz, self.prompt, self.options, self.correct_answer, self.position)


class AttemptEvent(Event):
    """A quiz that a student finished."""

    type: Literal["attempt"]
    quiz: Id
    student: Id
    at: Instant
    score_percent: Number
    passed: YesOrNo
    attempt: Id | None = None
    number: Whole | None = None
    time_taken_seconds: Whole | None = None

    def fact(self) -> facts.Fact:
        return facts.Attempt(
            self.quiz,
            self.student,
            self.at,
            self.score_percent,
            self.passed,
            self.attempt,
            self.number,
            self.time_taken_seconds,
        )


class AnswerEvent(Event):
    type: Literal["answer"]
    quiz: Id
    question: Id
    student: Id
    at: Instant
    is_correct: YesOrNo
    answer: Text | None = None
    attempt: Id | None = None

    def fact(self) -> facts.Fact:
        return facts.Answer(self.quiz, self.question, self.student, self.at, self.is_correct, self.answer, self.attempt)


class MessageEvent(Event):
    """A message to or from the assistant."""

    type: Literal["message"]
    message: Id
    student: Id
    role: Literal["user", "assistant"]
    content: Text
    at: Instant
    conversation: Id | None = None
    video: Id | None = None
    video_second: Whole | None = None
    helpful: Number | None = None

    def fact(self) -> facts.Fact:
        return facts.Message(
            self.message,
            self.student,
            self.role,
            self.content,
            self.at,
            self.conversation,
            self.video,
            self.video_second,
            self.helpful,
        )


class ActivityEvent(Event):
    """Anything else that a student did; the event's id is the activity's."""

    type: Literal["activity"]
    student: Id
    kind: Text
    at: Instant
    video: Id | None = None

    def fact(self) -> facts.Fact:
        return facts.Activity(self.student, self.kind, self.at, self.video, self.id)
