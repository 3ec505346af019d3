"""Every creator with the state of the figures, for staff."""

from datetime import datetime, timedelta
from uuid import UUID

import streamlit as st

from actions.staff import refresh_creator
from database.clock import now
from queries.definitions import help_for
from queries.staff import CreatorState
from ui.navigation import overview_page
from ui.text import plain
from ui.viewer import CREATOR_KEY, ENTITLED_TIER, forget_accounts_and_creators

SHOWN = 50
REFRESHED = "staff_refreshed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def creators_found(creators: list[CreatorState]) -> list[CreatorState]:
    """Those whose name holds what is typed, all to begin with."""
    typed = st.text_input("Find a creator", key="creator_name", type="search", live=True, max_chars=100)
    return [creator for creator in creators if (typed or "").strip().lower() in creator.name.lower()]


def creator_cards(creators: list[CreatorState], staff_id: UUID) -> None:
    """A card per creator, at most 50: tier, students, last refresh, and what staff may do."""
    if REFRESHED in st.session_state:
        st.success(st.session_state.pop(REFRESHED), icon=":material/check:")
    for creator in creators[:SHOWN]:
        _card(creator, staff_id)
    if len(creators) > SHOWN:
        st.caption(f"{SHOWN} of {len(creators):,} creators. Type a name to find another one.")


def _card(creator: CreatorState, staff_id: UUID) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            people = "1 student" if creator.students == 1 else f"{creator.students:,} students"
            st.markdown(
                f"**{plain(creator.name)}** :gray-badge[{plain(creator.subscription_tier.upper())}]  \n"
                f"{people} · {plain(creator.timezone.replace('_', ' '))}"
                f"{_zone_before(creator)}{_set_aside(creator.refused_rows)}"
            )
            st.caption(_figures(creator), help=help_for("refresh_state"))
        st.button(
            "Refresh",
            key=f"refresh_{creator.id}",
            icon=":material/refresh:",
            on_click=_refresh,
            args=(staff_id, creator),
        )
        if creator.subscription_tier == ENTITLED_TIER and st.button(
            "Open", key=f"open_{creator.id}", icon=":material/visibility:", on_click=_choose, args=(creator.id,)
        ):
            st.switch_page(overview_page())


def _refresh(staff_id: UUID, creator: CreatorState) -> None:
    is_done = refresh_creator(staff_id, creator.id)
    forget_accounts_and_creators()
    what = "are up to date" if is_done else "are being refreshed already; look again in a minute"
    st.session_state[REFRESHED] = f"The figures of {plain(creator.name)} {what}."


def _choose(creator_id: UUID) -> None:
    st.session_state[CREATOR_KEY] = creator_id


def _figures(creator: CreatorState) -> str:
    waiting = _waiting(creator)
    if creator.refreshed_at is None:
        return f"Never refreshed{waiting}"
    took = f"{creator.refresh_seconds:,.2f} s" if creator.refresh_seconds is not None else "an unknown time"
    return f"Refreshed {_ago(creator.refreshed_at)} in {took} · data version {creator.version:,}{waiting}"


def _zone_before(creator: CreatorState) -> str:
    """What the platform had written for a zone, where it was none; until the creator or the platform chooses one."""
    if creator.timezone_was is None:
        return ""
    return f" :orange-badge[instead of “{plain(creator.timezone_was)}”, which is no time zone]"


def _set_aside(rows: int) -> str:
    """Rows that count nowhere: what to do with them is for whoever runs the platform."""
    if not rows:
        return ""
    said = "1 row is" if rows == 1 else f"{rows:,} rows are"
    return f" :orange-badge[{said} set aside: a time in them is not between 1990 and 2100]"


def _waiting(creator: CreatorState) -> str:
    if creator.students_to_build:
        return f" · being built anew: {creator.students_built:,} of {creator.students_to_build:,} students"
    if not creator.waiting_keys:
        return ""
    return " · 1 change waits" if creator.waiting_keys == 1 else f" · {creator.waiting_keys:,} changes wait"


def _ago(moment: datetime) -> str:
    age = now() - moment
    if age < MINUTE:
        return "just now"
    if age < HOUR:
        return f"{age // MINUTE} min ago"
    return f"{age // HOUR} h ago" if age < 2 * DAY else f"{age // DAY} days ago"
