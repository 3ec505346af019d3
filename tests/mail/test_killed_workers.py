"""Workers die at any moment: no email twice, none lost silently. Many kills: `proofs/test_killed_workers.py`."""

from sqlalchemy import URL

from tests.killed_mail_workers import assert_nothing_is_doubled_or_lost, counted_run

MAILS, KILLS, SECONDS = 120, 3, 120


def test_no_mail_is_doubled_or_lost_when_workers_die(database: URL) -> None:
    assert_nothing_is_doubled_or_lost(counted_run(MAILS, KILLS, SECONDS), MAILS, KILLS)
