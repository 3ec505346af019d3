"""Files that were damaged at random: each is refused in words or read as possible facts, in time."""

import random
import time
from functools import partial

import pytest

from database.settings import PROJECT_DIR
from proofs.length import short_or_full
from rules.errors import InputError
from sources.facts import Refusal
from sources.files.given import GivenFile
from sources.landing.checks import refusals
from sources.mappings.answered import answered
from sources.mappings.known import shipped_mappings
from sources.mappings.reading import HowToRead, read_by

EXAMPLES = sorted((PROJECT_DIR / "docs" / "examples" / "imports").iterdir())
MAPPINGS = {name.replace("/", "-"): one for name, one in shipped_mappings().items()}
PIECES = (
    b"\0",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"9999-12-31",
    b"1e400",
    b"NaN",
    b"=1+1",
    b"{" * 5000,
)
INSTANT = "2025-03-01T14:30:00+01:00"
SECONDS = 30


def damaged(content: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(content) + 1)
        match dice.randrange(4):
            case 0:
                content = content[:place] + dice.choice(PIECES) + content[place:]
            case 1:
                content = content[:place] + bytes([dice.randrange(256)]) + content[place + 1 :]
            case 2:
                content = content[:place] + content[place + dice.randint(1, 40) :]
            case _:
                content = content[:place] + content[place : place + 200] * dice.randint(2, 50) + content[place:]
    return content


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_damaged_file_says_nothing_impossible(path) -> None:
    mapping = answered(MAPPINGS[path.stem], {"zone": "UTC", "dates": "day-first"}, {})
    answers = {name: INSTANT if name in ("handed_in", "began") else "mine" for name in mapping.asks}
    dice = random.Random(path.stem)
    for _ in range(short_or_full(10, 110)):
        began = time.monotonic()
        assert impossible_in(damaged(path.read_bytes(), dice), path.name, HowToRead(mapping, answers)) == []
        assert time.monotonic() - began < SECONDS


def impossible_in(content: bytes, name: str, how: HowToRead) -> list[Refusal]:
    """What the facts of the file say that cannot be; nothing of a file that is refused, which it is in words."""
    file = GivenFile(name, len(content), partial(iter, [content]))
    try:
        with read_by(file, how) as read:
            return [one for line in read.lines() for fact in line.facts for one in refusals(line.number, fact)]
    except InputError:  # in words for whoever gave the file; anything else fails the proof
        return []
