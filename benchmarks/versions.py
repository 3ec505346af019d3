"""Whether a version per kind of data would pay: how often a result is cached while students keep writing.

Run alone as `python -m benchmarks.versions`, in an embedded database of its own. It observes what each page asks,
what each result reads and costs, and what each kind of change touches; how often people would find a cached result
is then simulated minute by minute.
"""

import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import event, text

from benchmarks.changes import CHANGES
from benchmarks.pages import NEEDS_AN_ID, account_and_creator, opened
from benchmarks.sessions import MIX, THINK_SECONDS
from database.demo import load_demo
from database.engine import engine
from database.migrate import migrate
from database.refresh import refresh
from database.throwaway import throwaway_data_folder
from queries.cache.caching import CachedQuery, forget_everything

PAGES = {page: times for page, times in MIX.items() if page != "search"} | {"chat": 10, "funnel": 10}
SUBJECTS = {"video": 30, "quiz": 12}  # that a visitor of such a page can choose
# A round of the worker: students always watch, and ask and take quizzes every other time.
STEADY = {"beats of today": 1.0, "questions": 0.5, "quiz attempts": 0.5}
ROUND_SECONDS, TURN_SECONDS = 60, 300
HOURS = 4
VISITORS = (1, 10, 100)
WRITTEN = text("select relname from pg_stat_xact_user_tables where n_tup_ins + n_tup_upd + n_tup_del > 0")
READ = text(
    """
    -- One row per table, view, and relation that it reads directly; a table reads itself.
    select
        relations.relname as name,
        coalesce(sources.relname, relations.relname) as read
    from pg_class as relations
    left join pg_rewrite as rules on rules.ev_class = relations.oid
    left join pg_depend as dependencies
        on
            dependencies.objid = rules.oid
            and dependencies.classid = 'pg_rewrite'::regclass
            and dependencies.refclassid = 'pg_class'::regclass
    left join pg_class as sources on sources.oid = dependencies.refobjid
    where
        relations.relkind in ('r', 'v')
        and relations.relnamespace = 'public'::regnamespace
    """
)
# Every query reads these and every refresh writes to them: counting them would make all queries the same kind.
OF_EVERY_ANSWER = {"creators", "creator_generations", "changes"}


@dataclass(frozen=True)
class Asked:
    """A query of a page: which tables it reads, and milliseconds."""

    query: str
    tables: frozenset[str]
    milliseconds: float


@dataclass(frozen=True)
class Found:
    """The share of all queries that were cached, by number and by cost."""

    answers_percent: float
    milliseconds_percent: float


