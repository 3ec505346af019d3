"""Videos of an imported course run: ready-made curves, no playback."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from database.frames import frame, mappings
from database.importers.futurelearn import import_futurelearn
from tests.builders import ACreator
from tests.course_runs import CourseRun
from tests.data_futurelearn import NOW
from tests.pages.opened import an_account, figures, opened, words


@pytest.fixture(scope="module", autouse=True)
def page_database(shared_database: object, course_run: CourseRun) -> Iterator[ACreator]:
    """All tests look at one import."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", NOW.isoformat())
        report = import_futurelearn(course_run.folder, course_run.name)
        yield ACreator(report.creator_id, course_run.name, "enterprise", "UTC")


def test_every_video_with_viewers_works_and_says_that_its_curve_is_ready_made(page_database: ACreator) -> None:
    account = an_account(page_database)
    videos = frame(page_database.id, "select video_id, unique_viewers from video_analytics")
    watched = [row for row in mappings(videos) if row["unique_viewers"]]

    for row in watched:
        app = opened(account, "video", id=str(UUID(str(row["video_id"]))))
        assert not app.exception
        assert "points that the platform reports for this video" in words(app)
        assert "it is unknown how often viewers replay a part" in words(app)
        assert figures(app)["Unique viewers"] == f"{row['unique_viewers']:,}"
        assert len(app.get("vega_lite_chart")) == 1
    assert watched
