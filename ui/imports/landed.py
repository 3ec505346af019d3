"""The list of imports, each of which can be undone."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from actions.file_imports import undo_import
from queries.imports.landed import Landed
from rules.formatting import grouped, timed
from ui.account.viewer import Viewer
from ui.shared.acting import acting
from ui.shared.flash import keep_message
from ui.shared.text import plain

UNDOING = "import_undoing"
STATES = {
    "running": ":blue-badge[running]",
    "done": ":green-badge[imported]",
    "undoing": ":orange-badge[being undone]",
    "undone": ":gray-badge[undone]",
}
SHOWN_AT_FIRST = 10


def import_list(seen_by: Viewer, imports: Sequence[Landed]) -> None:
    """Newest first."""
    for one in imports[:SHOWN_AT_FIRST]:
        _card(seen_by, one)
    if len(imports) > SHOWN_AT_FIRST:
        with st.expander("Earlier imports"):
            for one in imports[SHOWN_AT_FIRST:]:
                _card(seen_by, one)


def _card(seen_by: Viewer, one: Landed) -> None:
    with (
        st.container(border=True, key=f"import_{one.id}"),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
    ):
        with st.container(width="stretch"):
            st.markdown(f"**{plain(one.file_name or one.door)}** {STATES[one.state]}")
            st.caption(_details(one, seen_by.creator.timezone))
            if one.state == "undone" and one.rows_kept:
                kept = "; ".join(f"{reason}: {count}" for reason, count in one.rows_kept.items())
                st.caption(plain(f"Stayed: {kept}"))
        if one.state == "done" and not seen_by.is_staff:
            _undo_button(seen_by, one)


def _undo_button(seen_by: Viewer, one: Landed) -> None:
    with st.popover("Undo", icon=":material/undo:"):
        st.write("Takes back what this import wrote, and restores what it replaced. Rows that you edited stay.")
        if st.button("Undo this import", type="primary", key=f"import_undo_{one.id}"):
            with acting():
                undo_import(seen_by.account, seen_by.creator_id, one.id)
                keep_message(UNDOING, "The import is being undone; its figures follow within a minute.")
                st.rerun()


def _details(one: Landed, timezone: str) -> str:
    counts = (
        f"{grouped(one.facts_new)} new, {grouped(one.facts_changed)} changed, "
        f"{grouped(one.facts_same)} the same, {grouped(one.refused)} refused"
    )
    parts = [_at(one.started_at, timezone), one.author_name, _mapping(one), counts]
    return " · ".join(plain(part) for part in parts)


def _mapping(one: Landed) -> str:
    """Its name, without the version of its content."""
    return one.mapping.rpartition(" (")[0] or one.mapping if one.mapping else one.door


def _at(instant: datetime, timezone: str) -> str:
    return timed(instant.astimezone(ZoneInfo(timezone)))
