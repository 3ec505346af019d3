"""A tracking log of Open edX, as rows: what was watched, which problems were checked, and what else happened to videos.

One JSON object a line, in either of its two shapes, in any order. Videos' events are sorted by student, video and time
before they are paired, so they are held in memory, 32 bytes each.
"""

import json
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isfinite
from typing import Any, BinaryIO

from sources.files.layout import Layout, NotATable
from sources.files.watching import PAUSE, PLAY, SEEK, segments

HEADER = [
    "kind", "student", "name", "course", "video", "start", "end", "at", "quiz", "title", "question", "prompt",
    "answer", "correct", "attempt", "number", "score", "passed",
]  # fmt: skip
LONGEST_LINE = 1024**2
MOST_EVENTS = 6_000_000
STEPS = {"play_video": PLAY, "pause_video": PAUSE, "stop_video": PAUSE, "seek_video": SEEK,
         "edx.video.played": PLAY, "edx.video.paused": PAUSE, "edx.video.stopped": PAUSE,
         "edx.video.position.changed": SEEK}  # fmt: skip
SHOWN = {"load_video": "video opened", "edx.video.loaded": "video opened", "complete_video": "video completed",
         "edx.video.completed": "video completed"}  # fmt: skip
CHECKED = "problem_check"

Rows = Iterator[tuple[int, list[str]]]


def tracking_table(stream: BinaryIO) -> tuple[Layout, Rows]:
    """The rows, numbered from 1: first those of single events in the order of the file, then what was watched."""
    layout = Layout(list(HEADER), 1)
    return layout, _numbered(_Log(stream, layout).rows())


def _numbered(rows: Iterator[dict[str, object]]) -> Rows:
    for number, row in enumerate(rows, 1):
        yield number, ["" if row.get(name) is None else str(row[name]) for name in HEADER]


class _Log:
    def __init__(self, stream: BinaryIO, layout: Layout) -> None:
        self._stream, self._layout = stream, layout
        self._steps: dict[tuple[str, str], array[float]] = {}
        self._lengths: dict[str, float] = {}
        self._named: set[tuple[str, str]] = set()
        self._count = self._broken = self._unknown = self._first_broken = 0

    def rows(self) -> Iterator[dict[str, object]]:
        for number, line in enumerate(iter(lambda: self._stream.readline(LONGEST_LINE + 1), b""), 1):
            if len(line) > LONGEST_LINE:
                raise NotATable(f"Line {number:,} has more than {LONGEST_LINE:,} characters.")
            if line.strip():
                yield from self._of_line(number, line)
        if not self._count:
            raise NotATable("No line of the file is an event of Open edX's tracking log that says anything here.")
        self._note()
        yield from self._watched()

    def _of_line(self, number: int, line: bytes) -> Iterator[dict[str, object]]:
        try:
            told = json.loads(line)
            name, at, student, data, context = _parts(told)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            self._broken += 1
            self._first_broken = self._first_broken or number
            return
        course = _text(context.get("course_id"))
        if name in STEPS or name in SHOWN:
            video = _video(data.get("id"), course)
            if not video:
                self._unknown += 1
                return
            self._count += 1
            yield from self._described(student, told, course)
            length = _seconds(data.get("duration"))
            if length:
                self._lengths[video] = length
            if name in SHOWN:
                yield {"kind": SHOWN[name], "student": student, "video": video, "course": course, "at": at.isoformat()}
            else:
                self._step(student, video, STEPS[name], at, data)
        elif name == CHECKED and told.get("event_source", context.get("event_source")) == "server":
            self._count += 1
            yield from self._described(student, told, course)
            yield from _checked(student, course, at, data, context)
        else:
            self._unknown += 1

    def _described(self, student: str, told: dict[str, Any], course: str) -> Iterator[dict[str, object]]:
        name = _text(told.get("username") or told.get("context", {}).get("username"))
        if (student, course) not in self._named:
            self._named.add((student, course))
            yield {"kind": "student", "student": student, "name": name or None, "course": course}

    def _step(self, student: str, video: str, step: float, at: datetime, data: dict[str, Any]) -> None:
        if self._count > MOST_EVENTS:
            raise NotATable(f"The log has more than {MOST_EVENTS:,} events; split it by date.")
        place = _seconds(data.get("old_time", data.get("currentTime")))
        new = _seconds(data.get("new_time"))
        steps = self._steps.setdefault((student, video), array("d"))
        steps.extend((at.timestamp(), step, -1.0 if place is None else place, -1.0 if new is None else new))

    def _watched(self) -> Iterator[dict[str, object]]:
        for (student, video), steps in self._steps.items():
            events = sorted(tuple(steps[place : place + 4]) for place in range(0, len(steps), 4))
            for start, end, at in segments(events, self._lengths.get(video)):
                when = datetime.fromtimestamp(at, UTC).isoformat()
                yield {"kind": "watched", "student": student, "video": video, "start": start, "end": end, "at": when}
        for video, length in self._lengths.items():
            yield {"kind": "video", "video": video, "course": video.rpartition(" ")[0], "end": round(length)}

    def _note(self) -> None:
        if self._broken:
            told = (
                f"Lines that are no events were left out: {self._broken:,}, the first is line {self._first_broken:,}."
            )
            self._layout.notes.append(told)
        if self._unknown:
            self._layout.notes.append(f"Events of other kinds were left out: {self._unknown:,}.")


