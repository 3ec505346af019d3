"""Where viewers leave a video, what they replay, and how many complete it."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import records
from findings.finding import Finding, Kind
from queries.videos.drop_offs import DropOffRow
from queries.videos.playback import SectionRow
from queries.videos.spoken_lines import sentence_break, transcript_line
from rules.formatting import counted, decimal, grouped, percent_of_people, timestamp
from rules.limits import HIGH_COMPLETION, LEAST_VIEWERS, LONG_VIDEO_MINUTES, LOW_COMPLETION

MIDDLE = (0.2, 0.8)  # a video is split somewhere between these shares of its length


@dataclass(frozen=True)
class VideoFacts:
    """One video with its drop-off points and replayed sections, from the queries of the same names."""

    video_id: UUID
    title: str
    duration_seconds: int | None
    transcript: str | None
    viewers: int
    completions: int
    drop_offs: pd.DataFrame
    replayed: pd.DataFrame
    transcript_times: str | None = None  # as they are stored

    @property
    def cliffs(self) -> list[DropOffRow]:
        if self.drop_offs.empty:
            return []
        return records(self.drop_offs[self.drop_offs["is_cliff"].astype(bool)], DropOffRow)

    @property
    def lost_at_once(self) -> int:
        """Viewers lost at the worst cliff; 0 without one."""
        return max((cliff.viewers_lost for cliff in self.cliffs), default=0)

    def line_at(self, second: float) -> str:
        """What is said at this second; empty without a transcript."""
        return transcript_line(self.transcript, self.duration_seconds, second, self.transcript_times)


def about_a_video(video: VideoFacts) -> list[Finding]:
    """Findings about drop-off points, replayed sections and a low completion rate."""
    return [
        *(_cliff(video, cliff) for cliff in video.cliffs),
        *(_replay(video, stretch) for stretch in records(video.replayed.head(1), SectionRow)),
        *low_completion(video),
    ]


def span(stretch: SectionRow) -> str:
    """The start and end of a row of `replayed_sections`."""
    return f"{timestamp(stretch.start_second)} to {timestamp(stretch.end_second)}"


def low_completion(video: VideoFacts) -> list[Finding]:
    """At most one finding: a low rate, or an average one in a long video."""
    if video.viewers < LEAST_VIEWERS:
        return []
    rate = 100 * video.completions / video.viewers
    is_long = (video.duration_seconds or 0) > 60 * LONG_VIDEO_MINUTES
    if rate >= LOW_COMPLETION and not (is_long and rate <= HIGH_COMPLETION):
        return []
    length = f", which is {timestamp(video.duration_seconds or 0)} long" if is_long else ""
    return [
        _finding(
            video,
            "completion" if rate < LOW_COMPLETION else "long",
            video.viewers - video.completions,
            f"{_share(video, rate)} of {grouped(video.viewers)} viewers complete “{video.title}”{length}.",
            f"Split “{video.title}”" if is_long else f"Make “{video.title}” easier to finish",
            _split(video)
            if is_long
            else "It may be too long or too difficult: shorten it, or say first what students need to know.",
        )
    ]


def _cliff(video: VideoFacts, cliff: DropOffRow) -> Finding:
    at = timestamp(cliff.second)
    lost, reached = cliff.viewers_lost, cliff.viewers_reached
    return _finding(
        video,
        "cliff",
        lost,
        f"{grouped(lost)} of the {counted(reached, 'viewer')} of “{video.title}” who get to {at} stop there "
        f"({percent_of_people(cliff.lost_percent)}).",
        f"Look at what happens at {at} in “{video.title}”",
        "So many viewers leaving at one moment points to the content there: cut it, or explain it another way.",
        second=cliff.second,
        quote=video.line_at(cliff.second),
    )


def _replay(video: VideoFacts, stretch: SectionRow) -> Finding:
    return _finding(
        video,
        "replay",
        int(stretch.viewers),
        f"Viewers of “{video.title}” play {span(stretch)} {decimal(stretch.plays_per_viewer)} times each.",
        f"Explain {span(stretch)} of “{video.title}” more slowly",
        "They go back to hear it again: explain this part more slowly, or in two steps.",
        second=stretch.start_second,
    )


def _share(video: VideoFacts, rate: float) -> str:
    if not video.completions:
        return "None"
    return f"{'Only ' if rate < LOW_COMPLETION else ''}{percent_of_people(rate)}"


def _split(video: VideoFacts) -> str:
    where = ", where a sentence ends" if video.transcript else ""
    return f"Split it, best at {timestamp(natural_split(video))}{where}: shorter videos are easier to finish."


def natural_split(video: VideoFacts) -> int:
    """The end of a sentence near where most viewers stop or, if that is too close to an end, near the middle."""
    length = video.duration_seconds or 0
    first, last = (share * length for share in MIDDLE)
    places = [cliff.second for cliff in video.cliffs if first <= cliff.second <= last]
    wanted = places[0] if places else length // 2
    return sentence_break(video.transcript, length, wanted, video.transcript_times)


def _finding(
    video: VideoFacts,
    kind: Kind,
    people: int,
    sentence: str,
    action: str,
    advice: str,
    second: int | None = None,
    quote: str = "",
) -> Finding:
    asked = {"id": str(video.video_id)} | ({} if second is None else {"t": str(second)})
    return Finding(
        kind, people, sentence, action, advice, "video", tuple(asked.items()), str(video.video_id), video.title, quote
    )
