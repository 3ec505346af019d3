"""From a pending export to its file: complete, measured and stored before it is announced; or a reason in words."""

import hashlib
import logging
import threading

import pytest
from sqlalchemy.exc import OperationalError

from actions.export_runs import FOLDER, give_back
from actions.exports import cancel_export, note_request
from database.storage import StorageError, stored_bytes, stored_keys
from queries.exports.known import export, export_file
from reports.exports import ExportRequest, export_bytes, export_data, run, write_export
from reports.exports.run import run_export
from tests.bucket import a_bucket
from tests.builders import a_creator, a_student
from tests.exports import IRA, an_export, export_rows

pytestmark = pytest.mark.usefixtures("shared_database")

FORMATS = ["csv", "json", "xlsx"]
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    return tmp_path


def asked(creator, export_format="csv", **filters):
    return note_request(IRA, creator.id, "students", export_format, filters)


@pytest.mark.parametrize("export_format", FORMATS)
def test_a_finished_export_has_its_file_with_size_and_hash(export_format):
    creator = a_creator(a_student("Ada Moss"), a_student("Ben Okoro"))
    export_id = asked(creator, export_format)

    run_export(creator.id, export_id)

    done, file = export(creator.id, export_id), export_file(creator.id, export_id)
    content = stored_bytes(file.storage_key)
    assert (done.status, done.rows_written, done.rows_total) == ("completed", 2, 2)
    assert done.file_size_bytes == len(content)
    assert done.sha256 == hashlib.sha256(content).hexdigest()
    assert done.error_message is None
    assert stored_keys(FOLDER, creator.id) == [file.storage_key]


def test_the_file_is_what_was_asked_for():
    creator = a_creator(a_student("Ada Moss"), a_student("Ben Okoro"))
    export_id = asked(creator, search="ada")

    run_export(creator.id, export_id)

    content = stored_bytes(export_file(creator.id, export_id).storage_key)
    assert content == export_bytes(creator.id, ExportRequest.of("students", "csv", {"search": "ada"}))
    assert b"Ben" not in content


def test_an_export_goes_to_a_bucket_too():
    creator = a_creator(a_student("Ada Moss"))
    export_id = asked(creator)
    with a_bucket():
        run_export(creator.id, export_id)

        content = stored_bytes(export_file(creator.id, export_id).storage_key)
        assert hashlib.sha256(content).hexdigest() == export(creator.id, export_id).sha256


def test_more_than_a_hundred_megabytes_fails_while_writing_and_says_what_to_do(writes):
    written = []

    def much(target, progress):
        for place in range(200):
            target.write(b"x" * MEGABYTE)
            written.append(place)
        return 200

    creator, done = writes(much, "chat")

    assert done.status == "failed"
    assert "larger than 100 MB" in done.error_message
    assert "choose a period or one video" in done.error_message
    assert 90 < len(written) <= 100
    assert stored_keys(FOLDER, creator.id) == []


def test_exactly_a_hundred_megabytes_are_stored(writes, monkeypatch):
    monkeypatch.setattr(run, "MAX_FILE_BYTES", 3 * MEGABYTE)

    _, done = writes(lambda target, progress: target.write(b"x" * (3 * MEGABYTE)) and 1)
    _, too_much = writes(lambda target, progress: target.write(b"x" * (3 * MEGABYTE + 1)) and 1)

    assert (done.status, done.file_size_bytes) == ("completed", 3 * MEGABYTE)
    assert too_much.status == "failed"


def test_progress_is_seen_while_it_runs(writes):
    seen = []

    def slow(target, progress):
        progress(1_000, 5_000)
        seen.append(until(lambda: current(), lambda one: one.rows_written == 1_000))
        target.write(b"done")
        return 5_000

    def current():
        return export(*running[0])

    running = slow.running = []  # type: ignore[attr-defined]
    _, done = writes(slow)

    assert (seen[0].status, seen[0].rows_total) == ("processing", 5_000)
    assert done.rows_written == 5_000


def test_a_cancelled_export_stops_and_keeps_no_file(writes):
    def cancelled_meanwhile(target, progress):
        creator_id, export_id = cancelled_meanwhile.running[0]  # type: ignore[attr-defined]
        cancel_export(IRA, creator_id, export_id)
        for _ in range(100):
            threading.Event().wait(0.1)
            progress(1, 2)
        went_on.append(True)
        return 2

    went_on, cancelled_meanwhile.running = [], []  # type: ignore[attr-defined]
    creator, done = writes(cancelled_meanwhile)

    assert not went_on
    assert done.status == "cancelled"
    assert stored_keys(FOLDER, creator.id) == []


def test_an_export_cancelled_at_the_last_moment_keeps_no_file(writes):
    def cancelled_at_the_end(target, progress):
        creator_id, export_id = cancelled_at_the_end.running[0]  # type: ignore[attr-defined]
        target.write(b"all of it")
        cancel_export(IRA, creator_id, export_id)
        return 1

    cancelled_at_the_end.running = []  # type: ignore[attr-defined]
    creator, done = writes(cancelled_at_the_end)

    assert done.status == "cancelled"
    assert stored_keys(FOLDER, creator.id) == []


