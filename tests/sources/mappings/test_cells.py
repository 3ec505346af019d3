"""One cell of each type: what it becomes, and what it is refused for. Nothing that can mean two things is guessed."""

from datetime import UTC, datetime

import pytest

from tests.sources.mappings.mapped import one_cell

AT = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "value", "becomes"),
    [
        ("2026-03-04T14:30:00Z", {}, AT),
        ("2026-03-04T15:30:00+01:00", {}, AT),
        ("2026-03-04 15:30", {"zone": "Europe/Berlin"}, AT),
        ("2026/03/04 15:30:00", {"zone": "Europe/Berlin"}, AT),
        ("2026-03-04 14:30:00 UTC", {}, AT),
        ("04.03.2026 14:30", {"zone": "UTC", "dates": "day-first"}, AT),
        ("3/4/26, 2:30:00 PM", {"zone": "UTC", "dates": "month-first"}, AT),
        ("4 March 2026  2:30 PM", {"zone": "UTC"}, AT),
        ("Wednesday, March 4, 2026 at 14:30", {"zone": "UTC"}, AT),
        ("4-Mar-2026 14:30", {"zone": "UTC"}, AT),
        ("1772634600", {"dates": "unix"}, AT),
        ("1772634600000", {"dates": "unix-milliseconds"}, AT),
        ("04.03.2026 14:30", {"zone": "UTC"}, "Say whether the day or the month comes first"),
        ("03/03/2026", {"zone": "UTC"}, "Say whether the day or the month comes first"),
        ("2026-03-04 14:30", {}, "The time has no zone"),
        ("13/13/2026", {"zone": "UTC", "dates": "day-first"}, "not a date"),
        ("31.02.2026", {"zone": "UTC", "dates": "day-first"}, "not a date"),
        ("12:30 PM", {"zone": "UTC"}, "not a date"),
        ("yesterday", {"zone": "UTC"}, "not a date"),
        ("46082", {"zone": "UTC"}, "not a date"),
        ("9999-12-31T23:59:59+00:00", {}, "not come yet"),
        ("9999-12-31T23:59:59-14:00", {}, "not a date"),
        ("0001-01-01T00:00:00+14:00", {}, "not a date"),
        ("1900-01-01T00:00:00Z", {}, "1990 to 2099"),
        ("2026-11-30T00:00:00Z", {}, "not come yet"),
        ("1e400", {"dates": "unix"}, "not a date"),
        ("nan", {"dates": "unix"}, "not a date"),
    ],
)
def test_instants(cell, value, becomes) -> None:
    found = one_cell("segment", "watched_at", cell, value)
    assert (becomes in found) if isinstance(becomes, str) else found == becomes


@pytest.mark.parametrize(
    ("cell", "value", "becomes"),
    [
        ("85", {"unit": "percent"}, 85.0),
        ("0.85", {"unit": "share"}, 85.0),
        ("85%", {"unit": "share"}, 85.0),
        ("85 %", {}, 85.0),
        ("0,85", {"unit": "share", "numbers": "1.234,5"}, 85.0),
        ("105.25", {"unit": "percent", "cap": True}, 100.0),
        ("85", {}, "Say whether 85 or 0.85 means 85%"),
        ("0.85", {}, "Say whether 85 or 0.85 means 85%"),
        ("85", {"unit": "share"}, "more than 1"),
        ("105.25", {"unit": "percent"}, "0 to 100"),
        ("-1", {"unit": "percent"}, "0 to 100"),
        ("12,5", {"unit": "percent"}, "Say what a comma and a dot mean"),
        ("1.125", {"unit": "percent"}, "Say what a comma and a dot mean"),
        ("ten", {"unit": "percent"}, "not a number"),
        ("NaN", {"unit": "percent"}, "not a number"),
        ("1e2", {"unit": "percent"}, "not a number"),
        ("٣", {"unit": "percent"}, "not a number"),
        ("%", {"unit": "percent"}, "not a number"),
        ("9" * 400, {"unit": "percent"}, "not a number"),
    ],
)
def test_percentages(cell, value, becomes) -> None:
    found = one_cell("progress", "watched_percent", cell, value)
    assert (becomes in found) if isinstance(becomes, str) else found == becomes


