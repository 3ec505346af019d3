"""The filters of exports: those of the pages, without paging."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from queries.periods.chosen_period import chosen_period
from queries.periods.period import BEFORE, MONTH, Period, check_compare, check_period
from queries.students.lists import StudentFilters
from queries.videos.lists import VideoFilters
from rules.errors import InputError

State = Literal["completed", "started", "not_started"]
Rated = Literal["good", "bad", "unrated"]

# A period with every possible day, in the form that the queries take.
EVER = Period("ever", 36_500)


@dataclass(frozen=True)
class ProgressFilters(StudentFilters):
    """Which students, as on their page, or one of them; and which of their videos.

    For one student, the PDF is the report on that student, with all videos.
    """

    student_id: UUID | None = None
    video_id: UUID | None = None
    state: State | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("state", self.state, get_args(State))


@dataclass(frozen=True)
class ChatFilters:
    """Which questions: all of them, or those of a period; about a video; with a rating; containing words."""

    period: str | None = None
    video_id: UUID | None = None
    rated: Rated | None = None
    search: str = ""

    def __post_init__(self) -> None:
        _check_period(self.period)
        check_choice("rated", self.rated, get_args(Rated))


@dataclass(frozen=True)
class QuizResultFilters:
    """Which attempts: all of them, or those of a period; at one quiz."""

    period: str | None = None
    quiz_id: UUID | None = None

    def __post_init__(self) -> None:
        _check_period(self.period)


@dataclass(frozen=True)
class FinishedFilters:
    """Who finished: everybody, or those who finished in a period; with a name or address that contains these words."""

    period: str | None = None
    search: str = ""

    def __post_init__(self) -> None:
        _check_period(self.period)


@dataclass(frozen=True)
class AnalyticsFilters:
    """The period of the dashboard, and what it is compared with; by default the previous period."""

    period: str = MONTH.key
    compare: str | None = None

    def __post_init__(self) -> None:
        _check_period(self.period or "")
        with _as_input():
            check_compare(self.compare or BEFORE)


Filters = (
    StudentFilters
    | ProgressFilters
    | ChatFilters
    | AnalyticsFilters
    | QuizResultFilters
    | VideoFilters
    | FinishedFilters
)


def period_of(creator_id: UUID, filters: Filters) -> Period:
    """The days of these filters as of today; every possible day if they have no period.

    Raises InputError, naming the value and what is allowed.
    """
    key, compare = getattr(filters, "period", None), getattr(filters, "compare", None)
    with _as_input():
        return chosen_period(creator_id, key, compare or BEFORE) if key else EVER


def _check_period(key: str | None) -> None:
    if key is not None:
        with _as_input():
            check_period(key)


@contextmanager
def _as_input() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise InputError(str(error)) from error


def check_choice(field: str, value: str | None, allowed: tuple[str, ...]) -> None:
    """Raise InputError, naming the field and its value, unless it is one of these, or None."""
    if value is not None and value not in allowed:
        raise InputError(f'{field} is "{value}"; choose one of {", ".join(allowed)}.')
