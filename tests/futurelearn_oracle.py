"""Every figure of a FutureLearn course run, straight from its CSV files: the csv module and plain Python.

Shares no code with the importer or the database, so that it can judge both. All functions take the
folder of one run; students are named by their learner_id, videos, quizzes and steps by their text
such as "1.10".
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

SESSION_GAP = timedelta(minutes=30)
PASS_PERCENT = 70
CURVE = {
    "viewed_five_percent": 5,
    "viewed_ten_percent": 10,
    "viewed_twentyfive_percent": 25,
    "viewed_fifty_percent": 50,
    "viewed_seventyfive_percent": 75,
    "viewed_ninetyfive_percent": 95,
    "viewed_onehundred_percent": 100,
}


@dataclass(frozen=True)
class QuizAttempt:
    learner_id: str
    quiz: str
    number: int
    score_percent: float
    passed: bool
    completed_at: datetime


@dataclass(frozen=True)
class Session:
    learner_id: str
    started_at: datetime
    seconds: float


@lru_cache(maxsize=8)
def students(folder: Path) -> dict[str, datetime]:
    """Learners who are enrolled, with the time of enrolment."""
    return {
        row["learner_id"]: _instant(row["enrolled_at"])
        for row in _rows(folder, "enrolments")
        if row["role"] == "learner" and not row["unenrolled_at"]
    }


@lru_cache(maxsize=8)
def signs_of_life(folder: Path) -> dict[str, set[datetime]]:
    """The distinct instants at which each student did something; students who never did are left out."""
    signs: defaultdict[str, set[datetime]] = defaultdict(set)
    for row in _visits(folder):
        signs[row["learner_id"]].update(_instant(row[column]) for column in _TIMES if row[column])
    for attempt in quiz_attempts(folder):
        signs[attempt.learner_id].add(attempt.completed_at)
    return dict(signs)


@lru_cache(maxsize=8)
def last_active(folder: Path) -> dict[str, datetime]:
    return {learner_id: max(instants) for learner_id, instants in signs_of_life(folder).items()}


def active_students(folder: Path, now: datetime, days: int) -> int:
    """Students with an activity in the last `days` times 24 hours."""
    since = now - timedelta(days=days)
    return sum(any(since <= at <= now for at in instants) for instants in signs_of_life(folder).values())


def tier_counts(folder: Path, now: datetime) -> Counter[str]:
    return Counter(tier(folder, now, learner_id) for learner_id in students(folder))


def status_counts(folder: Path, now: datetime) -> Counter[str]:
    """Students per status: active, at-risk, inactive."""
    statuses = {"inactive": "inactive", "at_risk": "at-risk"}
    return Counter(statuses.get(tier(folder, now, learner_id), "active") for learner_id in students(folder))


def tier(folder: Path, now: datetime, learner_id: str) -> str:
    enrolled_at = students(folder)[learner_id]
    silence = now - max((at for at in signs_of_life(folder).get(learner_id, ()) if at <= now), default=enrolled_at)
    shares = _watched_shares(folder).get(learner_id, [])
    if silence > timedelta(days=14):
        return "inactive"
    if silence > timedelta(days=7):
        return "at_risk"
    if len(shares) < 3 and now - enrolled_at > timedelta(days=7):
        return "low_engagement"
    if len(shares) >= 10 and sum(shares) / len(shares) >= 75:
        return "highly_engaged"
    return "engaged" if len(shares) >= 5 else "moderate"


def daily_active_students(folder: Path, zone: str, until: datetime | None = None) -> dict[date, int]:
    """Distinct students per local day; days without any are left out."""
    days: defaultdict[date, set[str]] = defaultdict(set)
    for learner_id, local in _local_signs(folder, zone, until):
        days[local.date()].add(learner_id)
    return {day: len(learner_ids) for day, learner_ids in days.items()}


def signs_per_hour(folder: Path, zone: str, until: datetime | None = None) -> dict[tuple[date, int], int]:
    """Distinct (student, instant) pairs per local day and local hour."""
    return dict(Counter((local.date(), local.hour) for _, local in _local_signs(folder, zone, until)))


def peak_hours(folder: Path, zone: str) -> list[int]:
    """Activities per local hour, over all days: 24 numbers."""
    hours = Counter(local.hour for _, local in _local_signs(folder, zone))
    return [hours[hour] for hour in range(24)]


def sessions(folder: Path) -> list[Session]:
    """Activities of a student with gaps of up to 30 minutes, from the first to the last."""
    found = []
    for learner_id, instants in signs_of_life(folder).items():
        ordered = sorted(instants)
        breaks = [later for earlier, later in pairwise(ordered) if later - earlier > SESSION_GAP]
        for start, end in pairwise([ordered[0], *breaks, datetime.max.replace(tzinfo=UTC)]):
            last = max(at for at in ordered if start <= at < end)
            found.append(Session(learner_id, start, (last - start).total_seconds()))
    return found


def video_starts(folder: Path) -> dict[str, int]:
    """Students who visited each video's step, including videos that nobody visited."""
    return _per_video(folder, [row["step"] for row in _visits(folder)])


def video_completions(folder: Path) -> dict[str, int]:
    return _per_video(folder, [row["step"] for row in _visits(folder) if row["last_completed_at"]])


def video_completion_rates(folder: Path) -> dict[str, float | None]:
    """Completed out of started, in percent; None for a video that nobody started."""
    completions = video_completions(folder)
    return {
        video: 100 * completions[video] / starts if starts else None for video, starts in video_starts(folder).items()
    }


