"""What the queries about one student must say, counted by plain Python from the source rows."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from tests import activity_oracle, watching_oracle
from tests.oracle import Record, Source, questions
from tests.people_oracle import attempts_until

DAY = timedelta(days=1)


def course(source: Source, student_id: UUID, now: datetime) -> list[tuple[UUID, str, int | None]]:
    """Video, state and stopped-at second, in the order of the course."""
    started = {row["video"]["id"]: row for row in started_videos(source, student_id, now)}
    return [
        (video["id"], _state(started.get(video["id"])), _stop(started.get(video["id"]))) for video in published(source)
    ]


def watched(source: Source, student_id: UUID, now: datetime) -> list[UUID]:
    """Started videos, last watched first."""
    ordered = sorted(started_videos(source, student_id, now), key=lambda row: row["video"]["id"])
    return [row["video"]["id"] for row in sorted(ordered, key=lambda row: row["last_at"], reverse=True)]


def plays(source: Source, student_id: UUID, now: datetime) -> dict[UUID, Counter[int]]:
    """How often each second of each video was played, of the file in force."""
    counted: dict[UUID, Counter[int]] = defaultdict(Counter)
    lengths = {
        video["id"]: watching_oracle.length_of(source, video, _in_force(source, video, now), now)
        for video in source.videos
    }
    for segment in source.of_students("watch_segments"):
        video_id, at = segment["video_id"], segment["watched_at"]
        in_force = watching_oracle.edition_at(source, video_id, now)
        is_now = at <= now and watching_oracle.edition_at(source, video_id, at) == in_force
        if segment["student_id"] == student_id and video_id in lengths and is_now:
            end = lengths[video_id] or segment["end_second"]
            counted[video_id].update(range(segment["start_second"], min(segment["end_second"], end)))
    return {video_id: seconds for video_id, seconds in counted.items() if seconds}


def events(source: Source, student_id: UUID, now: datetime) -> Counter[tuple[str, datetime]]:
    """Kinds and instants of the timeline."""
    mine = [student for student in source.students if student["id"] == student_id]
    if not mine:
        return Counter()
    started = started_videos(source, student_id, now)
    asked = [question for question in questions(source, now) if question.student_id == student_id]
    taken = attempts(source, student_id, now)
    first = [min(row["first_at"] for row in started)] if started else []
    gone_and_back = silences(source, student_id, now)
    return Counter(
        [
            ("enrolled", mine[0]["created_at"]),
            *(("first_video", at) for at in first),
            *(("completed", _completed_at(source, row, now)) for row in started if row["is_completed"]),
            *(("passed" if row["passed"] else "failed", row["completed_at"]) for row in taken),
            *(("asked", question.asked_at) for question in asked),
            *(("silence", _midnight(source, gone + DAY) - timedelta(seconds=1)) for gone, *_ in gone_and_back),
            *(("came_back", _midnight(source, back)) for _, back, *_ in gone_and_back),
        ]
    )


def signals(source: Source, student_id: UUID, now: datetime) -> list[str]:
    """The kinds of the signals that hold, worst first."""
    mine = [student for student in source.students if student["id"] == student_id]
    if not mine:
        return []
    seen = [sign.at for sign in activity_oracle.activities(source, now) if sign.student_id == student_id]
    silent = (now - (max(seen) if seen else mine[0]["created_at"])) / DAY
    gaps = [(later - earlier).days for earlier, later in pairwise(_days(source, student_id, now))]
    usual = sum(gaps) / len(gaps) if len(gaps) >= 2 else None
    states = course(source, student_id, now)
    is_finished = bool(states) and all(state == "completed" for _, state, _ in states)
    furthest = [state for _, state, _ in states if state != "not_started"][-1:]
    asked = _conversations(source, student_id, now).values()
    back = silences(source, student_id, now)[-1:]
    today = now.astimezone(_zone(source)).date()
    holding = {
        "never_started": not seen,
        "silent": bool(seen)
        and not is_finished
        and (silent > 7 or (usual is not None and silent > 3 and silent > 2 * usual)),
        "failing": _failed_in_a_row(source, student_id, now) >= 3,
        "stuck": furthest == ["started"] and silent > 3,
        "repeating": any(len(sessions) >= 3 and len(set(sessions)) >= 2 for sessions in asked),
        "came_back": silent <= 7
        and any(days > 14 and 0 <= (today - returned).days <= 14 for _, returned, days in back),
        "finished": is_finished,
    }
    return [kind for kind, holds in holding.items() if holds]


def silences(source: Source, student_id: UUID, now: datetime) -> list[tuple[date, date, int]]:
    """Last day before, first day after, length: over 3 days, and over twice the mean of the other gaps."""
    days = _days(source, student_id, now)
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    found = []
    for place, gap in enumerate(gaps):
        others = gaps[:place] + gaps[place + 1 :]
        if others and gap > 3 and gap * len(others) > 2 * sum(others):
            found.append((days[place], days[place + 1], gap))
    return found


def attempts(source: Source, student_id: UUID, now: datetime) -> list[Record]:
    """The student's attempts, newest first."""
    ordered = sorted(attempts_until(source, now, student_id), key=lambda row: row["id"])
    return sorted(ordered, key=lambda row: (row["completed_at"], row["attempt_number"]), reverse=True)


