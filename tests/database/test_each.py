"""One item that fails is recorded, and the rest continues; what affects all items ends the loop."""

import asyncio
import logging
from threading import Barrier
from uuid import uuid4

import pytest
from procrastinate.exceptions import JobAborted
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from database import failures
from database.each import Attempts, each, each_in_turn, failures_gathered, of_creator, of_row, rested
from database.engine import engine
from database.failures import (
    KEPT_FOR,
    Failure,
    Item,
    error_in_words,
    failure_counts,
    forget_old_failures,
    note_failure,
    place_in_program,
    settle,
)
from database.tenancy import platform_tx, tenant_tx
from rules.errors import InputError, SetupError
from tests.builders import a_creator
from tests.odd_rows import noted, open_failures

pytestmark = pytest.mark.usefixtures("database")

IDS = sorted((uuid4() for _ in range(3)), key=str)


def doing(*odd, error=None):
    def do(item):
        if item in odd:
            raise error or ValueError("ada@example.org")
        return str(item)

    return do


def test_the_rest_goes_on_and_its_results_come_back_in_order():
    assert each(IDS, doing(IDS[0]), "refresh") == [str(IDS[1]), str(IDS[2])]

    (note,) = noted()
    assert (note["kind"], note["item"], note["about_creator_id"]) == ("refresh", str(IDS[0]), IDS[0])
    assert (note["error"], note["times"], note["settled_at"]) == ("ValueError", 1, None)
    assert note["place"].startswith("tests/database/test_each.py:")
    assert note["place"].endswith(" do")


def test_two_at_once_are_done_beside_each_other_and_come_back_in_order():
    together = Barrier(2, timeout=10)

    def meet(item):
        together.wait()
        if item == IDS[2]:
            raise ValueError
        return str(item)

    assert each([*IDS, uuid4()], meet, "refresh", at_once=2)[:2] == [str(IDS[0]), str(IDS[1])]
    assert open_failures() == [("refresh", str(IDS[2]))]


def test_an_order_to_stop_ends_what_has_not_begun():
    done = []

    with pytest.raises(JobAborted):
        each([*IDS, *IDS], lambda item: done.append(item) or doing(IDS[0], error=JobAborted())(item), "x", at_once=2)

    assert len(done) < len([*IDS, *IDS])
    assert noted() == []


def test_something_may_stand_in_for_what_failed():
    found = each(IDS, doing(IDS[1]), "report", instead=lambda item, error: f"{item} {type(error).__name__}")

    assert found == [str(IDS[0]), f"{IDS[1]} ValueError", str(IDS[2])]


def test_failing_again_counts_and_the_next_success_settles():
    for _ in range(3):
        each(IDS, doing(IDS[0]), "refresh")
    (before,) = noted()

    each(IDS, doing(), "refresh")
    (after,) = noted()
    each(IDS, doing(IDS[0]), "refresh")
    (again,) = noted()

    assert (before["times"], before["settled_at"]) == (3, None)
    assert before["first_at"] < before["last_at"]
    assert after["settled_at"] is not None
    assert (again["times"], again["settled_at"]) == (1, None)
    assert again["first_at"] == again["last_at"] > before["last_at"]


def test_kinds_do_not_settle_each_other():
    each(IDS, doing(IDS[0]), "refresh")
    each(IDS, doing(), "digest")

    assert open_failures() == [("refresh", str(IDS[0]))]
    assert failure_counts() == (("refresh", 1),)


def test_everything_may_fail():
    assert each(IDS, doing(*IDS), "refresh") == []
    assert len(open_failures()) == 3


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(1), JobAborted(), asyncio.CancelledError()])
def test_an_order_to_stop_is_no_items_failure(stop):
    done = []

    with pytest.raises(type(stop)):
        each(IDS, lambda item: done.append(item) or doing(IDS[1], error=stop)(item), "refresh")

    assert (done, noted()) == (IDS[:2], [])


def test_what_the_caller_names_ends_the_loop():
    with pytest.raises(KeyError):
        each(IDS, doing(IDS[0], error=KeyError()), "mail_of_creator", ends_with=(KeyError,))

    assert noted() == []


def test_one_lost_connection_is_one_items_failure():
    def lose_the_first(item):
        with platform_tx() as connection:
            if item == IDS[0]:
                connection.execute(text("set local role none"))
                connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
        return item

    assert each(IDS, lose_the_first, "refresh") == IDS[1:]
    assert noted()[0]["error"].startswith(("AdminShutdown", "OperationalError"))


def test_a_database_that_is_gone_ends_the_loop_at_once(monkeypatch):
    monkeypatch.setattr(failures, "SECONDS_BETWEEN_TRIES", (0,))
    done = []

    def lose_the_database(item):
        done.append(item)
        monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
        raise ValueError

    with pytest.raises(OperationalError):
        each(IDS, lose_the_database, "refresh")

    assert done == IDS[:1]


def test_a_database_that_comes_back_meanwhile_does_not(monkeypatch):
    address = str(engine().url.render_as_string(hide_password=False))
    monkeypatch.setattr(failures.time, "sleep", lambda _: monkeypatch.setenv("DATABASE_URL", address))  # type: ignore[attr-defined]

    def lose_the_database(item):
        if item == IDS[0]:
            monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
            raise ValueError
        return item

    assert each(IDS, lose_the_database, "refresh") == IDS[1:]
    assert open_failures() == [("refresh", str(IDS[0]))]


