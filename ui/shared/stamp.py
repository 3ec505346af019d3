"""When the figures were brought up to date, and the button with which staff do it now."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from actions.staff import refresh_creator
from database.clock import now
from rules.formatting import timed
from ui.account.viewer import Viewer, forget_accounts_and_creators
from ui.shared.acting import acting
from ui.shared.flash import keep_message, show_message

REFRESHED = "refreshed"
STYLE = "time { font-size: 0.875rem; opacity: 0.75; }"

_ago = st.components.v2.component(
    "ago", html="<time></time>", css=STYLE, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def updated(refreshed_at: datetime | None, seen_by: Viewer) -> None:
    """A line such as "Updated 12 s ago", with the moment on hover; for staff, a button beside it."""
    show_message(REFRESHED, "toast")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if refreshed_at is None:
            st.caption("The figures are being calculated and will appear within a minute.", width="content")
        else:
            _ago(key="updated", data=_told(refreshed_at, seen_by.creator.timezone), width="content")
        if seen_by.is_staff and st.button("Refresh", icon=":material/refresh:", type="tertiary", key="refresh"):
            with acting():
                _refresh(seen_by)


def _told(refreshed_at: datetime, timezone: str) -> dict[str, object]:
    local = refreshed_at.astimezone(ZoneInfo(timezone))
    return {
        "at": refreshed_at.isoformat(),
        "age_seconds": int((now() - refreshed_at).total_seconds()),
        "exactly": f"{timed(local)} ({timezone.replace('_', ' ')})",
    }


def _refresh(seen_by: Viewer) -> None:
    is_done = refresh_creator(seen_by.account.id, seen_by.creator_id)
    forget_accounts_and_creators()
    what = "are up to date" if is_done else "are already being refreshed; check back in a minute"
    keep_message(REFRESHED, f"The figures {what}.")
    st.rerun()
