"""What charts over days mark: changed videos, mails that went out, runs that started; each on its local day."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from actions.courses import RunDates, add_course, add_run, change_run, put_videos
from actions.videos import VideoUpdates, update_video
from database.engine import engine
from database.levels import at_level
from database.tenancy import tenant_tx
from queries.courses.known import courses, level_of
from queries.periods.markers import MOST_MARKERS, markers
from queries.periods.period import MONTH, resolve
from tests.builders import NOW, ACreator, a_creator, a_student, a_video, refreshed
from tests.pages.test_periods import author_of
from tests.queries.comparing import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

INSTANT = timedelta(microseconds=1)
TODAY = NOW.date()


def test_a_video_that_is_described_anew_is_marked_on_its_day_once():
    video = a_video("Loops")
    creator = a_creator(video)
    for transcript in ("Loops run.", "Loops run again."):
        update_video(author_of(creator), creator.id, video.id, VideoUpdates(title="Loops", transcript=transcript))

    assert told(creator) == [(TODAY, "video_changed", "Loops", video.id)]


def test_a_new_file_is_a_change_and_the_first_one_is_none():
    video = a_video("Loops")
    creator = a_creator(video)
    for edition, days in ((1, 9), (2, 3)):
        an_edition(creator, video.id, edition, NOW - timedelta(days=days))

    assert told(creator) == [(TODAY - timedelta(days=3), "video_changed", "Loops", video.id)]


def test_a_deleted_video_is_not_marked():
    video = a_video("Loops", deleted_at=NOW)
    creator = a_creator(video)
    an_edition(creator, video.id, 2, NOW - timedelta(days=3))

    assert told(creator) == []


@pytest.mark.parametrize(
    ("state", "is_cancelled", "is_marked"),
    [("sent", False, True), ("sent", True, True), ("pending", False, False), ("cancelled", True, False)],
)
def test_a_mail_is_marked_once_one_of_it_was_sent(state, is_cancelled, is_marked):
    creator = a_creator(a_student())

    announcement_id = an_announcement(creator, NOW - timedelta(days=2), state, is_cancelled)

    marked = [(TODAY - timedelta(days=2), "mail_sent", "A reminder", announcement_id)]
    assert told(creator) == (marked if is_marked else [])


def test_a_run_is_marked_where_it_started_and_bears_its_own_name_or_that_of_the_course():
    creator = a_creator(a_student())
    author = author_of(creator)
    [course] = courses.fresh(creator.id).courses
    change_run(author, creator.id, course.runs[0].run_id, RunDates("Spring", NOW - timedelta(days=5), None))

    assert told(creator) == [(TODAY - timedelta(days=5), "run_started", "Spring", course.runs[0].run_id)]


def test_a_course_marks_its_own_runs_and_videos():
    loops, sorting = a_video("Loops"), a_video("Sorting")
    creator = a_creator(a_student(), loops, sorting)
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")
    put_videos(author, creator.id, second, [sorting.id])
    add_run(author, creator.id, second, RunDates("Autumn", NOW - timedelta(days=1), None))
    for video in (loops, sorting):
        an_edition(creator, video.id, 2, NOW - timedelta(days=3))
    refreshed(creator)
    refreshed(creator)

    with at_level(level_of(creator.id, second)):
        assert [title for _, _, title, _ in told(creator)] == ["Autumn", "Sorting"]
    assert [title for _, _, title, _ in told(creator)] == ["Autumn", "Loops", "Sorting"]


@pytest.mark.parametrize(
    ("timezone", "key", "begins", "ends"),
    [
        ("Asia/Kolkata", "2026-02-01..2026-02-28", "2026-01-31T18:30Z", "2026-02-28T18:30Z"),
        ("America/New_York", "2025-11-02..2025-11-02", "2025-11-02T04:00Z", "2025-11-03T05:00Z"),
    ],
)
def test_just_before_first_last_and_just_after(timezone, key, begins, ends):
    video = a_video("Loops", created_at=datetime(2025, 1, 1, tzinfo=UTC))
    creator = a_creator(video, timezone=timezone)
    begins, ends = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    for edition, at in enumerate([begins - INSTANT, begins, ends - INSTANT, ends], start=2):
        an_edition(creator, video.id, edition, at)

    found = [day for day, *_ in told(creator, resolve(key, TODAY))]

    first, last = key.split("..")
    assert sorted({first, last}, reverse=True) == [day.isoformat() for day in found]


def test_what_lies_after_the_clock_is_not_marked(monkeypatch):
    video = a_video("Loops")
    creator = a_creator(video)
    an_edition(creator, video.id, 2, NOW - timedelta(hours=1))
    monkeypatch.setenv("DASHBOARD_NOW", (NOW - timedelta(hours=2)).isoformat())

    assert told(creator) == []


def test_at_most_so_many_are_marked():
    video = a_video("Loops")
    creator = a_creator(video)
    for number in range(70):
        an_announcement(creator, NOW - timedelta(hours=9 * number), "sent")

    assert len(markers.fresh(creator.id, MONTH)) == MOST_MARKERS


def test_an_outsider_sees_nothing_even_after_the_owner_warmed_the_cache():
    video = a_video("Loops")
    owner, outsider = a_creator(video), a_creator(a_student())
    an_edition(owner, video.id, 2, NOW - timedelta(days=3))
    an_announcement(owner, NOW - timedelta(days=3), "sent")

    assert len(markers(owner.id, MONTH)) == 2
    assert markers(outsider.id, MONTH).empty


def told(creator: ACreator, period=MONTH):
    return [
        (row["day"].date(), row["kind"], row["title"], row["target_id"])
        for row in rows_of(markers.fresh(creator.id, period))
    ]


def an_edition(creator: ACreator, video_id: UUID, edition: int, began_at: datetime) -> None:
    with engine().begin() as owner:
        owner.execute(
            text(
                "insert into video_editions (creator_id, video_id, edition, began_at) values (:c, :v, :e, :a)"
                " on conflict (creator_id, video_id, edition) do update set began_at = excluded.began_at"
            ),
            {"c": creator.id, "v": video_id, "e": edition, "a": began_at},
        )


def an_announcement(creator: ACreator, due_at: datetime, state: str, is_cancelled: bool = False) -> UUID:
    """One with a single mail in this state."""
    announcement_id = uuid4()
    values = {"c": creator.id, "id": announcement_id, "about": str(announcement_id), "at": due_at, "state": state}
    with tenant_tx(creator.id) as connection:
        connection.execute(
            text(
                "insert into announcements (creator_id, id, subject, body, audience, due_at, cancelled_at)"
                " values (:c, :id, 'A reminder', 'Hello', 'everybody', :at, :cancelled)"
            ),
            {**values, "cancelled": due_at if is_cancelled else None},
        )
        connection.execute(
            text(
                "insert into mail_deliveries (creator_id, kind, about, period_start, recipient, recipient_key, state,"
                " due_at, next_attempt_at)"
                " values (:c, 'announcement', :about, '2026-03-01', 'ada@example.com', 'ada@example.com', :state,"
                " :at, :at)"
            ),
            values,
        )
    return announcement_id
