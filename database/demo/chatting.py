"""What students ask the assistant, and how it answers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from database.demo.cohort import Cohort
from database.demo.ids import stable_id
from database.demo.lessons import Lessons
from database.demo.personas import Persona
from database.demo.rhythm import Floats
from database.demo.watching import Viewings

ASKING_CHANCE = 0.10
STUCK_ASKING_CHANCE = 0.55
BADLY_ANSWERED_ASKING_CHANCE = 0.45
COMMON_CHANCE = 0.5
STUCK_COMMON_CHANCE = 0.85
UNANSWERED_CHANCE = 0.08
RATED_CHANCE = 0.45
TIMES_REPEATED = 6
SECONDS_BETWEEN_QUESTIONS = 35

OWN_QUESTIONS = (
    "At {clock} in {title} you skip a step. Is number {number} on my list the one that is missing?",
    "My attempt {number} at {title} looks different from yours at {clock}. Where did I go wrong?",
    "I tried {term} {number} times and stopped at {clock}. Is there a simpler way?",
    "Would {term} also work for the task on page {number} of my own notes from {clock}?",
    "Why not leave out {term} in exercise {number}, the one shown at {clock}?",
)


@dataclass(frozen=True)
class Chat:
    """Rows of chat_sessions (id, student, at) and chat_messages, in the order of writing.

    Messages: id, session, student, video (place in `Lessons.watchable`), role, content, rating, at, sequence.
    """

    sessions: pd.DataFrame
    messages: pd.DataFrame


SESSION_COLUMNS = ["id", "student", "at"]
MESSAGE_COLUMNS = ["id", "session", "student", "video", "role", "content", "rating", "at", "sequence"]


def chat(cohort: Cohort, watched: Viewings, runs: pd.DataFrame, lessons: Lessons, rng: np.random.Generator) -> Chat:
    """Conversations that begin when a run of playback does; a viewing leads to at most one."""
    asked = _asking(cohort, watched, runs, lessons, rng)
    luck = rng.random((len(asked), 3, 5))
    sessions, messages = [], []
    columns = (asked[name].tolist() for name in ("student", "order", "video", "at"))
    for student, order, video, at, throws in zip(*columns, luck, strict=True):
        number = int(cohort.numbers[student])
        session = str(stable_id(lessons.course.subject, "chat", number, order))
        sessions.append((session, student, at))
        writer = _Conversation(session, lessons, video, number)
        repeats = cohort.personas[student] == Persona.REPEATING and order < TIMES_REPEATED
        writer.hold(at, throws, repeats)
        messages += [(*message[:2], student, *message[2:]) for message in writer.messages]
    return Chat(
        sessions=pd.DataFrame(sessions, columns=SESSION_COLUMNS),
        messages=pd.DataFrame(messages, columns=MESSAGE_COLUMNS),
    )


def _asking(
    cohort: Cohort, watched: Viewings, runs: pd.DataFrame, lessons: Lessons, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per viewing that leads to a conversation: student, order, video, at."""
    chance = np.full(len(watched), ASKING_CHANCE)
    plants = lessons.course.plants
    if plants is not None:
        chance[watched.video == plants.stuck_video] = STUCK_ASKING_CHANCE
        chance[watched.video == plants.badly_answered_video] = BADLY_ANSWERED_ASKING_CHANCE
    repeats = cohort.are(Persona.REPEATING)[watched.student] & (watched.order < TIMES_REPEATED)
    asks = repeats | (rng.random(len(watched)) < chance)
    moment = runs[runs["part"] == 0].sample(frac=1, random_state=rng).drop_duplicates("viewing")
    moment = moment[asks[moment["viewing"]]].sort_values("viewing")
    viewing = moment["viewing"].to_numpy()
    return pd.DataFrame(
        {
            "student": watched.student[viewing],
            "order": watched.order[viewing],
            "video": watched.video[viewing],
            "at": moment["at"].to_numpy(),
        }
    )


class _Conversation:
    """Writes one to three questions with their answers."""

    def __init__(self, session: str, lessons: Lessons, video: int, student_number: int) -> None:
        self.messages: list[tuple[str, str, int, str, str, float | None, int, int]] = []
        self._session = session
        self._plants = lessons.course.plants
        self._place = video
        self._video = lessons.watchable[video]
        self._number = student_number

    def hold(self, at: int, throws: Floats, repeats: bool) -> None:
        """`throws`: five numbers from 0 to 1 per question."""
        for turn, (goes_on, kind, wording, answered, rated) in enumerate(throws.tolist()):
            if turn and (repeats or goes_on > 0.35):
                return
            question, answer = self._exchange(kind, wording, repeats)
            asked_at = at + turn * SECONDS_BETWEEN_QUESTIONS
            self._write("user", question, None, asked_at)
            if answered < UNANSWERED_CHANCE:
                return
            self._write("assistant", answer, self._rating(rated, wording), asked_at + 6 + int(wording * 12))

    def _exchange(self, kind: float, wording: float, repeats: bool) -> tuple[str, str]:
        topic = self._video.topic
        if repeats and self._plants is not None:
            return self._plants.repeated_question, f"Print the value each time and compare. {topic.definition()}"
        if kind < (STUCK_COMMON_CHANCE if self._is_planted("stuck_video") else COMMON_CHANCE):
            wordings = topic.wordings()
            return wordings[int(wording * len(wordings))], f"{topic.definition()} {topic.example}"
        return self._own_question(wording), f"A usual mistake is {topic.pitfall}. Look at that part once more."

    def _own_question(self, luck: float) -> str:
        """A question that nobody else asks: it names a place in the video and a number of the student's."""
        pattern = OWN_QUESTIONS[int(luck * 997) % len(OWN_QUESTIONS)]
        second = int(luck * (self._video.duration_seconds or 0))
        clock = f"{second // 60}:{second % 60:02d}"
        return pattern.format(
            clock=clock, title=self._video.title, term=self._video.topic.term, number=self._number + 2
        )

    def _rating(self, rated: float, luck: float) -> float | None:
        if rated > RATED_CHANCE:
            return None
        if self._is_planted("badly_answered_video"):
            return 0.0 if luck < 0.85 else 0.25
        return 1.0 if luck < 0.8 else 0.75 if luck < 0.93 else 0.25

    def _is_planted(self, place: str) -> bool:
        return self._plants is not None and getattr(self._plants, place) == self._place

    def _write(self, role: str, content: str, rating: float | None, at: int) -> None:
        message_id = str(stable_id(self._session, len(self.messages)))
        sequence = len(self.messages) + 1
        self.messages.append((message_id, self._session, self._place, role, content, rating, at, sequence))
