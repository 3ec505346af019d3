"""How long each page takes on the server, cold and warm, and how often it asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from benchmarks.measuring import Timing, timed
from database.accounts import demo_accounts
from database.engine import engine
from database.frames import frame
from database.refresh import refresh
from database.settings import PROJECT_DIR
from database.tenancy import tenant_tx
from queries.cache.caching import forget_everything
from tests.compiled import compile_once

RUNS, COLD_RUNS = 20, 5
FIRST_OF_EACH = """
    -- One row: the first student, video and quiz.
    select
        (
            select id::text
            from students
            where creator_id = :creator_id and deleted_at is null
            order by id
            limit 1
        ) as student,
        (
            select id::text
            from videos
            where creator_id = :creator_id and deleted_at is null
            order by position
            limit 1
        ) as video,
        (
            select id::text
            from quizzes
            where creator_id = :creator_id and deleted_at is null
            order by position
            limit 1
        ) as quiz
"""
NEEDS_AN_ID = {"student": "student", "video": "video", "quiz": "quiz", "quiz_edit": "quiz"}
ONE_VISIT = """
    insert into activity_events (creator_id, student_id, kind, occurred_at)
    select creator_id, id, 'login', dashboard_now() from students
    where creator_id = '{creator_id}' and deleted_at is null order by id limit 1
"""


@dataclass(frozen=True)
class MeasuredPage:
    """Cold: with empty caches in this process; warm: with full ones. Transactions and statements of each."""

    page: str
    cold: Timing
    warm: Timing
    asked_cold: tuple[int, int]
    asked_warm: tuple[int, int]


def measured_pages() -> list[MeasuredPage]:
    """Every page of the largest creator's account, without a browser: the server's time only."""
    account_id, creator_id = account_and_creator()
    ids = frame(creator_id, FIRST_OF_EACH).iloc[0].to_dict()
    pages = sorted(path.stem for path in (PROJECT_DIR / "pages").glob("*.py") if path.stem not in ("__init__", "staff"))
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        return [_measured(page, opened(account_id, page, ids.get(NEEDS_AN_ID.get(page, "")))) for page in pages]


def overview_after_a_change() -> Timing:
    """The first run of the overview after each of some refreshes that changed figures."""
    account_id, creator_id = account_and_creator()
    app = opened(account_id, "overview", None)

    def change() -> None:
        with tenant_tx(creator_id) as connection:
            connection.exec_driver_sql(ONE_VISIT.format(creator_id=creator_id))
        refresh(creator_id)

    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        return timed(app.run, 2 * COLD_RUNS, before_each=change)


def account_and_creator() -> tuple[UUID, UUID]:
    account = next(account for account in demo_accounts() if account.subscription_tier == "enterprise")
    assert account.creator_id
    return account.id, account.creator_id


def opened(account_id: UUID, page: str, shown_id: str | None) -> AppTest:
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=60)
    app.session_state["account_id"] = account_id
    app.run()
    if page != "overview":
        app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py"))
    if shown_id:
        app.query_params["id"] = shown_id
    app.run()
    assert not app.exception, page
    return app


def _measured(page: str, app: AppTest) -> MeasuredPage:
    forget_everything()
    with _counted() as asked_cold:
        app.run()
    with _counted() as asked_warm:
        app.run()
    return MeasuredPage(
        page,
        timed(app.run, COLD_RUNS, before_each=forget_everything),
        timed(app.run, RUNS),
        (asked_cold[0], asked_cold[1]),
        (asked_warm[0], asked_warm[1]),
    )


@contextmanager
def _counted() -> Iterator[list[int]]:
    """Transactions and statements meanwhile."""
    counts = [0, 0]

    def begun(_connection: object) -> None:
        counts[0] += 1

    def sent(*_statement: object) -> None:
        counts[1] += 1

    event.listen(engine(), "begin", begun)
    event.listen(engine(), "before_cursor_execute", sent)
    try:
        yield counts
    finally:
        event.remove(engine(), "begin", begun)
        event.remove(engine(), "before_cursor_execute", sent)