def _parts(told: dict[str, Any]) -> tuple[str, datetime, str, dict[str, Any], dict[str, Any]]:
    """Name, instant, student, data and context of an event, in either shape. Raises what is wrong with it."""
    name = told.get("event_type") or told["name"]
    data = told["event"] if "event" in told else told["data"]
    if isinstance(data, str):
        data = _inside(data)
    context = told["context"]
    at = datetime.fromisoformat(told.get("time") or told["timestamp"])
    student = context.get("user_id", told.get("user_id"))
    if not isinstance(data, dict) or isinstance(student, bool) or student in (None, "") or at.tzinfo is None:
        raise ValueError
    return str(name), at.astimezone(UTC), _text(student), data, context


def _inside(data: str) -> Any:
    """A browser's data is JSON inside JSON, or (of a problem, which the server tells better) a form."""
    try:
        return json.loads(data)
    except ValueError:
        return {}


def _checked(
    student: str, course: str, at: datetime, data: dict[str, Any], context: dict[str, Any]
) -> Iterator[dict[str, object]]:
    quiz = _text(data.get("problem_id"))
    grade, most = _number(data.get("grade")), _number(data.get("max_grade"))
    if not quiz or most <= 0:
        return
    number = data.get("attempts")
    attempt = f"{student} {quiz} {number}"
    score = round(100 * min(1.0, max(0.0, grade / most)), 6)
    module = context.get("module")
    title = _text(module.get("display_name")) if isinstance(module, dict) else ""
    same: dict[str, object] = {"quiz": quiz, "student": student, "course": course, "at": at.isoformat()}
    same["attempt"] = attempt
    yield same | {"kind": "quiz", "title": title or None}
    passed = "yes" if score >= 50 else "no"
    yield same | {"kind": "attempt", "number": number, "score": score, "passed": passed}
    submission = data.get("submission")
    for question, told in submission.items() if isinstance(submission, dict) else ():
        if isinstance(told, dict):
            of_question = {"question": _text(question), "prompt": _text(told.get("question")) or None}
            yield same | {"kind": "question"} | of_question
            answer = told.get("answer")
            text = "; ".join(map(_text, answer)) if isinstance(answer, list) else _text(answer)
            correct = "yes" if told.get("correct") is True else "no"
            yield same | {"kind": "answer", "answer": text or None, "correct": correct} | of_question


def _video(told: object, course: str) -> str:
    """The same block id may stand in two courses."""
    block = _text(told)
    return f"{course} {block}".strip() if block else ""


def _seconds(told: object) -> float | None:
    """None for what is no place in a video."""
    try:
        found = float(told)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if 0 <= found <= 36_000 else None


def _number(told: object) -> float:
    return float(told) if isinstance(told, int | float) and isfinite(told) else 0.0


def _text(told: object) -> str:
    return "" if told is None else " ".join(str(told).replace("\0", "").split())[:2_000]
