"""What the figures of a video say, in sentences, and what to do about it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pandas as pd

from database.frames import records
from queries.changes import round_half_up, share_percent, whole_rate
from queries.spoken_lines import sentence_break, timestamp, transcript_line
from queries.video import HIGH_COMPLETION, TOO_FEW, TOO_LONG, VideoAnalytics
from queries.video_editions import LEAST_VIEWERS
from ui.text import plain

LONG_SECONDS = 600
MIDDLE = (0.2, 0.8)  # a video is split somewhere between these shares of its length
MANY_ASKERS, MANY_ASKERS_SHARE = 5, 0.2


@dataclass(frozen=True)
class Findings:
    """Everything that the page knows about one video, from the queries of the same names."""

    video: VideoAnalytics
    curve: pd.DataFrame
    drop_offs: pd.DataFrame
    sections: pd.DataFrame
    replayed: pd.DataFrame
    questions: pd.DataFrame
    quizzes: pd.DataFrame

    @cached_property
    def length_seconds(self) -> int | None:
        """The video's length or, where it is unknown, the last second that anybody played."""
        if self.video.duration_seconds:
            return self.video.duration_seconds
        return None if self.sections.empty else int(self.sections["end_second"].max())

    @property
    def has_playback(self) -> bool:
        return not self.sections.empty

    @cached_property
    def cliffs(self) -> list[dict[str, Any]]:
        return records(self.drop_offs[self.drop_offs["is_cliff"].astype(bool)])

    def line_at(self, second: float) -> str:
        """What is said at this second, as Markdown in quotation marks; empty without a transcript."""
        line = transcript_line(self.video.transcript, self.length_seconds, second)
        return f"“{plain(line)}”" if line else ""


def headline(found: Findings) -> str:
    """The most telling facts first, as Markdown."""
    facts = [cliff_sentence(cliff) for cliff in found.cliffs]
    fall = None if found.has_playback else steepest_fall(found.curve)
    facts += [fall_sentence(found, fall)] if fall else []
    facts += [replay_sentence(stretch) for stretch in records(found.replayed.head(2))]
    return " ".join([*facts, completion_sentence(found.video)])


def cliff_sentence(cliff: dict[str, Any]) -> str:
    lost, viewers, share = cliff["viewers_lost"], cliff["viewers"], whole_rate(cliff["lost_percent"])
    far = "" if cliff["viewers_reached"] == viewers else f", {share} % of those who get that far"
    return f"**{lost:,} of {viewers:,} viewers stop at {timestamp(cliff['second'])}**{far}."


def replay_sentence(stretch: dict[str, Any]) -> str:
    return f"**{span(stretch)} is played {stretch['plays_per_viewer']:.1f} times by each viewer who reaches it.**"


def fall_sentence(found: Findings, fall: dict[str, Any]) -> str:
    """Takes what `steepest_fall` found."""
    start, end = (_point(found, fall[edge]) for edge in ("start", "end"))
    return f"Most viewers leave **between {start} and {end}**: {whole_rate(fall['lost_percent'])} of 100."


def completion_sentence(video: VideoAnalytics) -> str:
    if video.completion_band == TOO_FEW:
        return f"{video.completions:,} of {_viewers(video.unique_viewers)} completed it: {TOO_FEW}."
    share = whole_rate(video.completion_rate_percent or 0)
    subject = "it " if video.completion_band == TOO_LONG else ""
    return f"{share} % of {video.unique_viewers:,} viewers complete it: {subject}{video.completion_band}."


def steepest_fall(curve: pd.DataFrame) -> dict[str, Any] | None:
    """Between which two points of a ready-made curve most viewers leave: start, end (its rows), lost_percent."""
    points = records(curve)
    falls = [
        {"start": start, "end": end, "lost_percent": start["retention_percent"] - end["retention_percent"]}
        for start, end in pairwise(points)
    ]
    steepest = max(falls, key=lambda fall: fall["lost_percent"], default=None)
    return steepest if steepest and steepest["lost_percent"] > 0 else None


