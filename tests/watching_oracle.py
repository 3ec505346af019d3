"""What was watched, recalculated in plain Python over the source rows: second by second, pair by pair.

Written from the definitions, like tests/oracle.py: seconds are sets, shares are fractions, nothing is clever.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.oracle import HALF_AN_HOUR, Record, Source, mean_of_curve

Key = tuple[Any, ...]


def watched_videos(source: Source, now: datetime) -> list[Record]:
    """One row per student, video and edition that the student watched up to now."""
    return [
        row
        for student, video in _pairs(source)
        for edition in _editions(source, video["id"])
        if (row := _watched(source, now, student, video, edition))
    ]


def views(source: Source, now: datetime) -> list[Record]:
    """One row per view that began up to now."""
    return [
        {
            "creator_id": source.creator["id"],
            "student_id": student["id"],
            "video_id": video["id"],
            "began_at": began_at,
            "ended_at": ended_at,
            "edition": edition_at(source, video["id"], began_at),
        }
        for student, video in _pairs(source)
        for began_at, ended_at in _views_of_pair(source, now, student, video)
    ]


def video_totals(source: Source, now: datetime) -> list[Record]:
    watched, seen = watched_videos(source, now), views(source, now)
    keys = {(row["video_id"], row["edition"]) for row in [*watched, *seen]}
    return [
        {"creator_id": source.creator["id"], "video_id": video_id, "edition": edition}
        | _totals_of(
            [row for row in watched if (row["video_id"], row["edition"]) == (video_id, edition)],
            sum((row["video_id"], row["edition"]) == (video_id, edition) for row in seen),
        )
        for video_id, edition in keys
    ]


def video_seconds(source: Source, now: datetime) -> list[Record]:
    viewers: Counter[Key] = Counter()
    plays: Counter[Key] = Counter()
    exits: Counter[Key] = Counter()
    for row in watched_videos(source, now):
        key = (row["video_id"], row["edition"])
        for start, end in _edges(row["ranges"] or []):
            viewers[*key, start] += 1
            viewers[*key, end] -= 1
        for second, change in zip(row["play_seconds"], row["play_changes"], strict=True):
            plays[*key, second] += change
        if row["exit_second"] is not None:
            exits[*key, row["exit_second"]] += 1
    return [
        {
            "creator_id": source.creator["id"],
            "video_id": key[0],
            "edition": key[1],
            "second": key[2],
            "viewers_change": viewers[key],
            "plays_change": plays[key],
            "exits": exits[key],
        }
        for key in set(viewers) | set(plays) | set(exits)
        if viewers[key] or plays[key] or exits[key]
    ]


def video_analytics(source: Source, now: datetime) -> list[Record]:
    """One row per video that is not deleted, for the edition in force now."""
    totals = {(row["video_id"], row["edition"]): row for row in video_totals(source, now)}
    watched = watched_videos(source, now)
    rows = []
    for video in source.videos:
        key = (video["id"], edition_at(source, video["id"], now))
        found = totals.get(key) or _totals_of([], 0)
        last = [row["last_at"] for row in watched if (row["video_id"], row["edition"]) == key]
        rows.append(
            {
                "creator_id": source.creator["id"],
                "video_id": video["id"],
                "unique_viewers": found["viewers"],
                "total_views": found["views"],
                "avg_watch_percentage": _mean(found["share_sum"], found["share_count"]),
                "completions": found["completions"],
                "completion_rate": _mean(100 * 100 * found["completions"], found["viewers"]),
                "high_engagement_views": found["high_shares"],
                "low_engagement_views": found["low_shares"],
                "avg_drop_off_percentage": _mean(found["unfinished_share_sum"], found["unfinished_share_count"]),
                "total_watch_seconds": found["watched_seconds"],
                "last_watched_at": max(last, default=None),
            }
        )
    return rows


def student_figures(source: Source, now: datetime) -> dict[UUID, Record]:
    """What watching adds to each student's totals; students who watched nothing are left out."""
    seen = Counter(row["student_id"] for row in views(source, now))
    pairs = _best_of_pairs(source, now)
    return {
        student_id: _pair_figures([pair for pair in pairs if pair["student_id"] == student_id])
        | {
            "videos_completed": sum(
                pair["is_completed"] and pair["is_required"] for pair in pairs if pair["student_id"] == student_id
            ),
            "views": seen[student_id],
        }
        for student_id in {pair["student_id"] for pair in pairs}
    }


def course_figures(source: Source, now: datetime) -> Record:
    """What watching adds to the overall totals."""
    pairs = _best_of_pairs(source, now)
    return _pair_figures(pairs) | {
        "completions": sum(pair["is_completed"] for pair in pairs),
        "views": len(views(source, now)),
    }