def videos_watched(folder: Path) -> int:
    """Started (student, video) pairs."""
    return sum(video_starts(folder).values())


def mean_watched_percent(folder: Path) -> dict[str, float]:
    """The mean of each video's retention curve: everyone is there at 0%, with straight lines between the points."""
    means = {}
    for row in _rows(folder, "video-stats"):
        points = [(0, 100.0), *((position, float(row[column])) for column, position in CURVE.items())]
        area = sum((right - left) * (before + after) / 2 for (left, before), (right, after) in pairwise(points))
        means[row["step_position"]] = area / 100
    return means


def avg_completion(folder: Path) -> float | None:
    """The mean of the videos' means, each weighted by its starts; None if nobody started a video."""
    means, starts = mean_watched_percent(folder), video_starts(folder)
    started = sum(starts.values())
    return sum(means[video] * count for video, count in starts.items()) / started if started else None


@lru_cache(maxsize=8)
def quiz_attempts(folder: Path) -> list[QuizAttempt]:
    """Attempt n of a student holds the n-th response to each question of the quiz."""
    lengths = Counter(
        _quiz(row) for row in {_question(row): row for row in _rows(folder, "question-response")}.values()
    )
    grouped: defaultdict[tuple[str, str, int], list[dict[str, str]]] = defaultdict(list)
    for given in _responses_by_question(folder).values():
        for number, row in enumerate(given, start=1):
            grouped[(row["learner_id"], _quiz(row), number)].append(row)
    return [_attempt(key, rows, lengths[key[1]]) for key, rows in grouped.items()]


def quiz_passes(folder: Path) -> int:
    return sum(attempt.passed for attempt in quiz_attempts(folder))


def first_attempt_correct_percent(folder: Path) -> dict[tuple[str, int], float]:
    """Per (quiz, question number): the share of students whose first response was right."""
    outcomes: defaultdict[tuple[str, int], list[bool]] = defaultdict(list)
    for (_, quiz, number), given in _responses_by_question(folder).items():
        outcomes[(quiz, number)].append(given[0]["correct"] == "true")
    return {question: 100 * sum(right) / len(right) for question, right in outcomes.items()}


_TIMES = ("first_visited_at", "last_completed_at")


@lru_cache(maxsize=32)
def _rows(folder: Path, kind: str) -> list[dict[str, str]]:
    (path,) = folder.glob(f"*_{kind}.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=8)
def _visits(folder: Path) -> list[dict[str, str]]:
    known = students(folder)
    return [row for row in _rows(folder, "step-activity") if row["learner_id"] in known]


def _local_signs(folder: Path, zone: str, until: datetime | None = None) -> list[tuple[str, datetime]]:
    signs = signs_of_life(folder).items()
    return [
        (learner_id, at.astimezone(ZoneInfo(zone)))
        for learner_id, instants in signs
        for at in instants
        if until is None or at <= until
    ]


def _per_video(folder: Path, steps: list[str]) -> dict[str, int]:
    counts = Counter(steps)
    return {row["step_position"]: counts[row["step_position"]] for row in _rows(folder, "video-stats")}


@lru_cache(maxsize=8)
def _watched_shares(folder: Path) -> dict[str, list[float]]:
    means = mean_watched_percent(folder)
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for row in _visits(folder):
        if row["step"] in means:
            shares[row["learner_id"]].append(means[row["step"]])
    return dict(shares)


def _responses_by_question(folder: Path) -> dict[tuple[str, str, int], list[dict[str, str]]]:
    known = students(folder)
    found: defaultdict[tuple[str, str, int], list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder, "question-response"):
        if row["learner_id"] in known:
            found[(row["learner_id"], *_question(row))].append(row)
    return {key: sorted(given, key=lambda row: row["submitted_at"]) for key, given in found.items()}


def _attempt(key: tuple[str, str, int], rows: list[dict[str, str]], quiz_length: int) -> QuizAttempt:
    score = 100 * sum(row["correct"] == "true" for row in rows) / quiz_length
    completed_at = max(_instant(row["submitted_at"]) for row in rows)
    return QuizAttempt(*key, score, score >= PASS_PERCENT, completed_at)


def _question(row: dict[str, str]) -> tuple[str, int]:
    return _quiz(row), int(row["question_number"])


def _quiz(row: dict[str, str]) -> str:
    return f"{row['week_number']}.{row['step_number']}"


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)


def funnel(folder: Path, now: datetime) -> list[tuple[str, int, int, int, int]]:
    """Per video in course order: title, students who visited it or a later one, visited, completed, stuck."""
    videos = sorted(_rows(folder, "video-stats"), key=lambda row: _step(row["step_position"]))
    place_of = {row["step_position"]: place for place, row in enumerate(videos)}
    visited: defaultdict[str, dict[int, bool]] = defaultdict(dict)
    for row in _visits(folder):
        if row["step"] in place_of:
            visited[row["learner_id"]][place_of[row["step"]]] = bool(row["last_completed_at"])
    silent = {learner_id for learner_id, at in last_active(folder).items() if now - at > timedelta(days=3)}
    return [
        (
            video["title"],
            sum(max(places) >= place for places in visited.values()),
            sum(place in places for places in visited.values()),
            sum(places.get(place, False) for places in visited.values()),
            sum(max(places) == place and not places[place] and who in silent for who, places in visited.items()),
        )
        for place, video in enumerate(videos)
    ]


def _step(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
