"""Files of rows in the background: checked without a trace, imported once, undone, and never half done."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from actions.file_import_runs import MOST_WORKERS_LOST, lost_files
from actions.file_imports import ERRORS_FOLDER, check_file, drop_file, start_import
from actions.import_upkeep import clean_up_imports
from actions.upload_runs import IMPORTS
from database.storage import new_key, store_file, stored_bytes, stored_keys
from database.tenancy import tenant_tx
from jobs.imports import undo_import
from queries.imports.landed import landed_imports
from rules.errors import InputError
from sources.files.reading import ReadAs
from sources.mappings.templates import template_mapping
from tests import oracle
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.file_imports import ONE_IS_WRONG, SEGMENTS, checked_file, sent_file, the_file, worked_on

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


@pytest.fixture
def creator():
    return a_creator()


@pytest.fixture
def author(creator):
    return a_linked_account(creator)


def segments(creator):
    return [(row["start_second"], row["end_second"]) for row in oracle.rows_of(creator.id, "watch_segments")]


def test_a_file_that_arrived_is_kept_as_it_is_and_no_video_is_made_of_it(creator, author) -> None:
    sent_file(author, creator, SEGMENTS)

    file = the_file(creator)
    assert (file.status, file.state, file.file_name) == ("completed", None, "segments.csv")
    assert stored_bytes(file.storage_key) == SEGMENTS.encode()
    assert oracle.rows_of(creator.id, "videos") == []


def test_a_check_says_what_would_change_and_writes_nothing(creator, author) -> None:
    checked_file(author, creator, ONE_IS_WRONG)

    file = the_file(creator)
    assert (file.state, segments(creator)) == ("checked", [])
    assert file.outcome["new"] == {"segment": 2}
    assert (file.outcome["lines"], file.outcome["refused"]) == (3, 1)
    assert file.outcome["instants"] == [
        ["segment", "watched_at", "2026-03-01T10:00:00+00:00", "2026-03-02T10:00:00+00:00"]
    ]
    assert "soon" not in str(file.outcome)  # values may name people
    (key,) = stored_keys(ERRORS_FOLDER, creator.id)
    assert b"4,end_second,soon," in stored_bytes(key)


def test_an_import_writes_the_rows_lets_the_file_go_and_can_be_undone(creator, author) -> None:
    checked = checked_file(author, creator)
    assert start_import(author, creator.id, checked, takes_good_rows=False)
    worked_on(creator, checked)

    file = the_file(creator)
    assert (file.state, file.outcome["new"], sorted(segments(creator))) == ("done", {"segment": 2}, [(0, 60), (30, 90)])
    assert stored_keys(IMPORTS, creator.id) == []
    (landed,) = landed_imports(creator.id)
    assert (landed.id, landed.state, landed.author_name) == (file.import_id, "done", author.name)

    undo_import.func(str(creator.id), str(landed.id))
    assert segments(creator) == []
    assert landed_imports(creator.id)[0].state == "undone"


def test_a_file_with_a_refused_line_is_only_imported_without_it_if_that_was_asked(creator, author) -> None:
    checked = checked_file(author, creator, ONE_IS_WRONG)
    assert not start_import(author, creator.id, checked, takes_good_rows=False)
    worked_on(creator, checked)
    assert segments(creator) == []

    assert start_import(author, creator.id, checked, takes_good_rows=True)
    worked_on(creator, checked)
    assert len(segments(creator)) == 2


def test_the_same_file_again_changes_nothing(creator, author) -> None:
    for _ in range(2):
        checked = checked_file(author, creator)
        start_import(author, creator.id, checked, takes_good_rows=False)
        worked_on(creator, checked)
        assert len(segments(creator)) == 2
    assert landed_imports(creator.id)[0].facts_same == 2


def test_a_file_that_does_not_fit_its_mapping_fails_in_words(creator, author) -> None:
    checked_file(author, creator, "name,age\nAnn,30\n")
    file = the_file(creator)
    assert file.state == "failed"
    assert "no column “student”" in file.import_error


def test_a_worker_that_stops_leaves_the_file_to_another(creator, author) -> None:
    checked = checked_file(author, creator, SEGMENTS)
    start_import(author, creator.id, checked, takes_good_rows=False)
    worked_on(creator, checked, is_stopping=True)
    assert the_file(creator).state == "importing"

    worked_on(creator, checked)
    assert (the_file(creator).state, len(segments(creator))) == ("done", 2)


def test_a_file_of_dead_workers_is_tried_again_and_fails_in_the_end(creator, author) -> None:
    checked = checked_file(author, creator)
    start_import(author, creator.id, checked, takes_good_rows=False)
    silence = text("update file_imports set changed_at = clock_timestamp() - interval '1 hour'")
    for time in range(MOST_WORKERS_LOST):
        with tenant_tx(creator.id) as connection:
            connection.execute(silence)
        is_tried_again = checked in [one.id for one in lost_files(120)]
        assert is_tried_again == (time + 1 < MOST_WORKERS_LOST)
    assert "worker stopped" in the_file(creator).import_error


def test_a_file_that_nobody_wants_is_removed_with_its_refused_lines(creator, author) -> None:
    checked_file(author, creator, ONE_IS_WRONG)
    drop_file(author, creator.id, the_file(creator).upload_id)
    assert stored_keys(IMPORTS, creator.id) == stored_keys(ERRORS_FOLDER, creator.id) == []


def test_lists_of_refused_lines_without_a_file_are_removed_at_night(creator, author) -> None:
    checked_file(author, creator, ONE_IS_WRONG)
    (needed,) = stored_keys(ERRORS_FOLDER, creator.id)
    store_file(new_key(ERRORS_FOLDER, creator.id, "csv"), [b"x"])
    assert clean_up_imports() == 1
    assert stored_keys(ERRORS_FOLDER, creator.id) == [needed]


def test_staff_and_outsiders_import_nothing(creator, author) -> None:
    upload_id = sent_file(author, creator, SEGMENTS)
    outsider = a_creator()
    stranger = a_linked_account(outsider)
    mapping = template_mapping("segment")
    with pytest.raises(InputError):
        check_file(a_linked_account(), creator.id, upload_id, mapping, {}, ReadAs())
    with pytest.raises(InputError):
        check_file(stranger, creator.id, upload_id, mapping, {}, ReadAs())
    with pytest.raises(InputError, match="no longer there"):
        check_file(stranger, outsider.id, upload_id, mapping, {}, ReadAs())
    with pytest.raises(InputError, match="no longer there"):
        check_file(author, creator.id, uuid4(), mapping, {}, ReadAs())
