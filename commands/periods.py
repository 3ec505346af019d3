"""The period of a command, and what it is compared with: the same keys as in addresses."""

from typing import TYPE_CHECKING
from uuid import UUID

from rules.errors import InputError

if TYPE_CHECKING:
    from queries.periods.period import Period

PERIOD_HELP = "7d, 30d, 90d, this-month, last-month, run, run:ID or two dates such as 2026-01-05..2026-02-10."
COMPARE_HELP = "What to compare with: before, last-year or run:ID."


def check_keys(period: str, compare: str) -> None:
    """Raise InputError for an invalid key."""
    from queries.periods.period import check_compare, check_period

    try:
        check_period(period)
        check_compare(compare)
    except ValueError as error:
        raise InputError(str(error)) from error


def period_of(creator_id: UUID, period: str, compare: str, course_id: UUID | None = None) -> "Period":
    """The days that the keys mean for this creator today; raises InputError."""
    from database.levels import at_level
    from queries.courses.known import level_of
    from queries.periods.chosen_period import chosen_period

    try:
        with at_level(level_of(creator_id, course_id)):
            return chosen_period(creator_id, period, compare)
    except ValueError as error:
        raise InputError(str(error)) from error
