"""Where the search of the top bar leads besides people and content: actions and pages."""

from dataclasses import dataclass
from urllib.parse import urlencode

from database.accounts import Account
from rules.searching import is_found
from ui.account.return_path import base_path
from ui.navigation import ENTRIES, PageEntry


@dataclass(frozen=True)
class Destination:
    """A page or something to do there; `other_words` find it too."""

    label: str
    page: str
    query: tuple[tuple[str, str], ...] = ()
    detail: str = ""
    other_words: str = ""

    @property
    def href(self) -> str:
        return address(self.page, *self.query)


ACTIONS = (
    Destination("Invite students", "invitations", other_words="add people enrol invitation email"),
    Destination("Write an announcement", "announce", other_words="send email message mail newsletter all students"),
    Destination("Upload a video", "videos", (("upload", "1"),), other_words="add new file lesson"),
    Destination("Generate a quiz", "generate_quiz", other_words="create new draft questions transcript"),
    Destination("Create a file", "exports", other_words="export download csv excel xlsx json pdf report data students"),
    Destination("Change the time zone", "settings", other_words="settings hours days local"),
    Destination("Choose the overview's cards", "settings", other_words="settings customise dashboard layout"),
    Destination("Choose notifications and emails", "settings", other_words="settings weekly digest alerts summary"),
)
VIEWS = (
    Destination(
        "Students at risk",
        "students",
        (("status", "at-risk"), ("sort", "lastActive"), ("order", "asc")),
        other_words="away silent leaving",
    ),
    Destination("Top performers", "students", (("sort", "progress"), ("order", "desc")), other_words="best students"),
)


def address(page: str, *query: tuple[str, str]) -> str:
    """The path of a page, with its parameters."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{base_path()}/{'' if page == 'overview' else page}{asked}"


def actions_for(account: Account, typed: str = "") -> list[Destination]:
    """What the account can do that has every typed word; nothing typed: everything. Staff have read-only access."""
    offered = (*(() if account.role == "staff" else ACTIONS), *VIEWS)
    return [one for one in offered if not typed or is_found(typed, one.label, one.other_words)]


def pages_found(account: Account, typed: str = "") -> list[Destination]:
    """The pages of the menu that the account may open and that have every typed word."""
    entries = [entry for entry in ENTRIES if _is_in_menu(entry, account)]
    return [
        Destination(entry.title, entry.address, detail=entry.help)
        for entry in entries
        if not typed or is_found(typed, entry.title, entry.help)
    ]


def _is_in_menu(entry: PageEntry, account: Account) -> bool:
    return entry.section is not None and (entry.audience == "everyone" or account.role == entry.audience)
