"""What is said at a second of a video. Transcripts have no times: a sentence takes time in proportion to its length."""

import re
from bisect import bisect_right
from itertools import accumulate

BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def transcript_line(transcript: str | None, length_seconds: int | None, second: float) -> str:
    """The sentence that is said at this second; empty without a transcript or a length."""
    spoken = _sentences(transcript)
    if not spoken or not length_seconds:
        return ""
    ends = _ends(spoken, length_seconds)
    return spoken[min(bisect_right(ends, second), len(spoken) - 1)]


def sentence_break(transcript: str | None, length_seconds: int, second: int) -> int:
    """The second nearest to this one at which a sentence ends inside the video; without one, the second itself."""
    ends = _ends(_sentences(transcript), length_seconds)[:-1]
    return round(min(ends, key=lambda end: abs(end - second), default=second))


def _sentences(transcript: str | None) -> list[str]:
    return [sentence for sentence in BETWEEN_SENTENCES.split((transcript or "").strip()) if sentence]


def _ends(spoken: list[str], length_seconds: int) -> list[float]:
    """The second at which each sentence ends."""
    lengths = list(accumulate(map(len, spoken)))
    return [length_seconds * length / lengths[-1] for length in lengths]
