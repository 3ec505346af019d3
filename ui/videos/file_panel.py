"""The file of a video and whether students can watch it: publishing, replacing, a transcript, and what failed."""

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from actions.publishing import publish_video, unpublish_video
from actions.upload_links import poster_address
from database.accounts import Account
from queries.videos.one_video import VideoAnalytics
from queries.videos.uploads import ShownUpload, VideoFile
from rules.formatting import pixels, size
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.flash import keep_message
from ui.videos.dialogs import DONE, ask_for_transcript, ask_to_replace
from ui.videos.forms import LATER
from ui.videos.upload import forget_processed, uploads_of_page

Change = Callable[[Account, UUID, UUID], bool]


def file_panel(seen_by: Viewer, video: VideoAnalytics, file: VideoFile | None, uploads: Sequence[ShownUpload]) -> None:
    """What can be done with the video itself, for its creator; uploads of it that are under way or failed."""
    if seen_by.is_staff:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if video.status == "ready":
            _button(
                seen_by, video, "Publish", ":material/visibility:", publish_video, "Published: students can watch it."
            )
        if video.status == "completed":
            _button(seen_by, video, "Unpublish", ":material/visibility_off:", unpublish_video, "Hidden from students.")
        st.button("Replace file", icon=":material/swap_horiz:", on_click=ask_to_replace, args=(video.video_id,))
        what = "Replace transcript" if video.transcript else "Add transcript"
        st.button(what, icon=":material/subtitles:", on_click=ask_for_transcript, args=(video.video_id,))
    forget_processed(video.video_id)
    uploads_of_page(seen_by, uploads, "upload_list_of_video", ask_to_replace)
    if file is not None and file.poster_key is not None:
        st.html(f'<img src="{poster_address(seen_by.creator_id, video.video_id)}" alt="" width="320">')
    if file is not None and (described := file_described(file)):
        st.caption(described)


def file_described(file: VideoFile) -> str:
    """What is known of the file; empty where nothing is."""
    known = [pixels(file.width_pixels, file.height_pixels)] if file.width_pixels and file.height_pixels else []
    return ", ".join([*known, size(file.file_bytes)] if file.file_bytes else known)


def _button(seen_by: Viewer, video: VideoAnalytics, label: str, icon: str, change: Change, done: str) -> None:
    is_next_step = change is publish_video
    if st.button(label, icon=icon, type="primary" if is_next_step else "secondary", key="publish_or_not"):
        with acting():
            shows = change(seen_by.account, seen_by.creator_id, video.video_id)
            keep_message(DONE, done + ("" if shows else LATER))
            st.rerun()
