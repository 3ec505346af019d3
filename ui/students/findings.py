"""A student's history, in words and figures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd

from database.frames import records
from queries.students.answers import AttemptRow
from queries.students.details import StudentDetails
from queries.students.history import CourseVideoRow, EventRow, WatchedVideoRow
from rules.formatting import counted, dated, grouped, out_of, percent, timed, timestamp
from rules.sentences import sentence
from ui.shared.text import plain

LONGEST_QUOTE = 200  # characters
LONGEST_ANSWER = 400
QUIZZES_SHOWN = 3
DAYS_ONLY = ("silence", "came_back")  # events without a time of day

EVENT_ICONS = {
    "enrolled": "how_to_reg",
    "first_video": "play_circle",
    "completed": "check_circle",
    "passed": "task_alt",
    "failed": "cancel",
    "asked": "chat",
    "silence": "bedtime",
    "came_back": "waving_hand",
}


@dataclass(frozen=True)
class Stop:
    """The video a student left unfinished, and the second, if known."""

    video_id: UUID
    title: str
    second: int | None


@sentence
def course_sentence(course: pd.DataFrame) -> str:
    """The student's progress, as Markdown, with the next video."""
    if course.empty:
        return "No video is published yet, so there is nothing to complete."
    completed = int((course["state"] == "completed").sum())
    started = int((course["state"] == "started").sum())
    said = f"Completed **{out_of(completed, len(course), 'video')}**"
    said += f" and left {grouped(started)} unfinished." if started else "."
    following = records(course[course["state"] == "not_started"].head(1), CourseVideoRow)
    if following and completed + started:
        place, title = grouped(following[0].place), plain(following[0].title)
        said += f" The first video not started is number {place}, “{title}”."
    return said


def stopped_in(details: StudentDetails) -> Stop | None:
    """The video they are stuck on, otherwise the unfinished one they watched last."""
    started = details.course[details.course["state"] == "started"].sort_values("last_watched", ascending=False)
    stuck = details.signals.loc[details.signals["kind"] == "stuck", "video_id"]
    chosen = started[started["video_id"].isin(stuck)] if len(stuck) else started
    for row in records(chosen.head(1), CourseVideoRow):
        return Stop(row.video_id, row.title, row.stopped_at_second)
    return None


def failed_quizzes(attempts: pd.DataFrame) -> list[AttemptRow]:
    """The newest attempts at quizzes, of those that failed, latest first."""
    newest: dict[UUID, AttemptRow] = {}
    for attempt in records(attempts, AttemptRow):
        newest.setdefault(attempt.quiz_id, attempt)
    failed = [attempt for attempt in newest.values() if not attempt.passed and not attempt.is_deleted]
    return failed[:QUIZZES_SHOWN]


def seconds_played(ranges: pd.DataFrame, times: int = 1) -> dict[UUID, int]:
    """How many different seconds of each video were played at least this often."""
    often = ranges[ranges["plays"] >= times]
    seconds = (often["end_second"] - often["start_second"]).groupby(often["video_id"]).sum()
    return {UUID(str(video_id)): int(total) for video_id, total in seconds.items()}


@sentence
def watched_in_words(video: WatchedVideoRow, seconds: int, seconds_again: int) -> str:
    """How far and how often one video was watched, from a row of `watch_history` and the seconds played."""
    facts = [_end(video), _share(video, seconds)]
    facts += [f"{timestamp(seconds_again)} played again"] if seconds_again else []
    return " · ".join(facts)


@sentence
def event_in_words(event: EventRow, timezone: str) -> str:
    """One line of the timeline as Markdown."""
    written = day if event.kind in DAYS_ONLY else moment
    when = written(event.occurred_at, timezone)
    return f":material/{EVENT_ICONS[event.kind]}: **{when}** · {_event(event)}"


def day(instant: datetime, timezone: str) -> str:
    return f"{dated(instant.astimezone(ZoneInfo(timezone)))}"


def moment(instant: datetime, timezone: str) -> str:
    return f"{timed(instant.astimezone(ZoneInfo(timezone)))}"


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text, cut after a word if it is too long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return f"{line[:longest].rsplit(' ', 1)[0]} …"


def _end(video: WatchedVideoRow) -> str:
    stopped, furthest = video.stopped_at_second, video.furthest_second
    if video.completed:
        return "Completed"
    if stopped is not None:
        return f"Stopped at {timestamp(stopped)}"
    return "Started" if furthest is None else "Played to the end, not marked as completed"


def _share(video: WatchedVideoRow, seconds: int) -> str:
    duration = video.duration_seconds
    if seconds and duration:
        return f"{percent(min(100 * seconds / duration, 100))} watched"
    if seconds:
        return f"{timestamp(seconds)} watched"
    share = video.watched_percent
    return "watched share unknown" if share is None else f"{percent(share)} watched"


def _event(event: EventRow) -> str:
    kind = event.kind
    subject = plain(shortened(event.subject or ""))
    if kind in ("passed", "failed"):
        return _attempt(event, subject)
    days = event.days
    words = {
        "enrolled": "Enrolled",
        "first_video": f"Started the first video, “{subject}”",
        "completed": f"Completed “{subject}”",
        "asked": f"Asked: “{subject}”",
        "silence": f"Away for {counted(days or 0, 'day')}",
        "came_back": f"Came back after {counted(days or 0, 'day')}",
    }
    return words[kind]


def _attempt(event: EventRow, quiz: str) -> str:
    number = event.attempt_number or 0
    again = f" (attempt {number})" if number > 1 else ""
    return f"{event.kind.capitalize()} “{quiz}” with {percent(event.score_percent)}{again}"


def _videos(count: int) -> str:
    return counted(count, "video")
