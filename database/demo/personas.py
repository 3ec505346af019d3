"""The kinds of students, and which student is of which kind.

A student's number decides the kind, so that it is known without loading anything.
"""

from dataclasses import dataclass
from enum import StrEnum


class Persona(StrEnum):
    STEADY = "steady"
    DEVOTED = "devoted"
    NEWCOMER = "newcomer"
    HESITANT = "hesitant"
    RETURNING = "returning"
    STUCK = "stuck"
    FADING = "fading"
    SILENT = "silent"
    FINISHED = "finished"
    FINISHED_SILENT = "finished and silent"
    NEVER_STARTED = "never started"
    FAILING = "failing"
    REPEATING = "asking the same again"


@dataclass(frozen=True)
class Habit:
    """Ranges include both ends. Days count back from today; sittings are days with any watching."""

    enrolled_days_ago: tuple[int, int]
    silent_days: tuple[int, int]
    videos_started: tuple[int, int]
    finishing_chance: float
    ability: float


EVERY_VIDEO = 100_000

HABITS = {
    Persona.STEADY: Habit((12, 118), (0, 6), (5, 32), 0.66, 0.1),
    Persona.DEVOTED: Habit((24, 118), (0, 5), (14, 60), 0.95, 0.7),
    Persona.NEWCOMER: Habit((0, 20), (0, 6), (1, 5), 0.70, 0.0),
    Persona.HESITANT: Habit((10, 60), (0, 6), (1, 2), 0.35, -0.5),
    Persona.RETURNING: Habit((70, 118), (0, 5), (6, 22), 0.68, 0.1),
    Persona.STUCK: Habit((25, 118), (1, 12), (EVERY_VIDEO, EVERY_VIDEO), 0.72, -0.1),
    Persona.FADING: Habit((18, 118), (8, 13), (2, 20), 0.55, -0.3),
    Persona.SILENT: Habit((20, 118), (15, 80), (1, 14), 0.45, -0.5),
    Persona.FINISHED: Habit((60, 118), (0, 5), (EVERY_VIDEO, EVERY_VIDEO), 1.0, 0.9),
    Persona.FINISHED_SILENT: Habit((80, 118), (15, 30), (EVERY_VIDEO, EVERY_VIDEO), 1.0, 0.9),
    Persona.NEVER_STARTED: Habit((0, 100), (0, 0), (0, 0), 0.0, 0.0),
    Persona.FAILING: Habit((30, 90), (0, 5), (14, 16), 0.85, -5.0),
    Persona.REPEATING: Habit((40, 90), (0, 5), (14, 24), 0.85, 0.0),
}

# Fifty students include every kind in plausible numbers; the first dozen already differ.
PATTERN = tuple(
    Persona[name]
    for name in [
        "STEADY",
        "DEVOTED",
        "SILENT",
        "NEWCOMER",
        "FINISHED",
        "FADING",
        "HESITANT",
        "STUCK",
        "RETURNING",
        "STEADY",
        "NEVER_STARTED",
        "STEADY",
        "DEVOTED",
        "NEWCOMER",
        "STEADY",
        "SILENT",
        "HESITANT",
        "STEADY",
        "FINISHED_SILENT",
        "FADING",
        "STEADY",
        "DEVOTED",
        "NEWCOMER",
        "STEADY",
        "STUCK",
        "DEVOTED",
        "STEADY",
        "SILENT",
        "RETURNING",
        "STEADY",
        "HESITANT",
        "DEVOTED",
        "NEWCOMER",
        "STEADY",
        "FADING",
        "STEADY",
        "STUCK",
        "NEVER_STARTED",
        "DEVOTED",
        "NEWCOMER",
        "STEADY",
        "SILENT",
        "STEADY",
        "FINISHED",
        "DEVOTED",
        "RETURNING",
        "STEADY",
        "HESITANT",
        "STUCK",
        "DEVOTED",
    ]
)
EXCEPTIONS = {
    9: Persona.FAILING,
    14: Persona.FAILING,
    17: Persona.FAILING,
    12: Persona.REPEATING,
}
DELETED_ONE_IN = 50


def persona(number: int) -> Persona:
    """The kind of the student with this number; numbers start at 0."""
    return EXCEPTIONS.get(number, PATTERN[number % len(PATTERN)])


def deleted_students(students: int) -> range:
    """The numbers of those who left: they come after the others, and no figure counts them."""
    return range(students, students + min(40, students // DELETED_ONE_IN))


def numbers_of(wanted: Persona, students: int) -> list[int]:
    """The numbers of the students of one kind who have not left."""
    return [number for number in range(students) if persona(number) == wanted]
