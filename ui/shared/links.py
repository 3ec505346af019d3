"""Links to a subject, one function per kind: its page, with its id in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import streamlit as st

from findings.finding import Finding
from ui.navigation import (
    announcement_page,
    courses_page,
    overview_page,
    page_at,
    quiz_edit_page,
    quiz_page,
    quizzes_page,
    student_page,
    students_page,
    video_page,
    videos_page,
)

# As a click on a link does. `st.switch_page` with parameters would make two steps in the browser's history.
_GOING = st.components.v2.component(
    "going",
    js="""
    let gone = null; // the visit that was made last: the same data may be drawn again
    export default function ({ data }) {
      if (data.visit === gone || !data.href.startsWith("/") || data.href.startsWith("//")) return;
      gone = data.visit;
      history.pushState({}, "", data.href);
      window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    }
    """,
)
LISTS = "addresses of lists"  # in the session: where people were in each


@dataclass(frozen=True)
class Link:
    """A page, and the parameters in its address."""

    page: Any
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The address on this server."""
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        path = "/".join(part for part in (base, self.page.url_path) if part)
        return f"/{path}" + (f"?{urlencode(self.query)}" if self.query else "")


def student_link(student_id: UUID) -> Link:
    return Link(student_page(), {"id": str(student_id)})


def video_link(video_id: UUID, second: float | None = None) -> Link:
    """The video; with a second, where that is marked."""
    at = {} if second is None else {"t": str(int(second))}
    return Link(video_page(), {"id": str(video_id)} | at)


def quiz_link(quiz_id: UUID, **more: str) -> Link:
    return Link(quiz_page(), {"id": str(quiz_id)} | more)


def quiz_edit_link(quiz_id: UUID) -> Link:
    return Link(quiz_edit_page(), {"id": str(quiz_id)})


def announcement_link(announcement_id: UUID) -> Link:
    return Link(announcement_page(), {"id": str(announcement_id)})


def course_link(course_id: UUID) -> Link:
    """The overview of one course."""
    return Link(overview_page(), {"course": str(course_id)})


def run_link(course_id: UUID, run_id: UUID) -> Link:
    """The overview of one run of a course."""
    return Link(overview_page(), {"course": str(course_id), "run": str(run_id)})


def runs_link(course_id: UUID | None, run_id: UUID) -> Link:
    """The page of courses, with this run chosen."""
    return Link(courses_page(), {"course": str(course_id or "all"), "run": str(run_id)})


def upload_link() -> Link:
    """The list of videos, with the form for a new one."""
    return Link(videos_page(), {"upload": "1"})


def students_link(**filters: str) -> Link:
    """The list of students, with these filters."""
    return Link(students_page(), filters)


def link_of(href: str) -> Link:
    """The link with this address, as `Link.href` wrote it."""
    path, _, query = href.partition("?")
    return Link(page_at(path.rpartition("/")[2]), dict(parse_qsl(query)))


def finding_link(finding: Finding) -> Link:
    """Where to look at what was found."""
    return Link(page_at(finding.page), dict(finding.asked))


def show_link(link: Link, label: str, icon: str | None = None, width: Any = "content", help: str | None = None) -> None:
    """Draw the link; `label` is Markdown."""
    st.page_link(link.page, label=label, icon=icon, width=width, help=help, query_params=dict(link.query))


def go_to(link: Link) -> NoReturn:
    """Open the page, in one step of the browser's history; nothing after it runs."""
    visit = token_hex(8)
    _GOING(key=f"going {visit}", data={"href": link.href, "visit": visit})
    st.stop()


def remember_list(name: str) -> None:
    """On the page of a list, once it has been read: `way_back` leads to the same filters, order and page."""
    st.session_state.setdefault(LISTS, {})[name] = st.query_params.to_dict()


def way_back(name: str) -> None:
    """A link to the list from the page of one of its rows."""
    page, label = WAYS_BACK[name]
    kept = st.session_state.get(LISTS, {}).get(name, {})
    show_link(Link(page(), kept), label, ":material/arrow_back:")


WAYS_BACK = {
    "students": (students_page, "All students"),
    "videos": (videos_page, "All videos"),
    "quizzes": (quizzes_page, "All quizzes"),
}
