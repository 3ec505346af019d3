"""Random facts about few things, so that they speak of the same rows again and again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from sources.facts import (
    Activity,
    Answer,
    Attempt,
    CurvePoint,
    Enrolment,
    Fact,
    Message,
    Progress,
    Question,
    Quiz,
    Segment,
    Student,
    Video,
)

BEGAN_AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
MINUTES_LATER = (0, 5, 20, 40, 100, 1_000, 3_000)
COURSE = "c1"

T = TypeVar("T")


class RandomFacts:
    """Each call gives one fact; most of what it may say is left out now and then."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._kinds: tuple[Callable[[], Fact], ...] = (
            self._student,
            self._video,
            self._progress,
            self._segment,
            self._segment,
            self._curve_point,
            self._quiz,
            self._question,
            self._attempt,
            self._answer,
            self._message,
            self._message,
            lambda: Activity(self._who(), "login", self._at(), self._maybe(self._which_video())),
            lambda: Enrolment(self._who(), COURSE, None, self._maybe(self._at())),
        )

    def some(self, count: int) -> list[Fact]:
        return [self.random.choice(self._kinds)() for _ in range(count)]

    def _maybe(self, value: T) -> T | None:
        return value if self.random.random() < 0.6 else None

    def _one(self, *values: T) -> T:
        return self.random.choice(values)

    def _who(self) -> str:
        return f"s{self.random.randint(1, 4)}"

    def _which_video(self) -> str:
        return f"v{self.random.randint(1, 3)}"

    def _which_quiz(self) -> str:
        return f"q{self.random.randint(1, 2)}"

    def _at(self) -> datetime:
        return BEGAN_AT + timedelta(minutes=self._one(*MINUTES_LATER))

    def _student(self) -> Student:
        name, email = self._maybe(self._one("Ada", "Bo", "Cy")), self._maybe(self._one("a@x.org", "b@x.org"))
        return Student(self._who(), name, email, self._maybe(self._at()), None, self._maybe(self._one(0, 3)))

    def _video(self) -> Video:
        title, tags = self._maybe(self._one("Loops", "Lists")), self._maybe(("a",))
        return Video(self._which_video(), title, None, self._maybe(self._one(100, 200)), self._one(0, 3), tags=tags)

    def _progress(self) -> Progress:
        at, percent = self._at(), self._maybe(float(self.random.randint(0, 100)))
        last = at + timedelta(minutes=self._one(0, 50))
        return Progress(self._who(), self._which_video(), at, last, self._maybe(9), percent, self._maybe(True))

    def _segment(self) -> Segment:
        start = self._one(0, 10)
        return Segment(self._who(), self._which_video(), start, start + self._one(5, 10, 20), self._at())

    def _curve_point(self) -> CurvePoint:
        return CurvePoint(self._which_video(), self._one(0, 50, 100), self._one(10.0, 20.5, 33.3))

    def _quiz(self) -> Quiz:
        return Quiz(self._which_quiz(), self._maybe(self._one("Q", "R")), None, self._maybe(self._which_video()))

    def _question(self) -> Question:
        quiz = self._which_quiz()
        options, answer = self._maybe(("x", "y")), self._maybe("x")
        return Question(f"{quiz}-{self._one(1, 2)}", quiz, self._maybe(self._one("A?", "B?")), options, answer)

    def _attempt(self) -> Attempt:
        score, attempt = self._one(30.0, 66.6, 90.0), self._maybe(self._one("1", "2"))
        return Attempt(self._which_quiz(), self._who(), self._at(), score, score > 50, attempt, None, self._maybe(5))

    def _answer(self) -> Answer:
        quiz = self._which_quiz()
        told, attempt = self._maybe(self._one("x", "y")), self._maybe(self._one("1", "2"))
        return Answer(quiz, f"{quiz}-{self._one(1, 2)}", self._who(), self._at(), self._one(True, False), told, attempt)

    def _message(self) -> Message:
        number = self.random.randint(1, 12)
        role, conversation = self._one("user", "assistant"), self._one(None, None, "c1", "c2")
        said, video = self._one("Hi", "How?"), self._maybe(self._which_video())
        who = f"s{number % 4 + 1}"
        return Message(f"m{number}", who, role, said, self._at(), conversation, video)
