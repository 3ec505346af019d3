"""A transcript as sentences with the second at which each is said."""

import re
from dataclasses import dataclass

from rules.visible import visible

TRANSCRIPT_LIMIT = 200_000  # characters read; a quiz needs no more
SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")


@dataclass(frozen=True)
class Sentence:
    text: str
    second: int  # where it begins, spread over the video in proportion to its length


def sentences(transcript: str, duration_seconds: int | None) -> list[Sentence]:
    """The transcript's sentences in order; without a duration all begin at second 0."""
    cleaned = visible(transcript[:TRANSCRIPT_LIMIT])
    texts = [" ".join(part.split()) for part in SENTENCE_END.split(cleaned) if part.strip()]
    total = sum(map(len, texts)) or 1
    spoken, found = 0, []
    for text in texts:
        found.append(Sentence(text, int((duration_seconds or 0) * spoken / total)))
        spoken += len(text)
    return found
