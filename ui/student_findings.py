"""What a student's history says, in words and figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd

from database.frames import records
from queries.changes import round_half_up
from queries.spoken_lines import timestamp
from queries.student_details import StudentDetails
from ui.text import plain

LONGEST_QUOTE = 200  # characters
LONGEST_ANSWER = 400
QUIZZES_SHOWN = 3
DAYS_ONLY = ("silence", "came_back")  # nobody falls silent at a minute

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
    """The video that a student left unfinished, and the second, if it is known."""

    video_id: UUID
    title: str
    second: int | None


def course_sentence(course: pd.DataFrame) -> str:
    """How far they are, as Markdown, naming the next video."""
    if course.empty:
        return "No video is published yet, so there is nothing to complete."
    completed = int((course["state"] == "completed").sum())
    started = int((course["state"] == "started").sum())
    said = f"Completed **{completed:,} of {_videos(len(course))}**"
    said += f" and left {started:,} unfinished." if started else "."
    following = records(course[course["state"] == "not_started"].head(1))
    if following and completed + started:
        said += f" The first one not started is number {following[0]['place']}, “{plain(following[0]['title'])}”."
    return said


def stopped_in(details: StudentDetails) -> Stop | None:
    """The video that they are stuck on, else the unfinished one that they watched last."""
    started = details.course[details.course["state"] == "started"].sort_values("last_watched", ascending=False)
    stuck = details.signals.loc[details.signals["kind"] == "stuck", "video_id"]
    chosen = started[started["video_id"].isin(stuck)] if len(stuck) else started
    for row in records(chosen.head(1)):
        return Stop(row["video_id"], row["title"], whole(row["stopped_at_second"]))
    return None


def failed_quizzes(attempts: pd.DataFrame) -> list[dict[str, Any]]:
    """The quizzes whose newest attempt failed, latest first; rows of `attempts_of_student`."""
    newest: dict[UUID, dict[str, Any]] = {}
    for attempt in records(attempts):
        newest.setdefault(attempt["quiz_id"], attempt)
    failed = [attempt for attempt in newest.values() if not attempt["passed"] and not attempt["is_deleted"]]
    return failed[:QUIZZES_SHOWN]


def seconds_played(ranges: pd.DataFrame, times: int = 1) -> dict[UUID, int]:
    """How many different seconds of each video were played at least so often."""
    often = ranges[ranges["plays"] >= times]
    seconds = (often["end_second"] - often["start_second"]).groupby(often["video_id"]).sum()
    return {UUID(str(video_id)): int(total) for video_id, total in seconds.items()}


def watched_in_words(video: dict[str, Any], seconds: int, seconds_again: int) -> str:
    """How far and how often one video was watched, from a row of `watch_history` and the seconds played."""
    facts = [_end(video), _share(video, seconds)]
    facts += [f"{timestamp(seconds_again)} played again"] if seconds_again else []
    return " · ".join(facts)


def event_in_words(event: dict[str, Any], timezone: str) -> str:
    """One line of the timeline as Markdown."""
    written = day if event["kind"] in DAYS_ONLY else moment
    when = written(event["occurred_at"], timezone)
    return f":material/{EVENT_ICONS[event['kind']]}: **{when}** · {_event(event)}"


def day(instant: datetime, timezone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(timezone)):%-d %b %Y}"


def moment(instant: datetime, timezone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(timezone)):%-d %b %Y, %H:%M}"


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text, cut after a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return f"{line[:longest].rsplit(' ', 1)[0]} …"


def whole(value: Any) -> int | None:
    """A whole number; None for a missing one."""
    return None if is_missing(value) else int(value)


def is_missing(value: Any) -> bool:
    return value is None or value != value  # NaN and NaT differ from themselves


def _end(video: dict[str, Any]) -> str:
    stopped, furthest = whole(video["stopped_at_second"]), whole(video["furthest_second"])
    if video["completed"]:
        return "Completed"
    if stopped is not None:
        return f"Stopped at {timestamp(stopped)}"
    return "Started" if furthest is None else "Played to the end, not marked as completed"


def _share(video: dict[str, Any], seconds: int) -> str:
    duration = whole(video["duration_seconds"])
    if seconds and duration:
        return f"{min(round_half_up(100 * seconds / duration), 100)} % watched"
    if seconds:
        return f"{timestamp(seconds)} watched"
    share = video["watched_percent"]
    return "watched share unknown" if is_missing(share) else f"{round_half_up(share)} % watched"


def _event(event: dict[str, Any]) -> str:
    kind = event["kind"]
    subject = "" if is_missing(event["subject"]) else plain(shortened(event["subject"]))
    if kind in ("passed", "failed"):
        return _attempt(event, subject)
    days = whole(event["days"])
    words = {
        "enrolled": "Enrolled",
        "first_video": f"Started the first video, “{subject}”",
        "completed": f"Completed “{subject}”",
        "asked": f"Asked: “{subject}”",
        "silence": f"Fell silent for {days} days",
        "came_back": f"Came back after {days} days of silence",
    }
    return words[kind]


def _attempt(event: dict[str, Any], quiz: str) -> str:
    number = int(event["attempt_number"])
    again = f" (attempt {number})" if number > 1 else ""
    return f"{event['kind'].capitalize()} “{quiz}” with {round_half_up(event['score_percent'])} %{again}"


def _videos(count: int) -> str:
    return "1 video" if count == 1 else f"{count:,} videos"
