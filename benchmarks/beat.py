"""One heartbeat of a player: upserts of a segment and of the progress, with and without triggers."""

import statistics
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from benchmarks.changes import COUNTS, PAIRS, beat_statements
from benchmarks.measuring import Timing
from database.engine import engine
from database.tenancy import JOB_SECONDS, tenant_tx

BEATS = 300  # of each kind, in rounds
ROUNDS = 3
BEATS_WEIGHED = 2_000
ROUNDS_BEFORE_WEIGHING = 3  # of the same pairs: a beat updates progress that is there, in pages that have been updated
FIRST = 2_000_000  # so that pairs and instants differ from those of other changes

WRITTEN = ("watch_segments", "video_progress")
KEPT = (*WRITTEN, "activity_events")
NOTES = ("changes",)  # of the triggers, until the next refresh
BYTES = text("select coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint from unnest(:names) as name")
# Looked up beforehand, so that finding the student is not measured.
BEAT = """
    with pairs as materialized (
        select
            cast(:creator_id as uuid) as creator_id,
            cast(:student_id as uuid) as student_id,
            cast(:video_id as uuid) as video_id,
            cast(:number as integer) as number
    )
"""


@dataclass(frozen=True)
class Beat:
    """Both statements together, without the commit."""

    with_triggers: Timing
    without: Timing
    bytes_of_segment: float  # its row and indexes
    bytes_of_beat: float  # with progress, and the activity that progress overwrote
    bytes_of_notes: float  # until the next refresh

    @property
    def ratio(self) -> float:
        return self.with_triggers.p50 / self.without.p50


def measured_beat(creator_id: UUID) -> Beat:
    """Rounds with and without triggers alternate, so that a busy moment affects both."""
    durations: dict[bool, list[float]] = {True: [], False: []}
    for place in range(2 * ROUNDS + 2):
        has_triggers = place % 2 == 0
        _switch("enable" if has_triggers else "disable")
        taken = _round(creator_id, FIRST + place * BEATS)
        if place > 1:  # the first round of each warms up
            durations[has_triggers] += taken
    _switch("enable")
    pairs = _pairs(creator_id, FIRST + 100 * BEATS, BEATS_WEIGHED)
    for later in range(ROUNDS_BEFORE_WEIGHING):
        _one_by_one(creator_id, pairs, later)
    weighed = (WRITTEN[:1], KEPT, NOTES)
    before = [_bytes(names) for names in weighed]
    _one_by_one(creator_id, pairs, ROUNDS_BEFORE_WEIGHING)
    bytes_of = [(_bytes(names) - held) / BEATS_WEIGHED for names, held in zip(weighed, before, strict=True)]
    return Beat(_timing(durations[True]), _timing(durations[False]), *bytes_of)


def _round(creator_id: UUID, first: int) -> list[float]:
    """Milliseconds of each beat, one after the other in a transaction."""
    pairs = _pairs(creator_id, first, BEATS)
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        statements = _statements(connection)
        taken = []
        for pair in pairs:
            began = time.perf_counter()
            for statement in statements:
                connection.execute(statement, pair)
            taken.append(1000 * (time.perf_counter() - began))
    return taken


def _one_by_one(creator_id: UUID, pairs: list[dict[str, Any]], later: int) -> None:
    """One transaction each, as players send them. Every round has instants of its own, even if the clock is fixed."""
    for pair in pairs:
        with tenant_tx(creator_id) as connection:
            for statement in _statements(connection):
                connection.execute(statement, {**pair, "number": pair["number"] + later * len(pairs)})


def _pairs(creator_id: UUID, first: int, rows: int) -> list[dict[str, Any]]:
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        counts = connection.execute(COUNTS, {"creator_id": creator_id}).one()
        known = {"creator_id": creator_id, "first": first, "rows": rows, **counts._mapping}
        return [dict(row) for row in connection.execute(text(f"{PAIRS} select * from pairs"), known).mappings()]


def _statements(connection: Connection) -> list[TextClause]:
    return [text(BEAT + statement) for statement in beat_statements(connection)]


def _switch(how: str) -> None:
    """Our own triggers; those of foreign keys stay."""
    with engine().begin() as connection:
        for table in WRITTEN:
            connection.execute(text(f"alter table {table} {how} trigger user"))


def _bytes(names: tuple[str, ...]) -> int:
    with engine().begin() as connection:
        return int(connection.execute(BYTES, {"names": list(names)}).scalar_one())


def _timing(durations: list[float]) -> Timing:
    return Timing(statistics.median(durations), statistics.quantiles(durations, n=20, method="inclusive")[-1])
