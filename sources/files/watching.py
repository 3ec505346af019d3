"""From the events of a player to the stretches that were played."""

from collections.abc import Iterable, Iterator

PLAY, PAUSE, SEEK = 0.0, 1.0, 2.0
SHORTEST_SECONDS, SLACK_SECONDS = 0.25, 1.0
LONGEST_UNTOLD_SECONDS = 7200.0  # of a stretch whose end follows from the clock alone

# When (seconds since 1970), which step, at which second of the video (-1: unknown), and to which one a seek leads.
Event = tuple[float, ...]


def segments(events: Iterable[Event], length: float | None) -> Iterator[tuple[int, int, float]]:
    """First and last second of each stretch, and when it began; the events of one student and video, in order.

    A play just after a seek often says where the seek began: the seek is believed. A stretch whose end is not told
    lasts until the next event. Stretches that end before they begin, or beyond the end of the video, are dropped.
    """
    began: tuple[float, float] | None = None  # the second of the video, and when
    after_seek: float | None = None
    for at, step, place, new in events:
        if began is not None:
            end = place if step in (PAUSE, SEEK) and place >= 0 else began[0] + (at - began[1])
            if (step == PAUSE and place < 0) or (step == PLAY and at - began[1] > LONGEST_UNTOLD_SECONDS):
                end = -1.0  # nothing is known: a pause that does not say where, or somebody who came back much later
            if _is_possible(began[0], end, length):
                yield round(began[0]), round(end), began[1]
        if step == PLAY:
            start = after_seek if after_seek is not None else place
            began = (start, at) if start >= 0 else None
        elif step == SEEK and new >= 0 and began is not None:
            began = (new, at)  # it goes on playing from there
        else:
            began = None
        after_seek = new if step == SEEK and new >= 0 else None


def _is_possible(start: float, end: float, length: float | None) -> bool:
    if end - start < SHORTEST_SECONDS or round(end) <= round(start):
        return False
    return length is None or end <= length + SLACK_SECONDS
