"""Why a cell cannot be read."""

from typing import Literal

Question = Literal["dates", "zone", "numbers", "percent", "seconds", "yes"]


class Wrong(ValueError):
    """A cell is not what its column is said to be; the message is the rule that it breaks."""


class Unclear(Wrong):
    """A cell could mean two things: the mapping has to say which."""

    def __init__(self, question: Question, rule: str) -> None:
        super().__init__(rule)
        self.question = question
