"""Garbage collection between the runs of the script: a full collection stops every session of the server."""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit import config

SECONDS_BETWEEN_COLLECTIONS = 20.0
SECONDS_OF_PATIENCE = 2.0  # to wait for a moment without a run; a busy server rarely has one
NAP_SECONDS = 0.01
SCRIPT_THREAD = "ScriptRunner.scriptThread"  # Streamlit's name for the threads that run the script

# Objects until a collection of the first two generations. The third is left to the collections in between:
# the third threshold is out of reach.
THRESHOLDS = (5_000, 20, 1_000_000)


@contextmanager
def collected_between_runs() -> Iterator[None]:
    """Collect from time to time while the block runs, instead of after each run of the script.

    Objects from start-up stay for good and are excluded from all collections.
    """
    # Here and not in config.toml, which a server started from another folder does not read.
    config.set_option("runner.postScriptGC", False)
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    gc.collect()
    gc.freeze()
    stopping = threading.Event()
    collector = threading.Thread(target=_collect_until, args=(stopping,), name="collector", daemon=True)
    collector.start()
    try:
        yield
    finally:
        stopping.set()
        collector.join()
        gc.unfreeze()
        gc.set_threshold(*before)


def _collect_until(stopping: threading.Event) -> None:
    while not stopping.wait(SECONDS_BETWEEN_COLLECTIONS):
        _wait_for_a_pause()
        gc.collect()


def _wait_for_a_pause() -> None:
    """Wait until no script is running, but no longer than the patience."""
    end = time.monotonic() + SECONDS_OF_PATIENCE
    while time.monotonic() < end and _is_a_script_running():
        time.sleep(NAP_SECONDS)


def _is_a_script_running() -> bool:
    return any(thread.name == SCRIPT_THREAD for thread in threading.enumerate())