def measured_versions() -> dict[tuple[int, str], Found]:
    """By number of visitors and by what a change invalidates: "everything", "its tables", "nothing"."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    load_demo()
    account_id, creator_id = account_and_creator()
    pages = {page: _asked(account_id, creator_id, page) for page in PAGES}
    touched = {change: _touched(creator_id, change) for change in STEADY}
    return {
        (visitors, forgets): _played(pages, touched, visitors, forgets)
        for visitors in VISITORS
        for forgets in ("everything", "its tables", "nothing")
    }


def _asked(account_id: UUID, creator_id: UUID, page: str) -> list[Asked]:
    """The queries of one run of the page with empty caches."""
    app = opened(account_id, page, NEEDS_AN_ID.get(page) and _first(creator_id, page))
    forget_everything()
    with _watched() as asked:
        app.run()
    return asked


def _first(creator_id: UUID, page: str) -> str:
    table = {"video": "videos", "quiz": "quizzes"}[page]
    with engine().connect() as owner:
        first = text(f"select id::text from {table} where creator_id = :id and deleted_at is null order by position")
        return str(owner.execute(first, {"id": creator_id}).scalars().first())


@contextmanager
def _watched() -> Iterator[list[Asked]]:
    """Each cached query that is computed in the block."""
    asked: list[Asked] = []
    statements: list[str] = []
    reads = _reads()
    computed = CachedQuery._computed

    def noted(self: CachedQuery[..., object], *arguments: object) -> object:
        statements.clear()
        began = time.perf_counter()
        try:
            return computed(self, *arguments)  # type: ignore[arg-type]
        finally:
            milliseconds = 1000 * (time.perf_counter() - began)
            words = set(re.findall(r"\w+", " ".join(statements)))
            tables = frozenset().union(*(reads[word] for word in words & reads.keys())) - OF_EVERY_ANSWER
            asked.append(Asked(self.fresh.__qualname__, tables, milliseconds))

    def sent(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine(), "before_cursor_execute", sent)
    CachedQuery._computed = noted  # type: ignore[assignment, method-assign]
    try:
        yield asked
    finally:
        CachedQuery._computed = computed  # type: ignore[method-assign]
        event.remove(engine(), "before_cursor_execute", sent)


def _reads() -> dict[str, set[str]]:
    """By the name of a table or view: the tables that it is based on."""
    direct: dict[str, set[str]] = {}
    with engine().connect() as owner:
        for name, read in owner.execute(READ):
            direct.setdefault(name, set()).add(read)

    def tables(name: str) -> set[str]:
        others = direct.get(name, set()) - {name}
        return {name}.union(*map(tables, others)) if others else {name}

    return {name: tables(name) for name in direct}


def _touched(creator_id: UUID, change: str) -> set[str]:
    """The tables that this change and the refresh after it write to."""
    touched: set[str] = set()

    def finished(connection: object) -> None:
        touched.update(connection.execute(WRITTEN).scalars())  # type: ignore[attr-defined]

    event.listen(engine(), "commit", finished)
    try:
        next(one for one in CHANGES if one.name == change).write(creator_id, 10, 0)
        refresh(creator_id)
    finally:
        event.remove(engine(), "commit", finished)
    return touched


def _played(pages: dict[str, list[Asked]], touched: dict[str, set[str]], visitors: int, forgets: str) -> Found:
    """Hours of this many people at one creator's dashboard; results also expire after five minutes."""
    chance = random.Random(11)
    written: dict[str, int] = {}
    held: dict[tuple[str, int], tuple[int, ...]] = {}
    found, all_of_it = [0.0, 0.0], [0.0, 0.0]
    steps = sorted(_steps(chance, visitors))
    rounds = 0
    for at, page in steps:
        while rounds < at // ROUND_SECONDS:
            rounds += 1
            for change, how_often in STEADY.items():
                if chance.random() < how_often:
                    written |= dict.fromkeys(touched[change] | {"everything"}, rounds)
        subject = chance.randrange(SUBJECTS.get(page, 1))
        for one in pages[page]:
            state = (int(at // TURN_SECONDS), *_versions(one, written, forgets))
            for place, weight in enumerate((1.0, one.milliseconds)):
                all_of_it[place] += weight
                found[place] += weight * (held.get((one.query, subject)) == state)
            held[one.query, subject] = state
    return Found(*(100 * part / whole for part, whole in zip(found, all_of_it, strict=True)))


def _steps(chance: random.Random, visitors: int) -> Iterator[tuple[float, str]]:
    for _ in range(visitors):
        at = chance.uniform(*THINK_SECONDS)
        while at < HOURS * 3600:
            yield at, chance.choices(list(PAGES), list(PAGES.values()))[0]
            at += chance.uniform(*THINK_SECONDS)


def _versions(one: Asked, written: dict[str, int], forgets: str) -> tuple[int, ...]:
    """What a cache key would contain beside the five minutes."""
    if forgets == "nothing":
        return ()
    depends_on = {"everything"} if forgets == "everything" else one.tables
    return (max((written.get(table, 0) for table in depends_on), default=0),)


def main() -> None:
    """Print the shares."""
    table = Table("people at one dashboard", "a change forgets", "answers remembered", "of their cost")
    for (visitors, forgets), found in measured_versions().items():
        shares = (found.answers_percent, found.milliseconds_percent)
        table.add_row(str(visitors), forgets, *(f"{share:.0f}%" for share in shares))
    Console().print(table)


if __name__ == "__main__":
    main()
