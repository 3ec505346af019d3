"""The period of a request, and what it is compared with."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.callers import Caller
from api.problems import CONFLICT, NOT_FOUND, Problem, invalid
from queries.periods.chosen_period import chosen_period
from queries.periods.period import BEFORE, KEYS, NotYet, Period, UnknownRun, check_compare

_DAY = r"(199\d|20[0-5]\d)-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|[12]\d))"
_RUN = "run:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PERIOD = rf"^({'|'.join(KEYS)}|{_RUN}|{_DAY}\.\.{_DAY})$"
COMPARE = f"^(before|last-year|{_RUN})$"
PERIOD_TOLD = (
    "The last 7, 30 or 90 local days, today included; this-month or last-month; run or run:<id>, the days since a "
    "run's start; or two dates, 2026-01-05..2026-02-10. Days in the future are left out."
)
COMPARE_TOLD = (
    "What the period is compared with: before (as many days before it; for a month, the same days of the month "
    "before), last-year (the same days), or run:<id> (the same days since that run's start, counted in that run)."
)
# For the description only: wrong values are refused with the allowed ones.
PeriodKey = Annotated[str, Query(description=PERIOD_TOLD, json_schema_extra={"pattern": PERIOD})]
CompareKey = Annotated[str, Query(description=COMPARE_TOLD, json_schema_extra={"pattern": COMPARE})]
PeriodField = Annotated[str, Field(description=PERIOD_TOLD, json_schema_extra={"pattern": PERIOD})]
CompareField = Annotated[str, Field(description=COMPARE_TOLD, json_schema_extra={"pattern": COMPARE})]


def asked_period(caller: Caller, key: str, compare: str = BEFORE) -> Period:
    """The period with these keys; raises a Problem for invalid ones."""
    try:
        check_compare(compare)
    except ValueError as error:
        raise invalid("compare", compare, str(error)) from error
    try:
        return chosen_period(caller.creator_id, key, compare)
    except UnknownRun as error:
        raise Problem(NOT_FOUND, str(error)) from error
    except NotYet as error:
        raise Problem(CONFLICT, str(error)) from error
    except ValueError as error:
        raise invalid("period", key, str(error)) from error
