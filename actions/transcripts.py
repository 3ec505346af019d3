"""Transcripts from files: WebVTT and SRT with their times, or plain text."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import webvtt
from sqlalchemy import text
from webvtt.errors import MalformedCaptionError, MalformedFileError

from actions.videos import NOTE_CHANGE, TRANSCRIPT_LIMIT, figures_follow, unknown_video
from actions.written import lines, one_line, within
from database.accounts import Account, may_write
from database.tenancy import tenant_tx
from rules.errors import InputError
from rules.transcripts import Span, stored_times

EXTENSIONS = ("vtt", "srt", "txt")
MOST_BYTES = 4 * 1024**2
ADD = text(
    """
    update videos
    set
        transcript = :transcript,
        transcript_times = cast(:times as jsonb),
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    """
)


@dataclass(frozen=True)
class Transcript:
    """The spoken text, and when each of its lines is said; no times for plain text."""

    text: str
    times: tuple[Span, ...] = ()


def transcript_of(name: str, content: bytes) -> Transcript:
    """The spoken lines in the order of the file; text that a roll-up caption repeats appears once.

    Raises InputError for a file that is empty, too large, not UTF-8, or not what its extension says.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"The file is too large for a transcript; at most {MOST_BYTES // 1024**2} MB can be added.")
    try:
        written = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise InputError("The file is not text in UTF-8; save it as UTF-8 and add it again.") from None
    extension = name.rpartition(".")[2].lower()
    said = list(_captions(written, extension)) if extension in ("vtt", "srt") else []
    spoken = "\n".join(line for line, _ in said) if said else lines(written)
    if not spoken:
        raise InputError("The file has no words in it; choose another one.")
    return Transcript(within("transcript", spoken, TRANSCRIPT_LIMIT), tuple(span for _, span in said))


def add_transcript(author: Account, creator_id: UUID, video_id: UUID, transcript: Transcript) -> bool:
    """Give the video this transcript instead of its current one; False if it only shows within a minute.

    Raises NoSuchVideo for one that is unknown, deleted or another creator's, and InputError for staff.
    """
    may_write(author, creator_id)
    values = {"creator_id": creator_id, "video_id": video_id, "author_id": author.id}
    spoken = {"transcript": transcript.text, "times": stored_times(transcript.text, transcript.times)}
    with tenant_tx(creator_id) as connection:
        if connection.execute(ADD, values | spoken).rowcount != 1:
            raise unknown_video()
        connection.execute(NOTE_CHANGE, values)
    return figures_follow(creator_id)


def _captions(written: str, extension: str) -> Iterator[tuple[str, Span]]:
    """The lines of a file with times, each with that of its caption."""
    try:
        parsed = webvtt.from_string(written) if extension == "vtt" else webvtt.from_string(_as_vtt(written))
    except (MalformedCaptionError, MalformedFileError):
        parsed = None
    if not parsed or not parsed.captions:
        raise InputError(
            f"The file has no captions that can be read as {extension.upper()}; add it as plain text (.txt)."
        )
    before = ""
    for caption in parsed.captions:
        span = (caption.start_time.in_milliseconds(), caption.end_time.in_milliseconds())
        for line in map(one_line, unescape(caption.text).split("\n")):
            if line and line != before:
                yield line, span
                before = line


def _as_vtt(srt: str) -> str:
    """SRT differs in its header and in the comma in its times."""
    timed = (line.replace(",", ".") if "-->" in line else line for line in srt.split("\n"))
    return "WEBVTT\n\n" + "\n".join(timed)
