"""The notifications of the top bar: students at risk, quizzes and videos with problems, finished exports."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from actions.notices import mark_seen
from database.frames import records
from queries.definitions import help_for
from queries.overview.notices import ExportNoticeRow, export_notices, seen_notice_keys
from queries.overview.told_notices import FirstNoticeRow, every_key, first_notices, new_notices
from rules.formatting import dated_in_full, grouped, percent
from ui.account.viewer import Viewer
from ui.navigation import (
    changed_figures_page,
    exports_page,
    quizzes_page,
    settings_page,
    students_page,
    videos_page,
)
from ui.shared.links import Link, quiz_link, show_link, student_link, video_link
from ui.shared.text import plain

Kind = Literal["time_zone", "definitions", "at_risk", "quiz", "video", "export"]
SHOWN_PER_KIND = 5
OPENED, MARKED = "notices_opened", "notices_marked"
NO_KEYS: frozenset[str] = frozenset()
NOTHING = "Students who stop coming, quizzes that many fail and videos that few complete will show up here."


@dataclass(frozen=True)
class Notice:
    """One notification, as Markdown; without a subject it links to the page of its kind."""

    key: str
    kind: Kind
    words: str
    subject_id: UUID | None
    is_new: bool
    total: int = 1  # of its kind


@dataclass(frozen=True)
class Section:
    """A kind of notice: its title, the link to one subject, and the page of all."""

    title: str
    icon: str
    subject: Callable[[UUID], Link] | None
    everything: Callable[[], Any]
    everything_query: dict[str, str]
    help: str | None


SECTIONS: dict[Kind, Section] = {
    "time_zone": Section("Time zone", ":material/schedule:", None, settings_page, {}, None),
    "definitions": Section("Changed figures", ":material/rule:", None, changed_figures_page, {}, None),
    "at_risk": Section(
        "Newly at risk", ":material/person_alert:", student_link, students_page, {"status": "at-risk"}, "notice_at_risk"
    ),
    "quiz": Section("Quizzes that many fail", ":material/quiz:", quiz_link, quizzes_page, {}, "notice_quiz"),
    "video": Section("Videos that few complete", ":material/movie:", video_link, videos_page, {}, "notice_video"),
    "export": Section("Exports", ":material/download:", None, exports_page, {}, None),
}


def notices_popover(seen_by: Viewer) -> None:
    """A button with the number of new notices; opened, it shows the notices by kind, each with a link.

    While closed it needs no rows: the number is cached for as long as the figures are.
    """
    new = new_notices(seen_by.creator_id, seen_by.account.id, _own_keys(seen_by), st.session_state.get(MARKED, 0))
    label = f"Notifications ({grouped(new)})" if new else "Notifications"
    popover = st.popover(label, icon=":material/notifications:", key=OPENED, on_change="rerun")
    if popover.open:
        with popover:
            notice_list(seen_by, current_notices(seen_by))


def current_notices(seen_by: Viewer) -> list[Notice]:
    """The notices the creator wants, by kind; those not marked as seen by this account are new."""
    seen = seen_notice_keys(seen_by.creator_id, seen_by.account.id)
    told = [
        Notice(row.notice_key, row.kind, _words(row), row.subject_id, row.is_new, row.total)
        for row in records(first_notices(seen_by.creator_id, seen_by.account.id, SHOWN_PER_KIND), FirstNoticeRow)
    ]
    ended = records(export_notices(seen_by.creator_id), ExportNoticeRow)
    exports = [
        Notice(row.notice_key, "export", _export_words(row), None, row.notice_key not in seen, len(ended))
        for row in ended
    ]
    return _time_zone(seen_by, seen) + _definitions(seen_by, seen) + told + exports


def notice_list(seen_by: Viewer, found: list[Notice]) -> None:
    """The notices by kind, the new ones first; a creator may mark them all as seen."""
    if not found:
        st.markdown("**Nothing needs attention.**  \n" + NOTHING)
        return
    for kind, section in SECTIONS.items():
        listed = sorted((notice for notice in found if notice.kind == kind), key=lambda notice: not notice.is_new)
        if listed:
            _section(section, listed)
    if any(notice.is_new for notice in found) and not seen_by.is_staff:
        st.button("Mark all as seen", icon=":material/done_all:", on_click=_mark_all, args=(seen_by,))


def count_again() -> None:
    """After a change of what counts as new: the next run reads the number again."""
    st.session_state[MARKED] = st.session_state.get(MARKED, 0) + 1


def replaced_time_zone(was: str) -> str:
    """That the previous time zone was invalid, and what applies until one is chosen; as Markdown."""
    return f"“{plain(was)}” is not a time zone the dashboard knows: days and hours are now in UTC"


def _mark_all(seen_by: Viewer) -> None:
    mark_seen(seen_by.account, seen_by.creator_id, [*every_key(seen_by.creator_id), *_own_keys(seen_by)])
    count_again()


def _own_keys(seen_by: Viewer) -> tuple[str, ...]:
    """Notices from the creator's own row."""
    return tuple(notice.key for notice in _time_zone(seen_by, NO_KEYS) + _definitions(seen_by, NO_KEYS))


def _time_zone(seen_by: Viewer, seen: frozenset[str]) -> list[Notice]:
    was = seen_by.creator.timezone_was
    if was is None:
        return []
    key = f"time_zone:{was}"
    return [Notice(key, "time_zone", replaced_time_zone(was), None, key not in seen)]


def _definitions(seen_by: Viewer, seen: frozenset[str]) -> list[Notice]:
    """Once for each account of the creator: it disappears once marked as seen."""
    changed_at = seen_by.creator.definitions_changed_at
    if changed_at is None or seen_by.is_staff:
        return []
    key = f"definitions:{changed_at:%Y-%m-%d}"
    day = changed_at.astimezone(ZoneInfo(seen_by.creator.timezone))
    words = f"Some figures have been counted differently since {dated_in_full(day)}: see which, and why"
    return [] if key in seen else [Notice(key, "definitions", words, None, is_new=True)]


def _words(row: FirstNoticeRow) -> str:
    subject, figure = plain(row.subject), row.figure
    if row.kind == "at_risk":
        return f"{subject} has been away for {int(figure)} days"
    if row.kind == "quiz":
        return f"{percent(figure)} of {grouped(row.people or 0)} attempts failed · {subject}"
    return f"{percent(figure)} of {grouped(row.people or 0)} viewers complete it · {subject}"


def _export_words(row: ExportNoticeRow) -> str:
    what = f"{row.export_type.replace('_', ' ').capitalize()} as {row.format.upper()}"
    if row.status == "completed":
        return f"{what} is ready"
    return f"{what} failed: {plain(row.error_message or 'no reason was given')}"


def _section(section: Section, listed: list[Notice]) -> None:
    st.markdown(f"**{section.title}**", help=help_for(section.help) if section.help else None)
    said = Counter(notice.words for notice in listed)
    for notice in listed[:SHOWN_PER_KIND]:
        words = f"{notice.words} (id {str(notice.subject_id)[:8]})" if said[notice.words] > 1 else notice.words
        label = f"{words} :blue-badge[New]" if notice.is_new else words
        if section.subject and notice.subject_id:
            show_link(section.subject(notice.subject_id), label=label, icon=section.icon)
        else:
            st.page_link(section.everything(), label=label, icon=section.icon)
    rest = listed[0].total - SHOWN_PER_KIND
    if rest > 0:
        show_link(
            Link(section.everything(), section.everything_query),
            label=f"{grouped(rest)} more",
            icon=":material/arrow_forward:",
        )
