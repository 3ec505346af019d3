"""The settings page: time zone, overview, notifications, exports."""

from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from actions.preferences import move_to_timezone, save_preferences
from database.clock import now
from database.time_zones import time_zones
from queries.preferences import preferences
from rules.errors import InputError
from rules.formatting import clock_time
from rules.preferences import Preferences
from ui.account.viewer import forget_accounts_and_creators, viewer
from ui.settings_form import alert_fields, digest_fields, export_fields, overview_fields
from ui.shared.acting import acting
from ui.shared.flash import keep_message, show_message
from ui.shared.gathering import gathering
from ui.top_bar.notices import count_again, replaced_time_zone

SAVED = "settings_saved"
WIDTH = 640

seen_by = viewer()
creator_id, zone = seen_by.creator_id, seen_by.creator.timezone
is_locked = seen_by.is_staff


def _saved(message: str) -> None:
    """Show the message after the next run, when the new state is visible everywhere."""
    keep_message(SAVED, message)
    st.rerun()


st.title("Settings")
with gathering():
    zones, chosen = time_zones(), preferences(creator_id)
local_time = now().astimezone(ZoneInfo(zone))
st.write(f"Days begin at midnight in **{zone.replace('_', ' ')}**, where it is now {clock_time(local_time)}.")

if is_locked:
    st.info("Read-only for staff: only the creator can change these settings.", icon=":material/lock:")
show_message(SAVED)

was = seen_by.creator.timezone_was
with st.container(width=WIDTH), st.container(border=True):
    st.header("Time zone")
    if was is not None:
        st.warning(replaced_time_zone(was), icon=":material/schedule:")
    wanted = st.selectbox(
        "Time zone",
        zones,
        index=zones.index(zone),
        format_func=lambda name: name.replace("_", " "),
        help="Changing it recalculates all figures by day or hour.",
        disabled=is_locked,
    )
    label = "Change time zone" if was is None or wanted != zone else f"Keep {zone}"
    if not is_locked and st.button(label, disabled=was is None and wanted == zone):
        with acting(), st.spinner("Recalculating all figures…"):
            is_done = move_to_timezone(seen_by.account, creator_id, wanted)
            forget_accounts_and_creators()
            follow = (
                "all figures have been recalculated" if is_done else "the figures will follow with the next refresh"
            )
            _saved(f"The time zone is {wanted.replace('_', ' ')} now; {follow}.")

form = partial(st.container, border=True) if is_locked else partial(st.form, "preferences")
with st.container(width=WIDTH), form():
    cards, period = overview_fields(chosen, is_locked)
    at_risk, quizzes, content, by_mail = alert_fields(chosen, is_locked)
    is_digest_on, weekday, hour, has_report = digest_fields(chosen, is_locked, zone.replace("_", " "))
    export_format, csv_style = export_fields(chosen, is_locked)
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
                csv_separator=csv_style.separator,
                csv_decimal_mark=csv_style.decimal_mark,
                csv_encoding=csv_style.encoding,
            )
            save_preferences(seen_by.account, creator_id, wishes)
            count_again()
        except InputError as error:
            st.error(str(error))
        else:
            _saved("Settings saved.")