def started_videos(source: Source, student_id: UUID, now: datetime) -> list[Record]:
    """One row per video that the student watched, of all its files; where they stopped, of the file in force."""
    videos = {video["id"]: video for video in source.videos}
    own: dict[UUID, list[Record]] = defaultdict(list)
    for row in watching_oracle.watched_videos(source, now):
        if row["student_id"] == student_id:
            own[row["video_id"]].append(row)
    return [
        {
            "student_id": student_id,
            "video": videos[video_id],
            "first_at": min(row["first_at"] for row in rows),
            "last_at": max(row["last_at"] for row in rows),
            "is_completed": any(row["is_completed"] for row in rows),
            "in_force": next((row for row in rows if row["edition"] == _in_force(source, videos[video_id], now)), None),
        }
        for video_id, rows in own.items()
    ]


def _in_force(source: Source, video: Record, now: datetime) -> int:
    return watching_oracle.edition_at(source, video["id"], now)


def published(source: Source) -> list[Record]:
    videos = [video for video in source.videos if video["status"] == "completed"]
    return sorted(videos, key=lambda video: (video["position"], video["created_at"], video["id"]))


def _state(started: Record | None) -> str:
    if started is None:
        return "not_started"
    return "completed" if started["is_completed"] else "started"


def _stop(started: Record | None) -> int | None:
    if started is None or started["is_completed"] or started["in_force"] is None:
        return None
    found: Record = started["in_force"]
    stopped: int | None = found["exit_second"]
    if stopped is None and not started["video"]["duration_seconds"]:
        return max((end for _, end in found["ranges"] or []), default=None)
    return stopped


def _completed_at(source: Source, started: Record, now: datetime) -> datetime:
    key = (started["student_id"], started["video"]["id"])
    played = [
        row
        for row in source["watch_segments"]
        if (row["student_id"], row["video_id"]) == key and row["watched_at"] <= now
    ]
    if not played:
        last: datetime = started["last_at"]
        return last
    furthest = max(row["end_second"] for row in played)
    return min(row["watched_at"] for row in played if row["end_second"] == furthest)


def _failed_in_a_row(source: Source, student_id: UUID, now: datetime) -> int:
    runs = [
        (passed, len(list(run))) for passed, run in groupby(row["passed"] for row in attempts(source, student_id, now))
    ]
    return runs[0][1] if runs and not runs[0][0] else 0


def _conversations(source: Source, student_id: UUID, now: datetime) -> dict[str, list[UUID]]:
    """Per question, the conversation of each time that it was asked."""
    asked: dict[str, list[UUID]] = defaultdict(list)
    for question in questions(source, now):
        if question.student_id == student_id:
            asked[question.key].append(question.session_id)
    return asked


def _days(source: Source, student_id: UUID, now: datetime) -> list[date]:
    return sorted(row["day"] for row in activity_oracle.student_days(source, now) if row["student_id"] == student_id)


def _midnight(source: Source, day: date) -> datetime:
    return datetime.combine(day, time(), _zone(source))


def _zone(source: Source) -> ZoneInfo:
    return ZoneInfo(source.creator["timezone"])
