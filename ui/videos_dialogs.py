"""What a creator does with videos: uploads, edits, moves and deletes them, each in a dialog of its own.

Which dialog is open stands in the session, so that a rerun of the page keeps it open.
"""

from uuid import UUID

import streamlit as st

from queries.videos_library import video_to_edit
from ui.text import plain
from ui.videos_forms import delete_form, edit_form, order_form, upload_form
from ui.viewer import Viewer

ASKED, DONE = "video_dialog", "video_change_done"
UPLOAD = "upload"  # in the address: `?upload=1` opens the upload


def upload_and_order_buttons(can_reorder: bool) -> None:
    with st.container(horizontal=True):
        st.button("Upload a video", icon=":material/upload:", type="primary", on_click=_ask, args=("upload",))
        if can_reorder:
            st.button("Change the order", icon=":material/swap_vert:", on_click=_ask, args=("order",))


def ask_to_edit(video_id: UUID) -> None:
    _ask("edit", video_id)


def asked_dialog(seen_by: Viewer) -> None:
    """Open the dialog that was asked for, if any; tell what the last one did."""
    if UPLOAD in st.query_params and ASKED not in st.session_state:
        _ask("upload")
    done = st.session_state.pop(DONE, None)
    if done:
        st.toast(done, icon=":material/check:")
    kind, video_id = st.session_state.get(ASKED, (None, None))
    if kind == "upload":
        _open("Upload a video", lambda: upload_form(seen_by, _finish))
    elif kind == "order":
        _open("Change the order", lambda: order_form(seen_by, _tell))
    elif video_id is not None:
        _about_video(seen_by, kind, video_id)


def _about_video(seen_by: Viewer, kind: str, video_id: UUID) -> None:
    video = video_to_edit(seen_by.creator_id, video_id)
    if video is None:
        _close()
        st.toast("There is no such video any more.", icon=":material/info:")
    elif kind == "edit":
        _open(f"Edit “{plain(video.title)}”", lambda: edit_form(seen_by, video, _finish, _ask_to_delete))
    else:
        _open(f"Delete “{plain(video.title)}”?", lambda: delete_form(seen_by, video, _finish, _keep))


def _open(title: str, body: object) -> None:
    st.dialog(title, width="medium", on_dismiss=_close)(body)()  # type: ignore[operator,type-var]


def _ask(kind: str, video_id: UUID | None = None) -> None:
    st.session_state[ASKED] = (kind, video_id)


def _close() -> None:
    st.session_state.pop(ASKED, None)
    st.query_params.pop(UPLOAD, None)


def _finish(done: str) -> None:
    _close()
    _tell(done)


def _tell(done: str) -> None:
    """Show the page anew, and say what was done."""
    st.session_state[DONE] = done
    st.rerun()


def _ask_to_delete(video_id: UUID) -> None:
    _ask("delete", video_id)
    st.rerun()


def _keep() -> None:
    _close()
    st.rerun()
