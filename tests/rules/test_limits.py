"""Every limit is shown to people where its figure is defined, and only as it is."""

import re
import tomllib

from queries.definitions import SOURCE, definitions
from rules import limits

NAMED = re.compile(r"\{([A-Z_]+)\}")
TOLD_IN_WORDS = {"STRUGGLING_SHARE", "OFTEN_UNANSWERED_SHARE"}  # "more than half", "at least half"


def test_every_limit_stands_in_a_definition():
    told = set(NAMED.findall(SOURCE.read_text(encoding="utf-8")))

    known = {name for name in vars(limits) if name.isupper()} - TOLD_IN_WORDS
    assert {name for name in known if name not in told and name.rsplit("_", 1)[0] + "_PERCENT" not in told} == set()


def test_what_is_told_in_words_is_half():
    assert {getattr(limits, name) for name in TOLD_IN_WORDS} == {0.5}


def test_definitions_tell_the_limits_as_numbers():
    every = " ".join(one.definition for one in definitions().values())

    assert "{" not in every
    assert "under 50% on average, from 3 ratings on" in every
    assert "discrimination is below -0.1" in every


def test_definitions_hold_no_number_that_is_a_limit():
    """A number typed into a definition would stay when its limit changes."""
    numbers = ("from 5 viewers", "from 5 attempts", "from 10 answers", "3 ratings", "40%", "over 7 days")
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    typed = [(name, number) for name, entry in entries.items() for number in numbers if number in entry["definition"]]

    assert typed == [("engagement_tier", "over 7 days")]  # enrolled for over 7 days, which is not time away
