"""The alert about students who are slipping away."""

from typing import Any

import pandas as pd
import streamlit as st

from database.frames import records
from queries.definitions import help_for
from queries.reasons import at_risk_reason
from ui.navigation import student_page, students_page
from ui.text import plain
from ui.tiers import tier_badge

SHOWN = 5


def at_risk_alert(students: pd.DataFrame) -> None:
    """How many need attention, the worst five with the reason, and the way to everybody.

    Takes the frame of `queries.students.at_risk_students`.
    """
    with st.container(border=True):
        if students.empty:
            st.markdown(":green-badge[:material/check_circle: Nobody is at risk] Every student was here this week.")
            return
        st.header(_headline(students), help=help_for("at_risk"))
        for row in records(students.head(SHOWN)):
            _student(row)
        with st.container(horizontal=True):
            for status, label in (("at-risk", "All at risk"), ("inactive", "All inactive")):
                if (students["status"] == status).any():
                    st.page_link(
                        students_page(),
                        label=label,
                        icon=":material/arrow_forward:",
                        query_params={"status": status, "sort": "lastActive", "order": "asc"},
                    )


def _headline(students: pd.DataFrame) -> str:
    count = len(students)
    verb = "student needs" if count == 1 else "students need"
    return f"{count:,} {verb} attention"


def _student(row: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            student_page(),
            label=plain(row["name"]),
            icon=":material/person:",
            width=220,
            query_params={"id": str(row["student_id"])},
        )
        tier_badge(row["engagement_tier"])
        st.write(at_risk_reason(row))
