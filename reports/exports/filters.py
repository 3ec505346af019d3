"""What an export may be narrowed to: the filters of the screens, without their paging."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from database.errors import InputError
from queries.periods import MONTH, PERIODS, Period
from queries.students import StudentFilters
from queries.videos import VideoFilters

State = Literal["completed", "started", "not_started"]
Rated = Literal["good", "bad", "unrated"]

# A period that holds every day there can be, in the one form that the queries know.
EVER = Period("ever", 36_500)


@dataclass(frozen=True)
class ProgressFilters(StudentFilters):
    """Which students, as on their screen, or one of them; and which of their videos.

    About one student the PDF is the report on that student, with all videos.
    """

    student_id: UUID | None = None
    video_id: UUID | None = None
    state: State | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("state", self.state, get_args(State))


@dataclass(frozen=True)
class ChatFilters:
    """Which questions: all there ever were, or those of a period; about a video; rated so; with words in them."""

    period: str | None = None
    video_id: UUID | None = None
    rated: Rated | None = None
    search: str = ""

    def __post_init__(self) -> None:
        check_choice("period", self.period, tuple(PERIODS))
        check_choice("rated", self.rated, get_args(Rated))


@dataclass(frozen=True)
class QuizResultFilters:
    """Which attempts: all there ever were, or those of a period; at one quiz."""

    period: str | None = None
    quiz_id: UUID | None = None

    def __post_init__(self) -> None:
        check_choice("period", self.period, tuple(PERIODS))


@dataclass(frozen=True)
class AnalyticsFilters:
    """The period of the dashboard."""

    period: str = MONTH.key

    def __post_init__(self) -> None:
        check_choice("period", self.period or "", tuple(PERIODS))


Filters = StudentFilters | ProgressFilters | ChatFilters | AnalyticsFilters | QuizResultFilters | VideoFilters


def period_of(key: str | None) -> Period:
    """The period with this key; every day there can be for none."""
    return PERIODS[key] if key else EVER


def check_choice(field: str, value: str | None, allowed: tuple[str, ...]) -> None:
    """Raise InputError, naming the field and its value, unless it is one of these, or None."""
    if value is not None and value not in allowed:
        raise InputError(f'{field} is "{value}"; choose one of {", ".join(allowed)}.')
