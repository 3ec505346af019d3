"""Files: complete or not at all, under keys that nobody can guess and that lead nowhere else."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from database.storage import (
    NoSuchFile,
    StorageError,
    all_stored_keys,
    new_key,
    remove_file,
    remove_unfinished_files,
    store_file,
    stored_bytes,
    stored_file,
    stored_keys,
)
from rules.errors import SetupError
from tests.bucket import a_bucket

CREATOR = UUID("11111111-2222-4333-8444-555555555555")
ELEVEN_MEGABYTES = b"0123456789a" * 1024 * 1024


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    return tmp_path


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"one", ELEVEN_MEGABYTES])
def test_a_file_comes_back_as_it_went(content):
    key = new_key("videos", CREATOR, "mp4")

    store_file(key, io.BytesIO(content))

    assert stored_bytes(key) == content
    assert stored_keys("videos", CREATOR) == [key]


def test_files_lie_below_the_data_folder(data_folder):
    key = new_key("videos", CREATOR, "mp4")

    store_file(key, io.BytesIO(b"one"))

    assert files_below(data_folder) == [data_folder / "files" / key]


def test_a_removed_file_is_gone_and_may_be_removed_again(data_folder):
    key = new_key("videos", CREATOR, "mp4")
    store_file(key, io.BytesIO(b"one"))

    remove_file(key)
    remove_file(key)

    assert files_below(data_folder) == []
    with pytest.raises(StorageError):
        stored_bytes(key)


def test_a_file_that_breaks_off_leaves_nothing(data_folder):
    def broken() -> Iterator[bytes]:
        yield ELEVEN_MEGABYTES
        raise OSError("the connection is gone")

    with pytest.raises(StorageError):
        store_file(new_key("videos", CREATOR, "mp4"), broken())

    assert files_below(data_folder) == []


def test_a_file_is_read_in_chunks():
    key = new_key("videos", CREATOR, "mp4")
    store_file(key, io.BytesIO(ELEVEN_MEGABYTES))

    file = stored_file(key)
    chunks = list(file.chunks)

    assert file.size_bytes == len(ELEVEN_MEGABYTES)
    assert b"".join(chunks) == ELEVEN_MEGABYTES
    assert max(len(chunk) for chunk in chunks) < 1024 * 1024


def test_a_file_that_is_not_there_is_told_from_a_storage_that_fails():
    with pytest.raises(NoSuchFile):
        stored_file(new_key("videos", CREATOR, "mp4"))


def test_the_disk_has_the_bytes_and_then_the_name(monkeypatch, data_folder):
    settled = []
    monkeypatch.setattr(os, "fsync", lambda handle: settled.append(os.readlink(f"/proc/self/fd/{handle}")))
    key = new_key("videos", CREATOR, "mp4")

    store_file(key, io.BytesIO(b"one"))

    path = data_folder / "files" / key
    assert settled == [str(path), str(path.parent)]


def test_what_a_killed_writer_left_is_no_file_and_goes_after_a_day(data_folder):
    key = new_key("videos", CREATOR, "mp4")
    store_file(key, io.BytesIO(b"one"))
    left, fresh = (data_folder / "files" / f"{new_key('videos', CREATOR, 'mp4')}#1" for _ in range(2))
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))

    assert list(all_stored_keys("videos")) == [key]
    assert remove_unfinished_files("videos", older_than_seconds=86400) == 1
    assert not left.exists()
    assert fresh.exists()


def test_the_files_of_all_creators_are_listed():
    keys = sorted(new_key("videos", creator, "mp4") for creator in (CREATOR, uuid4()))
    for key in [*keys, new_key("exports", CREATOR, "csv")]:
        store_file(key, io.BytesIO(b"one"))

    assert sorted(all_stored_keys("videos")) == keys


def test_keys_are_long_random_and_never_the_same():
    keys = {new_key("videos", CREATOR, "mp4") for _ in range(1_000)}

    assert len(keys) == 1_000
    assert {len(key.rsplit("/", 1)[1]) for key in keys} == {len("x" * 43 + ".mp4")}


def test_each_creator_has_a_folder_of_its_own():
    other = uuid4()
    store_file(new_key("videos", CREATOR, "mp4"), io.BytesIO(b"one"))

    assert stored_keys("videos", other) == []


@pytest.mark.parametrize(
    "key",
    [
        "../secret",
        "/etc/passwd",
        f"videos/{CREATOR}/../../../../etc/passwd",
        f"videos/{CREATOR}/..%2f..%2fpasswd.mp4",
        f"videos/{CREATOR}/{'a' * 43}.mp4/..",
        f"videos/{CREATOR}/{'a' * 43}.mp4\n",
        f"videos/{CREATOR}/{'a' * 42}/.mp4",
        f"videos/{'.' * 36}/{'a' * 43}.mp4",
        "",
    ],
)
@pytest.mark.parametrize("use", [stored_bytes, remove_file, lambda key: store_file(key, io.BytesIO(b"x"))])
def test_no_other_path_is_a_key(key, use, data_folder):
    with pytest.raises(ValueError, match="is not the key of a stored file"):
        use(key)

    assert files_below(data_folder) == []


@pytest.mark.parametrize(
    ("folder", "extension"), [("../up", "mp4"), ("videos", "../x"), ("videos", "a/b"), ("", "mp4")]
)
def test_a_key_is_made_of_plain_words(folder, extension):
    with pytest.raises(ValueError, match="cannot stand in a key"):
        new_key(folder, CREATOR, extension)


def test_a_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}/else%20where")
    key = new_key("videos", CREATOR, "mp4")

    store_file(key, io.BytesIO(b"one"))

    assert (tmp_path / "else where" / key).read_bytes() == b"one"


@pytest.mark.parametrize(
    "address", ["ftp://host/x", "here", "s3://", "file://host/x", "file:relative", "https://bucket.example.org"]
)
def test_an_address_that_is_no_storage_is_refused_with_what_to_write(address, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", address)

    with pytest.raises(SetupError, match=r"STORAGE_URL .* s3://"):
        store_file(new_key("videos", CREATOR, "mp4"), io.BytesIO(b"one"))


def test_a_bucket_is_written_and_read_over_the_network():
    with a_bucket():
        key, large = new_key("videos", CREATOR, "mp4"), new_key("videos", CREATOR, "mp4")

        store_file(key, io.BytesIO(b"one"))
        store_file(large, io.BytesIO(ELEVEN_MEGABYTES))

        assert sorted(all_stored_keys("videos")) == stored_keys("videos", CREATOR) == sorted([key, large])
        assert stored_bytes(key) == b"one"
        assert b"".join(stored_file(large).chunks) == ELEVEN_MEGABYTES
        remove_file(key)
        assert stored_keys("videos", CREATOR) == [large]
        with pytest.raises(NoSuchFile):
            stored_file(key)


def test_a_bucket_in_which_a_file_breaks_off_has_nothing():
    def broken() -> Iterator[bytes]:
        yield ELEVEN_MEGABYTES
        raise OSError("the connection is gone")

    with a_bucket():
        with pytest.raises(StorageError):
            store_file(new_key("videos", CREATOR, "mp4"), broken())

        assert list(all_stored_keys("videos")) == []
