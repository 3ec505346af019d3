"""What a stored video file is, and a picture of it."""

import json
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

from actions.upload_runs import MediaFacts
from actions.video_files import HEAD_BYTES, video_extension
from database.storage import stored_range
from jobs.media.reading import CannotBeRead, Limits, TookTooLong, read_media
from rules.errors import InputError

logger = logging.getLogger(__name__)

MOST_SECONDS = 24 * 3600
MOST_PIXELS = 16_384  # in each direction
POSTER_LIMITS = Limits(megabytes=1024, cpu_seconds=60)
CUT = "The file is cut off: its end is missing. Export or copy it again, and replace it."
BROKEN = "The file cannot be read as a video; it is damaged. Export it again, and replace it."
NO_PICTURE = "The file has sound but no picture; replace it with a video."
TOO_LONG = f"The file says that it is longer than {MOST_SECONDS // 3600} hours; check it, and replace it."
TOO_WIDE = f"The file says that its picture has more than {MOST_PIXELS} pixels in a row; check it, and replace it."


@dataclass(frozen=True)
class Track:
    """One row per track that the reader found, and one for the file as a whole ("General")."""

    kind: str
    format: str
    milliseconds: float | None
    width: float | None
    height: float | None
    rotation: float | None
    is_cut: bool


def media_facts(key: str, size_bytes: int, limits: Limits | None = None) -> MediaFacts:
    """Length and size of the video. Raises InputError saying why it is none, TookTooLong, and StorageError."""
    content = partial(stored_range, key)
    video_extension(content(0, min(HEAD_BYTES, size_bytes)))
    try:
        told = read_media("facts", size_bytes, content, limits or Limits())
        tracks = [Track(**track) for track in json.loads(told)]
    except TookTooLong:
        raise
    except (CannotBeRead, ValueError, TypeError) as error:
        raise InputError(BROKEN) from error
    return _facts(tracks)


def poster_picture(key: str, size_bytes: int) -> bytes | None:
    """A picture of the video as JPEG; None without PyAV, and for a video of which none can be had."""
    if find_spec("av") is None:
        return None
    try:
        return read_media("poster", size_bytes, partial(stored_range, key), POSTER_LIMITS) or None
    except CannotBeRead:
        logger.warning("no picture could be taken of a video")
        return None


def _facts(tracks: Sequence[Track]) -> MediaFacts:
    if any(track.is_cut for track in tracks):
        raise InputError(CUT)
    pictures = [track for track in tracks if track.kind == "Video"]
    if not pictures:
        raise InputError(NO_PICTURE if any(track.kind == "Audio" for track in tracks) else BROKEN)
    seconds = _longest(track.milliseconds for track in tracks)
    if seconds is not None and seconds > MOST_SECONDS:
        raise InputError(TOO_LONG)
    width, height = (_pixels(number) for number in (pictures[0].width, pictures[0].height))
    if max(width or 0, height or 0) > MOST_PIXELS:
        raise InputError(TOO_WIDE)
    if (pictures[0].rotation or 0) % 180 == 90:
        width, height = height, width
    return MediaFacts(seconds, width, height)


def _longest(milliseconds: Iterable[float | None]) -> int | None:
    """In seconds, at least one; None where no track says so."""
    known = [number for number in milliseconds if number is not None and math.isfinite(number) and number > 0]
    return max(1, round(max(known) / 1000)) if known else None


def _pixels(number: float | None) -> int | None:
    return int(number) if number is not None and math.isfinite(number) and number >= 1 else None
