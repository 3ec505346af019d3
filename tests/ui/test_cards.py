"""The figures of the cards, from frames as the queries give them."""

from dataclasses import fields, replace

import pandas as pd
import pytest

from queries.overview.engagement import ActiveInPeriod
from queries.overview.headline import OverviewStats
from queries.periods.period import WEEK
from ui.overview.cards import active_students_card, completion_card, satisfaction_card, total_students_card
from ui.overview.summary import summary_sentence

NO_MEAN = ("avg_completion_percent", "satisfaction_rate", "refreshed_at")
NOTHING = OverviewStats(**{one.name: None if one.name in NO_MEAN else 0 for one in fields(OverviewStats)})


def test_total_students_are_compared_with_the_day_before_the_period() -> None:
    card = total_students_card(stats(total_students=1234), two_days(total_students=(1000, 1234)))

    assert (card.value, card.change, card.sparkline) == ("1,234", 23, [1234.0])


def test_total_students_of_a_new_course_have_nothing_to_compare_with() -> None:
    card = total_students_card(stats(total_students=3), two_days(total_students=(0, 3)))

    assert card.change is None


@pytest.mark.parametrize(("this", "before", "change"), [(5, 10, -50), (10, 10, 0), (0, 10, -100), (3, 0, None)])
def test_the_change_of_active_students(this: int, before: int, change: int | None) -> None:
    active = ActiveInPeriod(active_students=this, seen_this_period=this, seen_period_before=before)

    card = active_students_card(active, two_days(active_students=(before, this)), WEEK)

    assert (card.title, card.value, card.change) == ("Active in 7 days", str(this), change)


def test_completion_is_a_whole_percent_and_its_change_that_of_the_means() -> None:
    days = two_days(watched_share_sum=(160.0, 60.0), videos_watched=(2, 1))

    card = completion_card(stats(avg_completion_percent=73.5), days)

    assert (card.value, card.change, card.change_unit, card.sparkline) == ("74%", -20, "points", [60.0])


def test_completion_of_nothing_is_a_dash_without_a_change() -> None:
    card = completion_card(NOTHING, two_days(watched_share_sum=(0, 0), videos_watched=(0, 0)))

    assert (card.value, card.change, card.sparkline) == ("-", None, [])


def test_satisfaction_of_zero_is_not_a_dash() -> None:
    card = satisfaction_card(stats(satisfaction_rate=0.0), two_days(rating_sum=(1, 0), ratings=(1, 1)))

    assert (card.value, card.change, card.sparkline) == ("0%", -100, [0.0])


def test_satisfaction_without_ratings_is_a_dash() -> None:
    card = satisfaction_card(NOTHING, two_days(rating_sum=(0, 0), ratings=(0, 0)))

    assert (card.value, card.change, card.sparkline) == ("-", None, [])


def test_a_change_against_a_period_without_ratings_is_none() -> None:
    card = satisfaction_card(stats(satisfaction_rate=0.9), two_days(rating_sum=(0, 0.9), ratings=(0, 1)))

    assert (card.value, card.change) == ("90%", None)


@pytest.mark.parametrize(
    ("new", "last_month", "said"),
    [
        (0, 0, "; nobody has enrolled this month yet."),
        (1, 0, "; **1** is new this month."),
        (3, 2, "; **3** are new this month (+50% vs same days last month)."),
        (1, 2, "; **1** is new this month (-50% vs same days last month)."),
        (1200, 1200, "; **1,200** are new this month (+0% vs same days last month)."),
    ],
)
def test_the_summary_sentence(new: int, last_month: int, said: str) -> None:
    active = ActiveInPeriod(active_students=1, seen_this_period=1, seen_period_before=0)

    sentence = summary_sentence(stats(total_students=4, new_this_month=new, new_last_month=last_month), active, WEEK)

    assert sentence == f"**25%** of students were active in the last 7 days{said}"


def stats(**columns: object) -> OverviewStats:
    return replace(NOTHING, **columns)


def two_days(**columns: tuple[float, float]) -> pd.DataFrame:
    """A day of the period before, then one of this period."""
    return pd.DataFrame({"window": ["previous", "this"]} | {name: list(pair) for name, pair in columns.items()})
