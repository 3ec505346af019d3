"""When the lines of a transcript are said: from the cues of a file of subtitles, kept as the text is edited.

The times are stored beside the text: the start and end of each of its lines in milliseconds, and a fingerprint of the
text. A write of the text alone leaves times that belong to none, and they are not read.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from itertools import groupby

LATEST = 2**31 - 1  # milliseconds
Span = tuple[int, int]  # from and until, in milliseconds


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown together, one line or several, and their place in the text in characters."""

    start_ms: int
    end_ms: int
    text: str
    place: int

    def second_at(self, place: int) -> float:
        """The second at which this place of the text is said, if the words are said evenly."""
        share = min(max((place - self.place) / max(len(self.text), 1), 0), 1)
        return (self.start_ms + share * (self.end_ms - self.start_ms)) / 1000


def stored_times(transcript: str, spans: Sequence[Span]) -> str | None:
    """The times of each line as they are stored, as JSON; None without times."""
    if not spans:
        return None
    flat = [min(max(one, 0), LATEST) for span in spans for one in span]
    return json.dumps({"of": _fingerprint(transcript), "milliseconds": flat})


def line_times(transcript: str | None, stored: str | None) -> list[Span]:
    """The start and end of each line; empty if there are no times, or those of another text."""
    told = json.loads(stored) if stored and transcript else None
    if not isinstance(told, dict) or told.get("of") != _fingerprint(transcript or ""):
        return []
    flat = told.get("milliseconds", [])
    return list(zip(flat[::2], flat[1::2], strict=True))


def cues(transcript: str | None, stored: str | None) -> list[Cue]:
    """The cues in their order; empty for a transcript without times."""
    found, place = [], 0
    lines = zip((transcript or "").split("\n"), line_times(transcript, stored), strict=False)
    for (start, end), shown in groupby(lines, key=lambda line: line[1]):
        text = "\n".join(line for line, _ in shown)
        found.append(Cue(start, end, text, place))
        place += len(text) + 1
    return found


def times_after_edit(before: str | None, stored: str | None, after: str | None) -> str | None:
    """The times of an edited transcript, as they are stored.

    Lines that stayed keep theirs, and changed lines share the time of those that they replace.
    """
    spans = line_times(before, stored)
    if not spans or not after:
        return None
    old, new = (before or "").split("\n"), after.split("\n")
    kept: list[Span] = []
    for _, first, last, new_first, new_last in SequenceMatcher(None, old, new).get_opcodes():
        if last - first == new_last - new_first:
            kept += spans[first:last]
        else:
            kept += [_whole_time(spans, first, last)] * (new_last - new_first)
    return stored_times(after, kept)


def _whole_time(spans: Sequence[Span], first: int, last: int) -> Span:
    """From the first of these lines to the last; of no line, the gap where it would stand."""
    if first < last:
        return spans[first][0], spans[last - 1][1]
    start = spans[first - 1][1] if first else 0
    return start, max(start, spans[first][0] if first < len(spans) else start)


def _fingerprint(transcript: str) -> str:
    return blake2b(transcript.encode(errors="replace"), digest_size=8).hexdigest()
