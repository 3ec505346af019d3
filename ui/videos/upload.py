"""Choosing video files and sending them, in a component of our own.

The browser sends them in parts, straight to the API. Sending goes on while people visit other pages, and continues
after the network was lost.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from actions.upload_links import upload_address
from actions.uploads import (
    ArrivingFile,
    begin_replacement,
    begin_upload,
    cancel_upload,
    retry_upload,
)
from actions.video_files import EXTENSIONS, HEAD_BYTES
from queries.videos.uploads import ShownUpload
from rules.errors import InputError
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.links import show_link, video_link
from ui.shared.text import plain

HERE = Path(__file__).parent
LATEST_MS = 2**53  # what JavaScript can count to
SEEN, PROCESSED = "uploads_seen", "uploads_processed"  # in the session, too
BEGUN = "uploads_begun"  # in the session: which file that was chosen in this tab belongs to which upload
EVENTS = ("chosen", "ended", "cancelled", "retried", "replaced")
READY, NEW_FILE = "“{}” is ready to publish.", "The new file of “{}” is in place."
CAN_BE_WATCHED = "The present file stays until this one has been processed."

_COMPONENT = st.components.v2.component(
    "video_upload",
    html='<div class="uploads"></div>',
    css=(HERE / "upload.css").read_text(encoding="utf-8"),
    js="\n".join((HERE / name).read_text(encoding="utf-8") for name in ("sending.js", "upload.js")),
)


def file_choice(key: str, *, several: bool) -> list[tuple[str, ArrivingFile]]:
    """A place to choose or drop files; those that were chosen a moment ago, each with its token in this tab.

    Raises InputError for a file that cannot become a video.
    """
    events = _component(key, {"mode": "choose", "several": several, "accept": _accepted(), "headBytes": HEAD_BYTES})
    return [(str(told["token"]), _arriving(told)) for told in events.get("chosen") or ()]


def begin_uploads(
    seen_by: Viewer, files: Sequence[tuple[str, ArrivingFile]], title: str, course_id: UUID | None
) -> None:
    """Add a video for each file; the title is for a single one, several are called like their files."""
    called = "" if files[1:] else title
    for token, file in files:
        _note(begin_upload(seen_by.account, seen_by.creator_id, file, called, course_id), token)


def begin_to_replace(seen_by: Viewer, video_id: UUID, files: Sequence[tuple[str, ArrivingFile]]) -> None:
    """Let the file take the place of the video's."""
    for token, file in files[:1]:
        _note(begin_replacement(seen_by.account, seen_by.creator_id, video_id, file), token)


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
    data = {"mode": "list", "accept": _accepted(), "uploads": [_row(seen_by.creator_id, one) for one in uploads]}
    events = _component(key, data)
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


def _component(key: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    listeners: dict[str, Any] = {f"on_{name}_change": _nothing for name in EVENTS}
    result = _COMPONENT(key=key, data=dict(data), width="stretch", height="content", **listeners)
    return {name: getattr(result, name, None) for name in EVENTS}


def _row(creator_id: UUID, upload: ShownUpload) -> dict[str, Any]:
    path, query = upload_address(creator_id, upload.upload_id)
    return {
        "id": str(upload.upload_id),
        "title": upload.title,
        "fileName": upload.file_name,
        "fileBytes": upload.file_bytes or 0,
        "modifiedMs": upload.modified_ms,
        "status": upload.status,
        "error": upload.error_message or "",
        "note": CAN_BE_WATCHED if upload.has_file else "",
        "arrivedBytes": upload.arrived_bytes,
        "canRetry": upload.is_repeatable,
        "canCancel": upload.status in ("receiving", "failed"),
        "path": path,
        "query": query,
        "token": st.session_state.get(BEGUN, {}).get(str(upload.upload_id), ""),
    }


def _arriving(told: Mapping[str, Any]) -> ArrivingFile:
    """What a browser says of a file is anything at all."""
    try:
        size_bytes, modified_ms = int(told["size"]), int(told["modified"])
        name, head = str(told["name"]), bytes.fromhex(told["head"][: 2 * HEAD_BYTES])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError("The browser did not say which file was chosen; choose it again.") from None
    if not 0 <= modified_ms < LATEST_MS:
        modified_ms = 0
    return ArrivingFile(name, size_bytes, modified_ms, head)


def _note(upload_id: UUID, token: str) -> None:
    st.session_state.setdefault(BEGUN, {})[str(upload_id)] = token


def _accepted() -> str:
    return ",".join(f".{extension}" for extension in EXTENSIONS)


def _nothing() -> None:
    """Without a listener an event never arrives; what it says is read behind the component."""
