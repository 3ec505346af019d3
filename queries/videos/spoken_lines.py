"""What is said at a second of a video. Without times, a sentence takes time in proportion to its length."""

import re
from bisect import bisect_right
from itertools import accumulate

from rules.transcripts import Cue, cues

BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def transcript_line(transcript: str | None, length_seconds: int | None, second: float, times: str | None = None) -> str:
    """The sentence that is said at this second; empty without a transcript, or without its times and a length.

    Takes the times as they are stored, see `rules.transcripts`.
    """
    spoken = _sentences(transcript)
    ends = _ends(spoken, transcript or "", length_seconds or 0, times)
    return spoken[min(bisect_right(ends, second), len(spoken) - 1)] if ends else ""


def sentence_break(transcript: str | None, length_seconds: int, second: int, times: str | None = None) -> int:
    """The second nearest to this one at which a sentence ends inside the video; without one, the second itself."""
    ends = _ends(_sentences(transcript), transcript or "", length_seconds, times)[:-1]
    inside = (end for end in ends if end < length_seconds)
    return round(min(inside, key=lambda end: abs(end - second), default=second))


def _sentences(transcript: str | None) -> list[str]:
    return [sentence for sentence in BETWEEN_SENTENCES.split((transcript or "").strip()) if sentence]


def _ends(spoken: list[str], transcript: str, length_seconds: int, times: str | None) -> list[float]:
    """The second at which each sentence ends; empty if that cannot be known."""
    if spoken and (timed := cues(transcript, times)):
        return _ends_by_cues(spoken, transcript, timed)
    if not spoken or not length_seconds:
        return []
    lengths = list(accumulate(map(len, spoken)))
    return [length_seconds * length / lengths[-1] for length in lengths]


def _ends_by_cues(spoken: list[str], transcript: str, timed: list[Cue]) -> list[float]:
    """A sentence may end in the middle of a cue; where cues overlap, none ends before the one before it."""
    places, ends, place = [cue.place for cue in timed], [], 0
    for sentence in spoken:
        place = transcript.index(sentence, place) + len(sentence)
        cue = timed[bisect_right(places, place - 1) - 1]
        ends.append(cue.second_at(place))
    return list(accumulate(ends, max))
