"""What collecting the tests leaves stays to the end: no collection of garbage looks at it again."""

import gc


def pytest_collection_finish() -> None:
    """Half a million objects: a full collection would take a third of a second, and tests of pages cause many."""
    gc.collect()
    gc.freeze()
