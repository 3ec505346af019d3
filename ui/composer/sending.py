"""The last steps: a test to oneself, when to send, the question with the number, and sending."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from actions.announcements import UNDO_SECONDS, Recipient, Sending, announce
from actions.trial_mails import send_announcement_trial
from database.announcements import Announcement
from database.clock import now
from database.local_time import first_instant
from rules.edits import VersionConflict
from rules.errors import InputError
from rules.formatting import counted, hour_of_day
from ui.account.viewer import Viewer
from ui.composer.preview import Previewed
from ui.composer.recipients import Whom, audience_now
from ui.composer.sentences import changed_in_words, question_in_words, start_in_words
from ui.composer.writing import CONFIRMING, STATE, Writing, forget_writing, written
from ui.shared.flash import keep_message, show_message
from ui.shared.links import announcement_link, go_to
from ui.shared.text import plain

TESTED, REFUSED = "composer_tested", "composer_refused"
FARTHEST = timedelta(days=365)
NOW, LATER = "Now", "Later"


def send_panel(seen_by: Viewer, whom: Whom, chosen: pd.DataFrame, shown: Previewed) -> None:
    """Test, time, button; after the button the question with the number; afterwards the announcement's own page."""
    zone = seen_by.creator.timezone
    due_at = due_choice("announcement", zone, None)
    count = int(chosen["skipped_because"].isna().sum()) if len(chosen) else 0
    now_writing: Writing = st.session_state[STATE]
    is_ready = count > 0 and not now_writing.is_in_conflict
    if st.session_state.get(CONFIRMING) and is_ready:
        _question(seen_by, whom, chosen, count, due_at)
    else:
        _buttons(seen_by, shown, count, is_ready)
    show_message(TESTED, icon=":material/outgoing_mail:")
    show_message(REFUSED, "error", ":material/error:")


def due_choice(key: str, zone: str, chosen: datetime | None) -> datetime | None:
    """The chosen time; None: now. `chosen` is what it begins with."""
    local_now = now().astimezone(ZoneInfo(zone))
    begins = chosen.astimezone(ZoneInfo(zone)) if chosen else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        usual = LATER if begins else NOW
        when = st.segmented_control("When", (NOW, LATER), default=usual, required=True, key=f"{key}_when")
        if when != LATER:
            return None
        tomorrow = local_now.date() + timedelta(days=1)
        day = st.date_input(
            "Day",
            begins.date() if begins else tomorrow,
            min_value=local_now.date(),
            max_value=local_now.date() + FARTHEST,
            key=f"{key}_day",
        )
        hour = st.selectbox(
            "Hour",
            range(24),
            index=begins.hour if begins else 9,
            format_func=lambda hour: hour_of_day(hour),
            key=f"{key}_hour",
            help=f"Time zone: {zone.replace('_', ' ')}.",
        )
    due_at = first_instant(day, hour, ZoneInfo(zone))
    return due_at if due_at > now() + timedelta(seconds=UNDO_SECONDS) else None


def _buttons(seen_by: Viewer, shown: Previewed, count: int, is_ready: bool) -> None:
    with st.container(horizontal=True):
        label = f"Send to {counted(count, 'student')}" if count else "Send"
        st.button(
            label,
            type="primary",
            icon=":material/send:",
            disabled=not is_ready,
            key="send_announcement",
            on_click=_ask,
        )
        st.button(
            "Send me a test",
            icon=":material/outgoing_mail:",
            help="The email as in the preview, to your own address.",
            key="test_announcement",
            on_click=_test,
            args=(seen_by, shown),
        )


def _question(seen_by: Viewer, whom: Whom, chosen: pd.DataFrame, count: int, due_at: datetime | None) -> None:
    local = due_at.astimezone(ZoneInfo(seen_by.creator.timezone)) if due_at else None
    with st.container(border=True):
        st.markdown(f"{question_in_words(count)}  \n{start_in_words(local, count)}")
        with st.container(horizontal=True):
            is_sure = st.button(
                f"Yes, send to {counted(count, 'student')}", type="primary", icon=":material/send:", key="confirm_send"
            )
            st.button("Not yet", key="not_yet", on_click=_do_not_ask)
    if is_sure:
        _send(seen_by, whom, chosen, count, due_at)


def _send(seen_by: Viewer, whom: Whom, chosen: pd.DataFrame, count: int, due_at: datetime | None) -> None:
    writing: Writing = st.session_state[STATE]
    text = written()
    try:
        content = Announcement.typed(text.subject, text.body)
        zone = seen_by.creator.timezone
        sending = Sending(writing.announcement_id, content, whom.in_words, due_at or now(), zone, writing.version)
        announce(seen_by.account, seen_by.creator_id, sending, _recipients(seen_by, chosen, whom.quiet_days, count))
    except InputError as error:
        _do_not_ask()
        if isinstance(error, VersionConflict):
            st.session_state[STATE] = replace(writing, is_in_conflict=True)
        else:
            keep_message(REFUSED, str(error))
        st.rerun()
    forget_writing()
    go_to(announcement_link(writing.announcement_id))


def _recipients(seen_by: Viewer, chosen: pd.DataFrame, quiet_days: int, count: int) -> list[Recipient]:
    """Raises InputError if they are no longer as many as the question said."""
    found = audience_now(seen_by.creator_id, chosen, quiet_days)
    reached = sum(row.skipped_because is None for row in found)
    if reached != count:
        raise InputError(changed_in_words(reached, count))
    return [Recipient(row.student_id, row.email, row.skipped_because) for row in found]


def _test(seen_by: Viewer, shown: Previewed) -> None:
    text = written()
    try:
        content = Announcement.typed(text.subject, text.body)
        address = send_announcement_trial(
            seen_by.account, seen_by.creator_id, content, shown.student_id, seen_by.creator.timezone
        )
    except InputError as error:
        keep_message(REFUSED, str(error))
    else:
        keep_message(TESTED, f"A test is on its way to {plain(address)}; it takes about a minute.")


def _ask() -> None:
    st.session_state[CONFIRMING] = True


def _do_not_ask() -> None:
    st.session_state.pop(CONFIRMING, None)
