"""The pages, their place in the menu, and who may open them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from database.accounts import Account
from database.settings import PROJECT_DIR

PAGES_DIR = PROJECT_DIR / "pages"


@dataclass(frozen=True)
class PageEntry:
    """A page of `pages/`: its address is the file's name; without a section it can only be reached by links."""

    file: str
    title: str
    icon: str
    help: str
    section: str | None
    audience: Literal["everyone", "staff"] = "everyone"

    @property
    def address(self) -> str:
        return self.file.removesuffix(".py")

    @property
    def is_start(self) -> bool:
        return self.file == "overview.py"


ENTRIES = (
    PageEntry("overview.py", "Overview", ":material/space_dashboard:", "How students are doing, at a glance.", ""),
    PageEntry("students.py", "Students", ":material/group:", "Search, filter and sort all students.", "People"),
    PageEntry("funnel.py", "Funnel", ":material/filter_alt:", "How far students get, and where they stop.", "People"),
    PageEntry("chat.py", "Questions", ":material/forum:", "What students ask, and how well it is answered.", "People"),
    PageEntry(
        "announcements.py",
        "Announcements",
        ":material/campaign:",
        "Emails to students, and whether they helped.",
        "People",
    ),
    PageEntry(
        "invitations.py", "Invitations", ":material/person_add:", "Ask people to join, and see who did.", "People"
    ),
    PageEntry("courses.py", "Courses", ":material/school:", "Courses and their runs, side by side.", "Content"),
    PageEntry("videos.py", "Videos", ":material/video_library:", "All videos: views, completion, drop-off.", "Content"),
    PageEntry("quizzes.py", "Quizzes", ":material/quiz:", "Pass rates, and what students struggle with.", "Content"),
    PageEntry(
        "own_data.py", "Your data", ":material/database_upload:", "What there is, and how more comes in.", "Account"
    ),
    PageEntry("exports.py", "Exports", ":material/download:", "Data as files.", "Account"),
    PageEntry("delivery.py", "Email log", ":material/mark_email_read:", "The state of each email.", "Account"),
    PageEntry("settings.py", "Settings", ":material/settings:", "Time zone, cards, notifications.", "Account"),
    PageEntry("staff.py", "Staff", ":material/admin_panel_settings:", "All creators.", "Account", audience="staff"),
    PageEntry("announcement.py", "Announcement", ":material/mail:", "One announcement and its results.", None),
    PageEntry("announce.py", "Write to students", ":material/edit_note:", "Email one, some or all students.", None),
    PageEntry("student.py", "Student", ":material/person:", "One student: tier, progress, history.", None),
    PageEntry("video.py", "Video", ":material/movie:", "One video: where students stop and what they replay.", None),
    PageEntry("quiz.py", "Quiz", ":material/help:", "One quiz: which questions mislead.", None),
    PageEntry("quiz_edit.py", "Edit quiz", ":material/edit:", "The questions of one quiz.", None),
    PageEntry(
        "changed_figures.py", "Changed figures", ":material/rule:", "What is counted differently from before.", None
    ),
    PageEntry(
        "generate_quiz.py", "Generate a quiz", ":material/auto_awesome:", "A draft from a video's transcript.", None
    ),
)


def pages_for(account: Account) -> dict[str, list[Any]]:
    """The menu by section, with the pages this account may open; the first one is the start page."""
    menu: dict[str, list[Any]] = {}
    for entry in ENTRIES:
        if entry.audience == "everyone" or account.role == entry.audience:
            menu.setdefault(entry.section or "", []).append(_page(entry))
    return menu


def locked_pages(instead: Callable[[], None]) -> list[Any]:
    """Every page's address, each leading to `instead`."""
    return [
        st.Page(partial(instead), title=entry.title, url_path=entry.address, default=entry.is_start)
        for entry in ENTRIES
    ]


def page_at(address: str) -> Any:
    """The page with this address; the start page has none."""
    found = (entry for entry in ENTRIES if entry.address == address or (entry.is_start and not address))
    return _page(next(found))


def overview_page() -> Any:
    return page_at("overview")


def students_page() -> Any:
    return page_at("students")


def student_page() -> Any:
    return page_at("student")


def announcements_page() -> Any:
    return page_at("announcements")


def announcement_page() -> Any:
    return page_at("announcement")


def announce_page() -> Any:
    return page_at("announce")


def invitations_page() -> Any:
    return page_at("invitations")


def courses_page() -> Any:
    return page_at("courses")


def videos_page() -> Any:
    return page_at("videos")


def video_page() -> Any:
    return page_at("video")


def quizzes_page() -> Any:
    return page_at("quizzes")


def quiz_page() -> Any:
    return page_at("quiz")


def quiz_edit_page() -> Any:
    return page_at("quiz_edit")


def generate_quiz_page() -> Any:
    return page_at("generate_quiz")


def changed_figures_page() -> Any:
    return page_at("changed_figures")


def own_data_page() -> Any:
    return page_at("own_data")


def exports_page() -> Any:
    return page_at("exports")


def settings_page() -> Any:
    return page_at("settings")


def _page(entry: PageEntry) -> Any:
    return st.Page(
        PAGES_DIR / entry.file,
        title=entry.title,
        icon=entry.icon,
        help=entry.help,
        default=entry.is_start,
        visibility="hidden" if entry.section is None else "visible",
    )
