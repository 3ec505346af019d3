"""The search of the top bar: people, content, pages and actions from any page, while typing."""

from pathlib import Path
from typing import Any

import streamlit as st

from database.frames import records
from queries.cache.editions import one_look
from queries.overview.search import FoundRow, found, often_asked, questions_found
from rules.formatting import counted, quoted, shortened
from rules.searching import typed_words
from rules.visible import visible_line
from ui.account.viewer import Viewer
from ui.top_bar.destinations import Destination, actions_for, address, pages_found

KEY = "search_everywhere"
SEEN = "seen"  # in the address: the notice whose link was followed; search.js takes it out again
SHORTEST = 2  # letters; a single one matches nearly everybody
LONGEST_LABEL = 160
NOTHING = (
    "No results for {}. Search covers names and email addresses of students, titles of videos and quizzes, quiz "
    "questions, the questions students ask most, pages and actions. Each word may be the beginning of a word."
)
TITLES = {
    "student": "Students",
    "video": "Videos",
    "quiz": "Quizzes",
    "quiz_question": "Quiz questions",
    "asked": "Questions students ask",
    "action": "Actions",
    "page": "Pages",
}
Item = dict[str, str]
Group = dict[str, Any]

_SEARCH = st.components.v2.component(
    "dashboard_search",
    html=Path(__file__).with_suffix(".html").read_text(encoding="utf-8"),
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


@st.fragment
def search_box(seen_by: Viewer) -> None:
    """A button that opens the search, as Ctrl-K does; what it finds lies above the page."""
    typed = str((st.session_state.get(KEY) or {}).get("typed") or "")[:100]
    with one_look():
        groups = found_groups(seen_by, typed)
    _SEARCH(
        key=KEY,
        data={
            "typed": typed,
            "seen": st.query_params.get(SEEN, ""),  # another value makes the browser look at its address
            "found": groups,
            "offered": offered_groups(seen_by),
            "nothing": "" if groups else _nothing(typed),
            "said": counted(sum(len(group["items"]) for group in groups), "result"),
        },
        default={"typed": ""},
        on_typed_change=lambda: None,
    )


def found_groups(seen_by: Viewer, typed: str) -> list[Group]:
    """What has every typed word, by kind; nothing for less than two letters."""
    if len("".join(typed_words(typed))) < SHORTEST:
        return []
    items: dict[str, list[Item]] = {kind: [] for kind in TITLES}
    for row in records(found(seen_by.creator_id, typed), FoundRow):
        items[row.kind].append(_item(row.title, _href(row), row.detail))
    items["asked"] = [
        _item(question, address("chat", ("words", question[:100]), ("period", "90d")))
        for question in questions_found(often_asked(seen_by.creator_id), typed)
    ]
    items["action"] = _destinations(actions_for(seen_by.account, typed))
    items["page"] = _destinations(pages_found(seen_by.account, typed))
    return _groups(items)


def offered_groups(seen_by: Viewer) -> list[Group]:
    """What is shown before anything is typed: actions and pages."""
    account = seen_by.account
    return _groups({"action": _destinations(actions_for(account)), "page": _destinations(pages_found(account))})


def _groups(items: dict[str, list[Item]]) -> list[Group]:
    return [{"title": TITLES[kind], "items": listed} for kind, listed in items.items() if listed]


def _destinations(found_: list[Destination]) -> list[Item]:
    return [_item(one.label, one.href, one.detail) for one in found_]


def _href(row: FoundRow) -> str:
    if row.kind == "quiz_question":
        return address("quiz", ("id", str(row.id)), ("question", str(row.number)))
    return address(row.kind, ("id", str(row.id)))


def _item(label: str, href: str, detail: str = "") -> Item:
    return {
        "label": shortened(visible_line(label), LONGEST_LABEL) or "Unnamed",
        "href": href,
        "detail": shortened(visible_line(detail), LONGEST_LABEL),
    }


def _nothing(typed: str) -> str:
    if len("".join(typed_words(typed))) < SHORTEST:
        return "Type two letters or more." if typed.strip() else ""
    return NOTHING.format(quoted(typed))
