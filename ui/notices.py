"""The notifications of the top bar: who slipped away, what does not work, which exports are done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from actions.notices import mark_seen
from database.frames import records
from queries.alerts import wanted_kinds
from queries.changes import round_half_up
from queries.definitions import help_for
from queries.notices import export_notices, notices, seen_notice_keys
from queries.preferences import preferences
from ui.navigation import (
    changed_figures_page,
    exports_page,
    quiz_page,
    quizzes_page,
    settings_page,
    student_page,
    students_page,
    video_page,
    videos_page,
)
from ui.text import plain
from ui.viewer import Viewer

Kind = Literal["time_zone", "definitions", "at_risk", "quiz", "video", "export"]
SHOWN_PER_KIND = 5
OPENED = "notices_opened"
NOTHING = "Students who fall silent, quizzes that many fail and videos that few complete will show up here."


@dataclass(frozen=True)
class Notice:
    """One line of the notifications, as Markdown; without a subject it leads to the page of its kind."""

    key: str
    kind: Kind
    words: str
    subject_id: UUID | None
    is_new: bool


@dataclass(frozen=True)
class Section:
    """A kind of notice: its title, and the pages of one subject and of all."""

    title: str
    icon: str
    subject: Callable[[], Any] | None
    everything: Callable[[], Any]
    everything_query: dict[str, str]
    help: str | None


SECTIONS: dict[Kind, Section] = {
    "time_zone": Section("Time zone", ":material/schedule:", None, settings_page, {}, None),
    "definitions": Section("Changed figures", ":material/rule:", None, changed_figures_page, {}, None),
    "at_risk": Section(
        "Newly at risk", ":material/person_alert:", student_page, students_page, {"status": "at-risk"}, "notice_at_risk"
    ),
    "quiz": Section("Quizzes that many fail", ":material/quiz:", quiz_page, quizzes_page, {}, "notice_quiz"),
    "video": Section("Videos that few complete", ":material/movie:", video_page, videos_page, {}, "notice_video"),
    "export": Section("Exports", ":material/download:", None, exports_page, {}, None),
}


def notices_popover(seen_by: Viewer) -> None:
    """A button with the number of new notices; opened, the notices by kind, each with the way there."""
    found = current_notices(seen_by)
    new = sum(notice.is_new for notice in found)
    label = f"Notifications ({new:,})" if new else "Notifications"
    popover = st.popover(label, icon=":material/notifications:", key=OPENED, on_change="rerun")
    if popover.open:
        with popover:
            notice_list(seen_by, found)


def current_notices(seen_by: Viewer) -> list[Notice]:
    """What the creator wants to be told, by kind; new is what this account has not marked as seen."""
    seen = seen_notice_keys(seen_by.creator_id, seen_by.account.id)
    wanted = wanted_kinds(preferences(seen_by.creator_id))
    told = [
        Notice(row["notice_key"], row["kind"], _words(row), row["subject_id"], row["notice_key"] not in seen)
        for row in records(notices(seen_by.creator_id))
        if row["kind"] in wanted
    ]
    exports = [
        Notice(row["notice_key"], "export", _export_words(row), None, row["notice_key"] not in seen)
        for row in records(export_notices(seen_by.creator_id))
    ]
    return _time_zone(seen_by, seen) + _definitions(seen_by, seen) + told + exports


def notice_list(seen_by: Viewer, found: list[Notice]) -> None:
    """The notices by kind, the new ones first; a creator may mark them all as seen."""
    if not found:
        st.markdown("**Nothing needs your attention.**  \n" + NOTHING)
        return
    for kind, section in SECTIONS.items():
        listed = sorted((notice for notice in found if notice.kind == kind), key=lambda notice: not notice.is_new)
        if listed:
            _section(section, listed)
    if any(notice.is_new for notice in found) and not seen_by.is_staff:
        arguments = (seen_by.account, seen_by.creator_id, [notice.key for notice in found])
        st.button("Mark all as seen", icon=":material/done_all:", on_click=mark_seen, args=arguments)


def replaced_time_zone(was: str) -> str:
    """That the name which stood there is no time zone, and what holds until one is chosen; as Markdown."""
    return f"“{plain(was)}” is no time zone that the dashboard knows: days and hours are those of UTC now"


def _time_zone(seen_by: Viewer, seen: frozenset[str]) -> list[Notice]:
    was = seen_by.creator.timezone_was
    if was is None:
        return []
    key = f"time_zone:{was}"
    return [Notice(key, "time_zone", replaced_time_zone(was), None, key not in seen)]


def _definitions(seen_by: Viewer, seen: frozenset[str]) -> list[Notice]:
    """Once for each account of the creator: it is gone when it was marked as seen."""
    changed_at = seen_by.creator.definitions_changed_at
    if changed_at is None or seen_by.is_staff:
        return []
    key = f"definitions:{changed_at:%Y-%m-%d}"
    day = changed_at.astimezone(ZoneInfo(seen_by.creator.timezone))
    words = f"Some figures are counted differently since {day.day} {day:%B %Y}: see which ones, and why"
    return [] if key in seen else [Notice(key, "definitions", words, None, is_new=True)]


def _words(row: dict[str, Any]) -> str:
    subject, figure = plain(row["subject"]), row["figure"]
    if row["kind"] == "at_risk":
        return f"{subject} has been silent for {int(figure)} days"
    if row["kind"] == "quiz":
        return f"{round_half_up(figure)} % of {int(row['people']):,} attempts failed · {subject}"
    return f"{round_half_up(figure)} % of {int(row['people']):,} viewers complete it · {subject}"


def _export_words(row: dict[str, Any]) -> str:
    what = f"{row['export_type'].replace('_', ' ').capitalize()} as {row['format'].upper()}"
    if row["status"] == "completed":
        return f"{what} is ready"
    return f"{what} failed: {plain(row['error_message'] or 'no reason was given')}"


def _section(section: Section, listed: list[Notice]) -> None:
    st.markdown(f"**{section.title}**", help=help_for(section.help) if section.help else None)
    for notice in listed[:SHOWN_PER_KIND]:
        label = f"{notice.words} :blue-badge[New]" if notice.is_new else notice.words
        if section.subject and notice.subject_id:
            st.page_link(section.subject(), label=label, icon=section.icon, query_params={"id": str(notice.subject_id)})
        else:
            st.page_link(section.everything(), label=label, icon=section.icon)
    rest = len(listed) - SHOWN_PER_KIND
    if rest > 0:
        st.page_link(
            section.everything(),
            label=f"{rest:,} more",
            icon=":material/arrow_forward:",
            query_params=section.everything_query,
        )
