"""What a student's statements about a video say: the stretches that were played, sitting by sitting.

Players tell them in two ways. `played-segments` lists all stretches since the sitting began, again and again: the
longest list counts, and only that. Its last stretch may be open; it ends where a later statement says. Players without
lists are read by pairs of events.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sources.facts import Activity, Fact, Progress, Refusal, Segment, Video
from sources.xapi.keys import Json, key
from sources.xapi.meanings import course_of
from sources.xapi.values import instant
from sources.xapi.vocabulary import (
    COMPLETED,
    INITIALIZED,
    PAUSED,
    PLAYED,
    SEEKED,
    TERMINATED,
    VIDEO,
    extension,
    session,
    title,
    video_number,
)

SEGMENTS = f"{VIDEO}/extensions/played-segments"
LONGEST_VIDEO_SECONDS = 36_000
MOST_STRETCHES = 5_000
MOST_OF_A_SITTING = 100_000  # stretches in all lists together; no player comes near
MOST_COUNTED_BACK_SECONDS = 86_400
SHORTEST_SECONDS = 0.25
SLACK_SECONDS = 2.0
FASTEST = 2.0  # of playback: a stretch cannot grow faster than the clock times this
RULE_BACKWARDS = "A stretch of a video ends after it starts."
RULE_NUMBER = "Played segments are pairs of seconds, such as 0[.]42.6[,]43.1[.]124.7."
RULE_OUTSIDE = "A stretch lies within the video and begins within its first 10 hours."


class Stretch(NamedTuple):
    """Seconds of a video that were played; `end` None: it was still playing."""

    start: float
    end: float | None


Timed = tuple[float, float, datetime]  # from, to, and the instant at which it began


class Heard(NamedTuple):
    """A statement of the sitting, with its instant."""

    at: datetime
    verb: str
    statement: Json


def watched(statements: Sequence[Json], student: str) -> tuple[list[Fact], list[Refusal]]:
    """The facts about a student and a video, from all statements about both, in any order."""
    heard = sorted((Heard(instant(one["timestamp"]), one["verb"]["id"], one) for one in statements), key=_in_order)
    video = _video(heard)
    refusals: list[Refusal] = []
    sittings: dict[str, list[Heard]] = {}
    for one in heard:
        sittings.setdefault(session(one.statement), []).append(one)
    found = [timed for sitting in sittings.values() for timed in _of_sitting(sitting, refusals)]
    kept = [segment for segment in found if _is_possible(segment, video, refusals)]
    facts: list[Fact] = [video, *(_segment(student, video.id, start, end, at) for start, end, at in kept)]
    return [*facts, *_besides(heard, student, video, bool(kept))], refusals


def _of_sitting(heard: Sequence[Heard], refusals: list[Refusal]) -> list[Timed]:
    return list(_played(heard, refusals)) or list(_between(heard))


def _in_order(heard: Heard) -> tuple[datetime, float, str]:
    """By instant; events of one instant by their place in the video, then by id: never by arrival."""
    return heard.at, _position(heard) or 0.0, str(heard.statement.get("id", ""))


def _video(heard: Sequence[Heard]) -> Video:
    lengths = [length for one in heard if (length := _length(one.statement)) and length <= LONGEST_VIDEO_SECONDS]
    titles = [called for one in heard if (called := title(one.statement["object"]))]
    courses = [str(course["id"]) for one in heard if (course := course_of(one.statement))]
    return Video(
        heard[0].statement["object"]["id"],
        title=titles[-1] if titles else None,
        course=courses[-1] if courses else None,
        duration_seconds=max(1, round(lengths[-1])) if lengths else None,
    )


def _length(statement: Json) -> float | None:
    """Players say it in the context, as the profile wants, or in the result; 0 means that it is not known yet."""
    return video_number(statement, "context", "length") or video_number(statement, "result", "length")


def _played(heard: Sequence[Heard], refusals: list[Refusal]) -> Iterator[Timed]:
    """The stretches of the longest list, each with the instant at which it began."""
    shown: list[tuple[Heard, list[Stretch]]] = []
    left = MOST_OF_A_SITTING
    for one in heard:
        stretches = list(_listed(one.statement, refusals)) if left > 0 else []
        if stretches:
            shown.append((one, stretches))
        left -= len(stretches)
    if not shown:
        return
    last, stretches = max(shown, key=lambda pair: (_total(pair[1]), len(pair[1]), pair[0].at))
    beginnings = _Beginnings(heard, shown)
    for start, end in stretches:
        began = beginnings.of(start)
        if end is None:
            end = _end_of_open(heard, last, start)
        if end is not None:
            yield start, end, began if began else last.at - timedelta(seconds=max(0.0, end - start))


def _listed(statement: Json, refusals: list[Refusal]) -> Iterator[Stretch]:
    told = extension(statement, "result", SEGMENTS)
    if not isinstance(told, str) or not told.strip():
        return
    for part in told.split("[,]", MOST_STRETCHES)[:MOST_STRETCHES]:
        start, _, end = part.partition("[.]")
        try:
            stretch = Stretch(float(start), float(end) if end.strip() else None)
        except ValueError:
            refusals.append(Refusal(0, "played-segments", part[:100], RULE_NUMBER))
            continue
        if not all(0 <= second <= LONGEST_VIDEO_SECONDS for second in stretch if second is not None):
            refusals.append(Refusal(0, "played-segments", part[:100], RULE_OUTSIDE))
            continue
        if stretch.end is not None and stretch.end < stretch.start:
            refusals.append(Refusal(0, "played-segments", part[:100], RULE_BACKWARDS))
            continue
        yield stretch


def _total(stretches: Sequence[Stretch]) -> float:
    return sum(end - start for start, end in stretches if end is not None)


class _Beginnings:
    """When stretches began: as a `played` says, each of which is used once, else counted back from the first list.

    Stretches that are new in the same list were played one after the other, the last of them until the list was sent.
    """

    def __init__(self, heard: Sequence[Heard], shown: Sequence[tuple[Heard, list[Stretch]]]) -> None:
        self._played: dict[int, deque[tuple[float, datetime]]] = {}
        self._shown: dict[tuple[float, int], datetime] = {}
        self._times: Counter[float] = Counter()
        for one in heard:
            position = _position(one)
            if one.verb == PLAYED and position is not None:
                self._played.setdefault(int(position), deque()).append((position, one.at))
        for one, stretches in shown:
            self._count_back(one, [(start, end) for start, end in stretches if end is not None])

    def of(self, start: float) -> datetime | None:
        """The instant of the next stretch from this second; None if nothing says so."""
        time = (start, self._times[start])
        self._times[start] += 1
        near = [self._played[second] for second in range(int(start) - 1, int(start) + 2) if self._played.get(second)]
        fitting = [queue for queue in near if abs(queue[0][0] - start) <= 1]
        if fitting:
            return min(fitting, key=lambda queue: queue[0][1]).popleft()[1]
        return self._shown.get(time)

    def _count_back(self, one: Heard, closed: Sequence[tuple[float, float]]) -> None:
        left, times = sum(end - start for start, end in closed), Counter[float]()
        for start, end in closed:
            back = timedelta(seconds=min(left, MOST_COUNTED_BACK_SECONDS))
            self._shown.setdefault((start, times[start]), one.at - back)
            times[start] += 1
            left = max(0.0, left - (end - start))


def _end_of_open(heard: Sequence[Heard], last: Heard, start: float) -> float | None:
    """Where an open stretch ended: at the next pause, seek or end. None if nobody says."""
    for one in heard:
        if one.at < last.at or one is last:
            continue
        if one.verb not in (PAUSED, SEEKED, COMPLETED, TERMINATED):
            return None
        position = _stopped_at(one)
        most = start + SLACK_SECONDS + FASTEST * (one.at - last.at).total_seconds()
        return position if position is not None and start <= position <= most else None
    return None


def _between(heard: Sequence[Heard]) -> Iterator[Timed]:
    """Stretches from pairs of events: played, and the pause, seek or end that follows it.

    A play right behind a seek often carries the position from before it: where the seek went is right.
    """
    playing: tuple[float, datetime] | None = None
    target: float | None = None
    for one in heard:
        if one.verb == PLAYED:
            position = target if target is not None else _position(one)
            playing, target = ((position, one.at) if position is not None else None), None
        elif one.verb in (PAUSED, SEEKED, COMPLETED, TERMINATED):
            end = _stopped_at(one)
            if playing and end is not None:
                yield playing[0], end, playing[1]
            target = video_number(one.statement, "result", "time-to") if one.verb == SEEKED else None
            # A seek while it plays goes on playing where it went to.
            playing = (target, one.at) if playing and target is not None else None


def _position(heard: Heard) -> float | None:
    return video_number(heard.statement, "result", "time")


def _stopped_at(heard: Heard) -> float | None:
    if heard.verb == SEEKED:
        return video_number(heard.statement, "result", "time-from")
    position = _position(heard)
    return _length(heard.statement) if position is None and heard.verb == COMPLETED else position


def _is_possible(found: Timed, video: Video, refusals: list[Refusal]) -> bool:
    start, end, _ = found
    longest = video.duration_seconds + 1 if video.duration_seconds else LONGEST_VIDEO_SECONDS
    if not (0 <= start <= LONGEST_VIDEO_SECONDS and end <= longest):  # false for what is no number, too
        refusals.append(Refusal(0, "played-segments", f"{start}[.]{end}"[:100], RULE_OUTSIDE))
        return False
    if end < start:
        refusals.append(Refusal(0, "time", f"{start}[.]{end}"[:100], RULE_BACKWARDS))
        return False
    return end - start >= SHORTEST_SECONDS and round(end) > round(start)


def _segment(student: str, video: str, start: float, end: float, at: datetime) -> Segment:
    return Segment(student, video, round(start), round(end), at)


def _besides(heard: Sequence[Heard], student: str, video: Video, has_segments: bool) -> Iterator[Fact]:
    """That it was opened and completed; how far it got, of players that say nothing else."""
    for one in heard:
        if one.verb == INITIALIZED:
            name = str(key("activity", f"opened {video.id} {one.at.isoformat()} {student}"))
            yield Activity(student, "opened", one.at, video.id, name)
    completed = any(one.verb == COMPLETED for one in heard)
    shares = [share for one in heard if (share := video_number(one.statement, "result", "progress")) is not None]
    share = None if has_segments or not any(shares) else 100 * min(1.0, max(0.0, *shares))
    if completed or share is not None:
        yield Progress(
            student, video.id, heard[0].at, heard[-1].at, watched_percent=share, completed=True if completed else None
        )
