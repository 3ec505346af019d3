"""The tasks that ask for digests that are due, send what waits, and forget what was sent long ago."""

import logging

from actions.mail_upkeep import forget_old_mail_contents
from jobs.app import app
from reports.alert import queue_due_alerts
from reports.mail.delivery import deliver_due
from reports.mail.schedule import queue_due_digests

logger = logging.getLogger(__name__)

SEND_DUE = "send_due_mail"
QUEUE_ALERTS = "queue_due_alerts"
FORGET_OLD = "forget_old_mail_contents"


@app.periodic(cron="* * * * *")
@app.task(name=SEND_DUE, queueing_lock=SEND_DUE)
def send_due_mail(timestamp: int) -> None:
    """Scan for what is due. A missed run is made up for by the next one: what was due then is due still."""
    del timestamp
    queue_due_digests()
    carried = deliver_due()
    if carried:
        logger.info("mail: %s", ", ".join(f"{count} {fate}" for fate, count in sorted(carried.items())))


@app.periodic(cron="*/15 * * * *")
@app.task(name=QUEUE_ALERTS, queueing_lock=QUEUE_ALERTS)
def queue_alerts(timestamp: int) -> None:
    """Ask for the alerts of the day; the due-scan sends them."""
    del timestamp
    queue_due_alerts()


@app.periodic(cron="30 3 * * *")
@app.task(name=FORGET_OLD, queueing_lock=FORGET_OLD)
def forget_old(timestamp: int) -> None:
    """Once a day; what a missed run leaves, the next one takes."""
    del timestamp
    logger.info("the content of %d old mails was removed", forget_old_mail_contents())
