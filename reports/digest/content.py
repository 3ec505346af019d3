"""What a digest says, as plain data: every name and title is on one line, nothing is marked up yet."""

from dataclasses import dataclass
from uuid import UUID

from queries.changes import change_percent
from reports.digest.week import Week


@dataclass(frozen=True)
class Figure:
    """A figure of the week beside that of the week before, in words where it is no count; with the people behind it."""

    title: str
    value: float | None
    before: float | None
    unit: str = ""  # "%", or nothing for a count
    people: int | None = None
    people_before: int | None = None

    @property
    def change(self) -> int | None:
        return change_percent(self.value, self.before)


@dataclass(frozen=True)
class Day:
    """A day's active students, and those of the same weekday in the week before."""

    weekday: str
    active_students: int
    active_before: int


@dataclass(frozen=True)
class Item:
    """A line of a list: what it is about, what there is to know, where to read on.

    `key` finds it again in the next digest.
    """

    key: str
    title: str
    detail: str
    url: str
    people: int = 1
    quote: str = ""  # what is said at that second of a video
    is_new: bool = False


@dataclass(frozen=True)
class Section:
    """The items shown of a list, the worst first, and how many there are in all."""

    items: tuple[Item, ...]
    total: int
    url: str  # where all of them are

    @property
    def rest(self) -> int:
        return self.total - len(self.items)


@dataclass(frozen=True)
class Became:
    """What became of the last digest's list."""

    week: Week
    students: int
    came_back: tuple[str, ...]
    finished: tuple[str, ...]
    still_silent: int
    left: int
    findings: int  # videos, quizzes, questions
    findings_solved: int


@dataclass(frozen=True)
class ToDo:
    """A thing to do, and how many students it concerns."""

    title: str
    why: str
    url: str
    people: int


@dataclass(frozen=True)
class Links:
    overview: str
    students: str
    settings: str


@dataclass(frozen=True)
class Digest:
    """One creator's week."""

    creator_id: UUID
    creator_name: str
    week: Week
    total_students: int
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    slipped: Section
    videos: Section
    quizzes: Section
    quiz_questions: Section
    questions: Section
    came_back: Section
    finished: Section
    became: Became | None
    todo: tuple[ToDo, ...]
    keys: tuple[tuple[str, str], ...]  # (kind, key) of everything listed, shown or not: for the next digest
    links: Links

    @property
    def active_students(self) -> int:
        return int(self.figures[0].value or 0)

    @property
    def new_items(self) -> int:
        """Items that the last digest did not list."""
        sections = (self.slipped, self.videos, self.quizzes, self.quiz_questions, self.questions)
        return sum(item.is_new for section in sections for item in section.items)
