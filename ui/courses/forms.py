"""The contents of the course dialogs: each has a form, calls one action, and shows errors."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from actions.courses import (
    TITLE_LIMIT,
    RunDates,
    add_course,
    add_run,
    change_run,
    close_course,
    name_course,
    open_course,
    order_courses,
    put_quizzes,
    put_videos,
)
from database.frames import records
from queries.courses.contents import ContentRow
from queries.courses.known import Course, Run
from queries.courses.names import course_name, run_name
from rules.formatting import grouped
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.table.cells import named
from ui.table.table import Column, Row, order_table

Finish = Callable[[str], None]

NEW_RUN = "new"
CLOSING = "A closed course keeps its figures. Nobody is reminded to come back to it, and you can reopen it."
CLOSED = "This course is closed. It keeps its figures, and nobody is reminded to come back to it."
WHAT_IS_BUILT = " Its figures are now being calculated from everything students have done."


def add_form(seen_by: Viewer, known: list[Course], finish: Finish) -> None:
    """A title, and a name for the first course if it has none yet."""
    unnamed = known[0] if len(known) == 1 and not known[0].title else None
    with st.form("add_course_form", border=False):
        first = (
            st.text_input("Name of your existing course", max_chars=TITLE_LIMIT, key="first_title") if unnamed else None
        )
        title = st.text_input("Title of the new course", max_chars=TITLE_LIMIT, key="new_course_title")
        is_sent = st.form_submit_button("Add course", type="primary", icon=":material/add:")
    st.caption(
        "Then add videos and quizzes to it. Students who have used them are enrolled automatically; enrol others "
        "on the Students page."
    )
    if is_sent:
        with acting(), st.spinner("Adding the course…"):
            if unnamed and first and first.strip():
                name_course(seen_by.account, seen_by.creator_id, unnamed.course_id, first)
            add_course(seen_by.account, seen_by.creator_id, title)
            finish("Course added." + WHAT_IS_BUILT)


def name_form(seen_by: Viewer, course: Course, finish: Finish) -> None:
    with st.form(f"name_{course.course_id}_form", border=False):
        title = st.text_input("Title", course.title, max_chars=TITLE_LIMIT, key=f"title_{course.course_id}")
        is_sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if is_sent:
        with acting():
            name_course(seen_by.account, seen_by.creator_id, course.course_id, title)
            finish("Name saved.")
    st.markdown(CLOSED if course.closed_at else CLOSING)
    if course.closed_at:
        if st.button("Reopen course", icon=":material/lock_open:", key="open_course"):
            with acting():
                open_course(seen_by.account, seen_by.creator_id, course.course_id)
                finish("Course reopened.")
    elif st.button("Close course", icon=":material/lock:", key="close_course"):
        with acting():
            close_course(seen_by.account, seen_by.creator_id, course.course_id)
            finish("Course closed. It keeps its figures, and nobody is reminded to come back to it.")


def order_form(seen_by: Viewer, known: list[Course], finish: Finish) -> None:
    """All courses, to be moved by hand or by keys, and saved once."""
    rows = [Row(str(course.course_id), (named(course_name(course)),)) for course in known]
    order = order_table("course_order", "Courses in order", [Column("title", "Course", "name")], rows)
    if order is not None:
        with acting():
            order_courses(seen_by.account, seen_by.creator_id, [UUID(one) for one in order])
            finish("Order saved.")


def content_form(seen_by: Viewer, known: list[Course], course: Course, contents: pd.DataFrame, finish: Finish) -> None:
    """Move videos and quizzes of other courses to this one, several at once. Takes `course_contents`."""
    names = {one.course_id: course_name(one) for one in known}
    rows = records(contents, ContentRow)
    here = [row for row in rows if row.course_id == course.course_id]
    counts = [sum(row.kind == kind for row in here) for kind in ("video", "quiz")]
    st.markdown(f"It has **{grouped(counts[0])}** videos and **{grouped(counts[1])}** quizzes.")
    labels = {row.id: f"{row.title} ({names.get(row.course_id, '')})" for row in rows}
    elsewhere = [row for row in rows if row.course_id != course.course_id]
    if not elsewhere:
        st.caption("It already has every video and quiz.")
        return
    with st.form(f"content_{course.course_id}_form", border=False):
        chosen = {
            kind: st.multiselect(
                label,
                [row.id for row in elsewhere if row.kind == kind],
                format_func=lambda row_id: labels.get(row_id, ""),
                key=f"put_{kind}",
                placeholder="None",
            )
            for kind, label in (("video", "Videos to add"), ("quiz", "Quizzes to add"))
        }
        is_sent = st.form_submit_button("Add to this course", type="primary", icon=":material/move_item:")
    st.caption("Student activity moves with them and counts in this course from now on.")
    if is_sent and not any(chosen.values()):
        st.error("Choose a video or a quiz first.")
    elif is_sent:
        with acting(), st.spinner("Saving…"):
            for put, ids in ((put_videos, chosen["video"]), (put_quizzes, chosen["quiz"])):
                if ids:  # each recalculates all figures
                    put(seen_by.account, seen_by.creator_id, course.course_id, ids)
            finish("Added to the course." + WHAT_IS_BUILT)


def runs_form(seen_by: Viewer, course: Course, finish: Finish) -> None:
    """Edit one run at a time: a new one or an existing one, with its name and dates."""
    zone = ZoneInfo(seen_by.creator.timezone)
    runs = {str(run.run_id): run for run in course.runs}
    names = {NEW_RUN: "New run"} | {key: run_name(run) for key, run in runs.items()}
    chosen = st.selectbox("Run", list(names), format_func=names.__getitem__, key="edited_run")
    run = runs.get(chosen)
    with st.form(f"run_{chosen}_form", border=False):
        title = st.text_input("Name", run.title if run else "", max_chars=TITLE_LIMIT, key=f"run_title_{chosen}")
        first = st.date_input("First day", _first_day(run, zone), format="YYYY-MM-DD", key=f"run_first_{chosen}")
        last = st.date_input("Last day", _last_day(run, zone), format="YYYY-MM-DD", key=f"run_last_{chosen}")
        is_sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    st.caption(
        "Without a first day, the run has always been open; without a last day, it stays open. "
        "Nobody is reminded to come back to a run that has ended."
    )
    if is_sent:
        with acting(), st.spinner("Saving…"):
            dates = RunDates(title, _midnight(first, zone), _midnight(last and last + timedelta(days=1), zone))
            if run is None:
                add_run(seen_by.account, seen_by.creator_id, course.course_id, dates)
                finish("Run added." + WHAT_IS_BUILT)
            else:
                change_run(seen_by.account, seen_by.creator_id, run.run_id, dates)
                finish("Run saved.")


def quiz_course_choice(names: dict[UUID, str], known: UUID | None, quiz_id: UUID, disabled: bool) -> UUID | None:
    """The course of a quiz without a video, `known` first; None if there is only one course."""
    if len(names) < 2:
        return None
    options = list(names)
    chosen: UUID = st.selectbox(
        "Course",
        options,
        index=options.index(known) if known in names else 0,
        format_func=names.__getitem__,
        key=f"course_{quiz_id}",
        disabled=disabled,
    )
    return chosen


def _first_day(run: Run | None, zone: ZoneInfo) -> date | None:
    return run.starts_at.astimezone(zone).date() if run and run.starts_at else None


def _last_day(run: Run | None, zone: ZoneInfo) -> date | None:
    """The day before the moment it ends."""
    return (run.ends_at - timedelta(seconds=1)).astimezone(zone).date() if run and run.ends_at else None


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def run_choice(known: list[Course], label: str, key: str) -> UUID | None:
    """A run of any open course; the only one if there is no choice."""
    names = {
        run.run_id: f"{course_name(course)} · {run_name(run)}" if len(course.runs) > 1 else course_name(course)
        for course in known
        if course.closed_at is None
        for run in course.runs
    }
    if len(names) < 2:
        return next(iter(names), None)
    chosen: UUID | None = st.selectbox(
        label, list(names), index=None, format_func=names.__getitem__, key=key, placeholder="Choose a course"
    )
    return chosen
