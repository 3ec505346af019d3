"""Whether anybody works in the background, and what to do if nobody does."""

from sqlalchemy import text

from database.engine import engine
from database.tenancy import close_reading

NO_WORKER = "No worker is running: figures, exports and mails wait."
START_ONE = (
    "A server starts its own worker, and another one when that ends; its log says why. "
    "Where DASHBOARD_WORKER is off, start one with `python manage.py worker`."
)

# A worker reports every five seconds; after thirty seconds of silence the queue, too, considers it dead.
HEARD = text("select count(*) from procrastinate_workers where last_heartbeat > now() - interval '30 seconds'")


def workers_heard() -> int:
    """The workers heard from in the last 30 seconds; a worker process has two, one for each kind of work."""
    close_reading()
    with engine().connect() as connection:  # the queue belongs to the login role; it holds no learner's data
        return int(connection.execute(HEARD).scalar_one())
