"""How long an answer about an account is believed."""

import time
from collections.abc import Iterator

import pytest
from streamlit.runtime.caching import cache_utils

from database.account_directory import disable
from queries.cache.caching import forget_everything
from tests.accounts import ISSUER, a_linked_account
from tests.builders import a_creator
from ui.account import viewer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The seconds by which the caches' clock runs ahead."""
    ahead = [0.0]
    forget_everything()
    monkeypatch.setattr(cache_utils, "TTLCACHE_TIMER", lambda: time.monotonic() + ahead[0])
    yield ahead
    forget_everything()


def test_a_disabled_account_is_out_after_a_minute_and_not_later(clock: list[float]) -> None:
    known = a_linked_account(a_creator())
    identity = (ISSUER, str(known.email), None)
    assert viewer._account_of_identity(*identity) == viewer._account(known.id) == known
    disable(known.id)

    clock[0] = 50
    believed = viewer._account_of_identity(*identity), viewer._account(known.id)
    clock[0] = 61
    reread = viewer._account_of_identity(*identity), viewer._account(known.id)

    assert believed == (known, known)
    assert reread == (None, None)
