"""Work queued for the background: found by the worker under its name, once per lock."""

from sqlalchemy import URL, text

from database.engine import engine
from database.job_queue import defer

WAITING = text("select task_name, args from procrastinate_jobs where status = 'todo' order by id")


def test_a_task_waits_in_the_queue_with_its_arguments(database: URL) -> None:
    assert defer("write_export", export_id="a")

    with engine().connect() as connection:
        assert connection.execute(WAITING).all() == [("write_export", {"export_id": "a"})]


def test_what_waits_already_is_not_put_in_twice(database: URL) -> None:
    assert defer("clean_up", queueing_lock="clean_up")
    assert not defer("clean_up", queueing_lock="clean_up")

    with engine().connect() as connection:
        assert len(connection.execute(WAITING).all()) == 1
