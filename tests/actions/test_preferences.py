"""A creator's choices: written, read back, refused."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from actions.mail_suppressions import suppress
from actions.preferences import move_to_timezone, save_preferences
from database.tenancy import tenant_tx
from database.versions import data_version
from queries.overview.engagement import daily_active_users
from queries.periods.period import LAST_MONTH, PERIODS, THIS_MONTH, WEEK
from queries.preferences import preferences
from rules.errors import InputError
from rules.preferences import PERIOD_KEYS, Preferences
from tests.accounts import a_linked_account
from tests.builders import NOW, ACreator, a_creator, an_event

pytestmark = pytest.mark.usefixtures("shared_database")

CHOSEN = Preferences(("satisfaction", "completion"), "7d", True, "Friday", 23, False, True, False, "xlsx")
FAR_EAST = "Pacific/Kiritimati"


def test_without_a_choice_it_is_as_usual() -> None:
    assert preferences(a_creator().id) == Preferences()


def test_what_is_saved_is_read_back_and_shows_at_once() -> None:
    creator = a_creator()
    before = data_version(creator.id)

    save_preferences(a_linked_account(creator), creator.id, CHOSEN)

    assert preferences(creator.id) == CHOSEN
    assert data_version(creator.id) == before + 1
    assert preferences(a_creator().id) == Preferences()


def test_who_asks_for_the_digest_again_gets_it_again() -> None:
    creator = a_creator()
    author, colleague = a_linked_account(creator), a_linked_account(creator)
    assert author.email
    assert colleague.email
    with tenant_tx(creator.id) as connection:
        for email, kind in ((author.email, "digest"), (author.email, "alert"), (colleague.email, "digest")):
            suppress(connection, creator.id, email, "unsubscribed", kind)
        suppress(connection, creator.id, author.email, "bounced")

    save_preferences(author, creator.id, Preferences(is_digest_on=True))

    assert suppressed(creator) == {
        (author.email, "alert", "unsubscribed"),  # was not requested
        (author.email, "every", "bounced"),  # not for them to decide
        (colleague.email, "digest", "unsubscribed"),
    }


def test_staff_and_outsiders_change_nothing() -> None:
    creator = a_creator()
    for refused in (a_linked_account(), a_linked_account(a_creator())):
        with pytest.raises(InputError, match="Read-only for staff"):
            save_preferences(refused, creator.id, CHOSEN)
        with pytest.raises(InputError, match="Read-only for staff"):
            move_to_timezone(refused, creator.id, FAR_EAST)

    assert preferences(creator.id) == Preferences()
    assert timezone_of(creator) == "UTC"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"cards": ()}, "at least one"),
        ({"cards": ("completion", "completion")}, "chosen twice"),
        ({"cards": ("revenue",)}, 'card is "revenue"'),
        ({"period": "1y"}, 'period is "1y"'),
        ({"digest_weekday": "monday"}, 'weekday is "monday"'),
        ({"digest_hour": 24}, 'hour is "24"'),
        ({"digest_hour": True}, 'hour is "True"'),
        ({"is_digest_on": 1}, 'is_digest_on is "1"'),
        ({"export_format": "exe"}, 'export format is "exe"'),
    ],
)
def test_what_is_not_offered_is_refused_in_words(choice: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Preferences(**choice)


def test_stored_nonsense_is_as_usual_and_the_rest_still_counts() -> None:
    creator = a_creator()
    layout = {"cards": ["revenue", {"a": 1}], "period": ["7d"], "theme": "pink"}
    with tenant_tx(creator.id) as connection:
        connection.execute(
            text(
                "insert into creator_preferences (creator_id, dashboard_layout, notification_settings) "
                'values (:creator, cast(:layout as jsonb), \'{"digest_hour": 7, "alerts_at_risk": null}\')'
            ),
            {"creator": creator.id, "layout": json.dumps(layout)},
        )

    assert preferences(creator.id) == Preferences(digest_hour=7)


@pytest.mark.parametrize("nothing", ["[]", "null", '"off"', "7"])
@pytest.mark.parametrize("column", ["dashboard_layout", "notification_settings", "export_preferences"])
def test_choices_that_are_no_object_are_refused_and_the_refusal_says_why(column: str, nothing: str) -> None:
    creator = a_creator()
    written = text(f"insert into creator_preferences (creator_id, {column}) values (:creator, cast(:value as jsonb))")

    refused = pytest.raises(IntegrityError, match=f"{column}_is_a_json_object")
    with refused, tenant_tx(creator.id) as connection:
        connection.execute(written, {"creator": creator.id, "value": nothing})


@pytest.mark.parametrize(
    "odd",
    [
        {"digest": "yes", "is_digest_on": "yes", "digest_hour": "8", "digest_weekday": 1, "alerts_at_risk": 1},
        {"is_digest_on": {}, "digest_hour": [], "digest_weekday": {"a": []}, "alerts_at_risk": None},
        {"cards": 5, "period": {"a": 1}, "export_format": [["csv"]], "digest_hour": 8.0, "is_digest_on": 1e308},
        {"cards": [["completion"]], "period": None, "digest_hour": "x" * 10_000},
        {"cards": "completion", "digest_hour": 10**30, "export_format": True},
        {"cards": {}, "period": "", "digest_hour": -1},
    ],
)
def test_values_of_another_type_are_as_usual(odd: dict[str, object]) -> None:
    creator = a_creator()
    with tenant_tx(creator.id) as connection:
        connection.execute(
            text(
                "insert into creator_preferences values (:creator, cast(:odd as jsonb), cast(:odd as jsonb), "
                "cast(:odd as jsonb))"
            ),
            {"creator": creator.id, "odd": json.dumps(odd)},
        )

    assert preferences(creator.id) == Preferences()


def test_the_periods_are_those_of_the_pages() -> None:
    assert (*PERIODS, THIS_MONTH, LAST_MONTH) == PERIOD_KEYS


def test_a_new_time_zone_moves_days_at_once() -> None:
    creator = a_creator(an_event(at=NOW.replace(hour=11)))
    days_before = active_days(creator)

    is_done = move_to_timezone(a_linked_account(creator), creator.id, FAR_EAST)

    assert is_done
    assert timezone_of(creator) == FAR_EAST
    assert [(day, count) for day, count in active_days(creator)] != days_before
    assert active_days(creator)[0][0] == "2026-03-05"


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "europe/berlin", "+02:00", "PST", "UTC+3", "Z", "UTC'; --", "../UTC"]
)
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    creator = a_creator()

    with pytest.raises(InputError, match="There is no time zone"):
        move_to_timezone(a_linked_account(creator), creator.id, zone)
    assert timezone_of(creator) == "UTC"


def active_days(creator) -> list[tuple[str, int]]:
    days = daily_active_users(creator.id, WEEK)
    return [(f"{day:%Y-%m-%d}", int(n)) for day, n in zip(days.activity_date, days.active_students, strict=True) if n]


def timezone_of(creator) -> str:
    with tenant_tx(creator.id) as connection:
        return str(connection.execute(text("select timezone from creators")).scalar_one())


def suppressed(creator: ACreator) -> set[tuple[str, str, str]]:
    with tenant_tx(creator.id) as connection:
        found = connection.execute(text("select recipient_key, kind, reason from mail_suppressions"))
        return {(row.recipient_key, row.kind, row.reason) for row in found}
