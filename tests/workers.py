"""Workers as the queue knows them, without a process behind them."""

from sqlalchemy import text

from database.engine import engine

FORGET = text("delete from procrastinate_workers")
HEARD = text("insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => :seconds))")


def a_worker_heard(seconds_ago: float = 0) -> None:
    """One worker, and no other, that reported this long ago."""
    with engine().begin() as connection:
        connection.execute(FORGET)
        connection.execute(HEARD, {"seconds": seconds_ago})
