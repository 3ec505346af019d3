"""The task that sends what is due."""

import pytest
from sqlalchemy import URL

from mail import delivery
from tests.builders import a_creator
from tests.mailing import PLAIN, ask_for_mail, states


def test_the_task_sends_what_is_due(database: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from jobs.mail import send_due_mail

    monkeypatch.setattr(delivery, "all_kinds", lambda: {"plain": PLAIN})
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    creator = a_creator()
    ask_for_mail(creator)

    send_due_mail(timestamp=0)

    assert states(creator) == ["sent"]


def test_the_task_runs_every_minute_and_waits_once(database: URL) -> None:
    from jobs.app import app

    ((task, cron),) = [
        (periodic.task, periodic.cron)
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.name == "send_due_mail"
    ]
    assert cron == "* * * * *"
    assert task.queueing_lock == "send_due_mail"
