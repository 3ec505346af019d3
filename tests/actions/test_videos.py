"""What a creator changes in the library: it shows immediately, and nobody else can do it."""

import io
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from actions import videos as actions
from actions.courses import add_course
from actions.video_files import MAX_FILE_BYTES, video_extension
from actions.videos import (
    TITLE_LIMIT,
    VideoUpdates,
    delete_video,
    reorder_videos,
    update_video,
    upload_video,
)
from database.accounts import Account
from database.storage import StorageError, stored_bytes, stored_keys
from queries.students.lists import StudentFilters, students
from queries.videos.library import library, video_to_edit, videos_in_order
from queries.videos.lists import VideoFilters, videos
from rules.errors import InputError
from tests import oracle
from tests.builders import NOW, a_creator, a_progress, a_student, a_video

pytestmark = pytest.mark.usefixtures("shared_database")

MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 200
EVERYTHING = VideoFilters()


@pytest.fixture(autouse=True)
def storage_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")
    return tmp_path


def author_of(creator):
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


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

    added = upload_video(author_of(creator), creator.id, "Lists", io.BytesIO(MP4), second)
    with pytest.raises(InputError, match=r"The course .* does not exist"):
        upload_video(author_of(creator), creator.id, "Tuples", io.BytesIO(MP4), foreign)

    assert {row["id"]: row["course_id"] for row in video_rows(creator)}[added] == second
    assert titles(creator) == ["Loops", "Lists"]


def test_an_uploaded_video_is_in_the_library_at_once(storage_folder):
    creator = a_creator(a_video("Loops", position=7))
    assert titles(creator) == ["Loops"]

    added = upload_video(author_of(creator), creator.id, "  Lists \n and tuples ", io.BytesIO(MP4))

    listed = videos(creator.id, EVERYTHING).videos
    assert listed.title.tolist() == titles(creator) == ["Loops", "Lists and tuples"]
    assert listed.status.tolist() == ["completed", "uploaded"]
    row = next(row for row in video_rows(creator) if row["id"] == added)
    assert (row["position"], row["deleted_at"]) == (8, None)
    assert stored_bytes(row["storage_key"]) == MP4
    assert len(files_in(storage_folder)) == 1


def test_a_row_that_cannot_be_written_leaves_no_file(storage_folder, monkeypatch):
    creator = a_creator()
    monkeypatch.setattr(
        actions,
        "ADD",
        actions.text("insert into videos (creator_id, nothing) values (:creator_id, 1)"),  # type: ignore[attr-defined]
    )

    with pytest.raises(Exception, match="nothing"):
        upload_video(author_of(creator), creator.id, "Lists", io.BytesIO(MP4))

    assert files_in(storage_folder) == []
    assert titles(creator) == []


def test_a_file_that_cannot_be_stored_leaves_no_row(monkeypatch):
    creator = a_creator()
    monkeypatch.setattr(actions, "store_file", refusing_storage)

    with pytest.raises(StorageError):
        upload_video(author_of(creator), creator.id, "Lists", io.BytesIO(MP4))

    assert titles(creator) == []


def refusing_storage(_key, _file):
    raise StorageError("The file could not be stored; the storage did not accept it.")


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
    file = io.BytesIO(content)

    assert video_extension(file) == extension
    assert file.read() == content


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
def test_what_is_no_video_is_refused_and_nothing_is_kept(content, reason, storage_folder):
    creator = a_creator()

    with pytest.raises(InputError, match=reason):
        upload_video(author_of(creator), creator.id, "Lists", io.BytesIO(content))

    assert files_in(storage_folder) == []
    assert titles(creator) == []


@pytest.mark.parametrize(("size", "is_refused"), [(MAX_FILE_BYTES, False), (MAX_FILE_BYTES + 1, True)])
def test_a_file_of_200_megabytes_is_the_largest(size, is_refused, tmp_path):
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.write(MP4)
        file.truncate(size)  # a sparse file: it takes no space

    with path.open("rb") as file:
        if is_refused:
            with pytest.raises(InputError, match="at most 200 MB"):
                video_extension(file)
        else:
            assert video_extension(file) == "mp4"


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
        lambda: upload_video(author, creator_id, "New", io.BytesIO(MP4)),
        lambda: update_video(author, creator_id, video_id, VideoUpdates("New")),
        lambda: delete_video(author, creator_id, video_id),
        lambda: reorder_videos(author, creator_id, [video_id]),
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
        for action in every_action(author_of(creator), creator.id, video_id)[1:3]:
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
