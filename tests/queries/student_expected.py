"""What the queries about one student must say, counted by plain Python from the source rows."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.oracle import Pair, Record, Source, questions, signs_of_life, started_videos

DAY = timedelta(days=1)


def course(source: Source, student_id: UUID) -> list[tuple[UUID, str, int | None]]:
    """Video, state and stopped-at second, in the order of the course."""
    started = {pair.video["id"]: pair for pair in pairs(source, student_id)}
    return [
        (video["id"], _state(started.get(video["id"])), _stop(source, started.get(video["id"])))
        for video in published(source)
    ]


def watched(source: Source, student_id: UUID) -> list[UUID]:
    """Started videos, last watched first."""
    ordered = sorted(pairs(source, student_id), key=lambda pair: pair.video["id"])
    return [pair.video["id"] for pair in sorted(ordered, key=lambda pair: pair.last_watched, reverse=True)]


def plays(source: Source, student_id: UUID) -> dict[UUID, Counter[int]]:
    """How often each second of each video was played."""
    counted: dict[UUID, Counter[int]] = defaultdict(Counter)
    for segment in source.of_students("watch_segments"):
        if segment["student_id"] == student_id:
            counted[segment["video_id"]].update(range(segment["start_second"], segment["end_second"]))
    return {video_id: seconds for video_id, seconds in counted.items() if seconds}


def events(source: Source, student_id: UUID) -> Counter[tuple[str, datetime]]:
    """Kinds and instants of the timeline."""
    mine = [student for student in source.students if student["id"] == student_id]
    if not mine:
        return Counter()
    started = pairs(source, student_id)
    asked = [question for question in questions(source) if question.student_id == student_id]
    first = [min(_progress(source, pair)["first_watched"] for pair in started)] if started else []
    return Counter(
        [
            ("enrolled", mine[0]["created_at"]),
            *(("first_video", at) for at in first),
            *(("completed", _completed_at(source, pair)) for pair in started if pair.completed),
            *(("passed" if row["passed"] else "failed", row["completed_at"]) for row in attempts(source, student_id)),
            *(("asked", question.asked_at) for question in asked),
            *(
                ("silence", _midnight(source, gone + DAY) - timedelta(seconds=1))
                for gone, *_ in silences(source, student_id)
            ),
            *(("came_back", _midnight(source, back)) for _, back, *_ in silences(source, student_id)),
        ]
    )


def signals(source: Source, student_id: UUID, now: datetime) -> list[str]:
    """The kinds of the signals that hold, worst first."""
    mine = [student for student in source.students if student["id"] == student_id]
    if not mine:
        return []
    seen = [sign.at for sign in signs_of_life(source) if sign.student_id == student_id]
    silent = (now - (max(seen) if seen else mine[0]["created_at"])) / DAY
    gaps = [(later - earlier).days for earlier, later in pairwise(_days(source, student_id))]
    usual = sum(gaps) / len(gaps) if len(gaps) >= 2 else None
    states = course(source, student_id)
    is_finished = bool(states) and all(state == "completed" for _, state, _ in states)
    furthest = [state for _, state, _ in states if state != "not_started"][-1:]
    asked = _conversations(source, student_id).values()
    back = silences(source, student_id)[-1:]
    today = now.astimezone(_zone(source)).date()
    holding = {
        "never_started": not seen,
        "silent": bool(seen)
        and not is_finished
        and (silent > 7 or (usual is not None and silent > 3 and silent > 2 * usual)),
        "failing": _failed_in_a_row(source, student_id) >= 3,
        "stuck": furthest == ["started"] and silent > 3,
        "repeating": any(len(sessions) >= 3 and len(set(sessions)) >= 2 for sessions in asked),
        "came_back": silent <= 7
        and any(days > 14 and 0 <= (today - returned).days <= 14 for _, returned, days in back),
        "finished": is_finished,
    }
    return [kind for kind, holds in holding.items() if holds]


def silences(source: Source, student_id: UUID) -> list[tuple[date, date, int]]:
    """Last day before, first day after, length: over 3 days, and over twice the mean of the other gaps."""
    days = _days(source, student_id)
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    found = []
    for place, gap in enumerate(gaps):
        others = gaps[:place] + gaps[place + 1 :]
        if others and gap > 3 and gap * len(others) > 2 * sum(others):
            found.append((days[place], days[place + 1], gap))
    return found


def attempts(source: Source, student_id: UUID) -> list[Record]:
    """The student's attempts, newest first."""
    mine = [row for row in source.of_students("quiz_attempts") if row["student_id"] == student_id]
    ordered = sorted(mine, key=lambda row: row["id"])
    return sorted(ordered, key=lambda row: (row["completed_at"], row["attempt_number"]), reverse=True)


def pairs(source: Source, student_id: UUID) -> list[Pair]:
    return [pair for pair in started_videos(source) if pair.student_id == student_id]


def published(source: Source) -> list[Record]:
    videos = [video for video in source.videos if video["status"] == "completed"]
    return sorted(videos, key=lambda video: (video["position"], video["created_at"], video["id"]))


def _state(pair: Pair | None) -> str:
    if pair is None:
        return "not_started"
    return "completed" if pair.completed else "started"


def _stop(source: Source, pair: Pair | None) -> int | None:
    if pair is None or pair.completed:
        return None
    furthest = max((row["end_second"] for row in _segments(source, pair)), default=None)
    duration = pair.video["duration_seconds"]
    return None if furthest is not None and duration is not None and furthest >= duration else furthest


def _segments(source: Source, pair: Pair) -> list[Record]:
    key = (pair.student_id, pair.video["id"])
    return [row for row in source["watch_segments"] if (row["student_id"], row["video_id"]) == key]


def _progress(source: Source, pair: Pair) -> Record:
    key = (pair.student_id, pair.video["id"])
    return next(row for row in source["video_progress"] if (row["student_id"], row["video_id"]) == key)


def _completed_at(source: Source, pair: Pair) -> datetime:
    played = _segments(source, pair)
    if not played:
        return pair.last_watched
    furthest = max(row["end_second"] for row in played)
    return min(row["watched_at"] for row in played if row["end_second"] == furthest)


def _failed_in_a_row(source: Source, student_id: UUID) -> int:
    runs = [(passed, len(list(run))) for passed, run in groupby(row["passed"] for row in attempts(source, student_id))]
    return runs[0][1] if runs and not runs[0][0] else 0


def _conversations(source: Source, student_id: UUID) -> dict[str, list[UUID]]:
    """Per question, the conversation of each time that it was asked."""
    asked: dict[str, list[UUID]] = defaultdict(list)
    for row in source.of_students("chat_messages"):
        if row["student_id"] == student_id and row["role"] == "user":
            asked[row["question_key"]].append(row["session_id"])
    return asked


def _days(source: Source, student_id: UUID) -> list[date]:
    zone = _zone(source)
    return sorted({sign.at.astimezone(zone).date() for sign in signs_of_life(source) if sign.student_id == student_id})


def _midnight(source: Source, day: date) -> datetime:
    return datetime.combine(day, time(), _zone(source))


def _zone(source: Source) -> ZoneInfo:
    return ZoneInfo(source.creator["timezone"])
