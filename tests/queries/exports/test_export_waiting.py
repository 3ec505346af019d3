"""Why an export waits: nobody works, or others come first, whoever's they are."""

import pytest

from queries.exports.known import export, exports
from queries.exports.waiting import NOBODY, Waiting, reasons_for_waiting
from tests.builders import a_creator
from tests.exports import a_claimed_export, a_finished_export, an_export
from tests.workers import a_worker_heard

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_without_a_worker_everything_unfinished_is_stuck():
    creator = a_creator()
    a_finished_export(creator)
    pending, running = an_export(creator, filters={"status": "active"}), a_claimed_export(creator).export_id
    a_worker_heard(seconds_ago=60)

    assert reasons_for_waiting(exports(creator.id)) == dict.fromkeys((pending, running), Waiting(NOBODY, True))


def test_with_a_worker_an_export_waits_for_those_asked_for_before():
    others, creator = a_creator(), a_creator()
    a_worker_heard()
    an_export(others, "processing", days_ago=2)
    an_export(others, filters={"status": "active"}, days_ago=1)
    an_export(others, filters={"status": "inactive"}, days_ago=-1)
    an_export(others, "failed", filters={"status": "all"}, days_ago=1)
    waiting = an_export(creator)

    reasons = reasons_for_waiting([export(creator.id, waiting)])

    assert reasons == {waiting: Waiting("Waiting for 2 exports asked for before", False)}


@pytest.mark.parametrize(("others", "words"), [(0, "Waiting to start"), (1, "Waiting for 1 export asked for before")])
def test_few_are_told_as_few(others, words):
    creator = a_creator()
    a_worker_heard()
    for _ in range(others):
        an_export(a_creator(), days_ago=1)
    waiting = an_export(creator)

    assert reasons_for_waiting([export(creator.id, waiting)])[waiting].reason == words


def test_what_a_worker_has_in_hand_does_not_wait():
    creator = a_creator()
    a_claimed_export(creator)
    a_worker_heard()

    assert reasons_for_waiting(exports(creator.id)) == {}


def test_what_is_finished_waits_for_nothing():
    creator = a_creator()
    a_finished_export(creator)

    assert reasons_for_waiting(exports(creator.id)) == {}
