"""The settings page: time zone, overview, notifications, exports."""

from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from actions.preferences import move_to_timezone, save_preferences
from database.clock import now
from database.frames import records
from database.time_zones import time_zones
from queries.archives import ArchiveRow, archive_state
from queries.preferences import preferences
from queries.students.erasures import ErasureRow, erasures
from rules.formatting import clock_time
from rules.preferences import Preferences
from ui.account.viewer import forget_accounts_and_creators, viewer
from ui.digest_now import digest_now
from ui.settings_archive import archive_panel
from ui.settings_form import preference_fields, preference_shown
from ui.shared.acting import acting
from ui.shared.flash import keep_message, show_message
from ui.shared.gathering import gathering
from ui.shared.opened import as_opened, forget_opened, save_or_ask
from ui.students.personal_data import receipts_panel
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
    zones, chosen, receipts = time_zones(), preferences(creator_id), records(erasures(creator_id), ErasureRow)
    archives = records(archive_state(creator_id), ArchiveRow)
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

if not is_locked:
    with st.container(width=WIDTH):
        digest_now(seen_by)

opened = as_opened("preferences", chosen)
form = partial(st.container, border=True) if is_locked else partial(st.form, "preferences")
with st.container(width=WIDTH), form():
    wishes = preference_fields(opened, is_locked, zone.replace("_", " "))
    is_saved = not is_locked and st.form_submit_button("Save", type="primary")


def save(mine: Preferences, before: Preferences) -> None:
    save_preferences(seen_by.account, creator_id, mine, before)
    forget_opened()
    count_again()
    _saved("Settings saved.")


with st.container(width=WIDTH), acting():
    save_or_ask(lambda: Preferences(**wishes), opened, is_saved, save, preference_shown)

with st.container(width=WIDTH):
    archive_panel(archives, seen_by, SAVED)
    receipts_panel(receipts, zone)
