"""A quiz as it is edited and as it is stored, and what becomes of two edits of one quiz."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from rules.edits import EditConflict, merged, unchecked
from rules.errors import InputError

TITLE_LIMIT, PROMPT_LIMIT, ANSWER_LIMIT = 200, 1_000, 300  # characters
MOST_QUESTIONS, MOST_OPTIONS = 100, 10
KINDS = ("multiple_choice", "fill_in_the_blank")


@dataclass(frozen=True)
class QuestionContent:
    """A question as edited; without an id it is new. Raises InputError for invalid contents."""

    prompt: str
    kind: str = "multiple_choice"
    options: tuple[str, ...] = ()
    correct_answer: str | None = None
    id: UUID | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f'The kind is "{self.kind}"; choose one of {", ".join(KINDS)}.')
        if not 1 <= len(self.prompt.strip()) <= PROMPT_LIMIT:
            raise InputError(f"A question has {len(self.prompt):,} characters; write 1 to {PROMPT_LIMIT:,}.")
        if len(self.options) > MOST_OPTIONS:
            raise InputError(
                f"“{self.prompt[:60]}” has {len(self.options)} options; at most {MOST_OPTIONS} are allowed."
            )
        for written in (*self.options, self.correct_answer or "-"):
            if not 1 <= len(written.strip()) <= ANSWER_LIMIT:
                raise InputError(f"An answer to “{self.prompt[:60]}” must have 1 to {ANSWER_LIMIT} characters.")
        # As saved: two edits that differ in nothing else are the same.
        object.__setattr__(self, "prompt", self.prompt.strip())
        object.__setattr__(self, "options", tuple(option.strip() for option in self.options))
        object.__setattr__(self, "correct_answer", self.correct_answer.strip() if self.correct_answer else None)


@dataclass(frozen=True)
class QuizContent:
    """A whole quiz as edited, with its questions in order."""

    title: str
    questions: tuple[QuestionContent, ...]
    video_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        if not 1 <= len(self.title.strip()) <= TITLE_LIMIT:
            raise InputError(f"The title has {len(self.title):,} characters; write 1 to {TITLE_LIMIT}.")
        if len(self.questions) > MOST_QUESTIONS:
            raise InputError(f"The quiz has {len(self.questions)} questions; at most {MOST_QUESTIONS} are allowed.")


def merged_quiz(opened: QuizContent, saved: QuizContent, mine: QuizContent) -> QuizContent:
    """Both sides' changes: the title, the video, and each question by its id. Raises EditConflict."""
    merge = merged(_parts(opened), _parts(saved), _parts(mine))
    if merge.conflicts:
        raise EditConflict(saved, merge.conflicts)
    questions = tuple(part for part in merge.parts.values() if isinstance(part, QuestionContent))
    return replace(mine, title=merge.parts["title"], video_id=merge.parts["video_id"], questions=questions)


def stored_quiz(title: str, questions: Sequence[QuestionContent], video_id: UUID | None, quiz_id: UUID) -> QuizContent:
    """A quiz as it is stored, to compare an edit with."""
    return unchecked(QuizContent, title=title, questions=tuple(questions), video_id=video_id, id=quiz_id)


def stored_question(**question: Any) -> QuestionContent:
    return unchecked(QuestionContent, **question | {"options": as_texts(question["options"])})


def _parts(quiz: QuizContent) -> dict[Any, Any]:
    """A question without an id is new: a part that no other edit has."""
    questions = {question.id or object(): question for question in quiz.questions}
    return {"title": quiz.title.strip(), "video_id": quiz.video_id} | questions


def as_texts(options: Sequence[object]) -> tuple[str, ...]:
    """A platform may have written numbers."""
    return tuple(str(option) for option in options)
