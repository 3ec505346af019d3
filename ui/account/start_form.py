"""The form on the sign-in page of one's own computer for people who start with their own data."""

import streamlit as st

from actions.creators import NewCreator, start_with_own_data
from database.creators import LONGEST_NAME
from database.time_zones import time_zones
from ui.account.demo_account import choose
from ui.account.return_path import base_path
from ui.shared.acting import acting
from ui.shared.choices import zone_label

LANDS_ON = "/own_data"


def start_form() -> None:
    """Name of the school, time zone, one's own name; then the page with the ways in."""
    zones = time_zones()
    with st.form("start"):
        school = st.text_input(
            "Name of the school or channel", max_chars=LONGEST_NAME, placeholder="Riverside Cooking School"
        )
        zone = st.selectbox(
            "Time zone",
            zones,
            index=zones.index(_zone_of_browser(zones)),
            format_func=zone_label,
            help="Days and hours are counted in it. It can be changed in the settings.",
        )
        person = st.text_input("Your name", max_chars=LONGEST_NAME, placeholder="Optional")
        is_asked = st.form_submit_button("Start", type="primary", icon=":material/arrow_forward:")
    if is_asked:
        with acting():
            choose(start_with_own_data(NewCreator(school, zone), person), f"{base_path()}{LANDS_ON}")


def _zone_of_browser(zones: list[str]) -> str:
    """The zone that the browser reports, if it is one that a creator can have; else UTC."""
    reported = reported_zone()
    return reported if reported in zones else "UTC"


def reported_zone() -> str | None:
    """What the browser says; None if it says nothing."""
    return st.context.timezone
