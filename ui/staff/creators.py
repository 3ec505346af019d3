"""Every creator with the state of the figures, for staff."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pandas as pd
import streamlit as st

from actions.staff import refresh_creator
from database.clock import now
from queries.definitions import help_for
from queries.staff import CreatorState
from rules.formatting import counted, decimal, grouped, out_of
from rules.tiers import opens_the_dashboard
from ui.account.viewer import ASKED_FOR, forget_accounts_and_creators
from ui.navigation import overview_page
from ui.shared.choices import search_filter
from ui.shared.flash import DONE_ICON
from ui.shared.links import Link, go_to
from ui.shared.text import plain
from ui.table.address import ListAddress, Order
from ui.table.cells import badge, button, named, number, words
from ui.table.table import Column, Row, pressed, whole_list

CREATORS = ListAddress.of("creator", Order("name"))
COLUMNS = (
    Column("name", "Creator", "name", "asc"),
    Column("tier", "Tier", "badge", "asc"),
    Column("students", "Students", "number", "desc"),
    Column("open", "Open", "button", hidden=True),
    Column("refresh", "Refresh", "button", hidden=True),
    Column("refreshed", "Figures", sorts="asc", help=help_for("refresh_state")),
    Column("waiting", "Waiting", sorts="desc"),
    Column("refused", "Set aside", sorts="desc"),
)
SORTED_BY = ["place", "name", "tier", "students", "refreshed", "waiting", "refused"]
REFRESHED = "staff_refreshed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def creators_found(creators: list[CreatorState]) -> list[CreatorState]:
    """The creators whose name contains the typed text; all by default."""
    typed = search_filter("creator_name", "Name", label="Find a creator", starts_over=(CREATORS.page,))
    return [creator for creator in creators if typed.strip().lower() in creator.name.lower()]


def follow_press(staff_id: UUID) -> None:
    """Refresh or open the creator whose button was pressed, before the page reads. A press lasts for one run."""
    what = pressed(CREATORS.key)
    if not what:
        return
    with suppress(ValueError):
        creator_id = UUID(what[1])
        if what[0] == "open":
            st.session_state[ASKED_FOR] = creator_id
            go_to(Link(overview_page()))
        st.session_state[REFRESHED] = creator_id, refresh_creator(staff_id, creator_id)
        forget_accounts_and_creators()


def creator_table(creators: list[CreatorState]) -> None:
    """Every creator: tier, students, last refresh, and what staff may do."""
    _refreshed_in_words(creators)
    by_place = pd.DataFrame([_to_sort_by(place, creator) for place, creator in enumerate(creators)], columns=SORTED_BY)

    def described(part: pd.DataFrame) -> list[Row]:
        return [_row(creators[place]) for place in part["place"]]

    fields = {name: name for name in SORTED_BY if name != "place"}
    whole_list(CREATORS, "Creators", COLUMNS, by_place, described, fields)


def _to_sort_by(place: int, creator: CreatorState) -> tuple[object, ...]:
    waiting = creator.students_to_build or creator.waiting_keys
    refreshed_at = creator.refreshed_at
    return place, creator.name, creator.subscription_tier, creator.students, refreshed_at, waiting, creator.refused_rows


def _row(creator: CreatorState) -> Row:
    opens = opens_the_dashboard(creator.subscription_tier)
    cells = (
        named(
            creator.shown_name,
            f"{creator.timezone.replace('_', ' ')}{_zone_before(creator)} · id {str(creator.id)[:8]}",
        ),
        badge(creator.subscription_tier.upper(), "blue" if opens else "gray"),
        number(creator.students),
        button("Open", f"Open the dashboard of {creator.name}") if opens else None,
        button("Refresh", f"Refresh the figures of {creator.name}"),
        words(_figures(creator)),
        words(_waiting(creator)) or None,
        words(_set_aside(creator.refused_rows)) or None,
    )
    return Row(str(creator.id), cells)


def _refreshed_in_words(creators: list[CreatorState]) -> None:
    creator_id, is_done = st.session_state.pop(REFRESHED, (None, False))
    name = next((creator.name for creator in creators if creator.id == creator_id), None)
    if name:
        what = "are up to date" if is_done else "are already being refreshed; check back in a minute"
        st.success(f"The figures of {plain(name)} {what}.", icon=DONE_ICON)


def _figures(creator: CreatorState) -> str:
    if creator.refreshed_at is None:
        return "Never refreshed"
    took = f"{decimal(creator.refresh_seconds, 2)} s" if creator.refresh_seconds is not None else "an unknown time"
    return f"Refreshed {_ago(creator.refreshed_at)} in {took} · data version {grouped(creator.version)}"


def _zone_before(creator: CreatorState) -> str:
    """The platform's invalid time zone, shown until the creator or the platform chooses a valid one."""
    if creator.timezone_was is None:
        return ""
    return f", instead of “{creator.timezone_was}”, which is not a time zone"


def _set_aside(rows: int) -> str:
    """Rows that are not counted anywhere: the platform's operators decide what to do with them."""
    if not rows:
        return ""
    said = counted(rows, "row is", "rows are")
    return f"{said} set aside: a time in them is not between 1990 and 2100"


def _waiting(creator: CreatorState) -> str:
    if creator.students_to_build:
        return f"Being rebuilt: {out_of(creator.students_built or 0, creator.students_to_build, 'student')}"
    if not creator.waiting_keys:
        return ""
    return f"{counted(creator.waiting_keys, 'change')} waiting"


def _ago(moment: datetime) -> str:
    age = now() - moment
    if age < MINUTE:
        return "just now"
    if age < HOUR:
        return f"{age // MINUTE} min ago"
    return f"{age // HOUR} h ago" if age < 2 * DAY else f"{age // DAY} days ago"
