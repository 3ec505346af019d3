"""The alert about students who are slipping away."""

from typing import Any

import streamlit as st

from database.frames import records
from queries.definitions import help_for
from queries.reasons import at_risk_reason
from queries.students import AtRisk
from ui.navigation import student_page, students_page
from ui.text import plain
from ui.tiers import tier_badge


def at_risk_alert(found: AtRisk) -> None:
    """How many need attention, the worst five with the reason, and the way to everybody."""
    with st.container(border=True):
        if not found.total:
            st.markdown(":green-badge[:material/check_circle: Nobody is at risk] Every student was here this week.")
            return
        st.header(_headline(found.total), help=help_for("at_risk"))
        for row in records(found.students):
            _student(row)
        with st.container(horizontal=True):
            for status, label, count in (
                ("at-risk", "All at risk", found.at_risk),
                ("inactive", "All inactive", found.inactive),
            ):
                if count:
                    st.page_link(
                        students_page(),
                        label=label,
                        icon=":material/arrow_forward:",
                        query_params={"status": status, "sort": "lastActive", "order": "asc"},
                    )


def _headline(count: int) -> str:
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
