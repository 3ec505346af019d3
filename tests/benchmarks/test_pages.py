"""The benchmark of pages and requests measures what it claims to."""

import pytest

from benchmarks import minute, pages
from benchmarks.measuring import Timing
from benchmarks.remembered import remembered_times
from benchmarks.requests import PATHS, fresh_requests
from database.accounts import demo_accounts
from database.demo import DemoSize, load_demo
from database.refresh import refresh_each, stale_creators
from database.settings import PROJECT_DIR
from queries.overview.headline import overview_stats

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RUNS", "COLD_RUNS"):
        monkeypatch.setattr(pages, name, 1)
    monkeypatch.setattr("benchmarks.remembered.TIMES", 2)


@pytest.fixture
def demo(database: object) -> None:
    load_demo(DemoSize(students=30, videos=6))


@pytest.mark.usefixtures("demo")
def test_every_page_is_measured_cold_and_warm_with_what_it_asks() -> None:
    measured = {one.page: one for one in pages.measured_pages()}

    every = {path.stem for path in (PROJECT_DIR / "pages").glob("*.py")} - {"__init__", "staff"}
    assert measured.keys() == every
    assert all(one.asked_cold[1] > one.asked_warm[1] > 0 for one in measured.values())
    assert {one.asked_warm[0] for one in measured.values()} == {1}


@pytest.mark.usefixtures("demo")
def test_the_overview_after_a_change_computes_its_figures_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[object] = []
    fresh = overview_stats.fresh
    monkeypatch.setattr(overview_stats, "fresh", lambda creator_id: computed.append(creator_id) or fresh(creator_id))

    assert isinstance(pages.overview_after_a_change(), Timing)
    assert len(computed) == 1 + 3  # opened; two runs and one that does not count


@pytest.mark.usefixtures("demo")
def test_requests_and_known_answers_are_measured() -> None:
    creator_id = next(account.creator_id for account in demo_accounts() if account.creator_id)
    assert creator_id

    assert fresh_requests(creator_id, 1).keys() == set(PATHS)
    assert remembered_times(overview_stats, creator_id, ())[1] == "–"


@pytest.mark.usefixtures("demo")
def test_a_round_refreshes_every_creator_with_something_new(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = [account.creator_id for account in demo_accounts() if account.subscription_tier == "enterprise"]
    monkeypatch.setattr(minute, "_loaded", lambda _creators: everybody)
    refresh_each(stale_creators())

    assert minute.measured_round(len(everybody)).refreshed == len(everybody) > 1
    assert stale_creators() == []
