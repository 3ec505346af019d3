"""Every creator with the state of the figures, for staff."""

from datetime import datetime, timedelta
from uuid import UUID

import streamlit as st

from actions.staff import refresh_creator
from database.clock import now
from queries.definitions import help_for
from queries.staff import CreatorState
from rules.formatting import counted, decimal, grouped, out_of
from rules.tiers import opens_the_dashboard
from ui.account.viewer import CREATOR_KEY, forget_accounts_and_creators
from ui.navigation import overview_page
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain

SHOWN = 50
REFRESHED = "staff_refreshed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def creators_found(creators: list[CreatorState]) -> list[CreatorState]:
    """The creators whose name contains the typed text; all by default."""
    typed = st.text_input("Find a creator", key="creator_name", type="search", live=True, max_chars=100)
    return [creator for creator in creators if (typed or "").strip().lower() in creator.name.lower()]


def creator_cards(creators: list[CreatorState], staff_id: UUID) -> None:
    """A card per creator, at most 50: tier, students, last refresh, and what staff may do."""
    show_message(REFRESHED)
    for creator in creators[:SHOWN]:
        _card(creator, staff_id)
    if len(creators) > SHOWN:
        st.caption(f"{SHOWN} of {grouped(len(creators))} creators. Type a name to find another one.")


def _card(creator: CreatorState, staff_id: UUID) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            people = counted(creator.students, "student")
            st.markdown(
                f"**{plain(creator.name)}** :gray-badge[{plain(creator.subscription_tier.upper())}]  \n"
                f"{people} · {plain(creator.timezone.replace('_', ' '))}"
                f"{_zone_before(creator)}{_set_aside(creator.refused_rows)}"
            )
            st.caption(_figures(creator), help=help_for("refresh_state"))
        with st.container(horizontal=True, width="content"):
            _buttons(creator, staff_id)


def _buttons(creator: CreatorState, staff_id: UUID) -> None:
    st.button(
        "Refresh", key=f"refresh_{creator.id}", icon=":material/refresh:", on_click=_refresh, args=(staff_id, creator)
    )
    if opens_the_dashboard(creator.subscription_tier) and st.button(
        "Open", key=f"open_{creator.id}", icon=":material/visibility:", on_click=_choose, args=(creator.id,)
    ):
        st.switch_page(overview_page())


def _refresh(staff_id: UUID, creator: CreatorState) -> None:
    is_done = refresh_creator(staff_id, creator.id)
    forget_accounts_and_creators()
    what = "are up to date" if is_done else "are already being refreshed; check back in a minute"
    keep_message(REFRESHED, f"The figures of {plain(creator.name)} {what}.")


def _choose(creator_id: UUID) -> None:
    st.session_state[CREATOR_KEY] = creator_id


def _figures(creator: CreatorState) -> str:
    waiting = _waiting(creator)
    if creator.refreshed_at is None:
        return f"Never refreshed{waiting}"
    took = f"{decimal(creator.refresh_seconds, 2)} s" if creator.refresh_seconds is not None else "an unknown time"
    return f"Refreshed {_ago(creator.refreshed_at)} in {took} · data version {grouped(creator.version)}{waiting}"


def _zone_before(creator: CreatorState) -> str:
    """The platform's invalid time zone, shown until the creator or the platform chooses a valid one."""
    if creator.timezone_was is None:
        return ""
    return f" :orange-badge[instead of “{plain(creator.timezone_was)}”, which is not a time zone]"


def _set_aside(rows: int) -> str:
    """Rows that are not counted anywhere: the platform's operators decide what to do with them."""
    if not rows:
        return ""
    said = counted(rows, "row is", "rows are")
    return f" :orange-badge[{said} set aside: a time in them is not between 1990 and 2100]"


def _waiting(creator: CreatorState) -> str:
    if creator.students_to_build:
        return f" · being rebuilt: {out_of(creator.students_built or 0, creator.students_to_build, 'student')}"
    if not creator.waiting_keys:
        return ""
    return f" · {counted(creator.waiting_keys, 'change')} waiting"


def _ago(moment: datetime) -> str:
    age = now() - moment
    if age < MINUTE:
        return "just now"
    if age < HOUR:
        return f"{age // MINUTE} min ago"
    return f"{age // HOUR} h ago" if age < 2 * DAY else f"{age // DAY} days ago"