def day_figures(source: Source, now: datetime) -> dict[Any, Record]:
    """Local day -> pairs last watched on it, with their shares."""
    days: dict[Any, list[Record]] = {}
    for pair in _best_of_pairs(source, now):
        days.setdefault(_day(source, pair["last_at"]), []).append(pair)
    return {
        day: {
            "last_watched": len(pairs),
            "share_sum": sum(_known(pairs)),
            "share_count": len(_known(pairs)),
        }
        for day, pairs in days.items()
    }


def views_of_days(source: Source, now: datetime) -> Counter[Key]:
    """(local day, video) -> views that began then."""
    return Counter((_day(source, row["began_at"]), row["video_id"]) for row in views(source, now))


def edition_at(source: Source, video_id: UUID, at: datetime) -> int:
    """The greatest edition that had begun; edition 1 exists from the beginning."""
    begun = [
        row["edition"] for row in source["video_editions"] if row["video_id"] == video_id and row["began_at"] <= at
    ]
    return max(begun, default=1)


def length_of(source: Source, video: Record, edition: int, now: datetime) -> int | None:
    known = [
        row["duration_seconds"]
        for row in source["video_editions"]
        if (row["video_id"], row["edition"]) == (video["id"], edition)
    ]
    if known and known[0] is not None:
        return known[0] or None
    return (video["duration_seconds"] or None) if edition == edition_at(source, video["id"], now) else None


def is_watched_to_the_end(seconds: set[int], length: int) -> bool:
    """A second of the credits was watched, and at least 90% of all."""
    return max(seconds, default=0) + 1 > length - credits_of(length) and 10 * len(seconds) >= 9 * length


def credits_of(length: int) -> Fraction:
    """How much of the end need not be watched."""
    return min(max(Fraction(2 * length, 100), Fraction(10)), Fraction(length, 10))


def _pairs(source: Source) -> list[tuple[Record, Record]]:
    return [(student, video) for student in source.students for video in source.videos]


def _editions(source: Source, video_id: UUID) -> list[int]:
    return sorted({1} | {row["edition"] for row in source["video_editions"] if row["video_id"] == video_id})


def _played(source: Source, now: datetime, student: Record, video: Record) -> list[Record]:
    return [row for row in source.of_pair("watch_segments", student["id"], video["id"]) if row["watched_at"] <= now]


def _progress(source: Source, now: datetime, student: Record, video: Record) -> Record | None:
    """The pair's progress; if it was overwritten after now, only when it began."""
    for row in source.of_pair("video_progress", student["id"], video["id"]):
        if row["first_watched"] <= now:
            return row
    return None


def _watched(source: Source, now: datetime, student: Record, video: Record, edition: int) -> Record | None:
    of_pair = _played(source, now, student, video)
    segments = [row for row in of_pair if edition_at(source, video["id"], row["watched_at"]) == edition]
    progress = _progress(source, now, student, video)
    told = [
        at
        for at in ((progress["first_watched"], progress["last_watched"]) if progress else ())
        if at <= now and edition_at(source, video["id"], at) == edition
    ]
    if not segments and not told:
        return None
    played = [row["watched_at"] for row in segments]
    state = progress if progress and told and told[-1] == progress["last_watched"] else None
    length = length_of(source, video, edition, now)
    stretches = [(_cut(row["start_second"], length), _cut(row["end_second"], length)) for row in segments]
    seconds = {second for start, end in stretches for second in range(start, end)}
    is_part = bool(told and played) and told[0] < min(played) - HALF_AN_HOUR
    is_completed = bool(state and state["completed"]) or (
        length is not None and bool(seconds) and is_watched_to_the_end(seconds, length)
    )
    exit_second = None if is_completed or is_part or length is None else _exit(seconds, length)
    plays = _plays(stretches)
    share = _share(source, now, video, edition, state, None if is_part or not segments else seconds)
    return {
        "creator_id": source.creator["id"],
        "student_id": student["id"],
        "video_id": video["id"],
        "edition": edition,
        "first_at": min([*told, *played]),
        "last_at": max([*told, *played]),
        "is_completed": is_completed,
        "is_required": video["status"] == "completed" and video["is_published"],
        "share_hundredths": share,
        "watched_seconds": _watched_seconds(segments, of_pair, state, is_part),
        "ranges": _stretches(seconds) if segments else None,
        "play_seconds": [second for second, _ in plays],
        "play_changes": [change for _, change in plays],
        "exit_second": exit_second,
    }


