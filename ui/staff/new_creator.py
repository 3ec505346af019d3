"""The form with which staff add a creator and the account of its owner."""

from uuid import UUID

import streamlit as st

from actions.creators import NewCreator, add_creator_for
from database.creators import LONGEST_NAME
from rules.tiers import DASHBOARD_TIER, TIERS
from ui.account.viewer import forget_accounts_and_creators
from ui.shared.acting import acting
from ui.shared.choices import zone_label
from ui.shared.flash import keep_message, show_message

ADDED = "staff_creator_added"


def new_creator_form(staff_id: UUID, zones: list[str]) -> None:
    """Name, time zone, tier, and who signs in; the page then lists the new creator."""
    show_message(ADDED)
    with st.expander("Add a creator", icon=":material/add:"), st.form("add_creator", border=False):
        name = st.text_input("Name of the school or channel", max_chars=LONGEST_NAME)
        with st.container(horizontal=True):
            zone = st.selectbox("Time zone", zones, index=zones.index("UTC"), format_func=zone_label)
            tier = st.selectbox("Tier", TIERS, index=TIERS.index(DASHBOARD_TIER), format_func=str.upper)
        email = st.text_input("Email of the owner", help="The first sign-in with this verified email opens it.")
        person = st.text_input("Name of the owner", max_chars=LONGEST_NAME, placeholder="Optional")
        if st.form_submit_button("Add creator", icon=":material/add:"):
            with acting():
                add_creator_for(staff_id, NewCreator(name, zone, tier), email, person)
                forget_accounts_and_creators()
                keep_message(ADDED, f"{name.strip()} was added. {email.strip()} can sign in now.")
                st.rerun()
