"""Reports for many creators: each is requested as an export, which `jobs.exports` creates."""

import logging

from actions.report_runs import QUEUE, TASK, hand_over_runs, remove_old_runs, request_waiting_reports, waiting_reports
from jobs.app import app

logger = logging.getLogger(__name__)


@app.task(name=TASK, queue=QUEUE, queueing_lock=TASK)
def request_reports() -> None:
    """Request the reports of every waiting run; the next worker continues after a killed one."""
    logger.info("asked for %d reports", request_waiting_reports())


@app.periodic(cron="* * * * *")
@app.task(name="continue_report_runs", queueing_lock="continue_report_runs")
def continue_report_runs(timestamp: int = 0) -> None:
    """Resume runs that were never queued, or whose worker was lost."""
    del timestamp
    if waiting_reports():
        hand_over_runs()


@app.periodic(cron="45 2 * * *")
@app.task(name="remove_old_report_runs", queueing_lock="remove_old_report_runs")
def remove_old_report_runs(timestamp: int = 0) -> None:
    """Delete runs after 30 days; their files are removed with their exports."""
    del timestamp
    logger.info("removed %d report runs", remove_old_runs())