@pytest.mark.parametrize(
    ("cell", "value", "becomes"),
    [
        ("90", {"unit": "seconds"}, 90),
        ("89.6", {"unit": "seconds"}, 90),
        ("1,5", {"unit": "minutes", "numbers": "1.234,5"}, 90),
        ("1.000,5", {"unit": "minutes", "numbers": "1.234,5"}, 60030),
        ("18500.00", {"unit": "seconds", "numbers": "1.234,5"}, "not a number written like"),
        ("1:02:03", {}, 3723),
        ("36:00:00", {}, 129600),
        ("1:30", {"unit": "m:ss"}, 90),
        ("1:30", {"unit": "h:mm"}, 5400),
        ("5 mins 3 secs", {"unit": "words"}, 303),
        ("1 hour 2 min", {"unit": "words"}, 3720),
        ("1:30", {}, "minutes and seconds"),
        ("90", {}, "Say whether these are seconds, minutes or hours"),
        ("1:99:00", {}, "up to 59"),
        ("-5", {"unit": "seconds"}, "counted from 0"),
        ("about 5 mins", {"unit": "words"}, "not a time in words"),
    ],
)
def test_seconds(cell, value, becomes) -> None:
    found = one_cell("progress", "watched_seconds", cell, value)
    assert (becomes in found) if isinstance(becomes, str) else found == becomes


@pytest.mark.parametrize("id_", ["001", "0010", "1", "a b", "Ünal", "12345678901234567"])
def test_an_id_stays_as_it_is_written(id_) -> None:
    assert one_cell("student", "id", f" {id_} ") == id_


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "cannot be empty"),
        ("1.23457E+16", "lost digits"),
        ("1,23457E+16", "lost digits"),
        ("#N/A", "could not calculate"),
        ("a\0b", "cannot be shown"),
        ("x" * 201, "at most 200"),
    ],
)
def test_an_id_that_would_be_another_ones_is_refused(cell, said) -> None:
    assert said in one_cell("student", "id", cell)


def test_addresses_can_be_ids_regardless_of_case() -> None:
    assert one_cell("student", "id", "Ada@Example.org", {"lower": True}) == "ada@example.org"


def test_words_that_mean_yes_and_no_are_said_by_the_mapping() -> None:
    assert one_cell("progress", "completed", "Yes") is True
    assert one_cell("progress", "completed", "Fertig", {"yes": ["fertig"], "no": ["offen"]}) is True
    assert one_cell("progress", "completed", "Offen", {"yes": ["fertig"], "no": ["offen"]}) is False
    assert "mean yes" in one_cell("progress", "completed", "Fertig")
    assert one_cell("progress", "completed", "2026-01-01", {"filled": True}) is True
    assert one_cell("progress", "completed", "49.9", {"at_least": 50, "unit": "percent"}) is False
    assert one_cell("progress", "completed", "50", {"at_least": 50, "unit": "percent"}) is True


def test_a_name_is_short_and_a_message_may_be_long() -> None:
    assert "at most 300" in one_cell("student", "name", "x" * 301)
    assert one_cell("message", "content", "x" * 99_000) == "x" * 99_000


def test_words_of_a_platform_become_the_products() -> None:
    assert one_cell("message", "role", "Bot", {"values": {"bot": "assistant"}}) == "assistant"
    assert "Only these are possible: user, assistant" in one_cell("message", "role", "Bot")


def test_lists_of_options() -> None:
    assert one_cell("question", "options", "Paris; Rome;;Oslo") == ("Paris", "Rome", "Oslo")
    assert one_cell("question", "options", "a|b", {"separator": "|"}) == ("a", "b")
    assert "at most 100" in one_cell("question", "options", ";".join("x" * 101))


def test_whole_numbers() -> None:
    assert one_cell("student", "xp_points", "1,234", {"numbers": "1,234.5"}) == 1234
    assert "not a whole number" in one_cell("student", "xp_points", "1.5")
    assert "cannot be less than 0" in one_cell("student", "xp_points", "-1")
    assert "stored" in one_cell("student", "xp_points", "99999999999")


def test_texts_that_mean_nothing_and_what_stands_between_two_texts() -> None:
    assert one_cell("student", "name", "-", {"empty": ["-"]}) is None
    described = "The user with id '1046' viewed the page"
    assert one_cell("student", "id", described, {"between": ["user with id '", "'"]}) == "1046"
    assert "cannot be empty" in one_cell("student", "id", "no such words", {"between": ["user with id '", "'"]})