def _share(
    source: Source, now: datetime, video: Record, edition: int, state: Record | None, seconds: set[int] | None
) -> int | None:
    length = length_of(source, video, edition, now)
    if state and state["watch_percentage"] is not None:
        return _hundredths(Fraction(str(state["watch_percentage"])))
    if seconds is not None and length is not None:
        return _hundredths(Fraction(100 * len(seconds), length))
    curve = mean_of_curve(source, video["id"])
    return _hundredths(curve) if curve is not None and edition == edition_at(source, video["id"], now) else None


def _watched_seconds(segments: list[Record], of_pair: list[Record], state: Record | None, is_part: bool) -> int:
    told = (state and state["watch_duration"]) or 0
    played = sum(row["end_second"] - row["start_second"] for row in segments)
    if is_part:
        return max(played, told)
    return played if of_pair else told


def _exit(seconds: set[int], length: int) -> int | None:
    """The end of the last stretch that began before the credits, unless it continues into them."""
    before = [stretch for stretch in _edges(_stretches(seconds)) if stretch[0] < length - credits_of(length)]
    furthest = max((end for _, end in before), default=None)
    return None if furthest is None or furthest > length - credits_of(length) else furthest


def _cut(second: int, length: int | None) -> int:
    return second if length is None else min(second, length)


def _stretches(seconds: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring seconds as half-open stretches."""
    found: list[tuple[int, int]] = []
    for second in sorted(seconds):
        if found and found[-1][1] == second:
            found[-1] = (found[-1][0], second + 1)
        else:
            found.append((second, second + 1))
    return found


def _plays(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """At which seconds the number of plays changes, and by how much."""
    plays = Counter(second for start, end in stretches for second in range(start, end))
    corners = sorted(set(plays) | {second + 1 for second in plays})
    changes = [(second, plays[second] - plays[second - 1]) for second in corners]
    return [(second, change) for second, change in changes if change]


def _edges(ranges: Iterable[Any]) -> list[tuple[int, int]]:
    return [(stretch[0], stretch[1]) for stretch in ranges]


def _views_of_pair(source: Source, now: datetime, student: Record, video: Record) -> list[tuple[datetime, datetime]]:
    segments = [
        (row["watched_at"], row["watched_at"] + timedelta(seconds=row["end_second"] - row["start_second"]))
        for row in _played(source, now, student, video)
    ]
    if not segments:
        progress = _progress(source, now, student, video)
        return [(progress["first_watched"], progress["first_watched"])] if progress else []
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(segments):
        if merged and start - merged[-1][1] <= HALF_AN_HOUR:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _totals_of(watched: list[Record], seen: int) -> Record:
    shares = _known(watched)
    unfinished = _known(row for row in watched if not row["is_completed"])
    return {
        "viewers": len(watched),
        "playback_viewers": sum(row["ranges"] is not None for row in watched),
        "views": seen,
        "completions": sum(row["is_completed"] for row in watched),
        "watched_seconds": sum(row["watched_seconds"] for row in watched),
        "share_sum": sum(shares),
        "share_count": len(shares),
        "unfinished_share_sum": sum(unfinished),
        "unfinished_share_count": len(unfinished),
        "high_shares": sum(share >= 7500 for share in shares),
        "low_shares": sum(share < 2500 for share in shares),
    }


def _best_of_pairs(source: Source, now: datetime) -> list[Record]:
    """A student and a video count once, with the best of the editions that the student watched."""
    pairs: dict[Key, list[Record]] = {}
    for row in watched_videos(source, now):
        pairs.setdefault((row["student_id"], row["video_id"]), []).append(row)
    return [
        {
            "student_id": student_id,
            "is_completed": any(row["is_completed"] for row in rows),
            "is_required": rows[0]["is_required"],
            "share_hundredths": max(_known(rows), default=None),
            "watched_seconds": sum(row["watched_seconds"] for row in rows),
            "last_at": max(row["last_at"] for row in rows),
        }
        for (student_id, _), rows in pairs.items()
    ]


def _pair_figures(pairs: list[Record]) -> Record:
    return {
        "videos_watched": len(pairs),
        "share_sum": sum(_known(pairs)),
        "share_count": len(_known(pairs)),
        "watched_seconds": sum(pair["watched_seconds"] for pair in pairs),
    }


def _known(rows: Iterable[Record]) -> list[int]:
    return [row["share_hundredths"] for row in rows if row["share_hundredths"] is not None]


def _hundredths(percent: Fraction) -> int:
    """Halves go up, as numeric rounds them."""
    return int(percent * 100 + Fraction(1, 2))


def _mean(hundredths: int, count: int) -> float | None:
    return hundredths / 100 / count if count else None


def _day(source: Source, at: datetime) -> Any:
    return at.astimezone(ZoneInfo(source.creator["timezone"])).date()
