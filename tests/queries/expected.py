"""Every query result recalculated in plain Python over the source rows.

Written from the published definitions (queries/metrics.toml), on top of the oracles of folds and sums. Takes a
source, the current instant, and the number of days of the period.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from tests import activity_oracle, oracle, people_oracle, watching_oracle
from tests.oracle import Record, Source

TIER_COLUMNS = (
    "student_id",
    "name",
    "email",
    "engagement_tier",
    "status",
    "created_at",
    "last_active",
    "videos_watched",
    "videos_completed",
    "published_videos",
    "watch_seconds",
    "quiz_attempts",
    "quizzes_passed",
    "questions_asked",
    "xp_points",
    "level",
    "streak_days",
    "is_finished",
)


def local_date(source: Source, at: datetime) -> date:
    return at.astimezone(ZoneInfo(source.creator["timezone"])).date()


def two_periods(source: Source, now: datetime, days: int) -> Iterator[Record]:
    """The days of this period and of the one before it, oldest first."""
    today = local_date(source, now)
    for days_ago in reversed(range(2 * days)):
        yield {
            "activity_date": today - timedelta(days=days_ago),
            "shown_at": today - timedelta(days=days_ago % days),
            "window": "this" if days_ago < days else "previous",
        }


def daily_active_users(source: Source, now: datetime, days: int) -> list[Record]:
    counted = {row["day"]: row for row in activity_oracle.days(source, now)}
    nobody = {"students": 0, "activities": 0, "videos": 0, "watched_seconds": 0}
    rows = []
    for day in two_periods(source, now, days):
        found = counted.get(day["activity_date"], nobody)
        rows.append(
            day
            | {
                "active_students": found["students"],
                "signs_of_life": found["activities"],
                "videos_watched": found["videos"],
                "watched_minutes": found["watched_seconds"] / 60,
            }
        )
    return rows


def daily_total_students(source: Source, now: datetime, days: int) -> list[Record]:
    enrolled = [local_date(source, student["created_at"]) for student in source.students]
    return [
        day | {"total_students": sum(date <= day["activity_date"] for date in enrolled)}
        for day in two_periods(source, now, days)
    ]


def daily_completion(source: Source, now: datetime, days: int) -> list[Record]:
    counted = watching_oracle.day_figures(source, now)
    rows = []
    for day in two_periods(source, now, days):
        found = counted.get(day["activity_date"], {"share_sum": 0, "share_count": 0})
        rows.append(day | {"watched_share_sum": found["share_sum"] / 100, "videos_watched": found["share_count"]})
    return rows


def daily_satisfaction(source: Source, now: datetime, days: int) -> list[Record]:
    asked = oracle.questions(source, now)
    rows = []
    for day in two_periods(source, now, days):
        ratings = people_oracle.ratings_of(
            question for question in asked if local_date(source, question.asked_at) == day["activity_date"]
        )
        rows.append(day | {"rating_sum": sum(ratings) / 100, "ratings": len(ratings)})
    return rows


def active_students(source: Source, now: datetime, days: int) -> int:
    """Distinct students with an activity in this many times 24 hours, ending now."""
    since = now - timedelta(days=days)
    return len({sign.student_id for sign in activity_oracle.activities(source, now) if since <= sign.at})


def active_in_period(source: Source, now: datetime, days: int) -> Record:
    this, previous = seen_on_days(source, now, days)
    return {
        "active_students": active_students(source, now, days),
        "seen_this_period": this,
        "seen_period_before": previous,
    }


def seen_on_days(source: Source, now: datetime, days: int) -> tuple[int, int]:
    """Distinct students seen on the local days of the period, and on those of the one before."""
    windows = {day["activity_date"]: day["window"] for day in two_periods(source, now, days)}
    seen = {
        (windows.get(local_date(source, sign.at)), sign.student_id) for sign in activity_oracle.activities(source, now)
    }
    counts = Counter(window for window, _ in seen)
    return counts["this"], counts["previous"]


def peak_hours(source: Source, now: datetime, days: int) -> list[Record]:
    this = {day["activity_date"] for day in two_periods(source, now, days) if day["window"] == "this"}
    counts: Counter[int] = Counter()
    for row in activity_oracle.day_hours(source, now):
        counts[row["hour"]] += row["activities"] * (row["day"] in this)
    return [{"hour": hour, "signs_of_life": counts[hour]} for hour in range(24)]


def average_session_minutes(source: Source, now: datetime, days: int) -> float | None:
    first_day = local_date(source, now) - timedelta(days=days - 1)
    counted = [row for row in activity_oracle.days(source, now) if row["day"] >= first_day]
    visits = sum(row["visits"] for row in counted)
    return sum(row["visit_seconds"] for row in counted) / visits / 60 if visits else None


def overview_stats(source: Source, now: datetime) -> Record:
    this_week, week_before = seen_on_days(source, now, 7)
    this_month, last_month = new_students(source, now)
    return people_oracle.course_totals(source, now) | {
        "active_students_7d": active_students(source, now, 7),
        "active_students_30d": active_students(source, now, 30),
        "new_this_month": this_month,
        "new_last_month": last_month,
        "active_this_week": this_week,
        "active_week_before": week_before,
    }


def new_students(source: Source, now: datetime) -> tuple[int, int]:
    """Enrolled on the days of this month so far, and on as many days at the start of last month."""
    enrolled = Counter(local_date(source, student["created_at"]) for student in source.students)
    today = local_date(source, now)
    end_of_last_month = today.replace(day=1) - timedelta(days=1)
    so_far = [today.replace(day=day) for day in range(1, today.day + 1)]
    before = [end_of_last_month.replace(day=day) for day in range(1, min(today.day, end_of_last_month.day) + 1)]
    return sum(enrolled[day] for day in so_far), sum(enrolled[day] for day in before)


def students(source: Source, now: datetime) -> list[Record]:
    """Every student, by id, with the columns of `queries.students.lists`."""
    tiers = people_oracle.student_engagement_tiers(source, now)
    return [_student(row, now) for row in sorted(tiers, key=lambda row: row["student_id"])]


def _student(row: Record, now: datetime) -> Record:
    return {column: row[column] for column in TIER_COLUMNS} | {
        "silent_days": (now - row["silent_since"]).total_seconds() / 86400,
        "progress_percent": progress(row["videos_completed"], row["published_videos"]),
        "avg_completion_percent": row["avg_completion"],
    }


def progress(completed: int, published: int) -> int:
    """In whole percent, and 100 only if all are completed."""
    return min(whole(Fraction(100 * completed, published or 1)), 100 if completed == published else 99)


def at_risk_students(source: Source, now: datetime) -> list[Record]:
    rows = [
        row
        | {
            "usual_gap_days": usual_gap(source, now, row),
            "failed_in_a_row": failed_in_a_row(source, now, row),
            "has_come_back": False,
        }
        for row in students(source, now)
        if row["silent_days"] > 7 and not row["is_finished"]
    ]
    return sorted(rows, key=lambda row: (-row["silent_days"], row["student_id"]))


def usual_gap(source: Source, now: datetime, student: Record) -> float | None:
    days = [
        row["day"] for row in activity_oracle.student_days(source, now) if row["student_id"] == student["student_id"]
    ]
    return (max(days) - min(days)).days / (len(days) - 1) if len(days) >= 3 else None


def failed_in_a_row(source: Source, now: datetime, student: Record) -> int:
    own = sorted(people_oracle.attempts_until(source, now, student["student_id"]), key=lambda attempt: attempt["id"])
    newest_first = sorted(own, key=lambda attempt: (attempt["completed_at"], attempt["attempt_number"]), reverse=True)
    return len(list(takewhile(lambda attempt: not attempt["passed"], newest_first)))


def top_performers(source: Source, now: datetime) -> list[Record]:
    started = [row for row in students(source, now) if row["videos_watched"]]
    return sorted(
        started,
        key=lambda row: (-row["videos_completed"], -row["quizzes_passed"], -row["xp_points"], row["student_id"]),
    )


def tier_counts(source: Source, now: datetime) -> list[Record]:
    counts = Counter((row["engagement_tier"], row["status"]) for row in students(source, now))
    return [
        {"engagement_tier": tier, "status": status, "students": count}
        for (tier, status), count in sorted(counts.items())
    ]


def dashboard(source: Source, now: datetime, days: int) -> dict[str, Any]:
    """The whole response to a program."""
    stats = overview_stats(source, now)
    return {
        "students": {
            "total": stats["total_students"],
            "active": stats["active_students_7d"],
            "activePercentage": share(stats["active_students_7d"], stats["total_students"]),
            "newThisMonth": stats["new_this_month"],
            "trends": {
                "active": change(stats["active_this_week"], stats["active_week_before"]),
                "new": change(stats["new_this_month"], stats["new_last_month"]),
            },
        },
        "progress": {
            "avgCompletion": rounded(stats["avg_completion_percent"]),
            "videosWatched": stats["videos_watched"],
            "quizzesPassed": stats["quizzes_passed"],
        },
        "engagement": {
            "dailyActiveUsers": [
                {"date": row["activity_date"].isoformat(), "count": row["active_students"]}
                for row in daily_active_users(source, now, days)
                if row["window"] == "this"
            ],
            "peakHours": [
                {"hour": row["hour"], "count": row["signs_of_life"]} for row in peak_hours(source, now, days)
            ],
            "avgSessionTime": rounded(average_session_minutes(source, now, days)),
        },
        "support": {
            "questionsAsked": stats["questions_asked"],
            "aiAnswered": stats["questions_answered"],
            "satisfactionRate": hundredths(stats["satisfaction_rate"]),
        },
    }


def change(current: int, previous: int) -> int | None:
    return whole(Fraction(100 * (current - previous), previous)) if previous else None


def share(part: int, total: int) -> int | None:
    return whole(Fraction(100 * part, total)) if total else None


def rounded(value: float | None) -> int | None:
    return None if value is None else whole(Fraction(str(round(value, 9))))


def hundredths(value: float | None) -> float | None:
    return None if value is None else whole(100 * Fraction(str(round(value, 9)))) / 100


def whole(value: Fraction) -> int:
    """The nearest whole number; halves are rounded away from zero."""
    magnitude = (2 * abs(value) + 1) // 2
    return int(magnitude if value >= 0 else -magnitude)
