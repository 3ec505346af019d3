"""Choosing video files and sending them, and what has become of those that were sent."""

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from actions.arriving_files import ArrivingFile
from actions.uploads import (
    begin_replacement,
    begin_upload,
    cancel_upload,
    retry_upload,
)
from actions.video_files import EXTENSIONS
from queries.videos.uploads import ShownUpload
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.links import show_link, video_link
from ui.shared.text import plain
from ui.uploads.component import Kind, choice, listed, note_begun, upload_row

SEEN, PROCESSED = "uploads_seen", "uploads_processed"  # in the session, too
READY, NEW_FILE = "“{}” is ready to publish.", "The new file of “{}” is in place."
CAN_BE_WATCHED = "The present file stays until this one has been processed."
VIDEOS = Kind(
    EXTENSIONS,
    "Drop the video file here",
    "Drop video files here",
    "MP4, MOV, WebM or MKV, up to 10 GB. You can visit other pages meanwhile.",
)


def file_choice(key: str, *, several: bool) -> list[tuple[str, ArrivingFile]]:
    """A place to choose or drop files; those that were chosen a moment ago, each with its token in this tab.

    Raises InputError for a file that cannot become a video.
    """
    return [
        (one.token, ArrivingFile(one.name, one.size_bytes, one.modified_ms, one.head))
        for one in choice(key, VIDEOS, several=several)
    ]


def begin_uploads(
    seen_by: Viewer, files: Sequence[tuple[str, ArrivingFile]], title: str, course_id: UUID | None
) -> None:
    """Add a video for each file; the title is for a single one, several are called like their files."""
    called = "" if files[1:] else title
    for token, file in files:
        note_begun(begin_upload(seen_by.account, seen_by.creator_id, file, called, course_id), token)


def begin_to_replace(seen_by: Viewer, video_id: UUID, files: Sequence[tuple[str, ArrivingFile]]) -> None:
    """Let the file take the place of the video's."""
    for token, file in files[:1]:
        note_begun(begin_replacement(seen_by.account, seen_by.creator_id, video_id, file), token)


def upload_list(seen_by: Viewer, uploads: Sequence[ShownUpload], ask_to_replace: Callable[[UUID], None]) -> None:
    """Uploads that are under way or failed, with what can be done about each, and what has become of the others.

    Takes `queries.videos.uploads.shown_uploads`.
    """
    _tell_what_was_processed(uploads)
    uploads_of_page(seen_by, uploads, "upload_list", ask_to_replace)


def uploads_of_page(
    seen_by: Viewer, uploads: Sequence[ShownUpload], key: str, ask_to_replace: Callable[[UUID], None]
) -> None:
    """The same for the uploads of one video, without a word on others."""
    if not uploads:
        return
    rows = [upload_row(seen_by.creator_id, one, CAN_BE_WATCHED if one.has_file else "") for one in uploads]
    events = listed(key, VIDEOS, rows)
    if events.get("cancelled"):
        with acting():
            cancel_upload(seen_by.account, seen_by.creator_id, UUID(events["cancelled"]))
            st.session_state.get(SEEN, {}).pop(events["cancelled"], None)
    if events.get("retried"):
        with acting():
            retry_upload(seen_by.account, seen_by.creator_id, UUID(events["retried"]))
    replaced = [one.video_id for one in uploads if str(one.upload_id) == events.get("replaced")]
    if replaced:
        ask_to_replace(replaced[0])
    if replaced or events.get("cancelled") or events.get("retried"):
        st.rerun()


def forget_processed(video_id: UUID) -> None:
    """Its page is open: there is nothing more to tell."""
    st.session_state.get(PROCESSED, {}).pop(video_id, None)


def _tell_what_was_processed(uploads: Sequence[ShownUpload]) -> None:
    """An upload that this session saw under way and that is not there any more is done."""
    seen: dict[str, tuple[UUID, str]] = st.session_state.setdefault(SEEN, {})
    processed: dict[UUID, str] = st.session_state.setdefault(PROCESSED, {})
    there = {str(one.upload_id) for one in uploads}
    processed |= dict(told for upload_id, told in seen.items() if upload_id not in there)
    st.session_state[SEEN] = {
        str(one.upload_id): (one.video_id, (NEW_FILE if one.has_file else READY).format(plain(one.title)))
        for one in uploads
        if one.status != "failed"
    }
    for video_id, words in processed.items():
        show_link(video_link(video_id), words, ":material/check_circle:")
