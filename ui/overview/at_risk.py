"""The alert about students who are slipping away."""

import streamlit as st

from database.frames import records
from findings.people import nobody_away
from queries.definitions import help_for
from queries.students.lists import AtRisk
from queries.students.reasons import at_risk_reason
from queries.students.rows import AtRiskRow
from rules.formatting import counted
from ui.navigation import student_page, students_page
from ui.shared.text import plain
from ui.students.tiers import tier_badge


def at_risk_alert(found: AtRisk) -> None:
    """How many students need attention, the first five with the reason, and links to all of them."""
    with st.container(border=True):
        if all_well := nobody_away(found.total):
            st.markdown(f":green-badge[:material/check_circle: None at risk] {all_well}")
            return
        st.header(_headline(found.total), help=help_for("at_risk"))
        for row in records(found.students, AtRiskRow):
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
    return f"{counted(count, 'student needs', 'students need')} attention"


def _student(row: AtRiskRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            student_page(),
            label=plain(row.name),
            icon=":material/person:",
            width=220,
            query_params={"id": str(row.student_id)},
        )
        tier_badge(row.engagement_tier)
        st.write(at_risk_reason(row))