def advice(found: Findings) -> list[str]:
    """What the creator can do, most urgent first, as Markdown sentences; never empty."""
    said = [
        *(_about_cliff(found, cliff) for cliff in found.cliffs),
        *_about_length(found),
        *(_about_replay(stretch) for stretch in records(found.replayed.head(3))),
        *_about_questions(found),
        *(_about_quiz(quiz) for quiz in records(found.quizzes) if quiz["is_struggling"]),
    ]
    return said or [_all_clear(found)]


def span(stretch: dict[str, Any]) -> str:
    return f"{timestamp(stretch['start_second'])} to {timestamp(stretch['end_second'])}"


def _about_cliff(found: Findings, cliff: dict[str, Any]) -> str:
    line = found.line_at(cliff["second"])
    said = f" The video says there: {line}" if line else ""
    return (
        f"**Check what happens at {timestamp(cliff['second'])}.** So many leaving at one moment points to the content "
        f"there: cut it, or explain it in another way.{said}"
    )


def _about_length(found: Findings) -> list[str]:
    video, length = found.video, found.video.duration_seconds or 0
    if video.completion_band == TOO_FEW or (video.completion_rate_percent or 0) > HIGH_COMPLETION:
        return []
    if length > LONG_SECONDS:
        place = timestamp(natural_split(found)) + (", where a sentence ends" if video.transcript else "")
        return [
            f"**Split the video, best at {place}.** It is {timestamp(length)} long; shorter ones are easier to finish."
        ]
    if video.completion_band == TOO_LONG and not found.cliffs:
        return [f"**Make it easier to finish.** It {TOO_LONG}: shorten it, or say first what students need to know."]
    return []


def natural_split(found: Findings) -> int:
    """The end of a sentence near the place where most viewers stop or, if that is no middle, near the middle."""
    length = found.video.duration_seconds or 0
    first, last = (share * length for share in MIDDLE)
    places = [cliff["second"] for cliff in found.cliffs if first <= cliff["second"] <= last]
    return sentence_break(found.video.transcript, length, places[0] if places else length // 2)


def _about_replay(stretch: dict[str, Any]) -> str:
    return f"**Explain {span(stretch)} more slowly**, or in two steps: viewers go back to hear it again."


def _about_questions(found: Findings) -> list[str]:
    said, video = [], found.video
    top = records(found.questions.head(1))
    if top and top[0]["people"] >= MANY_ASKERS:
        said.append(
            f"**Add material that answers “{plain(top[0]['question'])}”**: {top[0]['people']} students asked it. "
            "Many asking the same means that the video leaves it unclear."
        )
    elif video.question_askers >= max(MANY_ASKERS, MANY_ASKERS_SHARE * video.unique_viewers):
        share = share_percent(video.question_askers, video.unique_viewers)
        compared = f", as many as {share} % of its viewers" if share and share <= 100 else ""
        said.append(f"**Add supplementary material.** {video.question_askers:,} students asked about it{compared}.")
    said += [
        f"**Write the answer to “{plain(question['question'])}” yourself**: students rate the AI's answers badly."
        for question in records(found.questions[found.questions["is_badly_answered"].astype(bool)].head(2))
    ]
    return said


def _about_quiz(quiz: dict[str, Any]) -> str:
    failed = quiz["attempts"] - quiz["passed"]
    return (
        f"**Look at “{plain(quiz['title'])}”**: {failed:,} of {quiz['attempts']:,} attempts failed. "
        "Either the video does not teach what it asks, or its questions mislead."
    )


def _all_clear(found: Findings) -> str:
    if found.video.unique_viewers < LEAST_VIEWERS:
        return f"Too few viewers to tell yet. Come back when at least {LEAST_VIEWERS} students have started it."
    if not found.has_playback:
        return (
            "Nothing stands out. Without playback it stays unknown at which second viewers leave, and what they replay."
        )
    return "Nothing stands out: no moment at which viewers leave together, nothing replayed, no pile of questions."


def _point(found: Findings, point: dict[str, Any]) -> str:
    share = f"{round_half_up(point['position_percent'])} %"
    return f"{timestamp(point['second'])} ({share})" if found.length_seconds else share


def _viewers(count: int) -> str:
    return "1 viewer" if count == 1 else f"{count:,} viewers"
