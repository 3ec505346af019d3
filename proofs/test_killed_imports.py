"""Imports and their undo are killed at any moment: nothing is lost, nothing counts twice, and the next one goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from uuid import UUID

import pytest
from sqlalchemy import URL

from database.creators import add_creator
from proofs.length import short_or_full
from sources.facts import Activity, Fact
from sources.landing import Source, imports, land, landing, lines_of, undo
from tests.sources.landed import Contents, contents
from tests.sources.random_facts import BEGAN_AT, RandomFacts

KILLS = short_or_full(50, 500)
SEEDS = (1, 2, 3)
SOURCE = Source("csv", sha256="1f")
LONGEST_LIFE_SECONDS = 4.0  # most of it is the start of Python

PROGRAM = """
import sys
from uuid import UUID
from proofs import test_killed_imports as proof
from sources.landing import land, landing, lines_of, undo
from sources.landing import undoing
landing.FACTS_OF_A_PORTION, undoing.ROWS_OF_A_PORTION = 3, 2
creator, what = UUID(sys.argv[1]), sys.argv[2]
print("begins", flush=True)
if what == "land":
    land(creator, proof.SOURCE, lines_of(proof.facts(int(sys.argv[3]))))
else:
    undo(creator, UUID(sys.argv[3]))
print("done", flush=True)
"""


def test_killed_imports_go_on_and_killed_undos_too(database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "FACTS_OF_A_PORTION", 3)  # of the same size: editions
    chance, kills = random.Random(KILLS), 0
    while kills < KILLS:
        seed = SEEDS[kills % len(SEEDS)]
        creator, expected = add_creator("Mira Vale", "enterprise", "UTC"), add_creator("Mira Vale", "enterprise", "UTC")
        land(expected, SOURCE, lines_of(facts(seed)))

        kills += until_done(creator, chance, "land", str(seed))
        (landed,), (whole,) = imports(creator), imports(expected)
        assert shapes(contents(creator)) == shapes(contents(expected))
        for count in ("state", "lines_read", "facts_new", "facts_changed", "facts_same", "refused", "counts"):
            assert getattr(landed, count) == getattr(whole, count), count

        kills += until_done(creator, chance, "undo", str(landed.id))
        undo(expected, whole.id)
        assert shapes(contents(creator)) == shapes(contents(expected))


def facts(seed: int) -> list[Fact]:
    """Some that repeat each other, and activities that only their number tells apart."""
    return [*RandomFacts(seed).some(80), *[Activity("s1", "click", BEGAN_AT)] * 20]


def until_done(creator: UUID, chance: random.Random, what: str, about: str) -> int:
    """Start it and kill it, again and again, until one was not killed in time; returns how many were."""
    kills = 0
    while True:
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(creator), what, about],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        ) as program:
            assert program.stdout
            assert program.stdout.readline() == "begins\n"
            time.sleep(chance.uniform(0, 0.25 if kills < 8 else LONGEST_LIFE_SECONDS))
            program.send_signal(signal.SIGKILL)
            if "done" in program.stdout.read():
                return kills
        kills += 1


def shapes(told: Contents) -> dict[str, list[str]]:
    """The contents without ids, which are each creator's own and decide on places of what was at the same instant."""
    return {
        table: sorted(
            str({name: value for name, value in row.items() if not name.endswith(("id", "_number", "sequence"))})
            for row in found
        )
        for table, found in told.items()
    }
