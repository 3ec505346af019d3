"""The real course run is requested in one place, and if it is missing its tests are skipped with a reason."""

from pathlib import Path

import pytest

from database.settings import PROJECT_DIR
from tests.course_runs import (
    REAL_FOLDER,
    REAL_RUN,
    RUNS,
    SMALL_RUN,
    CourseRun,
    course_runs_at_hand,
    small_run,
    where_it_is,
)


def test_where_the_real_run_is_missing_its_tests_are_skipped_with_the_reason(tmp_path: Path) -> None:
    missing = where_it_is(tmp_path / "some-run").mark

    assert missing.args == (True,)
    assert missing.kwargs == {"reason": "the real course run, some-run, is not at hand"}


def test_where_the_real_run_is_at_hand_nothing_is_skipped(tmp_path: Path) -> None:
    assert where_it_is(tmp_path).mark.args == (False,)


def test_only_the_tests_of_the_real_run_are_ever_skipped() -> None:
    assert [(run.values, [mark.name for mark in run.marks]) for run in RUNS] == [
        ((SMALL_RUN,), []),
        ((REAL_RUN,), ["skipif"]),
    ]


def test_nobody_else_looks_for_the_real_run() -> None:
    tests = (PROJECT_DIR / "tests").rglob("*.py")

    assert [file.name for file in tests if REAL_FOLDER.name in file.read_text(encoding="utf-8")] == ["course_runs.py"]


def test_the_fixture_gives_the_run_that_it_names(course_run: CourseRun) -> None:
    assert (course_run.name == REAL_RUN) == (course_run.folder == REAL_FOLDER)
    assert list(course_run.folder.glob("*_enrolments.csv"))


def test_the_small_run_is_always_at_hand(tmp_path: Path) -> None:
    small, *real = course_runs_at_hand(tmp_path)

    assert (small.name, small.folder) == (SMALL_RUN, tmp_path)
    assert [run.folder for run in real] == [REAL_FOLDER] * REAL_FOLDER.is_dir()


def test_the_small_run_is_never_written_beside_the_real_one() -> None:
    for folder in (REAL_FOLDER, REAL_FOLDER / "deeper"):
        with pytest.raises(AssertionError, match="is not ours to write to"):
            small_run(folder)


def test_skips_are_shown_with_their_reasons(pytestconfig: pytest.Config) -> None:
    assert "s" in pytestconfig.getoption("reportchars")
