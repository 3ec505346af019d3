"""The dialogs for changing courses; the session remembers which one is open."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from queries.courses.contents import course_contents
from queries.courses.known import Course
from queries.courses.names import course_name
from ui.account.viewer import Viewer
from ui.courses.forms import add_form, content_form, name_form, order_form, runs_form
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain

Dialog = Callable[[], None]

ASKED, DONE = "course_dialog", "course_change_done"


def add_and_order_buttons(known: list[Course]) -> None:
    with st.container(horizontal=True):
        st.button("Add a course", icon=":material/add:", type="primary", key="add_course", on_click=_ask, args=("add",))
        if len(known) > 1:
            st.button("Change order", icon=":material/swap_vert:", key="order_courses", on_click=_ask, args=("order",))


def course_buttons(course: Course) -> None:
    """What can be done with one course."""
    with st.container(horizontal=True):
        for kind, label, icon in (
            ("content", "Videos and quizzes", ":material/video_library:"),
            ("runs", "Runs", ":material/event:"),
            ("name", "Rename or close", ":material/edit:"),
        ):
            st.button(
                label,
                icon=icon,
                type="tertiary",
                key=f"{kind}_{course.course_id}",
                on_click=_ask,
                args=(kind, course.course_id),
            )


def asked_dialog(seen_by: Viewer, known: list[Course]) -> Dialog:
    """A function that opens the requested dialog, if any, with its data already read; reports what the last one did."""
    show_message(DONE, "toast")
    kind, course_id = st.session_state.get(ASKED, (None, None))
    if kind == "add":
        return _dialog("Add course", lambda: add_form(seen_by, known, _finish))
    if kind == "order":
        return _dialog("Change order", lambda: order_form(seen_by, known, _finish))
    course = next((one for one in known if one.course_id == course_id), None)
    return _about_course(seen_by, known, course, kind) if course else _nothing


def _about_course(seen_by: Viewer, known: list[Course], course: Course, kind: str) -> Dialog:
    if kind == "content":
        contents = course_contents(seen_by.creator_id)
        title = f"Videos and quizzes of {_named(course)}"
        return _dialog(title, lambda: content_form(seen_by, known, course, contents, _finish))
    if kind == "runs":
        return _dialog(f"Runs of {_named(course)}", lambda: runs_form(seen_by, course, _finish))
    return _dialog(_named(course), lambda: name_form(seen_by, course, _finish))


def _named(course: Course) -> str:
    return f"“{plain(course_name(course))}”"


def _dialog(title: str, body: Dialog) -> Dialog:
    return st.dialog(title, width="medium", on_dismiss=_close)(body)


def _nothing() -> None:
    """Does nothing: no dialog was requested."""


def _ask(kind: str, course_id: UUID | None = None) -> None:
    st.session_state[ASKED] = (kind, course_id)


def _close() -> None:
    st.session_state.pop(ASKED, None)


def _finish(done: str) -> None:
    _close()
    keep_message(DONE, done)
    st.rerun()
