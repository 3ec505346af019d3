"""A picture of a video: by PyAV where somebody has installed it, and by a decoder of our own for the way there."""

import io
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Self
from uuid import UUID

import pytest
from PIL import Image

from database.storage import new_key, store_file
from jobs.media import child, video
from jobs.media.reading import CannotBeRead
from tests.media_files import an_mp4

SECOND = 1_000_000  # as PyAV counts
BLACK, RED, BLUE = (0, 0, 0), (200, 30, 30), (30, 30, 200)


class Decoder:
    """What `av.open` answers: a film of frames, and what was asked of it."""

    def __init__(self, frames: list[Image.Image], width: int = 1280, height: int = 720, seconds: float | None = 50):
        self.frames, self.sought = frames, -1
        self.duration = None if seconds is None else int(seconds * SECOND)
        self.streams = SimpleNamespace(video=[SimpleNamespace(width=width, height=height, thread_type="AUTO")])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.frames = []

    def seek(self, place: int) -> None:
        self.sought = place

    def decode(self, stream: Any) -> Iterator[Any]:
        assert stream.thread_type == "NONE"  # a thread would not be within the limits of the child
        yield from (SimpleNamespace(to_image=frame.copy) for frame in self.frames)


def plain(colour: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (1280, 720), colour)


def lively(colour: tuple[int, int, int]) -> Image.Image:
    """Half of it white."""
    picture = plain(colour)
    picture.paste((255, 255, 255), (0, 0, 640, 720))
    return picture


def poster_of(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setitem(sys.modules, "av", SimpleNamespace(open=lambda *_file, **_options: decoder))
    return child.poster(child.Asked(0, io.BytesIO(), io.BytesIO()))


def picture(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    assert found.format == "JPEG"
    return found


def test_the_liveliest_of_a_few_frames_from_the_first_tenth_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [plain(BLACK)] * 15 + [lively(RED)] + [plain(BLACK)] * 14 + [plain(BLUE)] * 40
    decoder = Decoder(frames)

    taken = picture(poster_of(decoder, monkeypatch))

    assert decoder.sought == 5 * SECOND
    assert taken.size == (640, 360)
    red, green, blue = taken.getpixel((600, 180))  # type: ignore[misc]
    assert red > 150 > green
    assert blue < 100


@pytest.mark.parametrize(
    "decoder",
    [Decoder([]), Decoder([lively(RED)], width=8192, height=4321), Decoder([plain(BLACK)], width=0, height=0)],
    ids=["no frame", "too many pixels", "unknown size"],
)
def test_a_video_without_a_picture_has_none(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    is_known = decoder.streams.video[0].width > 0

    assert (poster_of(decoder, monkeypatch) == b"") is is_known


def test_a_video_of_unknown_length_is_read_from_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = Decoder([lively(BLUE)], seconds=None)

    assert picture(poster_of(decoder, monkeypatch)).size == (640, 360)
    assert decoder.sought == -1


def test_without_pyav_there_is_no_picture_and_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "find_spec", lambda _name: None)
    monkeypatch.setattr(video, "read_media", lambda *_arguments: pytest.fail("a child was started"))

    assert video.poster_picture("a key", 10) is None


@pytest.mark.parametrize(("answer", "wanted"), [(b"a picture", b"a picture"), (b"", None), (CannotBeRead("x"), None)])
def test_what_the_child_answers_is_the_picture(
    answer: bytes | Exception, wanted: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(work: str, size_bytes: int, *_rest: object) -> bytes:
        assert (work, size_bytes) == ("poster", 10)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(video, "find_spec", lambda _name: object())
    monkeypatch.setattr(video, "read_media", read)

    assert video.poster_picture("a key", 10) == wanted


def test_pyav_takes_a_picture_of_a_film_in_the_child(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    av = pytest.importorskip("av", reason="PyAV is optional: its wheels have parts under the GPL")
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")

    taken = picture(video.poster_picture(*stored(a_film(av))) or b"")

    assert taken.size == (640, 360)
    assert max(taken.convert("L").tobytes()) > 200
    assert video.poster_picture(*stored(an_mp4())) is None  # a track without a single frame in it


def stored(content: bytes) -> tuple[str, int]:
    key = new_key("videos", UUID(int=1), "mp4")
    store_file(key, [content])
    return key, len(content)


def a_film(av: Any) -> bytes:
    """Two seconds: black at first, then half white."""
    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as film:
        track = film.add_stream("mpeg4", rate=25)
        track.width, track.height, track.pix_fmt = 1280, 720, "yuv420p"
        for number in range(50):
            frame = plain(BLACK) if number < 10 else lively(RED)
            film.mux(track.encode(av.VideoFrame.from_image(frame)))
        film.mux(track.encode())
    return written.getvalue()
