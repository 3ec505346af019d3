"""What is said at a second of a video. Transcripts have no times: sentences take time by their length."""

import re
from bisect import bisect_right
from itertools import accumulate
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query

BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")

TRANSCRIPTS = """
    -- One row per video that is there.
    select
        id as video_id,
        coalesce(duration_seconds, 0) as duration_seconds,
        transcript
    from videos
    where
        creator_id = :creator_id
        and id = any(cast(:video_ids as uuid[]))
        and deleted_at is null
"""


@cached_query
def transcripts(creator_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """What is said in these videos, a row per video: video_id, duration_seconds (0: unknown), transcript."""
    return frame(creator_id, TRANSCRIPTS, video_ids=list(video_ids))


def transcript_line(transcript: str | None, length_seconds: int | None, second: float) -> str:
    """The sentence that is said at this second; empty where there is no transcript or no length."""
    spoken = _sentences(transcript)
    if not spoken or not length_seconds:
        return ""
    ends = _ends(spoken, length_seconds)
    return spoken[min(bisect_right(ends, second), len(spoken) - 1)]


def sentence_break(transcript: str | None, length_seconds: int, second: int) -> int:
    """The second nearest to this one at which a sentence ends inside the video; itself without any."""
    ends = _ends(_sentences(transcript), length_seconds)[:-1]
    return round(min(ends, key=lambda end: abs(end - second), default=second))


def timestamp(seconds: float) -> str:
    """A place in a video: 8:37, or 1:02:05 from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _sentences(transcript: str | None) -> list[str]:
    return [sentence for sentence in BETWEEN_SENTENCES.split((transcript or "").strip()) if sentence]


def _ends(spoken: list[str], length_seconds: int) -> list[float]:
    """The second at which each sentence is over."""
    lengths = list(accumulate(map(len, spoken)))
    return [length_seconds * length / lengths[-1] for length in lengths]
