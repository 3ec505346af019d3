"""The child that reads one media file: what it is, or a picture of it. Run as a script, without a module of ours.

It knows neither file nor network: bytes are asked for on standard output and come on standard input. A request is the
letter R, an offset and a length; the answer is a length and the bytes. The result is the letter D, a length and bytes.
"""

import io
import json
import os
import resource
import struct
import sys

REQUEST, LENGTH = struct.Struct(">cQI"), struct.Struct(">I")
LONGEST_READ = 1024 * 1024
MEGABYTE = 1024**2
POSTER_WIDTH, POSTER_HEIGHT, JPEG_QUALITY = 640, 640, 80
MOST_PIXELS = 8192 * 4320
FRAMES_LOOKED_AT = 60  # a video often begins with black


class Asked(io.RawIOBase):
    """The file, as the parent gives it out: read only, with a position."""

    def __init__(self, size_bytes: int, asking: io.RawIOBase, given: io.RawIOBase) -> None:
        self._size, self._asking, self._given = size_bytes, asking, given
        self._place = 0
        self.name = "video"

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._place)
        wanted = min(left if size is None or size < 0 else size, left, LONGEST_READ)
        if not wanted:
            return b""
        self._asking.write(REQUEST.pack(b"R", self._place, wanted))
        content = _exactly(self._given, LENGTH.unpack(_exactly(self._given, LENGTH.size))[0])
        self._place += len(content)
        return content


def facts(file: Asked) -> bytes:
    """The tracks, as JSON: kind, format, length in milliseconds, width, height; and whether the file is cut off."""
    from pymediainfo import MediaInfo

    found = []
    for track in MediaInfo.parse(file, buffer_size=256 * 1024).tracks:
        told = track.to_data()
        found.append(
            {
                "kind": str(told.get("track_type")),
                "format": str(told.get("format")),
                "milliseconds": _number(told.get("duration")),
                "width": _number(told.get("width")),
                "height": _number(told.get("height")),
                "rotation": _number(told.get("rotation")),
                "is_cut": told.get("istruncated") == "Yes",
            }
        )
    return json.dumps(found[:100]).encode()


def poster(file: Asked) -> bytes:
    """A picture from the first tenth of the video as JPEG, the liveliest of a few; nothing if there is none."""
    from importlib import import_module

    from PIL import ImageStat

    av = import_module("av")  # only there where somebody has installed it: its wheels have parts under the GPL

    best, liveliest = None, -1.0
    with av.open(file, mode="r", metadata_errors="ignore") as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        if (stream.width or 0) * (stream.height or 0) > MOST_PIXELS:
            return b""
        if container.duration:
            container.seek(container.duration // 10)
        for number, frame in enumerate(container.decode(stream)):
            if number % 15 == 0:
                picture = frame.to_image()
                picture.thumbnail((POSTER_WIDTH, POSTER_HEIGHT))
                lively = sum(ImageStat.Stat(picture.convert("L")).stddev)
                if lively > liveliest:
                    best, liveliest = picture, lively
            if number >= FRAMES_LOOKED_AT:
                break
    if best is None:
        return b""
    written = io.BytesIO()
    best.convert("RGB").save(written, "JPEG", quality=JPEG_QUALITY)
    return written.getvalue()


def main() -> None:
    work, size_bytes, megabytes, seconds = sys.argv[1], *map(int, sys.argv[2:5])
    asking = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not look like a request
    _limit(megabytes, seconds)
    file = Asked(size_bytes, asking, os.fdopen(os.dup(0), "rb", buffering=0))
    result = {"facts": facts, "poster": poster}[work](file)
    asking.write(REQUEST.pack(b"D", 0, len(result)))
    view = memoryview(result)
    while view:
        view = view[asking.write(view) :]


def _limit(megabytes: int, seconds: int) -> None:
    """Memory that can be written to, computing time, and no file and no core at all."""
    for name, most in (
        ("RLIMIT_DATA", megabytes * MEGABYTE),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        resource.setrlimit(getattr(resource, name), (most, most))


def _exactly(given: io.RawIOBase, length: int) -> bytes:
    parts = []
    while length:
        part = given.read(length)
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _number(told: object) -> float | None:
    try:
        return float(told)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


if __name__ == "__main__":
    main()
