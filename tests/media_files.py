"""Video files made byte by byte, as small as they can be, and what hostile people make of them."""

import struct

MP4_HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def an_mp4(seconds: int = 90, width: int = 640, height: int = 360, padding: int = 1000, kind: bytes = b"vide") -> bytes:
    """One track with one sample per second; `padding` are the bytes of its content."""
    moov = _moov(seconds, width, height, padding, kind, offset=0)
    moov = _moov(seconds, width, height, padding, kind, offset=len(MP4_HEAD) + len(moov) + 8)
    return MP4_HEAD + moov + _box(b"mdat", b"\x11" * padding)


def a_webm(seconds: float = 45, width: int = 320, height: int = 180) -> bytes:
    """A header, one video track and one cluster with one frame."""
    head = _element(0x1A45DFA3, _element(0x4282, b"webm") + _element(0x4287, b"\x04") + _element(0x4285, b"\x02"))
    info = _element(
        0x1549A966, _element(0x2AD7B1, b"\x0f\x42\x40") + _element(0x4489, struct.pack(">d", 1000 * seconds))
    )
    video = _element(0xE0, _element(0xB0, struct.pack(">H", width)) + _element(0xBA, struct.pack(">H", height)))
    entry = _element(0xD7, b"\x01") + _element(0x73C5, b"\x01") + _element(0x83, b"\x01")
    tracks = _element(0x1654AE6B, _element(0xAE, entry + _element(0x86, b"V_VP8") + video))
    cluster = _element(0x1F43B675, _element(0xE7, b"\x00") + _element(0xA3, b"\x81\x00\x00\x80" + b"\x22" * 64))
    return head + _element(0x18538067, info + tracks + cluster)


def _moov(seconds: int, width: int, height: int, size: int, kind: bytes, offset: int) -> bytes:
    pixels = struct.pack(">II", width << 16, height << 16)
    mvhd = _full(b"mvhd", struct.pack(">4I", 0, 0, 1000, 1000 * seconds) + struct.pack(">IHH8x", 0x10000, 0x100, 0))
    mvhd = _box(b"mvhd", mvhd[8:] + MATRIX + bytes(24) + struct.pack(">I", 2))
    tkhd = struct.pack(">I", 3) + struct.pack(">5I", 0, 0, 1, 0, 1000 * seconds) + bytes(16) + MATRIX + pixels
    mdhd = struct.pack(">I", 0) + struct.pack(">4I", 0, 0, 1000, 1000 * seconds) + b"\x55\xc4\x00\x00"
    hdlr = struct.pack(">I", 0) + bytes(4) + kind + bytes(12) + b"track\x00"
    entry = bytes(6) + b"\x00\x01" + bytes(16) + struct.pack(">HH", width, height)
    entry += struct.pack(">III", 0x480000, 0x480000, 0) + b"\x00\x01" + bytes(32) + b"\x00\x18\xff\xff"
    if kind == b"soun":
        entry = bytes(6) + b"\x00\x01" + bytes(8) + struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16)
    sample = _box(b"mp4a" if kind == b"soun" else b"avc1", entry)
    stbl = (
        _full(b"stsd", struct.pack(">I", 1) + sample)
        + _full(b"stts", struct.pack(">III", 1, 1, 1000 * seconds))
        + _full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1))
        + _full(b"stsz", struct.pack(">II", size, 1))
        + _full(b"stco", struct.pack(">II", 1, offset))
    )
    dinf = _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _box(b"url ", b"\x00\x00\x00\x01")))
    media = _full(b"smhd", bytes(4)) if kind == b"soun" else _box(b"vmhd", b"\x00\x00\x00\x01" + bytes(8))
    minf = _box(b"minf", media + dinf + _box(b"stbl", stbl))
    mdia = _box(b"mdia", _box(b"mdhd", mdhd) + _box(b"hdlr", hdlr) + minf)
    return _box(b"moov", mvhd + _box(b"trak", _box(b"tkhd", tkhd) + mdia))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _full(kind: bytes, content: bytes) -> bytes:
    return _box(kind, bytes(4) + content)


def _element(kind: int, content: bytes) -> bytes:
    name = kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    return name + struct.pack(">Q", len(content) | 1 << 56) + content
