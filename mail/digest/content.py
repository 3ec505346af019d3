"""The contents of a digest as plain data: every name and title is on one line, nothing is escaped yet."""

from dataclasses import dataclass
from uuid import UUID

from mail.digest.week import Week
from queries.periods.changes import Unit, change_percent, change_points

MOST_COURSES = 8  # that have a line


@dataclass(frozen=True)
class Figure:
    """A figure of the week and of the week before, with the number of people behind it."""

    title: str
    value: float | None
    before: float | None
    unit: str = ""  # "%", or nothing for a count
    people: int | None = None
    people_before: int | None = None

    @property
    def change(self) -> int | None:
        is_rate = self.change_unit == "points"
        return change_points(self.value, self.before) if is_rate else change_percent(self.value, self.before)

    @property
    def change_unit(self) -> Unit:
        return "points" if self.unit == "%" else "percent"


@dataclass(frozen=True)
class Day:
    """A day's active students, and those of the same weekday in the week before."""

    weekday: str
    active_students: int
    active_before: int


@dataclass(frozen=True)
class Item:
    """A line of a list: the subject, the detail, and a link.

    `key` identifies it in the next digest.
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
    """The items shown in a list, most serious first, and how many there are in all."""

    items: tuple[Item, ...]
    total: int
    url: str  # where all of them are

    @property
    def rest(self) -> int:
        return self.total - len(self.items)


@dataclass(frozen=True)
class DigestOutcome:
    """What happened to the students and findings on the last digest's list."""

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
    """A recommendation, and how many students it affects."""

    title: str
    why: str
    url: str
    people: int


@dataclass(frozen=True)
class CourseWeek:
    """A course in the week: its students, those active in this week and the one before, those who have finished."""

    title: str
    students: int
    active_students: int
    active_before: int
    finished_students: int
    url: str

    @property
    def change(self) -> int | None:
        return change_percent(self.active_students, self.active_before)


@dataclass(frozen=True)
class Links:
    overview: str
    students: str
    courses: str
    settings: str


@dataclass(frozen=True)
class Digest:
    """One creator's week."""

    creator_id: UUID
    creator_name: str
    week: Week
    total_students: int
    figures: tuple[Figure, ...]
    courses: tuple[CourseWeek, ...]  # the open ones, if there are several; otherwise empty
    days: tuple[Day, ...]
    slipped: Section
    videos: Section
    quizzes: Section
    quiz_questions: Section
    questions: Section
    came_back: Section
    finished: Section
    outcome: DigestOutcome | None
    todo: tuple[ToDo, ...]
    keys: tuple[tuple[str, str], ...]  # (kind, key) of everything listed, shown or not: for the next digest
    links: Links

    @property
    def active_students(self) -> int:
        return int(self.figures[0].value or 0)

    @property
    def courses_shown(self) -> tuple[CourseWeek, ...]:
        """Those with most active students, in the order of the courses."""
        busiest = sorted(self.courses, key=lambda course: -course.active_students)[:MOST_COURSES]
        return tuple(course for course in self.courses if course in busiest)

    @property
    def new_items(self) -> int:
        """Items that were not in the last digest."""
        sections = (self.slipped, self.videos, self.quizzes, self.quiz_questions, self.questions)
        return sum(item.is_new for section in sections for item in section.items)
