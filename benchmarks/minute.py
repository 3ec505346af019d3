"""One worker's round of a minute: a thousand creators of a hundred students, each with something new.

Run alone as `python -m benchmarks.minute [CREATORS]`, in an embedded database of its own; part of
`make bench SIZE=spec`.
"""

import os
import sys
import time
from dataclasses import dataclass
from uuid import UUID

from rich.console import Console
from rich.markdown import Markdown

from benchmarks.changes import CHANGES, Change
from benchmarks.sizes import copied
from database.demo import DemoSize, load_demo
from database.migrate import migrate
from database.refresh import rebuild, refresh_each, stale_creators
from database.throwaway import throwaway_data_folder

CREATORS = 1_000
STUDENTS = 100
VIDEOS = 20
ROWS = 10  # new in each, of each kind
KINDS = ("beats of today", "progress of the past", "questions", "quiz attempts")


@dataclass(frozen=True)
class Round:
    """Seconds to load the creators with all figures, and for one round over all of them."""

    creators: int
    load_seconds: float
    refreshed: int
    seconds: float
    seconds_of_nothing: float  # of the next round, in which nothing is new


def measured_round(creators: int = CREATORS) -> Round:
    """Load, change something in each, refresh all that is stale."""
    began = time.monotonic()
    everybody = _loaded(creators)
    loaded = time.monotonic() - began
    for creator_id in everybody:
        for change in _changes():
            change.write(creator_id, ROWS, 0)
    began = time.monotonic()
    refreshed = refresh_each(stale_creators())
    taken = time.monotonic() - began
    began = time.monotonic()
    refresh_each(stale_creators())
    return Round(creators, loaded, refreshed, taken, time.monotonic() - began)


def round_in_words(measured: Round) -> str:
    """As Markdown, for the results."""
    each = 1000 * measured.seconds / max(measured.refreshed, 1)
    return (
        f"**A minute's round** of one worker over {measured.creators:,} creators of {STUDENTS} students, "
        f"{ROWS} new rows of {len(KINDS)} kinds in each: {measured.seconds:.1f} s for {measured.refreshed:,}, "
        f"{each:.0f} ms each; {measured.seconds_of_nothing:.1f} s where nothing is new. "
        f"Loaded with all figures in {measured.load_seconds:.0f} s."
    )


def _loaded(creators: int) -> list[UUID]:
    """A separate embedded database, which is removed when this process ends."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    report = load_demo(DemoSize(students=STUDENTS, videos=VIDEOS))
    first = max(report.creators, key=lambda creator: creator.students).id
    others = [copied(first, f"Creator {number + 1}", STUDENTS) for number in range(creators - 1)]
    for creator_id in others:
        rebuild(creator_id)
    return [first, *others]


def _changes() -> list[Change]:
    return [change for change in CHANGES if change.name in KINDS]


def main() -> None:
    """Measure, with as many creators as are asked for."""
    Console().print(Markdown(round_in_words(measured_round(*map(int, sys.argv[1:2])))))


if __name__ == "__main__":
    main()
