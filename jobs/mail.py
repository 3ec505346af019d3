"""The tasks that queue due digests, send waiting emails, and remove old contents."""

import logging

from actions.mail_upkeep import forget_old_mail_contents
from jobs.app import app
from mail.alert import queue_due_alerts
from mail.delivery import deliver_due
from mail.schedule import queue_due_digests

logger = logging.getLogger(__name__)

SEND_DUE = "send_due_mail"
QUEUE_ALERTS = "queue_due_alerts"
FORGET_OLD = "forget_old_mail_contents"


@app.periodic(cron="* * * * *")
@app.task(name=SEND_DUE, queueing_lock=SEND_DUE)
def send_due_mail(timestamp: int) -> None:
    """Scan for due email. The next run makes up for a missed one: what was due is still due."""
    del timestamp
    queue_due_digests()
    outcomes = deliver_due()
    if outcomes:
        logger.info("mail: %s", ", ".join(f"{count} {fate}" for fate, count in sorted(outcomes.items())))


@app.periodic(cron="*/15 * * * *")
@app.task(name=QUEUE_ALERTS, queueing_lock=QUEUE_ALERTS)
def queue_alerts(timestamp: int) -> None:
    """Queue the alerts of the day; the due-scan sends them."""
    del timestamp
    queue_due_alerts()


@app.periodic(cron="30 3 * * *")
@app.task(name=FORGET_OLD, queueing_lock=FORGET_OLD)
def forget_old(timestamp: int) -> None:
    """Once a day; the next run makes up for a missed one."""
    del timestamp
    logger.info("the content of %d old mails was removed", forget_old_mail_contents())
