"""How alive each door is: counts of 24 hours, and when it was last heard in 35 days."""

from datetime import timedelta

import pytest

from database.clock import as_of
from database.tenancy import tenant_tx
from jobs.upkeep import remove_old_door_counts
from sources.freshness import DAYS_KEPT, Door, doors, note_door
from tests.builders import NOW, ACreator, a_creator

pytestmark = pytest.mark.usefixtures("shared_database")


def test_counts_are_of_a_day_and_the_last_word_of_a_month():
    creator = a_creator()
    note(creator, {"accepted": 5, "future": 2}, hours_ago=24)
    note(creator, {"accepted": 3, "duplicate": 1, "conflicting": 0, "invalid": 4}, hours_ago=23)
    note(creator, {"accepted": 1}, hours_ago=2)
    note(creator, {"invalid": 1}, hours_ago=1)

    [door] = doors(creator.id)

    heard, happened = NOW - timedelta(hours=1), NOW - timedelta(hours=3)
    assert door == Door("events", happened, heard, accepted=4, duplicate=1, conflicting=0, refused={"invalid": 5})


def test_a_door_that_fell_silent_is_still_there_until_its_counts_are_removed():
    creator = a_creator()
    note(creator, {"accepted": 5}, hours_ago=24 * DAYS_KEPT - 1)
    note(creator, {"accepted": 5}, "player", hours_ago=24 * DAYS_KEPT + 1)

    remove_old_door_counts()

    assert [(door.name, door.accepted) for door in doors(creator.id)] == [("events", 0)]


def test_nothing_is_counted_of_nothing_or_for_others():
    creator = a_creator()
    note(creator, {"accepted": 0})
    note(a_creator(), {"accepted": 1})

    assert doors(creator.id) == []


def note(creator: ACreator, outcomes: dict[str, int], door: str = "events", hours_ago: float = 0) -> None:
    """Heard then, of events an hour before."""
    at = NOW - timedelta(hours=hours_ago)
    with as_of(at), tenant_tx(creator.id) as connection:
        note_door(connection, creator.id, door, outcomes, at - timedelta(hours=1))