def test_a_worker_that_must_stop_gives_the_export_back():
    creator = a_creator(a_student("Ada Moss"))
    export_id = asked(creator)

    run_export(creator.id, export_id, is_stopping=lambda: True)
    given_back = export(creator.id, export_id).status
    run_export(creator.id, export_id)

    assert given_back == "pending"
    assert export(creator.id, export_id).status == "completed"
    assert len(stored_keys(FOLDER, creator.id)) == 1


def test_a_slow_worker_whose_export_was_taken_over_leaves_the_others_file_alone(writes):
    def overtaken(target, progress):
        creator_id, export_id = overtaken.running[0]  # type: ignore[attr-defined]
        assert give_back(overtaken.attempts[0])  # type: ignore[attr-defined]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run, "write_export", write_export)
            run_export(creator_id, export_id)
        target.write(b"late")
        return 1

    overtaken.running, overtaken.attempts = [], []  # type: ignore[attr-defined]
    creator, done = writes(overtaken)

    content = stored_bytes(export_file(creator.id, done.id).storage_key)
    assert done.status == "completed"
    assert content != b"late"
    assert len(stored_keys(FOLDER, creator.id)) == 1


def test_what_goes_wrong_is_said_without_personal_data(writes, caplog):
    def broken(target, progress):
        raise KeyError("ada@example.org")

    with caplog.at_level(logging.INFO):
        _, done = writes(broken)

    assert done.status == "failed"
    assert "Something unexpected went wrong (KeyError)" in done.error_message
    assert "ada@" not in caplog.text + done.error_message
    assert str(done.id) in caplog.text
    assert "test_run.py" in caplog.text


def test_a_query_that_takes_too_long_is_said_in_words(writes):
    class Cancelled(Exception):
        pgcode = "57014"

    def slow(target, progress):
        raise OperationalError("select 1", {}, Cancelled())

    _, done = writes(slow)

    assert done.status == "failed"
    assert "took too long" in done.error_message


def test_a_database_that_is_away_leaves_the_export_to_the_next_worker(writes):
    def away(target, progress):
        raise OperationalError("select 1", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        writes(away)

    assert [row["status"] for row in export_rows(away.creator)] == ["processing"]  # type: ignore[attr-defined]


def test_a_storage_that_fails_is_said(writes, monkeypatch):
    def refused(key, content):
        raise StorageError("The file could not be stored; the storage did not accept it.")

    monkeypatch.setattr(run, "store_file", refused)

    _, done = writes(lambda target, progress: target.write(b"x"))

    assert (done.status, done.error_message) == (
        "failed",
        "The file could not be stored; the storage did not accept it.",
    )


def test_no_temporary_file_has_a_name(writes, data_folder):
    seen = []

    def looking(target, progress):
        target.write(b"x" * MEGABYTE)
        target.flush()
        seen.append([path for path in data_folder.rglob("*") if path.is_file() and "files" not in path.parts])
        return 1

    writes(looking)

    assert seen == [[]]


def test_export_data_answers_with_a_link():
    creator = a_creator(a_student("Ada Moss"))

    result = export_data(creator.id, ExportRequest.of("students", "csv"))

    (row,) = export_rows(creator)
    assert result.success
    assert result.file_size == row["file_size_bytes"] > 0
    assert f"/api/exports/{creator.id}/{row['id']}/download?" in result.download_url
    assert result.expires_at is not None
    assert row["requested_as"] == "command_line"


def test_export_data_says_why_not(monkeypatch):
    def broken(*_):
        raise StorageError("The disk is full.")

    monkeypatch.setattr(run, "store_file", broken)

    result = export_data(a_creator().id, ExportRequest.of("students", "csv"))

    assert (result.success, result.download_url, result.error_message) == (False, None, "The disk is full.")


@pytest.fixture
def writes(monkeypatch):
    """Run an export whose writing is `(target, progress) -> rows`; returns the creator, and how the export ended."""

    def ran(writer, export_type="students"):
        creator = a_creator()
        export_id = an_export(creator, export_type=export_type)
        if hasattr(writer, "running"):
            writer.running.append((creator.id, export_id))
        writer.creator = creator
        claim = run.claim_export  # type: ignore[attr-defined]

        def noted(*scope):
            attempt = claim(*scope)
            getattr(writer, "attempts", []).append(attempt)
            return attempt

        with monkeypatch.context() as patch:
            patch.setattr(run, "claim_export", noted)
            patch.setattr(run, "write_export", lambda _creator, _request, target, progress: writer(target, progress))
            run_export(creator.id, export_id)
        return creator, export(creator.id, export_id)

    return ran


def until(look, is_so):
    for _ in range(200):
        seen = look()
        if is_so(seen):
            return seen
        threading.Event().wait(0.05)
    raise AssertionError("it never was")
