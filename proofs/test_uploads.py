"""Uploading a large video: the server's memory stays flat, and sending survives page changes and a lost network."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, expect

from actions.upload_links import upload_address
from actions.uploads import begin_upload
from proofs.length import short_or_full
from rules.uploads import PART_BYTES, parts_of
from tests.api.server import served
from tests.browser.conftest import browser  # noqa: F401
from tests.browser.server import Server, running_server
from tests.browser.visitor import MILLISECONDS, visit
from tests.bucket import a_bucket
from tests.builders import a_creator
from tests.media_files import an_mp4
from tests.uploads import arriving, author_of

GIGABYTE, MEGABYTE = 1024**3, 1024**2
MOST_GROWN = 50 * MEGABYTE
LANES = 3
LESSON_BYTES = 240 * MEGABYTE
SENT_PER_SECOND = 16 * MEGABYTE


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("uploads") / "data") as running:
        yield running


def test_a_gigabyte_passes_through_without_staying_in_memory(shared_database, tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")

    grown, seconds = grown_by_an_upload(short_or_full(GIGABYTE, 10 * GIGABYTE))

    print(f"folder: +{grown / MEGABYTE:.1f} MB, {GIGABYTE / MEGABYTE / seconds:.0f} MB/s")
    assert grown < MOST_GROWN


def test_the_way_into_a_bucket_takes_no_more_memory(shared_database):
    with a_bucket():
        grown, seconds = grown_by_an_upload(256 * MEGABYTE)

    print(f"bucket: +{grown / MEGABYTE:.1f} MB, {256 / seconds:.0f} MB/s")
    assert grown < MOST_GROWN


def test_sending_outlives_page_changes_and_a_lost_network(browser: Browser, dashboard: Server, tmp_path: Path):  # noqa: F811
    lesson = tmp_path / "while loops.mp4"
    lesson.write_bytes(an_mp4(seconds=600, width=1280, height=720, padding=LESSON_BYTES))
    visitor = visit(browser, dashboard)
    page, main = visitor.page, visitor.page.locator('[data-testid="stMain"]')
    visitor.open()
    visitor.sign_in()
    visitor.goes_to("/videos?upload=1")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    emulated = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SENT_PER_SECOND}
    slow.send("Network.emulateNetworkConditions", emulated)

    choose(page, page.get_by_text("Choose files"), lesson)
    expect(main.locator(".row .state").first).to_contain_text("of 240.0 MB", timeout=MILLISECONDS)
    visitor.goes_to("/settings")  # the list is gone, and sending continues
    pill = page.locator("#upload-pill")
    expect(pill).to_contain_text("Uploading: “while loops”", timeout=MILLISECONDS)
    page.wait_for_timeout(4_000)
    before = per_cent(pill.inner_text())
    slow.send("Network.emulateNetworkConditions", emulated | {"offline": True})
    expect(pill).to_contain_text("Waiting for the network", timeout=MILLISECONDS)
    page.wait_for_timeout(3_000)
    slow.send("Network.emulateNetworkConditions", emulated)
    expect(pill).to_contain_text("Uploading", timeout=2 * MILLISECONDS)
    visitor.goes_to("/students")
    expect(pill).to_have_count(0, timeout=4 * MILLISECONDS)  # all has been sent
    visitor.goes_to("/videos")

    assert 0 < before < 100
    expect(page.get_by_role("link", name="“while loops” is ready to publish.").first).to_be_visible(
        timeout=2 * MILLISECONDS
    )
    [stored] = (dashboard.data_dir / "files" / "videos").rglob("*.mp4")
    assert hashlib.sha256(stored.read_bytes()).digest() == hashlib.sha256(lesson.read_bytes()).digest()
    assert not [path for path in (dashboard.data_dir / "files" / "upload_parts").rglob("*") if path.is_file()]


def test_after_a_reload_the_same_file_goes_on_and_a_failed_one_is_replaced(
    browser: Browser,  # noqa: F811
    dashboard: Server,
    tmp_path: Path,
):
    lesson, other, cut = (tmp_path / name for name in ("lists.mp4", "other.mp4", "cut.mp4"))
    lesson.write_bytes(an_mp4(padding=LESSON_BYTES))
    other.write_bytes(an_mp4())
    cut.write_bytes(an_mp4()[:-1])
    visitor = visit(browser, dashboard)
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())  # the page asks before it is left
    visitor.open()
    visitor.sign_in()
    visitor.goes_to("/videos?upload=1")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    emulated = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SENT_PER_SECOND}
    slow.send("Network.emulateNetworkConditions", emulated)
    choose(page, page.get_by_text("Choose files"), lesson)
    row = page.locator(".row", has_text="lists")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("paused", timeout=MILLISECONDS)
    row.get_by_role("button", name="Resume").click()
    page.wait_for_timeout(5_000)

    page.reload()
    visitor.settle()
    expect(row).to_contain_text("Choose “lists.mp4” again to go on.", timeout=MILLISECONDS)
    arrived = int(row.locator(".state").first.inner_text().partition("%")[0])
    choose(page, row.get_by_text("Choose file", exact=True), other)
    expect(row).to_contain_text("This is another file.", timeout=MILLISECONDS)
    choose(page, row.get_by_text("Choose file", exact=True), lesson)
    expect(page.get_by_role("link", name="“lists” is ready to publish.").first).to_be_visible(timeout=2 * MILLISECONDS)
    assert arrived > 0

    visitor.goes_to("/videos?upload=1")
    choose(page, page.get_by_text("Choose files"), cut)
    failed = page.locator(".row", has_text="cut")
    expect(failed).to_contain_text("The file is cut off", timeout=2 * MILLISECONDS)
    failed.get_by_role("button", name="Replace").click()
    choose(page, page.get_by_role("dialog").get_by_text("Choose file", exact=True), other)
    page.get_by_role("link", name="“cut” is ready to publish.").first.click(timeout=2 * MILLISECONDS)
    page.get_by_role("button", name="Publish").click(timeout=MILLISECONDS)
    expect(page.get_by_role("button", name="Unpublish")).to_be_visible(timeout=MILLISECONDS)


def choose(page, button, *paths):
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(paths)


def grown_by_an_upload(size_bytes: int) -> tuple[int, float]:
    """The server's peak memory growth in bytes while this many were sent, and the seconds it took."""
    creator = a_creator()
    file = arriving(an_mp4())
    object.__setattr__(file, "size_bytes", size_bytes)
    with served() as address:
        port = int(address.rpartition(":")[2])
        process = next(
            psutil.Process(one.pid)
            for one in psutil.net_connections("tcp")
            if one.status == psutil.CONN_LISTEN and one.laddr.port == port
        )
        send(address, creator, begin_upload(author_of(creator), creator.id, arriving(an_mp4()), "First"), len(an_mp4()))
        path, query = upload_address(creator.id, begin_upload(author_of(creator), creator.id, file, "Long"))
        before, largest, began = process.memory_info().rss, 0, time.monotonic()
        with ThreadPoolExecutor(LANES) as lanes:
            part = bytes(PART_BYTES)
            for done in lanes.map(lambda number: put(address, path, query, number, part), range(parts_of(size_bytes))):
                assert done == 204
                largest = max(largest, process.memory_info().rss)
        return largest - before, time.monotonic() - began


def send(address, creator, upload_id, size_bytes):
    """Send one small part, so that everything is imported."""
    path, query = upload_address(creator.id, upload_id)
    assert put(address, path, query, 0, bytes(size_bytes)) == 204


def put(address, path, query, number, part):
    place = f"{address}{path.removeprefix('/api')}/parts/{number}?{query}"
    return httpx.put(place, content=part, timeout=60).status_code


def per_cent(text: str) -> int:
    return int(text.rpartition(", ")[2].removesuffix("%"))
