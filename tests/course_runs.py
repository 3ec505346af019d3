"""The FutureLearn course runs that tests import: always a small one of our own, and a real one if it is available.

We may not pass the real one on, and nobody needs it to run the tests: without it, its tests are shown as skipped.
The fixture `course_run` gives both to a test.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from database.settings import PROJECT_DIR
from tests.data_futurelearn import small_export

AFTER_THE_RUN = datetime(2018, 10, 2, tzinfo=UTC)
DURING_THE_RUN = datetime(2018, 7, 20, 12, tzinfo=UTC)  # of the real one; the small one is made for the day after it

SMALL_RUN = "small run"
REAL_RUN = "real run"
REAL_FOLDER = PROJECT_DIR.parent / "shared" / "data" / "futurelearn-run6"


@dataclass(frozen=True)
class CourseRun:
    """A folder as FutureLearn exports it, and the time zone of the creator who gets it."""

    name: str
    folder: Path
    zone: str


def where_it_is(folder: Path) -> pytest.MarkDecorator:
    """Skip with the reason if the real run is missing."""
    return pytest.mark.skipif(not folder.is_dir(), reason=f"the real course run, {folder.name}, is not at hand")


needs_the_real_run = where_it_is(REAL_FOLDER)
RUNS = (pytest.param(SMALL_RUN), pytest.param(REAL_RUN, marks=needs_the_real_run))


@pytest.fixture(scope="module", params=RUNS)
def course_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CourseRun:
    """Each course run in turn."""
    return real_run() if request.param == REAL_RUN else small_run(tmp_path_factory.mktemp("export"))


def course_runs_at_hand(scratch: Path) -> list[CourseRun]:
    """The small run, written into the scratch folder, and the real one if it is available."""
    return [small_run(scratch), *([real_run()] if REAL_FOLDER.is_dir() else [])]


def small_run(scratch: Path) -> CourseRun:
    assert not scratch.resolve().is_relative_to(REAL_FOLDER.parent.resolve()), f"{scratch} is not ours to write to."
    return CourseRun(SMALL_RUN, small_export(scratch), "Asia/Kolkata")


def real_run() -> CourseRun:
    return CourseRun(REAL_RUN, REAL_FOLDER, "Europe/London")
