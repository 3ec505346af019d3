"""Time zone, overview, notifications, exports: the page."""

from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from actions.preferences import move_to_timezone, save_preferences
from database.clock import now
from database.errors import InputError
from database.preferences import Preferences
from database.time_zones import time_zones
from queries.preferences import preferences
from ui.notices import replaced_time_zone
from ui.settings_form import alert_fields, digest_fields, export_field, overview_fields
from ui.viewer import forget_accounts_and_creators, viewer

SAVED = "settings_saved"
WIDTH = 640

seen_by = viewer()
creator_id, zone = seen_by.creator_id, seen_by.creator.timezone
is_locked = seen_by.is_staff


def _saved(message: str) -> None:
    """Say it after the next run, which shows the new state everywhere."""
    st.session_state[SAVED] = message
    st.rerun()


st.title("Settings")
local_time = now().astimezone(ZoneInfo(zone))
st.write(f"Your days begin at midnight in **{zone.replace('_', ' ')}**, where it is {local_time:%H:%M} now.")

if is_locked:
    st.info("Only the creator can change these settings; you see them as they are.", icon=":material/lock:")
if SAVED in st.session_state:
    st.success(st.session_state.pop(SAVED), icon=":material/check:")

was = seen_by.creator.timezone_was
with st.container(width=WIDTH), st.container(border=True):
    st.header("Time zone")
    if was is not None:
        st.warning(replaced_time_zone(was), icon=":material/schedule:")
    zones = time_zones()
    wanted = st.selectbox(
        "Days and hours are reckoned in",
        zones,
        index=zones.index(zone),
        format_func=lambda name: name.replace("_", " "),
        help="Every figure by day or hour is computed anew when you change it.",
        disabled=is_locked,
    )
    label = "Change the time zone" if was is None or wanted != zone else f"Keep {zone}"
    if not is_locked and st.button(label, disabled=was is None and wanted == zone):
        try:
            with st.spinner("Computing every figure anew …"):
                is_done = move_to_timezone(seen_by.account, creator_id, wanted)
        except InputError as error:
            st.error(str(error))
        else:
            forget_accounts_and_creators()
            follow = "every figure is computed anew" if is_done else "the figures follow with the next refresh"
            _saved(f"The time zone is {wanted.replace('_', ' ')} now; {follow}.")

chosen = preferences(creator_id)
form = partial(st.container, border=True) if is_locked else partial(st.form, "preferences")
with st.container(width=WIDTH), form():
    cards, period = overview_fields(chosen, is_locked)
    at_risk, quizzes, content, by_mail = alert_fields(chosen, is_locked)
    is_digest_on, weekday, hour, has_report = digest_fields(chosen, is_locked, zone.replace("_", " "))
    export_format = export_field(chosen, is_locked)
    if not is_locked and st.form_submit_button("Save", type="primary"):
        try:
            wishes = Preferences(
                cards=tuple(cards),
                period=period,
                is_digest_on=is_digest_on,
                digest_weekday=weekday,
                digest_hour=hour,
                digest_has_report=has_report,
                alerts_at_risk=at_risk,
                alerts_quizzes=quizzes,
                alerts_content=content,
                is_alert_mail_on=by_mail,
                export_format=export_format,
            )
            save_preferences(seen_by.account, creator_id, wishes)
        except InputError as error:
            st.error(str(error))
        else:
            st.session_state["period"] = period
            _saved("Your settings are saved.")
