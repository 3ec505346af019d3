"""Objects created by collecting the tests stay to the end: no garbage collection looks at them again."""

import gc


def pytest_collection_finish() -> None:
    """Half a million objects: a full collection would take a third of a second, and tests of pages cause many."""
    gc.collect()
    gc.freeze()
