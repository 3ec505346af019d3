"""The results for a course or run equal those for a creator whose students did nothing else."""

from collections import Counter
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from hypothesis import given, settings

from database.frames import mappings
from database.levels import at_level
from database.tenancy import one_reading
from queries.cache.caching import CachedQuery
from queries.students.lists import PAGE_LIMIT, StudentFilters, students
from tests.builders import ACreator, History
from tests.levels import LEVELS, Courses, alone_at, belonging, level_named, placed_creator, placed_histories
from tests.queries.every_answer import Told, all_queries, arguments, full_name

pytestmark = pytest.mark.usefixtures("shared_database")

# Anything that may be found, and what is shown next to the figures: for no course, or for every one.
OF_EVERY_COURSE = {"courses.known.courses", "courses.contents.course_contents", "overview.search.found"}
OF_EVERY_COURSE |= {"courses.contents.enrolments_of_student", "courses.figures.runs_by_day"}
OF_EVERY_COURSE |= {"courses.level_figures.figures_of_levels", "overview.data_there.data_there"}
EVERYBODY = StudentFilters(limit=PAGE_LIMIT)
NOT_COMPARED = {"refreshed_at", "version"}


@given(placed_histories())
@settings(max_examples=20)
def test_every_query_answers_for_each_level_as_for_a_creator_of_its_own(placed: tuple[History, Courses]) -> None:
    history, in_courses = placed
    creator = placed_creator(history, in_courses)
    alone = {level: alone_at(history, in_courses, *level) for level in LEVELS}

    for level in LEVELS:
        about = ids_of(belonging(history, in_courses, *level))
        wanted = answers(alone[level], about)
        with at_level(level_named(creator, *level)):
            found = answers(creator, about)
        for name in wanted:
            assert found[name] == wanted[name], (name, level)
    assert_progress_adds_up(creator, [alone[1, 0], alone[2, 0]])


def assert_progress_adds_up(creator: ACreator, of_courses: list[ACreator]) -> None:
    """Progress over all courses is that of the courses a student is in."""
    wanted: Counter[tuple[UUID, str]] = Counter()
    for alone in of_courses:
        for row in mappings(students.fresh(alone.id, EVERYBODY).students):
            for measure in ("videos_completed", "published_videos"):
                wanted[row["student_id"], measure] += row[measure]
    for row in mappings(students.fresh(creator.id, EVERYBODY).students):
        told = [row[measure] for measure in ("videos_completed", "published_videos")]
        assert told == [wanted[row["student_id"], measure] for measure in ("videos_completed", "published_videos")]
        assert row["is_finished"] == (0 < told[1] <= told[0])


def ids_of(history: History) -> dict[str, Any]:
    """The first student, video and quiz of the history."""

    def first(table: str) -> Any:
        there = [row.id for row in history.rows if row.table == table and not row.values.get("deleted_at")]
        return there[0] if there else UUID(int=0)

    return {"student_id": first("students"), "video_id": first("videos"), "quiz_id": first("quizzes")}


def answers(creator: ACreator, ids: dict[str, Any]) -> dict[str, Any]:
    """The result of each query that is compared, all read in one transaction."""
    asked = {full_name(query).removeprefix("queries."): query for query in all_queries()}
    with one_reading():
        return {name: answer(query, creator, ids) for name, query in asked.items() if name not in OF_EVERY_COURSE}


def answer(query: CachedQuery[..., Any], creator: ACreator, ids: dict[str, Any]) -> Any:
    return compared(query.fresh(creator.id, *arguments(query, Told(creator.id, **ids))))


def compared(value: Any) -> Any:
    """The same value made of lists and texts, each frame as its columns."""
    if isinstance(value, pd.DataFrame):
        return compared({name: column.tolist() for name, column in value.items()})
    if is_dataclass(value) and not isinstance(value, type):
        return compared({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, dict):
        return {name: compared(one) for name, one in value.items() if name not in NOT_COMPARED}
    return [compared(one) for one in value] if isinstance(value, list | tuple | set) else str(value)
