"""A finding: what the figures show, and what would help."""

from dataclasses import dataclass
from typing import Literal

from rules.formatting import quoted
from rules.sentences import Sentence

LONGEST_LINE = 240  # characters of what is said in a video

Kind = Literal[
    "at_risk",
    "inactive",
    "stuck",
    "drop",
    "cliff",
    "replay",
    "completion",
    "long",
    "wrong_key",
    "hard",
    "quiz",
    "badly_answered",
    "unanswered",
    "asked",
    "many_ask",
]


@dataclass(frozen=True)
class Finding:
    """What was found, about how many people, and what to do about it, as plain text; names are not escaped.

    `subject` is what it is about: the id of a video, quiz or quiz question, the key of a question that students ask, or
    empty for students as such; `title` names it. `page` and `asked` say where to look: the page and its parameters.
    """

    kind: Kind
    people: int
    sentence: str
    action: str
    advice: str
    page: str
    asked: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    title: str = ""
    quote: str = ""  # what is said at that second of a video

    def __post_init__(self) -> None:
        for name in ("sentence", "action", "advice"):
            object.__setattr__(self, name, Sentence(getattr(self, name)))

    @property
    def told(self) -> str:
        """The sentence, and what is said there."""
        return (
            f"{self.sentence} The video says there: {quoted(self.quote, LONGEST_LINE)}" if self.quote else self.sentence
        )


@dataclass(frozen=True)
class Findings:
    """All findings, those that affect most people first."""

    ranked: tuple[Finding, ...]

    def of(self, *kinds: Kind) -> tuple[Finding, ...]:
        """The findings of these kinds, in the same order."""
        return tuple(finding for finding in self.ranked if finding.kind in kinds)
