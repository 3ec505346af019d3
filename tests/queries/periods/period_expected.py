"""What the queries say of any period, in plain Python: a loop over all source rows for each day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from queries.periods.period import Windows
from tests import activity_oracle, oracle, people_oracle, quiz_oracle, watching_oracle
from tests.oracle import Record, Source
from tests.queries.expected import local_date

DAY = timedelta(days=1)


def days_from(first: date, last: date, today: date) -> list[date]:
    """Days that have not come are no days."""
    return [first + number * DAY for number in range((min(last, today) - first).days + 1)]


def both(source: Source, now: datetime, of: Windows) -> Iterator[Record]:
    """The days of both windows, the compared ones first, each beside the day of the period in the same place."""
    today = local_date(source, now)
    for window, first, last in (
        ("previous", of.compared_first_day, of.compared_last_day),
        ("this", of.first_day, of.last_day),
    ):
        for place, day in enumerate(days_from(first, last, today)):
            yield {"activity_date": day, "shown_at": of.first_day + place * DAY, "window": window}


def daily_active_users(source: Source, now: datetime, of: Windows) -> list[Record]:
    signs = activity_oracle.activities(source, now)
    rows = []
    for day in both(source, now, of):
        on_day = [sign for sign in signs if local_date(source, sign.at) == day["activity_date"]]
        rows.append(
            day
            | {
                "active_students": len({sign.student_id for sign in on_day}),
                "signs_of_life": len({(sign.student_id, sign.at) for sign in on_day}),
                "videos_watched": len({sign.video_id for sign in on_day if sign.video_id}),
                "watched_minutes": sum(sign.seconds for sign in on_day) / 60,
            }
        )
    return rows


def daily_total_students(source: Source, now: datetime, of: Windows) -> list[Record]:
    enrolled = [local_date(source, student["created_at"]) for student in source.students]
    return [
        day | {"total_students": sum(date <= day["activity_date"] for date in enrolled)}
        for day in both(source, now, of)
    ]


def daily_completion(source: Source, now: datetime, of: Windows) -> list[Record]:
    counted = watching_oracle.day_figures(source, now)
    nothing = {"share_sum": 0, "share_count": 0}
    found = [(day, counted.get(day["activity_date"], nothing)) for day in both(source, now, of)]
    return [
        day | {"watched_share_sum": one["share_sum"] / 100, "videos_watched": one["share_count"]} for day, one in found
    ]


def daily_satisfaction(source: Source, now: datetime, of: Windows) -> list[Record]:
    asked = oracle.questions(source, now)
    rows = []
    for day in both(source, now, of):
        on_day = [question for question in asked if local_date(source, question.asked_at) == day["activity_date"]]
        ratings = people_oracle.ratings_of(on_day)
        rows.append(day | {"rating_sum": sum(ratings) / 100, "ratings": len(ratings)})
    return rows


def daily_questions(source: Source, now: datetime, of: Windows) -> list[Record]:
    per_day = Counter(local_date(source, question.asked_at) for question in oracle.questions(source, now))
    return [day | {"questions": per_day[day["activity_date"]]} for day in both(source, now, of)]


def seen(source: Source, now: datetime, first: date, last: date) -> int:
    """Different students with an activity on these days."""
    signs = activity_oracle.activities(source, now)
    return len({sign.student_id for sign in signs if first <= local_date(source, sign.at) <= last})


def peak_hours(source: Source, now: datetime, of: Windows) -> list[Record]:
    counts: Counter[int] = Counter()
    for row in activity_oracle.day_hours(source, now):
        counts[row["hour"]] += row["activities"] * (of.first_day <= row["day"] <= of.last_day)
    return [{"hour": hour, "signs_of_life": counts[hour]} for hour in range(24)]


def average_session_minutes(source: Source, now: datetime, of: Windows) -> float | None:
    counted = [row for row in activity_oracle.days(source, now) if of.first_day <= row["day"] <= of.last_day]
    visits = sum(row["visits"] for row in counted)
    return sum(row["visit_seconds"] for row in counted) / visits / 60 if visits else None


def period_results(source: Source, now: datetime, of: Windows) -> Record:
    found: Record = {}
    for name, first, last in (
        ("", of.first_day, of.last_day),
        ("_before", of.compared_first_day, of.compared_last_day),
    ):
        tried = [row for row in quiz_oracle.dated_attempts(source, now) if first <= row["day"] <= last]
        found |= {
            f"attempts{name}": len(tried),
            f"passed{name}": sum(row["passed"] for row in tried),
            f"students{name}": len({row["student_id"] for row in tried}),
            f"mean_score_percent{name}": people_oracle.mean(sum(row["score_hundredths"] for row in tried), len(tried)),
        }
    return found


def daily_results(source: Source, now: datetime, of: Windows) -> list[Record]:
    tried = quiz_oracle.dated_attempts(source, now)
    found = [(day, [row for row in tried if row["day"] == day["activity_date"]]) for day in both(source, now, of)]
    return [day | {"attempts": len(rows), "passed": sum(row["passed"] for row in rows)} for day, rows in found]
