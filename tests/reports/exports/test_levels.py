"""An export of a course or run has the contents of one of a creator whose students did nothing else."""

import pytest
from hypothesis import given, settings

from database.levels import EVERYTHING, Level, at_level
from reports.exports import TYPES, ExportRequest, export_bytes
from tests.builders import ACreator, History
from tests.levels import LEVELS, Courses, alone_at, level_named, placed_creator, placed_histories
from tests.reports.exports.opened import csv_rows

pytestmark = pytest.mark.usefixtures("shared_database")


@given(placed_histories())
@settings(max_examples=10)
def test_every_export_holds_the_rows_of_the_level(placed: tuple[History, Courses]) -> None:
    history, in_courses = placed
    creator = placed_creator(history, in_courses)

    for course, run in LEVELS:
        alone = alone_at(history, in_courses, course, run)
        named = level_named(creator, course, run)
        for export_type in TYPES:
            found = rows(creator, export_type, named)
            assert found == rows(alone, export_type, EVERYTHING), (export_type, course, run)


def rows(creator: ACreator, export_type: str, level: Level) -> list[list[str]]:
    """Without the course column, which only the creator with several courses has."""
    with at_level(level):
        titles, *found = csv_rows(export_bytes(creator.id, ExportRequest.of(export_type, "csv")))
    kept = len(titles) - ("Course" in titles)
    return [row[:kept] for row in (titles, *found)]
