"""The alert about students who are slipping away."""

import streamlit as st

from database.frames import records
from findings.people import nobody_away
from queries.definitions import help_for
from queries.students.lists import AtRisk
from queries.students.reasons import at_risk_reason
from queries.students.rows import AtRiskRow
from rules.formatting import counted
from ui.shared.links import show_link, student_link, students_link
from ui.shared.people import told_apart
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
                    show_link(
                        students_link(status=status, sort="lastActive", order="asc"),
                        label=label,
                        icon=":material/arrow_forward:",
                    )


def _headline(count: int) -> str:
    return f"{counted(count, 'student needs', 'students need')} attention"


def _student(row: AtRiskRow) -> None:
    name, beside = told_apart(row.name, row.email, row.student_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=240, gap=None):
            show_link(student_link(row.student_id), label=plain(name), icon=":material/person:")
            st.caption(plain(beside))
        tier_badge(row.engagement_tier)
        st.write(at_risk_reason(row))
