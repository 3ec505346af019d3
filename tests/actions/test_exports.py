"""Exports that are requested: once, by anyone who may, in the ledger with a name; and cancelled."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text

from actions.export_runs import beat, claim_export, complete_export, fail_export, give_back
from actions.exports import Requester, cancel_export, request_export, requester
from database.engine import engine
from database.tenancy import platform_tx
from queries.exports.known import export, export_file, exports
from rules.errors import InputError
from rules.export_rules import MOST_AT_ONCE
from rules.tiers import FeatureAccessDenied
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.exports import IRA, a_claimed_export, a_finished_export, an_export, export_row

pytestmark = pytest.mark.usefixtures("shared_database")

JOBS = text("select args from procrastinate_jobs where task_name = 'write_export' and args ->> 'creator_id' = :id")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    return tmp_path


def jobs_of(creator):
    with engine().connect() as connection:
        return connection.execute(JOBS, {"id": str(creator.id)}).scalars().all()


def test_a_request_is_a_row_and_a_job():
    creator = a_creator()

    export_id = request_export(IRA, creator.id, "students", "csv", {"status": "active"})

    (found,) = exports(creator.id)
    assert (found.id, found.status, found.export_type, found.format) == (export_id, "pending", "students", "csv")
    assert found.filters == {"status": "active"}
    assert (found.requested_as, found.requested_by_name) == ("creator", "Ira Bloom")
    assert jobs_of(creator) == [{"creator_id": str(creator.id), "export_id": str(export_id)}]


def test_the_same_request_twice_at_once_is_one_export():
    creator = a_creator()

    def ask(_):
        return request_export(IRA, creator.id, "chat", "xlsx", {"search": "why", "rated": "bad"})

    with ThreadPoolExecutor(8) as people:
        asked = set(people.map(ask, range(24)))

    assert len(asked) == len(exports(creator.id)) == len(jobs_of(creator)) == 1
    assert request_export(IRA, creator.id, "chat", "xlsx", {"rated": "bad", "search": "why"}) in asked


@pytest.mark.parametrize(
    ("export_type", "export_format", "filters"),
    [("students", "csv", {"status": "active"}), ("students", "json", {}), ("videos", "csv", {})],
)
def test_another_request_is_another_export(export_type, export_format, filters):
    creator = a_creator()
    first = request_export(IRA, creator.id, "students", "csv", {})

    assert request_export(IRA, creator.id, export_type, export_format, filters) != first


@pytest.mark.parametrize("end", ["complete", "fail", "cancel"])
def test_after_it_ended_the_same_request_is_made_again(end):
    creator = a_creator()
    attempt = a_claimed_export(creator)
    again = request_export(IRA, creator.id, attempt.type, attempt.format, attempt.filters)
    {
        "complete": lambda: complete_export(attempt, 1, 1, "0" * 64),
        "fail": lambda: fail_export(attempt, "No."),
        "cancel": lambda: cancel_export(IRA, creator.id, attempt.export_id),
    }[end]()

    assert again == attempt.export_id
    assert request_export(IRA, creator.id, attempt.type, attempt.format, attempt.filters) != again


@pytest.mark.parametrize("tier", ["basic", "pro"])
def test_no_export_below_the_tier(tier):
    creator = a_creator(subscription_tier=tier)

    with pytest.raises(FeatureAccessDenied, match=f"ENTERPRISE tier; this account has the {tier.upper()} tier"):
        request_export(IRA, creator.id, "students", "csv", {})

    assert exports(creator.id) == []


def test_an_export_that_waited_while_the_tier_ended_fails_in_words():
    creator = a_creator()
    export_id = an_export(creator)
    with platform_tx() as connection:
        connection.execute(text("update creators set subscription_tier = 'pro' where id = :id"), {"id": creator.id})

    assert claim_export(creator.id, export_id) is None

    assert export_row(creator, export_id)["status"] == "failed"
    assert "ENTERPRISE" in export_row(creator, export_id)["error_message"]


def test_an_eleventh_export_at_once_is_refused():
    creator = a_creator()
    for place in range(MOST_AT_ONCE):
        request_export(IRA, creator.id, "students", "csv", {"search": str(place)})

    with pytest.raises(InputError, match="10 exports are already waiting or running"):
        request_export(IRA, creator.id, "students", "csv", {})

    cancel_export(IRA, creator.id, exports(creator.id)[0].id)
    request_export(IRA, creator.id, "students", "csv", {})


def test_staff_may_export_and_the_audit_log_says_so():
    creator, staff = a_creator(), a_linked_account(name="Noor Haddad")

    export_id = request_export(requester(staff, creator.id), creator.id, "students", "csv", {})
    cancel_export(requester(staff, creator.id), creator.id, export_id)

    found = export(creator.id, export_id)
    assert (found.requested_as, found.requested_by_name) == ("staff", "Noor Haddad")
    noted = text("select action, user_id, detail ->> 'about' from audit_log where creator_id = :id order by created_at")
    with platform_tx() as connection:
        rows = connection.execute(noted, {"id": creator.id}).all()
    assert {tuple(row) for row in rows} == {
        ("export requested", staff.id, str(export_id)),
        ("export cancelled", staff.id, str(export_id)),
    }


def test_another_creator_may_not_ask():
    creator, other = a_creator(), a_linked_account(a_creator())

    with pytest.raises(InputError, match="another creator"):
        requester(other, creator.id)


def test_an_api_key_is_named():
    creator = a_creator()

    export_id = request_export(Requester("api_key", "Nightly sync"), creator.id, "students", "csv", {})

    assert export(creator.id, export_id).requested_as == "api_key"


def test_an_outsider_reaches_no_export():
    owner, outsider = a_creator(), a_creator()
    finished, waiting = a_finished_export(owner), an_export(owner, filters={"status": "active"})

    assert exports(outsider.id) == []
    assert export(outsider.id, waiting) is None
    assert export_file(owner.id, finished.export_id) is not None
    assert export_file(outsider.id, finished.export_id) is None
    assert not cancel_export(IRA, outsider.id, waiting)
    assert claim_export(outsider.id, waiting) is None
    assert export(owner.id, waiting).status == "pending"


def test_what_waits_or_runs_can_be_cancelled_and_what_ended_cannot():
    creator = a_creator()
    waiting, running = an_export(creator, filters={"status": "active"}), a_claimed_export(creator)

    assert cancel_export(IRA, creator.id, waiting)
    assert cancel_export(IRA, creator.id, running.export_id)

    assert not cancel_export(IRA, creator.id, waiting)
    assert {one.status for one in exports(creator.id)} == {"cancelled"}
    assert claim_export(creator.id, waiting) is None
    assert not cancel_export(IRA, creator.id, uuid4())


def test_only_one_worker_gets_an_export():
    creator = a_creator()
    export_id = an_export(creator)

    with ThreadPoolExecutor(8) as workers:
        claims = list(workers.map(lambda _: claim_export(creator.id, export_id), range(16)))

    assert len([claim for claim in claims if claim]) == 1


@pytest.mark.parametrize("end", ["taken over", "cancelled"])
def test_a_worker_whose_attempt_is_outdated_changes_nothing(end):
    creator = a_creator()
    late = a_claimed_export(creator)
    if end == "cancelled":
        cancel_export(IRA, creator.id, late.export_id)
    else:
        give_back(late)
        assert claim_export(creator.id, late.export_id).number == late.number + 1
    before = export_row(creator, late.export_id)

    assert not beat(late, 5, 10)
    assert not complete_export(late, 10, 1, "0" * 64)
    assert not fail_export(late, "No.")
    assert not give_back(late)

    assert export_row(creator, late.export_id) == before
