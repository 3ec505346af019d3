"""From the last part to a video that can be published; every way in which that fails says why and what to do."""

import hashlib

import pytest

from actions.publishing import publish_video
from actions.upload_files import part_key
from actions.upload_runs import MediaFacts, claim_upload, finish_upload
from actions.upload_upkeep import recover_lost_uploads
from actions.uploads import PARTS_FOLDER, retry_upload
from database.storage import StorageError, remove_file, store_file, stored_bytes, stored_keys
from jobs.media import arrived
from jobs.media.arrived import PARTS_LOST, STORAGE_FAILED, check_upload
from jobs.media.video import CUT
from queries.videos.one_video import video_analytics
from rules.uploads import PART_BYTES
from tests import oracle
from tests.builders import a_creator, a_segment, a_student, a_video, add, refreshed
from tests.media_files import a_webm, an_mp4
from tests.uploads import author_of, sent, told

pytestmark = pytest.mark.usefixtures("shared_database")

MP4 = an_mp4(seconds=90, width=640, height=360, padding=PART_BYTES + 1000)  # two parts
FOUND = ("status", "is_published", "duration_seconds", "width_pixels", "height_pixels", "file_bytes")


@pytest.fixture(autouse=True)
def storage_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


def video_of(creator, upload_id):
    return told(creator, upload_id).video


def test_an_upload_becomes_a_video_that_waits_to_be_published():
    creator = a_creator(a_video("Loops"))
    upload_id = sent(creator, MP4)
    assert video_of(creator, upload_id)["status"] == "uploaded"

    assert check_upload(creator.id, upload_id)

    now = told(creator, upload_id)
    assert [now.video[name] for name in FOUND] == ["completed", False, 90, 640, 360, len(MP4)]
    assert (now.upload["status"], now.upload["sha256"]) == ("completed", hashlib.sha256(MP4).hexdigest())
    assert stored_bytes(now.video["storage_key"]) == MP4
    assert stored_keys(PARTS_FOLDER, creator.id) == []
    assert oracle.rows_of(creator.id, "upload_parts") == []
    assert video_analytics(creator.id, now.video["id"]).status == "ready"
    publish_video(author_of(creator), creator.id, now.video["id"])
    assert video_analytics(creator.id, now.video["id"]).status == "completed"


@pytest.mark.parametrize(("content", "why"), [(MP4[:-1], CUT), (a_webm()[:200], CUT)])
def test_a_file_that_is_no_video_fails_with_the_reason_and_leaves_nothing(content, why):
    creator = a_creator(a_video("Loops"))
    upload_id = sent(creator, content)

    assert not check_upload(creator.id, upload_id)

    now = told(creator, upload_id)
    assert (now.video["status"], now.upload["status"], now.upload["error_message"]) == ("failed", "failed", why)
    assert (now.upload["is_repeatable"], now.upload["is_kept"]) == (False, False)
    assert stored_keys("videos", creator.id) == stored_keys(PARTS_FOLDER, creator.id) == []
    assert not retry_upload(author_of(creator), creator.id, upload_id)

    better = sent(creator, a_webm(), video_id=now.video["id"])  # the way out
    check_upload(creator.id, better)
    assert video_of(creator, better)["status"] == "completed"
    assert oracle.rows_of(creator.id, "video_editions") == []  # nobody could watch the one before


def test_a_part_that_is_not_what_arrived_is_noticed():
    creator = a_creator()
    upload_id = sent(creator, MP4)
    key = part_key(told(creator, upload_id).upload["parts_key"], 0)
    store_file(key, [b"x" * PART_BYTES])

    check_upload(creator.id, upload_id)

    assert told(creator, upload_id).upload["error_message"] == PARTS_LOST
    other = sent(creator, MP4)
    remove_file(part_key(told(creator, other).upload["parts_key"], 1))
    check_upload(creator.id, other)
    assert told(creator, other).upload["error_message"] == PARTS_LOST


def test_a_storage_that_fails_is_no_fault_of_the_file_and_can_be_tried_again(monkeypatch):
    creator = a_creator()
    upload_id = sent(creator, MP4)
    with monkeypatch.context() as broken:
        broken.setattr(arrived, "stored_size", away)
        check_upload(creator.id, upload_id)
    failed = told(creator, upload_id).upload
    assert (failed["error_message"], failed["is_repeatable"]) == (STORAGE_FAILED, True)

    assert retry_upload(author_of(creator), creator.id, upload_id)
    check_upload(creator.id, upload_id)

    assert video_of(creator, upload_id)["status"] == "completed"


def test_a_worker_that_is_stopped_or_lost_leaves_the_upload_to_the_next():
    creator = a_creator()
    upload_id = sent(creator, MP4)
    assert not check_upload(creator.id, upload_id, is_stopping=lambda: True)
    assert told(creator, upload_id).upload["status"] == "received"

    lost = claim_upload(creator.id, upload_id)
    store_file(lost.storage_key, [b"half"])
    assert not check_upload(creator.id, upload_id)  # another one has it
    assert recover_lost_uploads(silent_seconds=-1) >= 1
    assert check_upload(creator.id, upload_id)

    assert not finish_upload(lost, MediaFacts(1, 1, 1), 4, None)
    assert stored_keys("videos", creator.id) == [video_of(creator, upload_id)["storage_key"]]


def test_a_replaced_file_begins_an_edition_and_the_figures_before_stay():
    ada, loops = a_student("Ada"), a_video("Loops", duration_seconds=600, storage_key="videos/old")
    creator = a_creator([ada, loops], a_segment(ada, loops, days_ago=2, seconds=300))
    before = video_analytics(creator.id, loops.id)
    upload_id = sent(creator, MP4, video_id=loops.id)
    assert (video_analytics(creator.id, loops.id).status, before.views) == ("completed", 1)  # the old file is shown

    check_upload(creator.id, upload_id)
    add(creator, a_segment(ada, loops, days_ago=-0.01, seconds=45))

    kept, newest = sorted(oracle.rows_of(creator.id, "video_editions"), key=lambda row: row["edition"])
    assert (kept["edition"], kept["duration_seconds"], kept["storage_key"]) == (1, 600, "videos/old")
    assert (newest["edition"], newest["duration_seconds"]) == (2, None)
    assert [video_of(creator, upload_id)[name] for name in FOUND[:3]] == ["completed", True, 90]
    shown = video_analytics.fresh(refreshed(creator).id, loops.id)
    assert (shown.duration_seconds, shown.unique_viewers) == (90, 0)  # of the new file, until somebody watches it
    totals = {row["edition"]: row["watched_seconds"] for row in oracle.rows_of(creator.id, "video_totals")}
    assert totals[1] == 300


def test_nobody_elses_upload_can_be_checked():
    creator, outsider = a_creator(), a_creator()
    upload_id = sent(creator, MP4)

    assert not check_upload(outsider.id, upload_id)

    assert told(creator, upload_id).upload["status"] == "received"
    assert oracle.rows_of(outsider.id, "uploads") == []


def away(key):
    raise StorageError("gone")
