"""How long a proof takes: minutes in `make proof`, as long as it needs in `make soak`."""

import os
from typing import TypeVar

T = TypeVar("T")


def in_full() -> bool:
    """Whether proofs run in full (`make soak`) and not in their short form (`make proof`)."""
    return os.environ.get("PROOF_LENGTH") == "full"


def short_or_full(short: T, full: T) -> T:
    """The number for this run, such as how many kills or seconds."""
    return full if in_full() else short
