"""Characters that text from people may contain and that renderers do not expect."""

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
NO_CHARACTERS = [
    *map(chr, range(0xFDD0, 0xFDF0)),
    *(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)),
]
HALVES = ["\ud800", "\udbff", "\udc00", "\udfff"]  # of surrogate pairs
TURNS = list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SEPARATORS = ["\u2028", "\u2029"]
ODD = [*CONTROLS, *NO_CHARACTERS, *HALVES, *TURNS, *SEPARATORS]

# What the database accepts, and so what may arrive from a platform.
STORABLE = [odd for odd in ODD if odd not in HALVES and odd != "\x00"]
