"""Enrolments from a list of students: enrol them, move them to another run, or end their enrolment."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from actions.enrolments import STUDENTS_AT_ONCE, end_enrolments, enrol, move_students
from database.levels import Level, at_level, level
from queries.courses.known import Course
from queries.mails.announcement_audience import students_fitting
from queries.students.lists import StudentFilters
from rules.formatting import counted, grouped, students
from ui.account.viewer import Viewer
from ui.courses.forms import run_choice
from ui.shared.acting import acting
from ui.shared.flash import keep_message, show_message

OPEN, DONE = "enrolling", "enrolled"
ENROL, MOVE, END = "Enrol", "Move", "End"
BUTTONS = {ENROL: "Enrol {}", MOVE: "Move {}", END: "End the enrolment of {}"}
WHAT_IT_MEANS = {
    ENROL: "Starts now; students who left are enrolled again. Without a last day, access does not end.",
    MOVE: "Ends their enrolment in one run and starts one in the other. Their past activity stays.",
    END: "Their past activity stays in the figures. Nobody is reminded to come back to this run.",
}


def enrol_button(
    seen_by: Viewer, known: list[Course], selected: list[UUID], filters: StudentFilters, total: int
) -> None:
    """A button for the selected rows or, without any, all matches; nothing if there is only one run of one course."""
    show_message(DONE, "toast")
    if sum(len(course.runs) for course in known) < 2:
        return
    count = len(selected) or total
    label = f"Courses of the {grouped(count)} selected" if selected else f"Courses of these {grouped(count)} students"
    st.button(label, icon=":material/school:", type="tertiary", key="enrol_button", on_click=_open)
    if st.session_state.get(OPEN):
        of = level()  # the dialog runs again by itself
        dialog = st.dialog(label, width="medium", on_dismiss=_close)
        dialog(lambda: _form(seen_by, known, of, selected, filters, count))()


def _form(
    seen_by: Viewer, known: list[Course], of: Level, selected: list[UUID], filters: StudentFilters, count: int
) -> None:
    what = st.segmented_control("Action", [ENROL, MOVE, END], default=ENROL, required=True, key="enrol_what")
    from_run = run_choice(known, "From", "enrol_from") if what != ENROL else None
    to_run = run_choice(known, "Into", "enrol_to") if what != END else None
    until = st.date_input("Last day of access", None, format="YYYY-MM-DD", key="enrol_until") if what == ENROL else None
    st.caption(WHAT_IT_MEANS[what or ENROL])
    if count > STUDENTS_AT_ONCE:
        st.error(
            f"{students(count)} cannot be changed at once: "
            f"choose at most {grouped(STUDENTS_AT_ONCE)}, with the filters."
        )
        return
    needed = {ENROL: [to_run], MOVE: [from_run, to_run], END: [from_run]}[what or ENROL]
    if st.button(
        BUTTONS[what or ENROL].format(_students(count)),
        type="primary",
        disabled=not all(needed),
        key="enrol_now",
        icon=":material/check:",
    ):
        with acting(), st.spinner("Saving…"):
            people_ids = selected or _fitting(seen_by, of, filters)
            keep_message(DONE, _done(seen_by, what or ENROL, people_ids, from_run, to_run, until))
            _close()
            st.rerun()


def _done(
    seen_by: Viewer, what: str, people: list[UUID], from_run: UUID | None, to_run: UUID | None, until: date | None
) -> str:
    """Make the change and describe what was done."""
    if what == ENROL and to_run:
        changed = enrol(seen_by.account, seen_by.creator_id, to_run, people, _end_of(until, seen_by)).changed
        return f"{_students(changed)} enrolled." if changed else "All of them were enrolled already."
    if what == MOVE and from_run and to_run:
        done = move_students(seen_by.account, seen_by.creator_id, from_run, to_run, people)
        stayed = f" {_students(done.unchanged)} not in that run stayed where they were." if done.unchanged else ""
        return f"{_students(done.changed)} moved.{stayed}"
    if from_run is None:
        return "Nothing was chosen."
    return f"The enrolment of {_students(end_enrolments(seen_by.account, seen_by.creator_id, from_run, people))} ended."


def _fitting(seen_by: Viewer, of: Level, filters: StudentFilters) -> list[UUID]:
    with at_level(of):
        found: list[UUID] = students_fitting(seen_by.creator_id, filters)["student_id"].tolist()
        return found


def _students(count: int) -> str:
    return counted(count, "student")


def _end_of(day: date | None, seen_by: Viewer) -> datetime | None:
    """The end of a local day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(seen_by.creator.timezone)) if day else None


def _open() -> None:
    st.session_state[OPEN] = True


def _close() -> None:
    st.session_state.pop(OPEN, None)