def test_notes_that_cannot_be_written_stop_nothing(caplog):
    with engine().begin() as connection:
        connection.execute(text("drop table failures"))

    assert each(IDS, doing(IDS[0]), "refresh") == [str(IDS[1]), str(IDS[2])]

    assert "could not be noted: UndefinedTable (SQLSTATE 42P01)" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_the_log_names_item_kind_and_place_and_nobody(caplog):
    with caplog.at_level(logging.ERROR):
        each(IDS, doing(IDS[0]), "refresh")

    (line,) = [record.getMessage() for record in caplog.records if record.name == "database.each"]
    assert line.startswith(f"refresh of {IDS[0]} failed: ValueError at tests/database/test_each.py:")


def test_without_notes_a_loop_costs_one_look(monkeypatch):
    looks = []
    monkeypatch.setattr("database.each.open_items", lambda kind: looks.append(kind) or set())

    each(IDS, doing(), "refresh")

    assert looks == ["refresh"]


def test_what_is_awaited_goes_on_too():
    async def do(item):
        doing(IDS[0])(item)
        done.append(item)

    done = []
    asyncio.run(each_in_turn(IDS, do, "job", of_creator))

    assert (done, open_failures()) == (IDS[1:], [("job", str(IDS[0]))])


def test_items_that_come_one_by_one():
    attempts, item = Attempts("mail"), Item(None, "one")
    attempts.failed(item, ValueError())
    attempts.succeeded(Item(None, "another"))
    assert open_failures() == [("mail", "one")]

    attempts.succeeded(item)

    assert open_failures() == []


def test_whoever_gathers_hears_of_every_failure():
    with failures_gathered() as gathered:
        each(IDS, doing(*IDS[:2]), "refresh")
    each(IDS, doing(*IDS), "refresh")

    assert [failure.item.creator_id for failure in gathered] == IDS[:2]


@pytest.mark.parametrize(
    ("times", "minutes_ago", "is_resting"),
    [(1, 0, False), (2, 1, True), (2, 3, False), (3, 3, True), (3, 5, False), (50, 59, True), (50, 61, False)],
)
def test_who_fails_again_and_again_is_tried_less_often(times, minutes_ago, is_resting):
    each(IDS, doing(IDS[0]), "refresh")
    change_notes(f"times = {times}, last_at = clock_timestamp() - interval '{minutes_ago} minutes'")

    assert rested(IDS, "refresh") == (IDS[1:] if is_resting else IDS)
    assert rested(IDS, "digest") == IDS


def test_settled_by_hand_nobody_rests():
    each(IDS, doing(IDS[0]), "refresh")
    change_notes("times = 9")
    assert rested(IDS, "refresh") == IDS[1:]

    settle("refresh", str(IDS[0]))

    assert rested(IDS, "refresh") == IDS


def test_notes_are_kept_for_ninety_days():
    each(IDS, doing(IDS[0]), "refresh")
    days = KEPT_FOR.days
    change_notes(f"last_at = clock_timestamp() - interval '{days} days' + interval '1 minute'")
    assert forget_old_failures() == 0

    change_notes(f"last_at = clock_timestamp() - interval '{days} days'")

    assert forget_old_failures() == 1
    assert noted() == []


def test_creators_see_no_note_not_even_about_themselves():
    creator = a_creator()
    note_failure(Failure.of("refresh", of_creator(creator.id), ValueError()))

    with pytest.raises(Exception, match="permission denied"), tenant_tx(creator.id) as connection:
        connection.execute(text("select * from failures"))


class OurError(RuntimeError):
    names_no_person = True


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InputError('"ada@example.org" is no address'), "InputError"),
        (KeyError("Ada Moss"), "KeyError"),
        (SetupError("SMTP_URL is not the address"), "SetupError: SMTP_URL is not the address"),
        (OurError("The disk is full."), "OurError: The disk is full."),
        (OurError(), "OurError"),
    ],
)
def test_words_are_kept_only_where_they_name_nobody(error, words):
    assert error_in_words(error) == words


def test_of_the_database_code_and_constraint_are_kept_not_the_row():
    with pytest.raises(Exception) as caught, platform_tx() as connection:  # noqa: PT011
        connection.execute(text(f"insert into creators (id, name) select '{IDS[0]}', 'Ada' from generate_series(1, 2)"))
    wrapped = RuntimeError("words")
    wrapped.__cause__ = caught.value

    assert error_in_words(wrapped) == "UniqueViolation (SQLSTATE 23505, constraint creators_pkey)"


def test_the_place_is_the_last_of_ours_on_the_way():
    with pytest.raises(Exception) as caught:  # noqa: PT011
        settle("x" * 10, object())

    assert place_in_program(caught.value).startswith("database/failures.py:")
    assert place_in_program(ValueError("never raised")) == ""


def test_a_row_is_named_by_creator_and_id():
    creator_id, item_id = IDS[:2]

    class Row:
        def __init__(self):
            self.creator_id, self.id = creator_id, item_id

    assert of_row(Row()) == Item(creator_id, str(item_id))


def change_notes(assignments):
    with platform_tx() as connection:
        connection.execute(text(f"update failures set {assignments}"))
