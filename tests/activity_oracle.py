"""The folds and sums of activity recalculated in plain Python over the source rows: a loop over all rows per figure."""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.oracle import Record, Sign, Source, signs_of_life

QUARTER = timedelta(minutes=15)
LONGEST_GAP = timedelta(minutes=30)


def activities(source: Source, now: datetime) -> list[Sign]:
    """What students did up to now."""
    return [sign for sign in signs_of_life(source) if sign.at <= now]


def student_days(source: Source, now: datetime) -> list[Record]:
    seen = _by_student_and_day(source, now)
    return [
        {"student_id": student_id, "day": day, "gap_days": _gap_days(seen, student_id, day), **_day(source, day, found)}
        for (student_id, day), found in seen.items()
    ]


def _gap_days(seen: Iterable[tuple[UUID, date]], student_id: UUID, day: date) -> int:
    """Days since the student was last seen; 0 if never before."""
    before = [other for student, other in seen if student == student_id and other < day]
    return (day - max(before)).days if before else 0


def _day(source: Source, day: date, found: list[Sign]) -> Record:
    instants = sorted({sign.at for sign in found})
    quarters = Counter((at - _midnight(source, day)) // QUARTER for at in instants)
    return {
        "first_at": instants[0],
        "last_at": instants[-1],
        "quarters": sorted(quarters),
        "counts": [quarters[quarter] for quarter in sorted(quarters)],
        "activities": len(instants),
        "watched_seconds": sum(sign.seconds for sign in found),
        "video_ids": sorted({sign.video_id for sign in found if sign.video_id}),
    }


def visits(source: Source, now: datetime) -> list[Record]:
    found: dict[UUID, list[Record]] = {}
    for sign in sorted(activities(source, now), key=lambda sign: sign.at):
        own = found.setdefault(sign.student_id, [])
        ended_at = sign.at + timedelta(seconds=sign.seconds)
        if own and sign.at - own[-1]["ended_at"] <= LONGEST_GAP:
            own[-1]["ended_at"] = max(own[-1]["ended_at"], ended_at)
        else:
            own.append({"student_id": sign.student_id, "started_at": sign.at, "ended_at": ended_at})
    return [visit for own in found.values() for visit in own]


def day_hours(source: Source, now: datetime) -> list[Record]:
    instants = {(sign.student_id, sign.at) for sign in activities(source, now)}
    counted = Counter((_local(source, at).date(), _local(source, at).hour) for _, at in instants)
    return [{"day": day, "hour": hour, "activities": count} for (day, hour), count in counted.items()]


def day_gaps(source: Source, now: datetime) -> list[Record]:
    counted = Counter((row["day"], row["gap_days"]) for row in student_days(source, now))
    return [{"day": day, "gap_days": gap, "students": count} for (day, gap), count in counted.items()]


def video_days(source: Source, now: datetime) -> list[Record]:
    seen = {
        (day["day"], video_id, day["student_id"]) for day in student_days(source, now) for video_id in day["video_ids"]
    }
    counted = Counter((day, video_id) for day, video_id, _ in seen)
    return [{"day": day, "video_id": video_id, "students": count} for (day, video_id), count in counted.items()]


def days(source: Source, now: datetime) -> list[Record]:
    folded, began = student_days(source, now), visits(source, now)
    return [
        {
            "day": day,
            "students": sum(row["day"] == day for row in folded),
            "activities": sum(row["activities"] for row in folded if row["day"] == day),
            "watched_seconds": sum(row["watched_seconds"] for row in folded if row["day"] == day),
            "videos": len({video_id for row in folded if row["day"] == day for video_id in row["video_ids"]}),
            "visits": sum(_local(source, visit["started_at"]).date() == day for visit in began),
            "visit_seconds": sum(
                math.floor((visit["ended_at"] - visit["started_at"]) / timedelta(seconds=1) + 0.5)
                for visit in began
                if _local(source, visit["started_at"]).date() == day
            ),
        }
        for day in {row["day"] for row in folded}
    ]


def daily_active_users(source: Source, now: datetime) -> list[Record]:
    return [
        {
            "creator_id": source.creator["id"],
            "activity_date": day["day"],
            "active_count": day["students"],
            "videos_watched": day["videos"],
            "total_watch_time_seconds": day["watched_seconds"],
        }
        for day in days(source, now)
    ]


def student_totals(source: Source, now: datetime) -> list[Record]:
    folded = student_days(source, now)
    return [
        {
            "student_id": student_id,
            "first_at": min(row["first_at"] for row in folded if row["student_id"] == student_id),
            "last_at": max(row["last_at"] for row in folded if row["student_id"] == student_id),
            "seen_days": sum(row["student_id"] == student_id for row in folded),
        }
        for student_id in {row["student_id"] for row in folded}
    ]


def last_active(source: Source, student_id: UUID, loaded_until: datetime, now: datetime) -> datetime | None:
    """If the clock is in the middle of what is folded: an instant, or the quarter that began before it.

    The fold knows the first and last instant of each day, and in which quarters of an hour there was more.
    """
    own = sorted(sign.at for sign in activities(source, loaded_until) if sign.student_id == student_id)
    reached = [at for at in own if at <= now]
    if not reached:
        return None
    day = _local(source, reached[-1]).date()
    same_day = [at for at in own if _local(source, at).date() == day]
    if same_day[-1] <= now:
        return same_day[-1]
    quarters = [_quarter(at) for at in same_day if _quarter(at) < now]
    return max([same_day[0], *quarters])


def _quarter(at: datetime) -> datetime:
    return at - (at - datetime(2000, 1, 1, tzinfo=UTC)) % QUARTER


def _by_student_and_day(source: Source, now: datetime) -> dict[tuple[UUID, date], list[Sign]]:
    found: dict[tuple[UUID, date], list[Sign]] = {}
    for sign in activities(source, now):
        found.setdefault((sign.student_id, _local(source, sign.at).date()), []).append(sign)
    return found


def _midnight(source: Source, day: date) -> datetime:
    """If it occurs twice, the second one; if it is skipped, the instant at which the clocks move on."""
    zone = ZoneInfo(source.creator["timezone"])
    return max(datetime.combine(day, time(), zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _local(source: Source, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(source.creator["timezone"]))
