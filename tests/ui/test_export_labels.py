"""Exports in words."""

from uuid import UUID

import pytest

from rules.formatting import size
from ui.exports.labels import filters_in_words, rows


@pytest.mark.parametrize(
    ("export_type", "filters", "words"),
    [
        ("students", {}, "Everything"),
        ("students", {"sort_by": "name", "sort_order": "asc", "status": "all"}, "Everything"),
        ("students", {"search": "ada", "status": "at-risk"}, "With “ada” · At risk"),
        ("students", {"progress": "26-50"}, "26 to 50% progress"),
        ("students", {"last_active": "week"}, "Last active\\: Last 7 days"),
        ("videos", {"status": "completed"}, "Published"),
        ("chat", {"period": "7d", "rated": "bad"}, "Last 7 days · Rated bad"),
        ("quiz_results", {"quiz_id": "a"}, "One quiz"),
        ("chat", {"search": "*[x](y)*"}, "With “\\*\\[x\\]\\(y\\)\\*”"),
    ],
)
def test_filters_are_told_as_the_page_calls_them(export_type, filters, words):
    assert filters_in_words(export_type, filters) == words


def test_courses_and_runs_are_told_by_their_names_as_far_as_they_are_known():
    course, run, gone = (str(UUID(int=number)) for number in (1, 2, 3))
    names = {course: "Light and colour", run: "Autumn"}

    assert filters_in_words("students", {"course_id": course, "run_id": run}, names) == "“Light and colour” · “Autumn”"
    assert filters_in_words("students", {"course_id": gone}, names) == "One course"


@pytest.mark.parametrize("odd", [["7d"], {"a": []}, 7, None, True, 1e308])
@pytest.mark.parametrize("name", ["period", "status", "progress", "search", "band", "student_id", "anything"])
def test_filters_of_another_type_do_not_end_the_page(name, odd):
    assert filters_in_words("students", {name: odd})


@pytest.mark.parametrize(
    ("size_bytes", "words"), [(0, "0 bytes"), (1023, "1,023 bytes"), (1024, "1 KB"), (1_572_864, "1.5 MB")]
)
def test_sizes_are_short(size_bytes, words):
    assert size(size_bytes) == words


def test_one_row_is_one_row():
    assert (rows(0), rows(1), rows(12_345)) == ("0 rows", "1 row", "12,345 rows")
