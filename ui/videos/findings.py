"""Sentences about the figures of a video, and what to do about them."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pandas as pd

from database.frames import records
from findings.finding import Finding
from findings.questions import about_questions_of_a_video
from findings.quizzes import about_quizzes
from findings.ranking import ranked
from findings.videos import VideoFacts, about_a_video
from queries.videos.drop_offs import DropOffRow
from queries.videos.one_video import TOO_FEW, TOO_LONG, VideoAnalytics
from queries.videos.playback import CurveRow
from queries.videos.spoken_lines import transcript_line
from rules.formatting import grouped, out_of, percent, percent_of_people, timestamp, whole_rate
from rules.limits import LEAST_VIEWERS
from rules.sentences import sentence
from ui.shared.found import finding_in_markdown
from ui.shared.text import plain

HEADLINES = ("cliff", "replay")  # already stated at the top of the page


@dataclass(frozen=True)
class Fall:
    """Two neighbouring points of a ready-made curve."""

    start: CurveRow
    end: CurveRow

    @property
    def lost_percent(self) -> float:
        """Of all viewers, those who leave between the two."""
        return self.start.retention_percent - self.end.retention_percent


@dataclass(frozen=True)
class VideoShown:
    """All data of a video's page, from the queries of the same names."""

    video: VideoAnalytics
    curve: pd.DataFrame
    drop_offs: pd.DataFrame
    sections: pd.DataFrame
    replayed: pd.DataFrame
    questions: pd.DataFrame
    quizzes: pd.DataFrame

    @cached_property
    def length_seconds(self) -> int | None:
        """The video's length or, if unknown, the last second anybody played."""
        if self.video.duration_seconds:
            return self.video.duration_seconds
        return None if self.sections.empty else int(self.sections["end_second"].max())

    @property
    def has_playback(self) -> bool:
        return not self.sections.empty

    @cached_property
    def facts(self) -> VideoFacts:
        return VideoFacts(
            video_id=self.video.video_id,
            title=self.video.title,
            duration_seconds=self.video.duration_seconds or None,
            transcript=self.video.transcript,
            viewers=self.video.unique_viewers,
            completions=self.video.completions,
            drop_offs=self.drop_offs,
            replayed=self.replayed,
            transcript_times=self.video.transcript_times,
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings about the video, those that affect most people first."""
        return ranked(
            [
                *about_a_video(self.facts),
                *about_quizzes(self.quizzes),
                *about_questions_of_a_video(self.questions, self.facts, self.video.question_askers),
            ]
        )

    @property
    def cliffs(self) -> list[DropOffRow]:
        return self.facts.cliffs

    def line_at(self, second: float) -> str:
        """What is said at this second, as Markdown in quotation marks; empty without a transcript."""
        line = transcript_line(self.video.transcript, self.length_seconds, second, self.video.transcript_times)
        return f"“{plain(line)}”" if line else ""


@sentence
def headline(found: VideoShown) -> str:
    """The most important facts first, as Markdown."""
    facts = [f"**{plain(one.sentence)}**" for one in found.findings if one.kind in HEADLINES]
    fall = None if found.has_playback else steepest_fall(found.curve)
    facts += [fall_sentence(found, fall)] if fall else []
    return " ".join([*facts, completion_sentence(found.video)])


@sentence
def fall_sentence(found: VideoShown, fall: Fall) -> str:
    """Takes what `steepest_fall` found."""
    start, end = (_point(found, place) for place in (fall.start, fall.end))
    lost = whole_rate(fall.lost_percent)
    return (
        f"The curve falls most **between {start} and {end}**: by {out_of(lost, 100) if lost else 'less than 1 of 100'}."
    )


@sentence
def completion_sentence(video: VideoAnalytics) -> str:
    if video.completion_band == TOO_FEW:
        return f"{out_of(video.completions, video.unique_viewers, 'viewer')} completed it: {TOO_FEW}."
    share = percent_of_people(video.completion_rate_percent or 0)
    subject = "it " if video.completion_band == TOO_LONG else ""
    return f"{share} of {grouped(video.unique_viewers)} viewers complete it: {subject}{video.completion_band}."


def steepest_fall(curve: pd.DataFrame) -> Fall | None:
    """Where most viewers of a ready-made curve leave; None where it never falls."""
    falls = [Fall(start, end) for start, end in pairwise(records(curve, CurveRow))]
    steepest = max(falls, key=lambda fall: fall.lost_percent, default=None)
    return steepest if steepest and steepest.lost_percent > 0 else None


@sentence
def advice(found: VideoShown) -> list[str]:
    """The findings and what would help, those that affect most people first, as Markdown; never empty."""
    return [finding_in_markdown(one, one.kind in HEADLINES) for one in found.findings] or [_all_clear(found)]


def _all_clear(found: VideoShown) -> str:
    if found.video.unique_viewers < LEAST_VIEWERS:
        return f"Too few viewers to tell yet. Come back when at least {LEAST_VIEWERS} students have started it."
    if not found.has_playback:
        return "Nothing stands out. Without playback data, it is unknown when viewers leave and what they replay."
    return "Nothing stands out: no moment when many viewers leave, nothing replayed, no cluster of questions."


def _point(found: VideoShown, point: CurveRow) -> str:
    share = percent(point.position_percent)
    return f"{timestamp(point.second)} ({share})" if found.length_seconds and point.second is not None else share
