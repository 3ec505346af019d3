"""Downloads by signed link: the file for anyone who has the link, and the same 404 for everything else."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import api
from database.clock import now
from database.storage import remove_file, store_file
from database.tenancy import platform_tx
from reports.links import download_link
from tests.bucket import a_bucket
from tests.builders import a_creator, a_student
from tests.exports import CONTENT, a_finished_export, an_export, change_export

pytestmark = pytest.mark.usefixtures("shared_database")

BITS = 400


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


@pytest.fixture
def client():
    with TestClient(api, raise_server_exceptions=True) as client:
        yield client


def path(creator_id, export_id):
    return download_link(creator_id, export_id).path.removeprefix("/api")


def is_refused(client, address):
    """Exactly the response of an address that does not exist, and no byte of the file."""
    answer, nothing = client.get(address), client.get("/no/such/address")
    return (answer.status_code, answer.content, len(answer.headers)) == (404, nothing.content, len(nothing.headers))


def test_the_link_leads_to_the_file(client):
    creator = a_creator(name="Mira Välé")
    attempt = a_finished_export(creator)

    answer = client.get(path(creator.id, attempt.export_id))

    assert (answer.status_code, answer.content) == (200, CONTENT)
    headers = answer.headers
    name = f"mira-v-l-students-{now():%Y-%m-%d}.csv"
    assert headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-length"] == str(len(CONTENT))
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_file_of_one_student_has_their_name_and_an_encoding_of_its_own_is_told(client):
    ada = a_student("Ada Moss")
    creator, foreign = a_creator(ada, name="Mira Vale"), a_student("Not Yours")
    a_creator(foreign)
    chosen = {"student_id": str(ada.id), "encoding": "utf-16"}
    of_one = an_export(creator, "completed", export_type="progress", filters=chosen)
    of_another = an_export(creator, "completed", export_type="progress", filters={"student_id": str(foreign.id)})
    odd = an_export(creator, "completed", filters={"student_id": ["x"], "shoe_size": 7})

    answers = [client.get(path(creator.id, each)) for each in (of_one, of_another, odd)]

    names = [answer.headers["content-disposition"].split('"')[1] for answer in answers]
    assert names[0].startswith("mira-vale-ada-moss-progress-")
    assert names[1].startswith("mira-vale-progress-")
    assert names[2].startswith("mira-vale-students-")
    assert answers[0].headers["content-type"] == "text/csv; charset=utf-16"


def test_the_link_leads_into_a_bucket_too(client):
    creator = a_creator()
    with a_bucket():
        attempt = a_finished_export(creator)

        assert client.get(path(creator.id, attempt.export_id)).content == CONTENT
        remove_file(attempt.storage_key)
        assert is_refused(client, path(creator.id, attempt.export_id))


def test_any_changed_bit_is_refused(client):
    creator = a_creator()
    address = path(creator.id, a_finished_export(creator).export_id)
    places = [(place, bit) for place in range(len("/exports/"), len(address)) for bit in range(7)]

    for place, bit in random.Random(1).sample(places, BITS):
        changed = chr(ord(address[place]) ^ (1 << bit))
        other = address[:place] + changed + address[place + 1 :]
        if changed.isprintable() and changed not in "#":  # what a browser or a program can send unchanged
            assert is_refused(client, other), other


def test_what_is_cut_off_or_left_out_is_refused(client):
    creator = a_creator()
    address = path(creator.id, a_finished_export(creator).export_id)
    bare, query = address.split("?")
    expires, signature = query.split("&")

    for other in (bare, f"{bare}?{expires}", f"{bare}?{signature}", address[:-1], f"{address}A", address.upper()):
        assert is_refused(client, other), other


def test_the_order_of_the_parameters_does_not_matter(client):
    creator = a_creator()
    bare, query = path(creator.id, a_finished_export(creator).export_id).split("?")

    assert client.get(f"{bare}?{'&'.join(reversed(query.split('&')))}").content == CONTENT


def test_another_creators_link_is_refused(client):
    owner, outsider = a_creator(), a_creator()
    attempt = a_finished_export(owner)
    own = a_finished_export(outsider)
    assert client.get(path(owner.id, attempt.export_id)).status_code == 200

    assert is_refused(client, path(outsider.id, attempt.export_id))  # signed by us, but still not theirs
    assert is_refused(client, path(owner.id, own.export_id))
    assert is_refused(client, path(owner.id, attempt.export_id).replace(str(owner.id), str(outsider.id)))
    assert is_refused(client, path(uuid4(), uuid4()))


@pytest.mark.parametrize(
    ("later", "is_open"),
    [(timedelta(hours=24) - timedelta(seconds=1), True), (timedelta(hours=24), False)],
)
def test_an_expired_link_is_refused_and_a_new_one_works(client, monkeypatch, later, is_open):
    creator = a_creator()
    attempt = a_finished_export(creator)
    address = path(creator.id, attempt.export_id)

    monkeypatch.setenv("DASHBOARD_NOW", (now() + later).isoformat())

    assert is_refused(client, address) != is_open
    assert client.get(path(creator.id, attempt.export_id)).content == CONTENT


@pytest.mark.parametrize("status", ["pending", "processing", "failed", "cancelled", "expired"])
def test_only_a_completed_export_is_downloaded(client, status):
    creator = a_creator()
    attempt = a_finished_export(creator)
    change_export(creator, attempt.export_id, f"status = '{status}'")

    assert is_refused(client, path(creator.id, attempt.export_id))


def test_a_file_that_is_gone_or_another_is_refused(client):
    creator = a_creator()
    gone, other = a_finished_export(creator), a_finished_export(creator)
    remove_file(gone.storage_key)
    store_file(other.storage_key, [CONTENT + b"more"])

    assert is_refused(client, path(creator.id, gone.export_id))
    assert is_refused(client, path(creator.id, other.export_id))


def test_below_the_tier_nothing_is_downloaded(client):
    creator = a_creator()
    attempt = a_finished_export(creator)
    with platform_tx() as connection:
        connection.execute(text("update creators set subscription_tier = 'pro' where id = :id"), {"id": creator.id})

    assert is_refused(client, path(creator.id, attempt.export_id))


def test_after_thirty_days_nothing_is_downloaded(client):
    creator = a_creator()
    old = an_export(creator, "completed", days_ago=30)

    assert is_refused(client, path(creator.id, old))
