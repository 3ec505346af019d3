"""No export is stuck, no file without a row, no row without its file, nothing older than 30 days."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import text

from actions.export_runs import FOLDER, claim_export, complete_export
from actions.export_upkeep import CleanUp, clean_up_exports, hand_over_waiting_exports, recover_lost_exports
from database.engine import engine
from database.storage import new_key, remove_file, store_file, stored_bytes, stored_keys
from queries.exports.known import export, export_file
from rules.export_rules import KEPT_FOR, MOST_WORKERS_LOST, SILENT_SECONDS
from tests.bucket import a_bucket
from tests.builders import a_creator
from tests.exports import (
    CONTENT,
    a_claimed_export,
    a_finished_export,
    an_export,
    change_export,
    export_row,
    export_rows,
)

pytestmark = pytest.mark.usefixtures("database")

NOTHING = CleanUp(0, 0, 0, 0)
A_SECOND = timedelta(seconds=1)


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path, monkeypatch):
    """The two kinds of storage; the bucket is moto's, on this computer."""
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    with nullcontext() if request.param == "folder" else a_bucket():
        yield tmp_path


def silence(creator, attempt, seconds):
    change_export(creator, attempt.export_id, f"heartbeat_at = clock_timestamp() - interval '{seconds} seconds'")


def test_the_export_of_a_silent_worker_goes_to_another_and_what_it_stored_goes(storage):
    creator = a_creator()
    dead = a_claimed_export(creator)
    store_file(dead.storage_key, [CONTENT])
    silence(creator, dead, SILENT_SECONDS + 5)

    assert recover_lost_exports() == 1

    assert stored_keys(FOLDER, creator.id) == []
    again = claim_export(creator.id, dead.export_id)
    assert again.number == dead.number + 1
    assert again.storage_key != dead.storage_key


def test_a_worker_that_spoke_lately_keeps_its_export(storage):
    creator = a_creator()
    alive = a_claimed_export(creator)
    silence(creator, alive, SILENT_SECONDS - 5)

    assert recover_lost_exports() == 0
    assert complete_export(alive, 1, 1, "0" * 64)


def test_an_export_that_takes_three_workers_with_it_fails_in_words(storage):
    creator = a_creator()
    attempt = a_claimed_export(creator)
    for _ in range(MOST_WORKERS_LOST - 1):
        silence(creator, attempt, 60)
        recover_lost_exports()
        attempt = claim_export(creator.id, attempt.export_id)
    silence(creator, attempt, 60)
    recover_lost_exports()

    row = export_row(creator, attempt.export_id)
    assert row["status"] == "failed"
    assert "was tried 3 times" in row["error_message"]
    assert row["completed_at"] is not None
    assert claim_export(creator.id, attempt.export_id) is None


def test_a_pending_export_without_a_job_is_handed_over_once(storage):
    export_id = an_export(a_creator())

    assert [hand_over_waiting_exports(), hand_over_waiting_exports()] == [1, 0]

    with engine().connect() as connection:
        waiting = connection.execute(text("select args ->> 'export_id' from procrastinate_jobs")).scalars().all()
    assert waiting == [str(export_id)]


@pytest.mark.parametrize(("age", "is_kept"), [(KEPT_FOR - A_SECOND, True), (KEPT_FOR, False)])
def test_file_and_row_go_after_thirty_days(storage, age, is_kept):
    creator = a_creator()
    export_id = an_export(creator, "completed", days_ago=age / timedelta(days=1))
    assert (export_file(creator.id, export_id) is not None) == is_kept  # before the night comes

    done = clean_up_exports()

    assert done == (NOTHING if is_kept else CleanUp(1, 0, 0, 0))
    assert len(export_rows(creator)) == len(stored_keys(FOLDER, creator.id)) == is_kept


def test_rows_that_failed_or_were_cancelled_go_too(storage):
    creator = a_creator()
    for status in ("failed", "cancelled", "expired", "pending"):
        an_export(creator, status, days_ago=31)

    assert clean_up_exports() == CleanUp(4, 0, 0, 0)


def test_files_without_a_row_go_also_those_of_creators_who_are_gone(storage):
    creator = a_creator()
    finished, running = a_finished_export(creator), a_claimed_export(creator)
    store_file(running.storage_key, [CONTENT])
    store_file(new_key(FOLDER, creator.id, "csv"), [CONTENT])
    gone = a_creator()
    a_finished_export(gone)
    remove_creator(gone)

    assert clean_up_exports() == CleanUp(0, 0, 2, 0)

    assert stored_keys(FOLDER, creator.id) == sorted([finished.storage_key, running.storage_key])
    assert stored_keys(FOLDER, gone.id) == []


def test_the_file_of_a_cancelled_or_failed_export_goes(storage):
    creator = a_creator()
    for status in ("cancelled", "failed"):
        attempt = a_claimed_export(creator)
        store_file(attempt.storage_key, [CONTENT])
        change_export(creator, attempt.export_id, f"status = '{status}'")

    assert clean_up_exports() == CleanUp(0, 0, 2, 0)


def test_a_row_whose_file_is_gone_says_so(storage):
    creator = a_creator()
    finished = a_finished_export(creator)
    remove_file(finished.storage_key)

    assert clean_up_exports() == CleanUp(0, 1, 0, 0)

    assert export(creator.id, finished.export_id).status == "expired"
    assert "no longer in storage" in export(creator.id, finished.export_id).error_message


def test_cleaning_up_twice_changes_nothing_more(storage):
    creator = a_creator()
    an_export(creator, "completed", days_ago=31)
    finished = a_finished_export(creator)
    clean_up_exports()

    assert clean_up_exports() == NOTHING
    assert stored_bytes(finished.storage_key) == CONTENT


def test_other_files_stay(storage):
    creator = a_creator()
    video = new_key("videos", creator.id, "mp4")
    store_file(video, [CONTENT])

    clean_up_exports()

    assert stored_bytes(video) == CONTENT


def remove_creator(creator):
    with engine().begin() as connection:
        connection.execute(text("select set_config('app.creator_id', :id, true)"), {"id": str(creator.id)})
        connection.execute(text("delete from creators where id = :id"), {"id": creator.id})
