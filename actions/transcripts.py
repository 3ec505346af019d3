"""Transcripts from files: WebVTT, SRT or plain text."""

from html import unescape
from uuid import UUID

import webvtt
from sqlalchemy import text
from webvtt.errors import MalformedCaptionError, MalformedFileError

from actions.videos import NOTE_CHANGE, TRANSCRIPT_LIMIT, figures_follow, unknown_video
from actions.written import lines, within
from database.accounts import Account, may_write
from database.tenancy import tenant_tx
from rules.errors import InputError

EXTENSIONS = ("vtt", "srt", "txt")
MOST_BYTES = 4 * 1024**2
ADD = text(
    """
    update videos
    set
        transcript = :transcript,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    """
)


def transcript_of(name: str, content: bytes) -> str:
    """What is said, without times, in the order of the file; what a roll-up caption repeats is there once.

    Raises InputError for a file that is empty, too large, not UTF-8, or not what its extension says.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"The file is too large for a transcript; at most {MOST_BYTES // 1024**2} MB can be added.")
    try:
        written = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise InputError("The file is not text in UTF-8; save it as UTF-8 and add it again.") from None
    extension = name.rpartition(".")[2].lower()
    spoken = within("transcript", lines(_captions(written, extension) or written), TRANSCRIPT_LIMIT)
    if not spoken:
        raise InputError("The file has no words in it; choose another one.")
    return spoken


def add_transcript(author: Account, creator_id: UUID, video_id: UUID, transcript: str) -> bool:
    """Give the video this transcript in place of its present one; False if it only shows within a minute.

    Raises NoSuchVideo for one that is unknown, deleted or another creator's, and InputError for staff.
    """
    may_write(author, creator_id)
    values = {"creator_id": creator_id, "video_id": video_id, "author_id": author.id, "transcript": transcript}
    with tenant_tx(creator_id) as connection:
        if connection.execute(ADD, values).rowcount != 1:
            raise unknown_video()
        connection.execute(NOTE_CHANGE, values)
    return figures_follow(creator_id)


def _captions(written: str, extension: str) -> str:
    """The words of a file with times; empty for plain text."""
    if extension not in ("vtt", "srt"):
        return ""
    try:
        parsed = webvtt.from_string(written) if extension == "vtt" else webvtt.from_string(_as_vtt(written))
    except (MalformedCaptionError, MalformedFileError):
        parsed = None
    if not parsed or not parsed.captions:
        raise InputError(
            f"The file has no captions that can be read as {extension.upper()}; add it as plain text (.txt)."
        )
    said: list[str] = []
    for caption in parsed.captions:
        for line in unescape(caption.text).split("\n"):
            if line.strip() and (not said or line.strip() != said[-1]):
                said.append(line.strip())
    return "\n".join(said)


def _as_vtt(srt: str) -> str:
    """SRT differs in its head and in the comma of its times."""
    timed = (line.replace(",", ".") if "-->" in line else line for line in srt.split("\n"))
    return "WEBVTT\n\n" + "\n".join(timed)
