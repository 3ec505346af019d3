"""Every query about a creator's students as a whole, with arguments to call it with."""

from collections.abc import Iterable
from typing import Any

from queries.cache.caching import CachedQuery
from queries.overview import engagement
from queries.overview import headline as overview
from queries.periods.period import MONTH, PERIODS
from queries.students import lists as students
from queries.students.lists import StudentFilters

SUBJECTS = (engagement, overview, students)
Asked = tuple[CachedQuery[..., Any], tuple[Any, ...]]


def every_query() -> list[CachedQuery[..., Any]]:
    """All cached queries of the subjects."""
    return [value for module in SUBJECTS for value in vars(module).values() if isinstance(value, CachedQuery)]


def asked_with(student_id: Any, periods: Iterable[Any] = (MONTH,)) -> list[Asked]:
    """Each query with arguments that make it return something for a creator who has this student."""
    of_one_student: dict[str, tuple[Any, ...]] = {"student": (student_id,), "students": (StudentFilters(),)}
    asked: list[Asked] = []
    for query in every_query():
        takes = query.fresh.__code__.co_varnames[1 : query.fresh.__code__.co_argcount]
        if takes == ("period",):
            asked += [(query, (period,)) for period in periods]
        else:
            asked.append((query, of_one_student.get(query.fresh.__name__, ())))
    return asked


def name(query: CachedQuery[..., Any]) -> str:
    return query.fresh.__qualname__


ALL_PERIODS = tuple(PERIODS.values())
