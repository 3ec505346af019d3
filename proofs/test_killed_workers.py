"""Workers are killed at any moment: each export ends with one complete file, no email is sent twice or lost."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import URL

from proofs.length import short_or_full
from tests.killed_export_workers import killed_while_they_export
from tests.killed_mail_workers import assert_nothing_is_doubled_or_lost, counted_run

EXPORT_KILLS = short_or_full(5, 50)
MAIL_KILLS = short_or_full(5, 100)
MAILS = short_or_full(400, 4_000)
SECONDS = short_or_full(300, 1_800)


def test_exports_of_killed_workers_are_finished_by_others(
    database: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))

    moments = killed_while_they_export(EXPORT_KILLS)

    print(f"{EXPORT_KILLS} kills; the exports were then: {dict(Counter(moments))}")
    assert "processing" in moments


def test_no_mail_is_doubled_or_lost_when_workers_die(database: URL) -> None:
    counted = counted_run(MAILS, MAIL_KILLS, SECONDS)

    print(counted)
    assert_nothing_is_doubled_or_lost(counted, MAILS, MAIL_KILLS)
