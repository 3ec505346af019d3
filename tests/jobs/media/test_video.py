"""What a video file says about itself: read in a child, whatever somebody has sent."""

import random
import struct
import time
import zlib
from uuid import UUID

import pytest

from database.storage import new_key, store_file
from jobs.media.reading import CannotBeRead, Limits, TookTooLong, read_media
from jobs.media.video import BROKEN, CUT, NO_PICTURE, TOO_LONG, TOO_WIDE, media_facts
from rules.errors import InputError
from tests.media_files import a_webm, an_mp4


@pytest.fixture(autouse=True)
def storage_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


def facts_of(content: bytes, **limits: float):
    key = new_key("videos", UUID(int=1), "mp4")
    store_file(key, [content])
    found = media_facts(key, len(content), Limits(**limits))
    return found.duration_seconds, found.width_pixels, found.height_pixels


def refused(content: bytes) -> str:
    with pytest.raises(InputError) as refusal:
        facts_of(content)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (an_mp4(seconds=90, width=640, height=360), (90, 640, 360)),
        (an_mp4(seconds=0), (None, 640, 360)),
        (a_webm(seconds=45.4, width=320, height=180), (45, 320, 180)),
        (a_webm(seconds=0.2), (1, 320, 180)),
    ],
)
def test_length_and_size_are_read_from_the_header(content, found):
    assert facts_of(content) == found


def test_a_cut_file_says_so_wherever_it_is_cut():
    whole = an_mp4(padding=50_000)

    assert {refused(whole[:length]) for length in (len(whole) - 1, len(whole) - 40_000, 400)} == {CUT}
    assert refused(whole[:30]) in (CUT, BROKEN)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (an_mp4(kind=b"soun"), NO_PICTURE),
        (an_mp4()[:32] + bytes(1000), BROKEN),
        (a_webm(seconds=1e6), TOO_LONG),
        (a_webm(width=60_000), TOO_WIDE),
        (a_webm()[:40], CUT),
        (b"MZ" + bytes(100), "not a usable video"),
    ],
)
def test_what_cannot_be_watched_is_refused_and_says_why(content, why):
    assert why in refused(content)


def test_headers_that_lie_about_sizes_neither_crash_nor_hang():
    began, refusals = time.monotonic(), 0
    for content in hostile_files():
        try:
            seconds, width, height = facts_of(content)
            assert seconds is None or 0 < seconds <= 24 * 3600
            assert max(width or 0, height or 0) <= 16_384
        except InputError:
            refusals += 1

    assert refusals > 10
    assert time.monotonic() - began < 120


def test_a_child_that_wants_too_much_is_stopped():
    slow = lambda place, length: time.sleep(5) or bytes(length)  # noqa: E731

    with pytest.raises(TookTooLong):
        read_media("facts", 10**9, slow, Limits(seconds=0.5))
    with pytest.raises(CannotBeRead):
        read_media("facts", 10**9, lambda place, length: bytes(length), Limits(bytes_read=1000))
    with pytest.raises(CannotBeRead):
        read_media("facts", 1000, lambda place, length: an_mp4()[place:][:length], Limits(megabytes=1))


def hostile_files():
    """Sizes of 2^32, of 2^64, of nothing; boxes in boxes; a table with four thousand million entries; noise."""
    whole, webm = an_mp4(padding=100), a_webm()
    for name in (b"moov", b"trak", b"stbl", b"stsz", b"mdat"):
        place = whole.index(name)
        for size in (0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF):
            yield whole[: place - 4] + struct.pack(">I", size) + whole[place:]
    table = whole.index(b"stsz") + 12
    yield whole[:table] + struct.pack(">I", 0xFFFFFFFF) + whole[table + 4 :]
    nested = b"".join(struct.pack(">I", 8 * (5000 - depth)) + b"moov" for depth in range(5000))
    yield whole[:24] + nested
    yield a_bomb(b"cmvd")
    yield a_bomb(b"moov")
    yield webm[:60] + b"\x01" + b"\xff" * 7 + webm[68:]
    noise = random.Random(1)
    for _ in range(10):
        broken = bytearray(whole)
        for place in noise.sample(range(24, len(whole)), 20):
            broken[place] = noise.randrange(256)
        yield bytes(broken)


def a_bomb(kind: bytes) -> bytes:
    """A compressed header of 200 kB that unpacks to 200 MB, and claims to be 4 GB."""
    packed = zlib.compress(bytes(200 * 1024**2), 9)
    header = box(b"dcom", b"zlib") + box(kind, struct.pack(">I", 0xFFFFFFFF) + packed)
    return an_mp4()[:24] + box(b"moov", box(b"cmov", header)) + box(b"mdat", bytes(100))


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content
