"""The contents of the video dialogs: each has a form, calls one action, and shows errors."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from uuid import UUID

import pandas as pd
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
    stored_details,
    update_video,
    upload_video,
)
from queries.videos.library import VideoToEdit
from rules.formatting import counted
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.opened import as_opened, save_or_ask
from ui.table.cells import named
from ui.table.table import Column, Row, order_table

Finish = Callable[[str], None]
LATER = " It will show within a minute."


def upload_form(seen_by: Viewer, courses: dict[UUID, str], chosen: UUID | None, finish: Finish) -> None:
    """Takes the names of the open courses, and which of them is shown."""
    with st.form("upload_video", border=False):
        title = st.text_input("Title", max_chars=TITLE_LIMIT, key="upload_title")
        file = st.file_uploader(
            "Video file",
            type=list(EXTENSIONS),
            max_upload_size=MAX_FILE_BYTES // 1024**2,
            key="upload_file",
            help="MP4, MOV, WebM or MKV. The contents count, not the file name.",
        )
        course_id = course_to_upload_into(courses, chosen)
        is_sent = st.form_submit_button("Add video", type="primary", icon=":material/upload:")
    st.caption("The video is processed first; students see it once it is published.")
    if is_sent and file is None:
        st.error("Choose a video file first.")
    elif is_sent and file is not None:
        with acting(), st.spinner("Uploading…"):
            upload_video(seen_by.account, seen_by.creator_id, title, file, course_id)
            finish("Video uploaded and added at the end of the course.")


def course_to_upload_into(names: dict[UUID, str], chosen: UUID | None) -> UUID | None:
    """The course of a video, by name, the chosen one first; None if there is only one."""
    if len(names) < 2:
        return None
    options = list(names)
    index = options.index(chosen) if chosen is not None and chosen in names else 0
    found: UUID = st.selectbox("Course", options, index=index, format_func=names.__getitem__, key="upload_course")
    return found


def edit_form(
    seen_by: Viewer,
    video: VideoToEdit,
    categories: list[str],
    finish: Finish,
    ask_to_delete: Callable[[UUID], None],
) -> None:
    opened = as_opened(f"video {video.video_id}", video)
    with st.form(f"edit_video_{video.video_id}", border=False):
        edited = _edited(opened, categories)
        is_saved = st.form_submit_button("Save", type="primary", icon=":material/save:")

    def save(mine: VideoUpdates, before: VideoUpdates) -> None:
        with st.spinner("Saving and recalculating the figures…"):
            shows = update_video(seen_by.account, seen_by.creator_id, video.video_id, mine, before)
        finish("Changes saved." + ("" if shows else LATER))

    with acting():
        save_or_ask(lambda: VideoUpdates(**edited), _details(opened), is_saved, save, _shown)
    if st.button("Delete this video…", icon=":material/delete:", type="tertiary", key="ask_to_delete_video"):
        ask_to_delete(video.video_id)


def _details(video: VideoToEdit) -> VideoUpdates:
    return stored_details(**{field.name: getattr(video, field.name) for field in fields(VideoUpdates)})


def _shown(version: VideoUpdates, part: str) -> tuple[str, str]:
    value = getattr(version, part)
    return part.replace("_level", "").capitalize(), value if isinstance(value, str) else ", ".join(value or ())


def order_form(seen_by: Viewer, course: pd.DataFrame, every: list[UUID], tell: Finish) -> None:
    """The videos of the course, to be moved by hand or by keys, and saved once.

    Takes `queries.videos.library.videos_in_order` of the course that is shown, and the ids of every course's.
    """
    rows = [Row(str(row.video_id), (named(str(row.title)),)) for row in course.itertuples()]
    order = order_table("video_order", "Videos in the order of the course", [Column("title", "Video", "name")], rows)
    if order is not None:
        with acting(), st.spinner("Saving and recalculating the figures…"):
            places = in_places(every, [UUID(one) for one in order])
            shows = reorder_videos(seen_by.account, seen_by.creator_id, places)
            tell("Order saved." + ("" if shows else LATER))


def delete_form(seen_by: Viewer, video: VideoToEdit, finish: Finish, keep: Callable[[], None]) -> None:
    st.markdown("\n".join(f"- {line}" for line in consequences(video)))
    with st.container(horizontal=True):
        is_deleted = st.button("Delete video", type="primary", icon=":material/delete:", key="delete_video")
        is_kept = st.button("Keep video", key="keep_video")
    if is_kept:
        keep()
    if is_deleted:
        with acting(), st.spinner("Saving and recalculating the figures…"):
            shows = delete_video(seen_by.account, seen_by.creator_id, video.video_id)
            finish("Video deleted." + ("" if shows else LATER))


def consequences(video: VideoToEdit) -> list[str]:
    """What a deletion changes, as Markdown."""
    lines = ["Students can no longer watch it."]
    if video.unique_viewers:
        viewers = counted(video.unique_viewers, "student")
        lines.append(
            f"What **{viewers}** watched of it is removed from every figure: "
            "views, viewers, completion, videos watched."
        )
    if video.status == "completed":
        lines.append("Progress is calculated over the remaining videos, so it changes for every student.")
    if video.quizzes:
        lines.append(
            "Its quiz stays." if video.quizzes == 1 else f"Its {counted(video.quizzes, 'quiz', 'quizzes')} stay."
        )
    return [*lines, "The days when students were active do not change. You cannot undo this here."]


def in_places(every: list[UUID], order: list[UUID]) -> list[UUID]:
    """All ids, with those of `order` rearranged within the positions they already have."""
    among = set(order)
    following = iter(order)
    return [next(following) if one in among else one for one in every]


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
            placeholder="Choose or add one",
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
            placeholder="Not set",
            key=f"{key}_difficulty",
        ),
        "transcript": st.text_area(
            "Transcript",
            video.transcript or "",
            max_chars=TRANSCRIPT_LIMIT,
            height=160,
            key=f"{key}_transcript",
            help="The words of the video: they show what is said where viewers stop, "
            "and new quizzes are made from them.",
        ),
    }
