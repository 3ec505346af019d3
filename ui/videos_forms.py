"""The insides of the dialogs about videos: each asks, calls one action, and says what was wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import streamlit as st

from actions.video_files import EXTENSIONS, MAX_FILE_BYTES
from actions.videos import (
    DESCRIPTION_LIMIT,
    DIFFICULTIES,
    TITLE_LIMIT,
    TRANSCRIPT_LIMIT,
    VideoUpdates,
    delete_video,
    reorder_videos,
    update_video,
    upload_video,
)
from database.errors import InputError
from database.storage import StorageError
from queries.videos_library import VideoToEdit, library, videos_in_order
from ui.viewer import Viewer

Finish = Callable[[str], None]
LATER = " It shows within a minute."


def upload_form(seen_by: Viewer, finish: Finish) -> None:
    with st.form("upload_video", border=False):
        title = st.text_input("Title", max_chars=TITLE_LIMIT, key="upload_title")
        file = st.file_uploader(
            "Video file",
            type=list(EXTENSIONS),
            max_upload_size=MAX_FILE_BYTES // 1024**2,
            key="upload_file",
            help="MP4, MOV, WebM or MKV. What counts is what the file holds, not its name.",
        )
        is_sent = st.form_submit_button("Add the video", type="primary", icon=":material/upload:")
    st.caption("The video waits to be processed first; students see it when it is published.")
    if is_sent and file is None:
        st.error("Choose a video file first.")
    elif is_sent and file is not None:
        with refusals_explained(), st.spinner("Storing the file …"):
            upload_video(seen_by.account, seen_by.creator_id, title, file)
            finish("The video is uploaded. It stands last in the course.")


def edit_form(seen_by: Viewer, video: VideoToEdit, finish: Finish, ask_to_delete: Callable[[UUID], None]) -> None:
    with st.form(f"edit_video_{video.video_id}", border=False):
        updates = _edited(video, library(seen_by.creator_id).categories)
        is_saved = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if is_saved:
        with refusals_explained(), st.spinner("Saving, and computing the figures anew …"):
            shows = update_video(seen_by.account, seen_by.creator_id, video.video_id, VideoUpdates(**updates))
            finish("The changes are saved." + ("" if shows else LATER))
    if st.button("Delete this video …", icon=":material/delete:", type="tertiary", key="ask_to_delete_video"):
        ask_to_delete(video.video_id)


def order_form(seen_by: Viewer, tell: Finish) -> None:
    """Move one video at a time; the others keep their order."""
    course = videos_in_order(seen_by.creator_id)
    titles: dict[UUID, str] = dict(zip(course["video_id"], course["title"], strict=True))
    with st.form("order_videos", border=False):
        video_id = st.selectbox("Move the video", list(titles), format_func=titles.__getitem__, key="moved_video")
        place = st.number_input(
            "to place", 1, max(len(titles), 1), key="moved_to", help="1 is the first of the course."
        )
        is_moved = st.form_submit_button("Move", type="primary", icon=":material/swap_vert:")
    if is_moved and video_id is not None:
        with refusals_explained(), st.spinner("Saving, and computing the figures anew …"):
            shows = reorder_videos(seen_by.account, seen_by.creator_id, moved(list(titles), video_id, int(place)))
            tell("The video is moved." + ("" if shows else LATER))
    st.dataframe(
        {"Place": range(1, len(titles) + 1), "Video": list(titles.values())},
        hide_index=True,
        height=320,
        column_config={
            "Place": st.column_config.NumberColumn(width=70),
            "Video": st.column_config.TextColumn(width=560),
        },
        alt="Videos in the order of the course",
    )


def delete_form(seen_by: Viewer, video: VideoToEdit, finish: Finish, keep: Callable[[], None]) -> None:
    st.markdown("\n".join(f"- {line}" for line in consequences(video)))
    with st.container(horizontal=True):
        is_deleted = st.button("Delete the video", type="primary", icon=":material/delete:", key="delete_video")
        is_kept = st.button("Keep it", key="keep_video")
    if is_kept:
        keep()
    if is_deleted:
        with refusals_explained(), st.spinner("Saving, and computing the figures anew …"):
            shows = delete_video(seen_by.account, seen_by.creator_id, video.video_id)
            finish("The video is deleted." + ("" if shows else LATER))


def consequences(video: VideoToEdit) -> list[str]:
    """What a deletion changes, as Markdown."""
    lines = ["Students can no longer watch it."]
    if video.unique_viewers:
        viewers = "1 student" if video.unique_viewers == 1 else f"{video.unique_viewers:,} students"
        lines.append(
            f"What **{viewers}** watched of it leaves every figure: views, viewers, completion, videos watched."
        )
    if video.status == "completed":
        lines.append("Progress is reckoned over the videos that remain, so it changes for every student.")
    if video.quizzes:
        lines.append("Its quiz stays." if video.quizzes == 1 else f"Its {video.quizzes} quizzes stay.")
    return [*lines, "The days on which students were active do not change. This page cannot bring the video back."]


def moved(video_ids: list[UUID], video_id: UUID, place: int) -> list[UUID]:
    """The ids with this one at the place, counted from 1; the others keep their order."""
    others = [other for other in video_ids if other != video_id]
    return [*others[: place - 1], video_id, *others[place - 1 :]]


@contextmanager
def refusals_explained() -> Iterator[None]:
    """Show in the dialog why something was refused or failed; it stays open."""
    try:
        yield
    except (InputError, StorageError) as error:
        st.error(str(error))


def _edited(video: VideoToEdit, categories: list[str]) -> dict[str, Any]:
    key = f"edited_{video.video_id}"
    return {
        "title": st.text_input("Title", video.title, max_chars=TITLE_LIMIT, key=f"{key}_title"),
        "description": st.text_area(
            "Description", video.description, max_chars=DESCRIPTION_LIMIT, key=f"{key}_description"
        ),
        "category": st.selectbox(
            "Category",
            categories,
            index=categories.index(video.category) if video.category in categories else None,
            accept_new_options=True,
            placeholder="Choose or write one",
            key=f"{key}_category",
        ),
        "tags": st.multiselect(
            "Tags", video.tags, video.tags, accept_new_options=True, placeholder="Write a tag", key=f"{key}_tags"
        ),
        "difficulty_level": st.selectbox(
            "Difficulty",
            DIFFICULTIES,
            index=DIFFICULTIES.index(video.difficulty_level) if video.difficulty_level else None,
            format_func=str.capitalize,
            placeholder="Not said",
            key=f"{key}_difficulty",
        ),
        "transcript": st.text_area(
            "Transcript",
            video.transcript or "",
            max_chars=TRANSCRIPT_LIMIT,
            height=160,
            key=f"{key}_transcript",
            help="What the video says. It tells where viewers stop in words, and new quizzes are made from it.",
        ),
    }
