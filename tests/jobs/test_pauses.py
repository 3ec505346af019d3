"""Pauses between attempts: growing to a limit, short again after success."""

from jobs.pauses import Pauses


def test_pauses_double_up_to_the_longest():
    pauses = Pauses(first=1, longest=5, lasting=60)

    assert [pauses.after(0) for _ in range(5)] == [1, 2, 4, 5, 5]


def test_a_try_that_lasted_makes_the_next_pause_short_again():
    pauses = Pauses(first=1, longest=5, lasting=60)

    assert [pauses.after(seconds) for seconds in (0, 59.9, 60, 0)] == [1, 2, 1, 2]


def test_only_the_first_failure_in_a_row_is_news():
    pauses = Pauses(first=1, longest=5, lasting=60)

    told = []
    for seconds in (0, 0, 0, 60, 0):
        pauses.after(seconds)
        told.append(pauses.has_just_begun)

    assert told == [True, False, False, True, False]


def test_nothing_fails_before_the_first_try():
    assert Pauses(first=1, longest=5, lasting=60).failing_seconds == 0
