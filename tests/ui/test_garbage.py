"""Garbage is collected between the runs of the script, and nothing that start-up made is looked at again."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest
from streamlit import config

from ui import garbage
from ui.garbage import SCRIPT_THREAD, collected_between_runs

SECONDS = 20


class Cycle:
    """Only a full collection finds it once it has become old."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(scope="module", autouse=True)
def collected_tests() -> Iterator[None]:
    """Whoever stops collecting between runs thaws what `tests/garbage.py` left for good: it stays again."""
    yield
    gc.freeze()


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(garbage, "SECONDS_BETWEEN_COLLECTIONS", 0.05)


def test_streamlit_collects_no_more_after_each_run():
    config.set_option("runner.postScriptGC", True)

    with collected_between_runs():
        assert config.get_option("runner.postScriptGC") is False
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == garbage.THRESHOLDS
    assert gc.get_freeze_count() == 0


def test_old_garbage_is_found_without_anybody_asking():
    with collected_between_runs():
        lost = weakref.ref(old_garbage())

        assert becomes_true(lambda: lost() is None)


def test_a_collection_waits_while_a_script_runs_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(garbage, "SECONDS_OF_PATIENCE", 1.0)
    finished = threading.Event()
    script = threading.Thread(target=finished.wait, name=SCRIPT_THREAD)
    script.start()
    try:
        with collected_between_runs():
            lost = weakref.ref(old_garbage())
            began = time.monotonic()

            assert becomes_true(lambda: lost() is None)
            assert time.monotonic() - began > 0.5
    finally:
        finished.set()
        script.join()


def old_garbage() -> Cycle:
    """A cycle in the oldest generation, which nobody holds once the caller lets go."""
    cycle = Cycle()
    gc.collect(0)
    gc.collect(1)
    return cycle


def becomes_true(condition) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False
