"""Files: whole or not at all, under keys that nobody guesses and that lead nowhere else."""

import io
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from database.errors import SetupError
from database.storage import StorageError, new_key, remove_file, store_file, stored_bytes, stored_keys

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
    with pytest.raises(ValueError, match="no key"):
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


def test_a_bucket_is_written_and_read_over_the_network(monkeypatch):
    with a_bucket() as objects:
        monkeypatch.setenv("STORAGE_URL", "s3://course-files/dashboard")
        for variable, value in objects.environment.items():
            monkeypatch.setenv(variable, value)
        key = new_key("videos", CREATOR, "mp4")

        store_file(key, io.BytesIO(b"one"))

        assert objects.held == {f"/course-files/dashboard/{key}": b"one"}
        assert stored_bytes(key) == b"one"
        remove_file(key)
        assert objects.held == {}


class a_bucket:
    """The part of S3 that single small objects need, on this computer."""

    def __init__(self) -> None:
        held: dict[str, bytes] = {}

        class Bucket(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                held[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
                self._answer(200, {"ETag": '"1"'})

            def do_GET(self) -> None:
                content = held.get(self.path)
                headers = {"ETag": '"1"', "Last-Modified": "Wed, 04 Mar 2026 12:00:00 GMT"}
                self._answer(404 if content is None else 200, headers, content or b"")

            def do_POST(self) -> None:  # deletes the keys that it names
                asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
                keys = re.findall("<Key>(.*?)</Key>", asked)
                for key in keys:
                    held.pop(f"/course-files/{key}", None)
                deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
                self._answer(200, {}, f"<DeleteResult>{deleted}</DeleteResult>".encode())

            def log_message(self, *_arguments: object) -> None:
                pass

            def _answer(self, status: int, headers: dict[str, str], content: bytes = b"") -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        self.held = held
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1",
        }

    def __enter__(self) -> "a_bucket":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
