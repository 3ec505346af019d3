"""The task that keeps the figures fresh."""

from procrastinate.testing import InMemoryConnector
from sqlalchemy import URL

from database.refresh import stale_creators
from queries.overview.headline import overview_stats
from tests.builders import a_creator, a_student, a_watch, add


def test_the_task_recomputes_what_changed(database: URL) -> None:
    from jobs.refresh import refresh_stale_creators

    changed, unchanged = a_creator(a_student()), a_creator(a_student())
    add(changed, a_student("Ben Okoro"), a_watch())
    assert stale_creators() == [changed.id]
    before = overview_stats.fresh(unchanged.id).refreshed_at

    refresh_stale_creators(timestamp=0)

    assert stale_creators() == []
    assert overview_stats.fresh(changed.id).total_students == 2
    assert overview_stats.fresh(unchanged.id).refreshed_at == before


def test_the_task_runs_every_minute_and_never_twice_at_once(database: URL) -> None:
    from jobs.app import app
    from jobs.refresh import refresh_stale_creators

    ((task, cron),) = [
        (periodic.task, periodic.cron)
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.name == "refresh_stale_creators"
    ]
    assert (task, cron) == (refresh_stale_creators, "* * * * *")
    assert task.queueing_lock == "refresh_stale_creators"


def test_a_worker_finds_the_task_by_its_name(database: URL) -> None:
    from jobs.app import app

    creator = a_creator(a_student())
    add(creator, a_student("Ben Okoro"))
    with app.replace_connector(InMemoryConnector()) as worker:
        worker.configure_task("refresh_stale_creators").defer(timestamp=0)
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)

    assert stale_creators() == []
