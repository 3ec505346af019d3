"""A student's personal data: everything handed over as a file, or erased for good."""

from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from actions.erasures import NoSuchStudent, erase_student
from queries.students.erasures import ErasureRow
from queries.students.rows import StudentRow
from reports.links import hand_over_link
from rules.formatting import grouped, timed
from rules.sentences import always
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.flash import keep_message
from ui.shared.links import go_to, students_link
from ui.shared.text import plain

ERASED = "student_erased"  # shown on the students page
ASKED = "erasing"
CONSEQUENCES = always(
    "- Everything this student did, asked and answered is removed, and every figure is as if they had never come.\n"
    "- Emails to them are removed; that one was sent stays counted.\n"
    "- Exports that may name them are removed; create those again that you need.\n"
    "- Remove them from the platform too, or they come back with the next import.\n"
    "- You cannot undo this."
)


def personal_data_panel(student: StudentRow, seen_by: Viewer) -> None:
    """Takes a row of `queries.students.lists.student`; nothing for staff, who are read-only."""
    if seen_by.is_staff:
        return
    with st.expander("Personal data", icon=":material/shield_person:"):
        st.write(
            always(
                "Students may ask for everything that is kept about them, and to have it erased. The file has every "
                "row and email of this student, and nothing about others."
            )
        )
        with st.container(horizontal=True):
            link = hand_over_link(seen_by.creator_id, student.student_id)
            st.link_button("Download everything (JSON)", link.path, icon=":material/download:")
            if st.button("Erase this student…", icon=":material/person_remove:", key="ask_to_erase"):
                st.session_state[ASKED] = student.student_id
    if st.session_state.get(ASKED) == student.student_id:
        st.dialog(f"Erase {plain(student.name)}?", on_dismiss=_keep)(_erase_form)(student, seen_by)


def receipts_panel(receipts: list[ErasureRow], timezone: str) -> None:
    """The receipts of students who were erased; nothing before the first."""
    if not receipts:
        return
    with st.container(border=True):
        st.header("Erased students")
        st.caption("A receipt says what was removed, and not who it was.")
        for receipt in receipts:
            at = timed(receipt.erased_at.astimezone(ZoneInfo(timezone)))
            with st.expander(f"{at}, by {plain(receipt.author_name)}"):
                st.text(f"Receipt {receipt.id}")
                st.text("\n".join(f"{grouped(count)}  {_noun(name)}" for name, count in receipt.removed.items()))


def _noun(table: str) -> str:
    """The name of a table in words."""
    return table.replace("_", " ")


def _erase_form(student: StudentRow, seen_by: Viewer) -> None:
    st.markdown(CONSEQUENCES)
    typed = st.text_input("To confirm, type the student's name", key="erase_name")
    with st.container(horizontal=True):
        is_meant = typed.strip() == student.name.strip()
        is_erased = st.button("Erase for good", type="primary", disabled=not is_meant, key="erase")
        if st.button("Keep student", key="keep_student"):
            _keep()
            st.rerun()
    if is_erased and is_meant:
        _erase(student.student_id, seen_by)


def _erase(student_id: UUID, seen_by: Viewer) -> None:
    with acting(), st.spinner("Erasing, and recalculating the figures…"):
        try:
            receipt = erase_student(seen_by.account, seen_by.creator_id, student_id)
            keep_message(ERASED, f"The student was erased. The receipt is {receipt.id}, under Settings.")
        except NoSuchStudent as error:
            keep_message(ERASED, str(error))
        _keep()
        go_to(students_link())


def _keep() -> None:
    st.session_state.pop(ASKED, None)
