"""The snippet with video.js, YouTube's and Vimeo's players: small fakes of them, by their documented functions."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from database.settings import PROJECT_DIR
from tests.browser.conftest import browser  # noqa: F401

SNIPPET = PROJECT_DIR / "api" / "assets" / "player.js"
SCHOOL, DASHBOARD = "https://school.example/lesson", "https://dashboard.example/api/ingest/v1/"
SPARE = 0.55  # seconds: a player is asked twice a second

# A recording of 60 seconds that plays by the page's clock.
TAPE = """
class Tape {
  constructor() { this.at = 0; this.since = null; this.rate = 1; this.heard = {}; }
  get position() { return this.at + (this.since === null ? 0 : (Date.now() - this.since) / 1000 * this.rate); }
  move(changes) {
    this.at = changes.at ?? this.position;
    this.rate = changes.rate ?? this.rate;
    this.since = (changes.plays ?? this.since !== null) ? Date.now() : null;
  }
  hear(event, listener) { (this.heard[event] ??= []).push(listener); }
  tell(event, told) { for (const listener of this.heard[event] ?? []) listener(told); }
}
"""
YOUTUBE = """
class Player extends Tape { // https://developers.google.com/youtube/iframe_api_reference
  state = 5;
  getPlayerState() { return this.state; }
  getCurrentTime() { return this.position; }
  getPlaybackRate() { return this.rate; }
  getDuration() { return 60; }
  addEventListener(event, listener) { this.hear(event, listener); }
  become(state, changes) { this.move(changes); this.state = state; this.tell("onStateChange", { data: state }); }
  play() { this.become(1, { plays: true }); }
  pause() { this.become(2, { plays: false }); }
  seek(at) { const { state } = this; this.become(3, { at }); this.become(state, {}); }
  speed(rate) { this.move({ rate }); this.tell("onPlaybackRateChange", { data: rate }); }
}
"""
VIDEO_JS = """
class Player extends Tape { // https://docs.videojs.com/player
  isSeeking = false;
  currentTime() { return this.position; }
  paused() { return this.since === null; }
  ended() { return false; }
  seeking() { return this.isSeeking; }
  playbackRate() { return this.rate; }
  duration() { return 60; }
  on(event, listener) { this.hear(event, listener); }
  play() { this.move({ plays: true }); this.tell("playing"); }
  pause() { this.move({ plays: false }); this.tell("pause"); }
  seek(at) {
    this.move({ at });
    this.isSeeking = true;
    this.tell("seeking");
    this.isSeeking = false;
    this.tell("seeked");
  }
  speed(rate) { this.move({ rate }); this.tell("ratechange"); }
}
"""
VIMEO = """
class Player extends Tape { // https://developer.vimeo.com/player/sdk/reference
  constructor() { super(); setInterval(() => { if (this.since !== null) this.tell("timeupdate", this.told); }, 250); }
  get told() { return { seconds: this.position, duration: 60, percent: this.position / 60 }; }
  getCurrentTime() { return Promise.resolve(this.position); }
  getPlaybackRate() { return Promise.resolve(this.rate); }
  getPaused() { return Promise.resolve(this.since === null); }
  on(event, listener) { this.hear(event, listener); }
  play() { this.move({ plays: true }); this.tell("play", this.told); }
  pause() { this.move({ plays: false }); this.tell("pause", this.told); this.tell("bufferend", {}); }
  seek(at) {
    this.move({ at });
    for (const event of ["seeking", "bufferstart", "bufferend", "seeked"]) this.tell(event, this.told);
  }
  speed(rate) { this.move({ rate }); this.tell("playbackratechange", { playbackRate: rate }); }
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:  # noqa: F811
    opened = browser.new_page()
    opened.clock.install()
    yield opened
    opened.close()


@pytest.mark.parametrize("player", [YOUTUBE, VIDEO_JS, VIMEO], ids=["youtube", "videojs", "vimeo"])
def test_what_was_played_is_told(page: Page, player: str):
    sent = lesson(page, player)

    for click, seconds in (("play()", 12), ("seek(40)", 5), ("speed(2)", 4), ("pause()", 8), ("seek(5)", 3)):
        page.evaluate(f"player.{click}")
        page.clock.run_for(1000 * seconds)
    page.evaluate("player.pause()")
    page.clock.run_for(12_000)

    expected = [(0, 10, 1), (10, 12, 1), (40, 45, 1), (45, 53, 2)]
    found = [(event["from"], event["to"], event["rate"]) for event in sent]
    assert len(found) == len(expected), found
    assert [one[2] for one in found] == [one[2] for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert abs(one[0] - other[0]) < 2 * SPARE, (found, expected)
        assert abs(one[1] - other[1]) < 2 * SPARE, (found, expected)
    assert {event["video"] for event in sent} == {"loops"}
    assert {event.get("duration", 60) for event in sent} == {60}
    assert [event["seq"] for event in sent] == list(range(len(sent)))
    assert len({event["id"] for event in sent}) == len(sent)


def test_a_page_that_says_no_student_sends_nothing(page: Page):
    sent = lesson(page, VIDEO_JS, "")

    page.evaluate("player.play()")
    page.clock.run_for(30_000)

    assert sent == []
    assert page.evaluate("Object.keys(localStorage)") == []


def lesson(page: Page, player: str, who: str = 'data-student="YWRh.1.x"') -> list[dict[str, Any]]:
    """Open a page with this player; returns the list of events that it sends from now on."""
    sent: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        if route.request.url.endswith("player.js"):
            route.fulfill(path=SNIPPET, content_type="text/javascript")
        elif route.request.url.startswith(DASHBOARD):
            sent.extend(json.loads(route.request.post_data)["events"])
            cors = {"Access-Control-Allow-Origin": "https://school.example"}
            route.fulfill(status=202, json={"rejected": []}, headers=cors)
        else:
            script = (
                f"<script>{TAPE}{player} var player = new Player(); CreatorDashboard.watch(player, 'loops');</script>"
            )
            snippet = f'<script src="{DASHBOARD}player.js" data-key="cdk_x" {who}></script>'
            route.fulfill(body=f"<!doctype html>{snippet}{script}", content_type="text/html")

    page.route("**", answer)
    page.goto(SCHOOL)
    return sent
