"""The three demo creators: who teaches what, and what is hidden in their students' behaviour."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from database.demo import bread_course, python_course, watercolour_course
from database.demo.ids import stable_id
from database.demo.topics import Topic
from rules.errors import InputError


@dataclass(frozen=True)
class DemoSize:
    """How much to generate: students and videos of the largest creator, days of history; same seed, same rows.

    Videos count as the dashboard counts them: including the one still processing and the one that
    failed, without the deleted one. Raises InputError for impossible numbers.
    """

    students: int = 245
    videos: int = 40
    days: int = 120
    seed: int = 1

    def __post_init__(self) -> None:
        for name, least in (("students", 0), ("videos", 0), ("days", 30), ("seed", 0)):
            if getattr(self, name) < least:
                raise InputError(f"The demo cannot have {name}={getattr(self, name)}; {least} is the least.")


@dataclass(frozen=True)
class Plants:
    """Places in a course (counted from 0) where something is hidden."""

    cliff_video: int
    cliff_second: int
    replayed_video: int
    replayed_seconds: tuple[int, int]
    stuck_video: int
    badly_answered_video: int
    hard_question: tuple[int, int]  # quiz, question
    miskeyed_question: tuple[int, int]
    repeated_question: str


@dataclass(frozen=True)
class Run:
    """A group that takes a course together; without an end it is still going on."""

    title: str = ""
    starts_days_ago: int | None = None
    ends_days_ago: int | None = None


ALWAYS_ON = Run()


@dataclass(frozen=True)
class Section:
    """Parts of what a creator teaches that form a course of their own; the first one is what students come for."""

    title: str
    parts: tuple[str, ...]
    runs: tuple[Run, ...] = (ALWAYS_ON,)


@dataclass(frozen=True)
class Course:
    """What a creator teaches. Without sections it is one course without a name, in which everybody is enrolled."""

    creator: str
    timezone: str
    subscription_tier: str
    subject: str  # of the account that the creator signs in with
    topics: tuple[Topic, ...]
    parts: tuple[str, ...]
    share_of_students: float
    most_students: int | None
    share_of_videos: float
    most_videos: int | None
    plants: Plants | None = None
    sections: tuple[Section, ...] = ()

    @cached_property
    def creator_id(self) -> UUID:
        return stable_id("creator", self.subject)

    @cached_property
    def all_sections(self) -> tuple[Section, ...]:
        return self.sections or (Section("", self.parts),)

    def section_of(self, part: str) -> int:
        """The place of the section that a part belongs to."""
        return next(place for place, section in enumerate(self.all_sections) if part in section.parts)

    def students(self, size: DemoSize) -> int:
        return _scaled(size.students, self.share_of_students, self.most_students)

    def videos(self, size: DemoSize) -> int:
        return _scaled(size.videos, self.share_of_videos, self.most_videos)


def _scaled(count: int, share: float, most: int | None) -> int:
    scaled = round(count * share)
    return scaled if most is None else min(scaled, most)


SECOND_GROUP_DAYS_AGO = 55

PYTHON = Course(
    creator="Ada Lindner",
    timezone="Europe/Berlin",
    subscription_tier="enterprise",
    subject="ada",
    topics=python_course.TOPICS,
    parts=python_course.PARTS,
    share_of_students=1,
    most_students=None,
    share_of_videos=1,
    most_videos=None,
    plants=Plants(
        cliff_video=5,
        cliff_second=517,
        replayed_video=9,
        replayed_seconds=(640, 700),
        stuck_video=13,
        badly_answered_video=10,
        hard_question=(0, 2),
        miskeyed_question=(1, 1),
        repeated_question="Why does my loop run forever when the counter is 0.1?",
    ),
)

WATERCOLOUR = Course(
    creator="Marisol Vega",
    timezone="America/Los_Angeles",
    subscription_tier="enterprise",
    subject="marisol",
    topics=watercolour_course.TOPICS,
    parts=watercolour_course.PARTS,
    share_of_students=0.55,
    most_students=160,
    share_of_videos=0.6,
    most_videos=26,
    plants=Plants(
        cliff_video=5,
        cliff_second=163,
        replayed_video=4,
        replayed_seconds=(150, 185),
        stuck_video=8,
        badly_answered_video=2,
        hard_question=(1, 2),
        miskeyed_question=(0, 1),
        repeated_question="Why does my sky always dry with a hard line in the middle?",
    ),
    sections=(
        Section("Watercolour from the first wash", ("Materials", "Water and pigment")),
        Section(
            "Light and colour",
            ("Light and colour",),
            runs=(Run("First group", 100, SECOND_GROUP_DAYS_AGO), Run("Second group", SECOND_GROUP_DAYS_AGO)),
        ),
        Section("Finishing pictures", ("Pictures",)),
    ),
)

BREAD = Course(
    creator="Tomasz Sikora",
    timezone="Europe/Warsaw",
    subscription_tier="pro",
    subject="tomasz",
    topics=bread_course.TOPICS,
    parts=bread_course.PARTS,
    share_of_students=0.05,
    most_students=12,
    share_of_videos=0.15,
    most_videos=6,
)

COURSES = (PYTHON, WATERCOLOUR, BREAD)
