"""What a creator changes in the library: it shows immediately, and nobody else can do it."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from actions import videos as actions
from actions.courses import add_course
from actions.publishing import publish_video, unpublish_video
from actions.transcripts import Transcript, add_transcript, transcript_of
from actions.uploads import begin_replacement, begin_upload, cancel_upload, retry_upload
from actions.video_files import video_extension
from actions.videos import (
    TITLE_LIMIT,
    VideoUpdates,
    delete_video,
    reorder_videos,
    update_video,
)
from database.accounts import Account
from database.storage import stored_keys
from database.tenancy import tenant_tx
from queries.students.lists import StudentFilters, students
from queries.videos.library import library, video_to_edit, videos_in_order
from queries.videos.lists import VideoFilters, videos
from queries.videos.one_video import video_analytics
from rules.errors import InputError
from rules.transcripts import line_times
from tests import oracle
from tests.builders import NOW, a_creator, a_progress, a_student, a_video
from tests.uploads import arriving, author_of, begun, told

pytestmark = pytest.mark.usefixtures("shared_database")

MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 200
EVERYTHING = VideoFilters()


@pytest.fixture(autouse=True)
def storage_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")
    return tmp_path


STAFF = Account(uuid4(), "Sam Staff", None, "staff", None, None, None)


def titles(creator):
    return videos_in_order(creator.id).title.tolist()


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def video_rows(creator):
    return sorted(oracle.rows_of(creator.id, "videos"), key=lambda row: row["id"])


def test_a_video_is_uploaded_into_the_course_that_is_named_and_into_no_other_creators():
    creator = a_creator(a_video("Loops"))
    second = add_course(author_of(creator), creator.id, "Sorting")
    foreign = add_course(author_of(other := a_creator(a_video("Knots"))), other.id, "Sailing")

    added = begin_upload(author_of(creator), creator.id, arriving(MP4), "Lists", second)
    with pytest.raises(InputError, match=r"The course .* does not exist"):
        begin_upload(author_of(creator), creator.id, arriving(MP4), "Tuples", foreign)

    assert told(creator, added).video["course_id"] == second
    assert titles(creator) == ["Loops", "Lists"]


def test_an_upload_is_in_the_library_at_once_and_called_like_its_file_unless_somebody_says_otherwise():
    creator = a_creator(a_video("Loops", position=7))
    assert titles(creator) == ["Loops"]

    added = begin_upload(author_of(creator), creator.id, arriving(MP4), "  Lists \n and tuples ")
    begin_upload(author_of(creator), creator.id, arriving(MP4, "while_loops  2.mp4"))

    listed = videos(creator.id, EVERYTHING).videos
    assert listed.title.tolist() == titles(creator) == ["Loops", "Lists and tuples", "while loops 2"]
    assert listed.status.tolist() == ["completed", "uploaded", "uploaded"]
    assert (told(creator, added).video["position"], told(creator, added).video["is_published"]) == (8, False)


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (MP4, "mp4"),
        (b"\x00\x00\x00\x14ftypqt  " + b"\x00" * 20, "mov"),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm" + b"\x00" * 20, "webm"),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x88matroska" + b"\x00" * 20, "mkv"),
    ],
)
def test_videos_are_known_by_what_they_hold(content, extension):
    assert video_extension(content) == extension


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 this is a program", "not a usable video"),
        (b"<html><script>alert(1)</script>", "not a usable video"),
        (b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 20, "not a usable video"),
        (b"\x00\x00\x00\x18ftypavif" + b"\x00" * 20, "not a usable video"),
        (b"\x1a\x45\xdf\xa3 something else", "not a usable video"),
        (b"ftypisom", "not a usable video"),
    ],
)
def test_what_is_no_video_is_refused(content, reason):
    with pytest.raises(InputError, match=reason):
        arriving(content)


def test_students_see_a_video_while_it_is_published_and_progress_follows_at_once():
    ada, loops, lists = a_student("Ada"), a_video("Loops"), a_video("Lists", position=1)
    creator = a_creator([ada, loops, lists], a_progress(ada, loops, completed=True))

    def shown():
        found = students.fresh(creator.id, StudentFilters()).students.iloc[0]
        return library.fresh(creator.id).published_videos, found.progress_percent

    assert shown() == (2, 50)
    assert unpublish_video(author_of(creator), creator.id, lists.id)
    assert shown() == (1, 100)
    assert unpublish_video(author_of(creator), creator.id, lists.id)  # again: nothing to do
    assert videos(creator.id, VideoFilters(status="ready")).videos.title.tolist() == ["Lists"]
    assert publish_video(author_of(creator), creator.id, lists.id)
    assert shown() == (2, 50)

    waiting = told(creator, begun(creator, MP4)).video["id"]
    with pytest.raises(InputError, match="Only a processed video can be published"):
        publish_video(author_of(creator), creator.id, waiting)


@pytest.mark.parametrize(
    ("name", "content", "spoken"),
    [
        ("a.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ada>Hi <b>all</b> &amp; you\n", "Hi all & you"),
        (
            "a.srt",
            "1\r\n00:00:00,000 --> 00:00:01,000\r\nHi, all.\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\nBye.",
            "Hi, all.\nBye.",
        ),
        ("a.VTT", "\ufeffWEBVTT\n\n00:00.000 --> 00:01.000\nOne\n\n00:01.000 --> 00:02.000\nOne\nTwo", "One\nTwo"),
        ("a.txt", "First.\x00 Then.\n", "First. Then."),
    ],
)
def test_a_transcript_is_what_is_said_without_times(name, content, spoken):
    video = a_video()
    creator = a_creator(video)

    add_transcript(author_of(creator), creator.id, video.id, transcript_of(name, content.encode()))

    assert video_to_edit(creator.id, video.id).transcript == spoken


TIMED = "WEBVTT\n\n00:10.000 --> 00:12.500\nOne\nand two\n\n00:12.500 --> 00:20.000\nand two\nThree.\n"


def test_the_times_of_a_transcript_stay_with_its_lines_as_it_is_edited():
    video = a_video("Loops")
    creator = a_creator(video)
    author = author_of(creator)

    add_transcript(author, creator.id, video.id, transcript_of("a.vtt", TIMED.encode()))
    assert times_of(creator, video) == [(10_000, 12_500), (10_000, 12_500), (12_500, 20_000)]
    update_video(author, creator.id, video.id, VideoUpdates(title="Loops", transcript="One\nand 2\nNew.\nThree."))
    assert times_of(creator, video) == [(10_000, 12_500), (10_000, 12_500), (10_000, 12_500), (12_500, 20_000)]
    update_video(author, creator.id, video.id, VideoUpdates(title="Renamed", transcript="One\nand 2\nNew.\nThree."))
    assert len(times_of(creator, video)) == 4
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update videos set transcript = 'Another'"))
    assert times_of(creator, video) == []  # of a text that is gone
    add_transcript(author, creator.id, video.id, transcript_of("a.txt", b"Plain words."))
    assert times_of(creator, video) == []


def times_of(creator, video):
    shown = video_analytics.fresh(creator.id, video.id)
    return line_times(shown.transcript, shown.transcript_times)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.vtt", b"Hi all.", "no captions that can be read as VTT"),
        ("a.srt", b"Hi all.", "no captions that can be read as SRT"),
        ("a.txt", b" \n", "no words"),
        ("a.txt", b"\xff\xfe\x00", "not text in UTF-8"),
        ("a.txt", b"x" * 500_001, "at most 500,000"),
        ("a.vtt", b"x" * (5 * 1024**2), "too large"),
    ],
)
def test_a_file_that_is_no_transcript_says_why(name, content, why):
    with pytest.raises(InputError, match=why):
        transcript_of(name, content)


def test_an_edited_video_shows_at_once():
    video = a_video("Loops", category="Old")
    creator = a_creator(video)
    assert library(creator.id).categories == ["Old"]
    updates = VideoUpdates(
        " While\x00 loops ", "About\r\nthem\x07", " Basics ", ("py", "PY", " a  b ", ""), "advanced", "First. Then."
    )

    assert update_video(author_of(creator), creator.id, video.id, updates)

    found = video_to_edit(creator.id, video.id)
    assert found is not None
    assert (found.title, found.description, found.category) == ("While loops", "About\nthem", "Basics")
    assert (found.tags, found.difficulty_level, found.transcript) == (["py", "a b"], "advanced", "First. Then.")
    assert library(creator.id).categories == ["Basics"]
    assert video_rows(creator)[0]["updated_at"] == NOW


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("title", " \n\x00", "title is empty"),
        ("title", "x" * (TITLE_LIMIT + 1), "at most 200"),
        ("description", "x" * 5_001, "description has 5,001"),
        ("category", "x" * 81, "category has 81"),
        ("tags", ["x" * 41], "tag has 41"),
        ("tags", [str(number) for number in range(21)], "21 tags"),
        ("difficulty_level", "expert", '"expert"'),
        ("transcript", "x" * 500_001, "transcript has 500,001"),
    ],
)
def test_what_cannot_be_kept_is_named(field, value, reason):
    with pytest.raises(InputError, match=reason):
        replace(VideoUpdates("Loops"), **{field: value})


def test_the_longest_texts_are_kept():
    video = a_video()
    creator = a_creator(video)
    tags = [f"{number:02d}" + "é" * 38 for number in range(20)]
    updates = VideoUpdates("é" * TITLE_LIMIT, "d" * 5_000, "c" * 80, tags, "beginner", "t" * 500_000)

    update_video(author_of(creator), creator.id, video.id, updates)

    assert len(video_rows(creator)[0]["transcript"]) == 500_000


def test_a_deleted_video_leaves_every_figure_at_once():
    ada, loops, lists = a_student("Ada"), a_video("Loops"), a_video("Lists", position=1)
    creator = a_creator([ada, loops, lists], a_progress(ada, loops, completed=True))
    before = students(creator.id, StudentFilters()).students.iloc[0]
    assert (before.videos_completed, before.progress_percent) == (1, 50)

    assert delete_video(author_of(creator), creator.id, loops.id)

    after = students(creator.id, StudentFilters()).students.iloc[0]
    assert titles(creator) == videos(creator.id, EVERYTHING).videos.title.tolist() == ["Lists"]
    assert (after.videos_watched, after.videos_completed, after.progress_percent) == (0, 0, 0)
    assert len(video_rows(creator)) == 2  # the row stays


def test_a_deleted_video_cannot_be_changed_or_deleted_again():
    video = a_video()
    creator = a_creator(video)
    delete_video(author_of(creator), creator.id, video.id)

    for again in (
        lambda: delete_video(author_of(creator), creator.id, video.id),
        lambda: update_video(author_of(creator), creator.id, video.id, VideoUpdates("New")),
        lambda: reorder_videos(author_of(creator), creator.id, [video.id]),
    ):
        with pytest.raises(InputError, match=r"video .*does not exist"):
            again()


def test_a_new_order_shows_at_once_and_counts_from_1():
    rows = [a_video(title, position=5) for title in "ABCDE"]
    creator = a_creator(rows, a_video("Gone", position=3, deleted_days_ago=1))
    wanted = [rows[place] for place in (4, 0, 3, 1, 2)]

    assert reorder_videos(author_of(creator), creator.id, [row.id for row in wanted])

    assert titles(creator) == ["E", "A", "D", "B", "C"]
    assert sorted(row["position"] for row in video_rows(creator) if row["deleted_at"] is None) == [1, 2, 3, 4, 5]
    assert [row["position"] for row in video_rows(creator) if row["deleted_at"]] == [3]


def test_an_order_that_is_not_exactly_the_own_videos_changes_nothing():
    one, two, gone, foreign = a_video("One"), a_video("Two", position=1), a_video(deleted_days_ago=1), a_video()
    creator, stranger = a_creator(one, two, gone), a_creator(foreign)
    before = video_rows(creator), video_rows(stranger)

    for ids, reason in (
        ([two.id], "leaves out 1 of 2"),
        ([], "leaves out 2 of 2"),
        ([two.id, one.id, two.id], "twice"),
        ([two.id, one.id, gone.id], f"video {gone.id} does not exist"),
        ([two.id, one.id, foreign.id], f"video {foreign.id} does not exist"),
        ([two.id, one.id, uuid4()], "does not exist"),
    ):
        with pytest.raises(InputError, match=reason):
            reorder_videos(author_of(creator), creator.id, ids)

    assert (video_rows(creator), video_rows(stranger)) == before


def every_action(author, creator_id, video_id):
    return (
        lambda: begin_upload(author, creator_id, arriving(MP4), "New"),
        lambda: update_video(author, creator_id, video_id, VideoUpdates("New")),
        lambda: delete_video(author, creator_id, video_id),
        lambda: reorder_videos(author, creator_id, [video_id]),
        lambda: begin_replacement(author, creator_id, video_id, arriving(MP4)),
        lambda: cancel_upload(author, creator_id, video_id),
        lambda: retry_upload(author, creator_id, video_id),
        lambda: publish_video(author, creator_id, video_id),
        lambda: unpublish_video(author, creator_id, video_id),
        lambda: add_transcript(author, creator_id, video_id, Transcript("Words")),
    )


def test_staff_and_other_creators_change_nothing(storage_folder):
    video = a_video("Mine")
    creator, stranger = a_creator(video), a_creator(a_video("Theirs"))
    before = video_rows(creator)

    for author in (STAFF, author_of(stranger)):
        for action in every_action(author, creator.id, video.id):
            with pytest.raises(InputError, match="Read-only for staff"):
                action()

    assert video_rows(creator) == before
    assert files_in(storage_folder) == stored_keys("videos", creator.id) == []


def test_a_foreign_video_is_answered_like_an_unknown_one():
    foreign = a_video("Theirs")
    creator, stranger = a_creator(a_video("Mine")), a_creator(foreign)

    said = set()
    for video_id in (foreign.id, uuid4()):
        every = every_action(author_of(creator), creator.id, video_id)
        for action in (every[1], every[2], every[4], *every[7:]):
            with pytest.raises(InputError) as raised:
                action()
            said.add(str(raised.value))

    assert len(said) == 1
    assert titles(stranger) == ["Theirs"]


def test_a_change_while_a_refresh_runs_is_kept_and_says_that_it_shows_later(monkeypatch):
    video = a_video("Loops")
    creator = a_creator(video)
    monkeypatch.setattr(actions, "refresh_now", lambda _creator_id: False)

    assert not update_video(author_of(creator), creator.id, video.id, VideoUpdates("Lists"))

    assert video_rows(creator)[0]["title"] == "Lists"
