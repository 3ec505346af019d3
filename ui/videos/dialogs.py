"""The dialogs for uploading, editing, moving and deleting videos.

The session remembers which dialog is open, so that a rerun of the page keeps it open.
"""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from database.levels import level
from queries.courses.names import open_course_names
from queries.videos.library import library, video_to_edit, videos_in_order
from ui.account.viewer import Viewer
from ui.shared.flash import keep_message, show_message
from ui.shared.opened import forget_opened
from ui.shared.text import plain
from ui.top_bar.course_choice import of_every_course
from ui.videos.forms import delete_form, edit_form, order_form, upload_form

Dialog = Callable[[], None]

ASKED, DONE = "video_dialog", "video_change_done"
UPLOAD = "upload"  # in the address: `?upload=1` opens the upload


def upload_and_order_buttons(can_reorder: bool) -> None:
    with st.container(horizontal=True):
        st.button("Upload video", icon=":material/upload:", type="primary", on_click=_ask, args=("upload",))
        if can_reorder:
            st.button("Change order", icon=":material/swap_vert:", on_click=_ask, args=("order",))


def ask_to_edit(video_id: UUID) -> None:
    _ask("edit", video_id)


def asked_dialog(seen_by: Viewer) -> Dialog:
    """A function that opens the requested dialog, if any, with its data already read; reports what the last one did."""
    if UPLOAD in st.query_params and ASKED not in st.session_state:
        _ask("upload")
    show_message(DONE, "toast")
    kind, video_id = st.session_state.get(ASKED, (None, None))
    if kind == "upload":
        names, chosen = open_course_names(seen_by.creator_id), level().course_id
        return _dialog("Upload video", lambda: upload_form(seen_by, names, chosen, _finish))
    if kind == "order":
        course = videos_in_order(seen_by.creator_id)
        every = of_every_course(videos_in_order)(seen_by.creator_id)["video_id"].tolist()
        return _dialog("Change order", lambda: order_form(seen_by, course, every, _tell))
    return _about_video(seen_by, kind, video_id) if video_id is not None else _nothing


def _about_video(seen_by: Viewer, kind: str, video_id: UUID) -> Dialog:
    video = video_to_edit(seen_by.creator_id, video_id)
    if video is None:
        _close()
        st.toast("This video no longer exists.", icon=":material/info:")
        return _nothing
    if kind == "edit":
        categories = library(seen_by.creator_id).categories
        return _dialog(
            f"Edit “{plain(video.title)}”", lambda: edit_form(seen_by, video, categories, _finish, _ask_to_delete)
        )
    return _dialog(f"Delete “{plain(video.title)}”?", lambda: delete_form(seen_by, video, _finish, _keep))


def _dialog(title: str, body: Dialog) -> Dialog:
    return st.dialog(title, width="medium", on_dismiss=_close)(body)


def _nothing() -> None:
    """Does nothing: no dialog was requested."""


def _ask(kind: str, video_id: UUID | None = None) -> None:
    forget_opened()
    st.session_state[ASKED] = (kind, video_id)


def _close() -> None:
    forget_opened()
    st.session_state.pop(ASKED, None)
    st.query_params.pop(UPLOAD, None)


def _finish(done: str) -> None:
    _close()
    _tell(done)


def _tell(done: str) -> None:
    """Rerun the page, and say what was done."""
    keep_message(DONE, done)
    st.rerun()


def _ask_to_delete(video_id: UUID) -> None:
    _ask("delete", video_id)
    st.rerun()


def _keep() -> None:
    _close()
    st.rerun()
