"""The library of an imported course run against plain Python straight from its CSV files."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL

from database.importers.futurelearn import import_futurelearn
from queries.students.lists import PAGE_LIMIT
from queries.videos.lists import VideoFilters, videos
from tests import futurelearn_oracle as oracle
from tests.course_runs import AFTER_THE_RUN, CourseRun


@pytest.fixture(scope="module")
def run(course_run: CourseRun, shared_database: URL) -> Iterator[tuple[Path, UUID]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", AFTER_THE_RUN.isoformat())
        report = import_futurelearn(course_run.folder, f"{course_run.name} for its videos", timezone=course_run.zone)
        yield course_run.folder, report.creator_id


def test_starts_completions_and_means_of_every_video(run):
    folder, creator_id = run

    found = videos.fresh(creator_id, VideoFilters(limit=PAGE_LIMIT)).videos

    titles = {row["step_position"]: row["title"] for row in oracle._rows(folder, "video-stats")}
    assert len(found) == len(titles)
    starts, completions = oracle.video_starts(folder), oracle.video_completions(folder)
    expected = sorted((titles[step], starts[step], completions[step]) for step in titles)
    assert sorted(zip(found.title, found.unique_viewers, found.completions, strict=True)) == expected
    assert sum(completions.values()) > 0


def test_completion_rates_and_mean_watched_shares_of_every_video(run):
    folder, creator_id = run

    found = videos.fresh(creator_id, VideoFilters(limit=PAGE_LIMIT)).videos.dropna(subset="completion_rate_percent")

    titles = {row["step_position"]: row["title"] for row in oracle._rows(folder, "video-stats")}
    starts = oracle.video_starts(folder)
    rates, means = oracle.video_completion_rates(folder), oracle.mean_watched_percent(folder)
    # Of fewer than five viewers there is no rate.
    expected = sorted((titles[step], rate, means[step]) for step, rate in rates.items() if starts[step] >= 5)
    measured = sorted(zip(found.title, found.completion_rate_percent, found.avg_watched_percent, strict=True))
    assert [row[0] for row in measured] == [row[0] for row in expected]
    assert [row[1] for row in measured] == pytest.approx([row[1] for row in expected])
    # Shares are kept in hundredths of a percent.
    assert [row[2] for row in measured] == pytest.approx([row[2] for row in expected], abs=0.005)
