"""What is said at a second of a video. Transcripts have no times: sentences take time by their length."""

import re
from bisect import bisect_right
from itertools import accumulate

BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def transcript_line(transcript: str | None, length_seconds: int | None, second: float) -> str:
    """The sentence that is said at this second; empty where there is no transcript or no length."""
    spoken = _sentences(transcript)
    if not spoken or not length_seconds:
        return ""
    ends = _ends(spoken, length_seconds)
    return spoken[min(bisect_right(ends, second), len(spoken) - 1)]


def sentence_break(transcript: str | None, length_seconds: int, second: int) -> int:
    """The second nearest to this one at which a sentence ends inside the video; itself without any."""
    ends = _ends(_sentences(transcript), length_seconds)[:-1]
    return round(min(ends, key=lambda end: abs(end - second), default=second))


def _sentences(transcript: str | None) -> list[str]:
    return [sentence for sentence in BETWEEN_SENTENCES.split((transcript or "").strip()) if sentence]


def _ends(spoken: list[str], length_seconds: int) -> list[float]:
    """The second at which each sentence is over."""
    lengths = list(accumulate(map(len, spoken)))
    return [length_seconds * length / lengths[-1] for length in lengths]
