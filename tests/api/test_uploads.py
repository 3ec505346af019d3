"""Parts of a video file by signed address: what arrives is stored, resumed or not; everything else is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from actions.upload_upkeep import clean_up_uploads
from actions.uploads import PARTS_FOLDER, begin_upload, cancel_upload
from api import uploads
from api.app import api
from api.middleware import MOST_BODY_BYTES, _most_bytes
from database.clock import now
from database.storage import store_file, stored_bytes, stored_keys
from database.tenancy import platform_tx, tenant_tx
from rules.errors import InputError
from rules.uploads import MOST_BYTES, PART_BYTES
from tests.bucket import a_bucket
from tests.builders import a_creator, a_video
from tests.media_files import an_mp4
from tests.uploads import address, arriving, author_of, begun, told

pytestmark = pytest.mark.usefixtures("shared_database")

MP4 = an_mp4(padding=PART_BYTES + 1000)  # two parts
FIRST, SECOND = MP4[:PART_BYTES], MP4[PART_BYTES:]


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


@pytest.fixture
def client():
    with TestClient(api, raise_server_exceptions=True) as client:
        yield client


def put(client, creator, upload_id, number, content, **headers):
    return client.put(address(creator.id, upload_id, f"/parts/{number}"), content=content, headers=headers)


def progress(client, creator, upload_id):
    return client.get(address(creator.id, upload_id)).json()


def test_an_interrupted_upload_goes_on_with_the_parts_that_are_missing(client):
    creator = a_creator()
    upload_id = begun(creator, MP4)
    assert put(client, creator, upload_id, 1, SECOND).status_code == 204
    early = client.post(address(creator.id, upload_id, "/complete"))
    assert (early.status_code, early.json()["detail"]) == (409, "1 of 2 parts have arrived; send the others.")

    found = progress(client, creator, upload_id)
    assert (found["status"], found["present"], found["partBytes"]) == ("receiving", [1], PART_BYTES)
    assert put(client, creator, upload_id, 0, FIRST).status_code == 204
    assert put(client, creator, upload_id, 0, FIRST).status_code == 204  # the answer got lost, say
    assert client.post(address(creator.id, upload_id, "/complete")).json() == {"status": "received"}
    assert client.post(address(creator.id, upload_id, "/complete")).json() == {"status": "received"}

    keys = stored_keys(PARTS_FOLDER, creator.id)
    assert b"".join(map(stored_bytes, keys)) == MP4
    assert told(creator, upload_id).upload["status"] == "received"
    assert put(client, creator, upload_id, 0, FIRST).status_code == 409  # too late


def test_parts_go_into_a_bucket_too(client):
    creator = a_creator()
    with a_bucket():
        upload_id = begun(creator, MP4)
        assert [put(client, creator, upload_id, *one).status_code for one in ((0, FIRST), (1, SECOND))] == [204, 204]
        assert b"".join(map(stored_bytes, stored_keys(PARTS_FOLDER, creator.id))) == MP4


@pytest.mark.parametrize(
    ("number", "content", "status"),
    [
        (0, FIRST[:-1], 400),
        (0, b"", 400),
        (0, FIRST + b"x", 413),
        (1, SECOND + b"x", 413),
        (2, b"x", 422),
        (-1, b"x", 422),
        (10**30, b"x", 422),
    ],
)
def test_a_part_of_another_size_or_number_is_refused_and_leaves_no_byte(client, number, content, status):
    creator = a_creator()
    upload_id = begun(creator, MP4)

    assert put(client, creator, upload_id, number, content).status_code in (status, 404)

    assert progress(client, creator, upload_id)["present"] == stored_keys(PARTS_FOLDER, creator.id) == []


def test_only_the_signed_address_opens_and_it_expires(client, monkeypatch):
    creator, outsider = a_creator(), a_creator()
    upload_id, other = begun(creator, MP4), begun(creator, MP4)
    good = address(creator.id, upload_id, "/parts/0")
    forged = [
        good.partition("?")[0],
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace("expires=", "expires=1"),
        good.replace(str(upload_id), str(other)),
        good.replace(str(creator.id), str(outsider.id)),
        address(outsider.id, upload_id, "/parts/0"),  # signed, but for nobody's upload
        address(creator.id, uuid4(), "/parts/0"),
    ]
    assert {client.put(one, content=FIRST).status_code for one in forged} == {404}
    assert client.get(address(outsider.id, upload_id)).status_code == 404
    assert client.post(address(outsider.id, upload_id, "/complete")).status_code == 404

    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(hours=25)).isoformat())
    late = client.put(good, content=FIRST)
    assert (late.status_code, late.json()["detail"]) == (409, uploads.EXPIRED)
    assert stored_keys(PARTS_FOLDER, creator.id) == []


def test_another_site_cannot_send_and_the_own_pages_can(client):
    creator = a_creator()
    upload_id = begun(creator, MP4)

    assert put(client, creator, upload_id, 0, FIRST, origin="https://evil.example").status_code == 403
    assert put(client, creator, upload_id, 0, FIRST, origin="null").status_code == 403
    assert put(client, creator, upload_id, 0, FIRST, origin="http://testserver").status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("PUT", "/api/uploads/a/b/parts/0", PART_BYTES),
        ("POST", "/api/uploads/a/b/parts/0", MOST_BODY_BYTES),
        ("PUT", "/api/uploads/a/b/parts/0/more", MOST_BODY_BYTES),
        ("PUT", "/api/creator/preferences", MOST_BODY_BYTES),
    ],
)
def test_a_body_is_large_on_these_addresses_alone(method, path, most):
    assert _most_bytes({"method": method, "path": path}) == most


def test_a_server_that_is_busy_asks_to_come_back(client, monkeypatch):
    creator = a_creator()
    upload_id = begun(creator, MP4)
    monkeypatch.setattr(uploads, "AT_ONCE_TO_FOLDER", 0)

    refused = put(client, creator, upload_id, 0, FIRST)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")


def test_the_quota_counts_what_is_announced_and_is_each_creators_own(monkeypatch):
    monkeypatch.setenv("VIDEO_QUOTA_GB", "1")
    creator, other = a_creator(), a_creator()
    half = arriving(MP4)
    object.__setattr__(half, "size_bytes", 600 * 1024**2)
    first = begin_upload(author_of(creator), creator.id, half)

    with pytest.raises(InputError, match=r"600\.0 MB, and 424\.0 MB of 1\.0 GB are free"):
        begin_upload(author_of(creator), creator.id, half)
    begin_upload(author_of(other), other.id, half)
    cancel_upload(author_of(creator), creator.id, first)

    assert begin_upload(author_of(creator), creator.id, half)


@pytest.mark.parametrize(
    ("size_bytes", "head", "why"),
    [
        (0, b"", "empty"),
        (MOST_BYTES + 1, MP4[:64], r"at most 10\.0 GB"),
        (1000, b"MZ program", "not a usable video"),
    ],
)
def test_a_file_that_cannot_become_a_video_is_refused_before_it_is_sent(size_bytes, head, why):
    from actions.arriving_files import ArrivingFile

    with pytest.raises(InputError, match=why):
        ArrivingFile("lists.mp4", size_bytes, 0, head)


def test_a_creator_without_the_tier_and_staff_send_nothing(client):
    creator = a_creator()
    upload_id = begun(creator, MP4)
    with platform_tx() as connection:
        connection.execute(text("update creators set subscription_tier = 'pro' where id = :id"), {"id": creator.id})

    assert put(client, creator, upload_id, 0, FIRST).status_code == 403
    with pytest.raises(InputError, match="Read-only for staff"):
        begun_by_staff(creator)


def test_what_is_cancelled_or_abandoned_leaves_no_byte(client):
    creator = a_creator(a_video("Loops"))
    cancelled, abandoned, running = (begun(creator, MP4) for _ in range(3))
    for upload_id in (cancelled, abandoned, running):
        put(client, creator, upload_id, 0, FIRST)
    store_file(f"{PARTS_FOLDER}/{creator.id}/{'x' * 43}.0", [b"of nobody"])

    assert cancel_upload(author_of(creator), creator.id, cancelled)
    with tenant_tx(creator.id) as connection:
        connection.execute(
            text("update uploads set changed_at = changed_at - interval '8 days' where creator_id = :c and id = :id"),
            {"c": creator.id, "id": abandoned},
        )
    clean_up_uploads()

    assert told(creator, cancelled).video["deleted_at"]  # it never had a file
    failed = told(creator, abandoned)
    assert (failed.video["status"], failed.upload["is_kept"]) == ("failed", False)
    assert "not finished within 7 days" in failed.upload["error_message"]
    [left] = stored_keys(PARTS_FOLDER, creator.id)
    assert left == f"{told(creator, running).upload['parts_key']}.0"


def begun_by_staff(creator):
    staff = author_of(creator)
    object.__setattr__(staff, "creator_id", None)
    return begin_upload(staff, creator.id, arriving(MP4))
