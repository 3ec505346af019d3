"""Who finished, and when."""

from datetime import timedelta

import pytest
from sqlalchemy import URL

from tests.builders import NOW, ACreator, a_creator, a_progress, a_segment, a_student, a_video
from tests.reports.exports.opened import csv_records, exported
from tests.reports.two_courses import in_two_courses

ADA, BEN, CLEO, GONE = (
    a_student("Ada Moss", created_at=NOW - timedelta(days=20)),
    a_student("Ben Okoro", email=None, created_at=NOW - timedelta(days=3)),
    a_student("Cleo Hart"),
    a_student("Gone Away", deleted_days_ago=1),
)
LOOPS, LISTS, DRAFT = (
    a_video("Loops", duration_seconds=100),
    a_video("Lists", duration_seconds=100),
    a_video("Draft", status="processing"),
)


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    """Ada played Loops to its end twice; Ben's platform tells no playback; Cleo has one video to go."""
    return a_creator(
        [ADA, BEN, CLEO, GONE],
        [LOOPS, LISTS, DRAFT],
        [a_segment(ADA, LOOPS, days_ago=days, seconds=100) for days in (9, 1)],
        [a_progress(ADA, LISTS, days_ago=10, watch_percentage=100, completed=True)],
        [
            a_progress(BEN, each, days_ago=days, watch_percentage=100, completed=True)
            for each, days in ((LOOPS, 5), (LISTS, 2))
        ],
        [a_progress(CLEO, LOOPS, days_ago=2, watch_percentage=100, completed=True)],
        [a_progress(GONE, each, days_ago=2, watch_percentage=100, completed=True) for each in (LOOPS, LISTS)],
    )


def test_everybody_who_finished_is_there_the_last_first_with_their_dates(creator: ACreator) -> None:
    rows = csv_records(exported(creator, "finished", "csv"))

    assert [(row["Student"], row["Email"] != "") for row in rows] == [("Ben Okoro", False), ("Ada Moss", True)]
    assert [row["Finished (UTC)"][:10] for row in rows] == [day(2), day(9)]
    assert [row["Enrolled (UTC)"][:10] for row in rows] == [day(3), day(20)]
    assert rows[1]["Started (UTC)"][:10] == day(10)
    assert [row["Days"] for row in rows] == ["1", "11"]
    assert [row["Videos"] for row in rows] == ["2", "2"]


@pytest.mark.parametrize(("period", "names"), [("7d", ["Ben Okoro"]), (f"{'{0}'}..{'{0}'}", ["Ada Moss"])])
def test_a_period_is_of_the_days_on_which_they_finished(creator: ACreator, period: str, names: list[str]) -> None:
    rows = csv_records(exported(creator, "finished", "csv", period=period.format(day(9))))

    assert [row["Student"] for row in rows] == names


def test_a_search_is_of_names_and_addresses(creator: ACreator) -> None:
    assert [row["Student"] for row in csv_records(exported(creator, "finished", "csv", search="moss"))] == ["Ada Moss"]


def test_an_outsider_gets_nobody(creator: ACreator) -> None:
    assert csv_records(exported(a_creator(), "finished", "csv")) == []


def test_where_there_are_several_courses_the_file_names_them(shared_database: URL) -> None:
    rows = csv_records(exported(in_two_courses(), "finished", "csv"))

    assert all("Course" in row for row in rows)


def day(days_ago: int) -> str:
    return f"{NOW - timedelta(days=days_ago):%Y-%m-%d}"
