"""Rows that platforms wrote before the database refused them: fixed by the upgrade, refused from then on."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import IntegrityError

from database.checks import tenancy_gaps
from database.creators import creators
from database.engine import engine
from database.migrate import migrate
from database.refresh import refresh_stale
from database.tenancy import platform_tx, tenant_tx
from queries.preferences import preferences
from rules.preferences import Preferences
from tests.conftest import execute_on
from tests.database.test_migrations import plain_owner

MIRA, NILS = UUID(int=1), UUID(int=2)

ZONES = {
    "Europe/Berlin": ("Europe/Berlin", None),
    "US/Pacific": ("US/Pacific", None),
    "EST5EDT": ("EST5EDT", None),
    "europe/berlin": ("Europe/Berlin", None),
    "AMERICA/NEW_YORK": ("America/New_York", None),
    "utc": ("UTC", None),
    "PST": ("UTC", "PST"),
    "UTC+3": ("UTC", "UTC+3"),
    "+05:30": ("UTC", "+05:30"),
    "Z": ("UTC", "Z"),
    "XYZ-7": ("UTC", "XYZ-7"),
}

NOT_OBJECTS = ("[]", "null", '"none"', "7", "true", '[{"a": 1}]')


@pytest.fixture(params=["superuser", "plain owner"])
def released(request: pytest.FixtureRequest, server: URL, empty_database: URL) -> Iterator[URL]:
    """A database of the last revision that accepted odd rows; upgraded by a superuser or by an owner who is not one."""
    if request.param == "superuser":
        migrate("0009")
        yield empty_database
        return
    with plain_owner(server, empty_database):
        migrate("0009")
        yield empty_database
        engine().dispose()


def test_zones_become_names_that_are_known_or_utc_with_the_old_name_kept(released: URL) -> None:
    written_by_hand(released, *(a_creator_in(zone) for zone in ZONES))

    migrate()

    assert {creator.name: (creator.timezone, creator.timezone_was) for creator in creators()} == ZONES


def test_figures_of_every_creator_are_built_in_the_zone_that_holds_now(released: URL) -> None:
    written_by_hand(released, *(a_creator_in(zone) for zone in ZONES))

    migrate()

    assert refresh_stale() == len(ZONES)
    with platform_tx() as connection:
        shown = connection.execute(
            text(
                "select creators.name, creator_generations.timezone from creator_generations"
                " join creators on creators.id = creator_generations.creator_id where state = 'shown'"
            )
        )
        assert {row.name: row.timezone for row in shown} == {zone: now for zone, (now, _) in ZONES.items()}


@pytest.mark.parametrize("zone", [zone for zone in ZONES if ZONES[zone][0] != zone] + ["Mars/Olympus", ""])
def test_other_names_are_refused_from_then_on_and_the_refusal_says_why(shared_database: URL, zone: str) -> None:
    with pytest.raises(Exception, match=r'(?s)timezone_is_one_of_time_zones.*not present in table "time_zones"'):
        written_by_hand(shared_database, a_creator_in(zone))


def test_preferences_that_are_no_objects_are_mended_and_the_rest_stays(released: URL) -> None:
    kept = '{"is_digest_on": true}'
    for odd in NOT_OBJECTS:
        written_by_hand(
            released,
            a_creator_in("UTC", creator_for(odd)),
            "insert into creator_preferences (creator_id, dashboard_layout, notification_settings, export_preferences)"
            f" values ('{creator_for(odd)}', '{odd}', '{kept}', '{odd}')",
        )

    migrate()

    for creator in map(creator_for, NOT_OBJECTS):
        assert stored(creator, "creator_preferences") == [
            {"dashboard_layout": {}, "notification_settings": json.loads(kept), "export_preferences": {}}
        ]
        assert preferences(creator) == Preferences(is_digest_on=True)


def test_filters_details_and_mails_that_are_no_objects_are_mended(released: URL) -> None:
    written_by_hand(
        released,
        a_creator_in("UTC", NILS),
        an_export(NILS, "processing", '{"status": "active"}'),
        a_mail(NILS, "sent", '{"a": 1}', '{"b": 2}'),
        *(statement for odd in NOT_OBJECTS for statement in odd_rows_of(creator_for(odd), odd)),
    )

    migrate()

    assert [row["filters"] for row in stored(NILS, "export_logs", ("filters",))] == [{"status": "active"}]
    assert stored(NILS, "mail_deliveries", ("payload", "snapshot")) == [{"payload": {"a": 1}, "snapshot": {"b": 2}}]
    for odd in NOT_OBJECTS:
        assert stored(creator_for(odd), "export_logs", ("status", "filters", "error_message")) == [
            {"status": "failed", "filters": {}, "error_message": "Its filters could not be read. Ask for it again."},
            {"status": "failed", "filters": {}, "error_message": None},
            {"status": "pending", "filters": {}, "error_message": None},
        ]
        assert stored(creator_for(odd), "audit_log", ("detail",)) == [{"detail": {"value": json.loads(odd)}}]
        assert stored(creator_for(odd), "mail_deliveries", ("state", "payload", "snapshot")) == [
            {"state": "pending", "payload": {}, "snapshot": None},
            {"state": "sending", "payload": {"a": 1}, "snapshot": {}},
        ]


def test_options_that_are_no_list_are_mended(released: URL) -> None:
    for_quiz = f"insert into quizzes (creator_id, id, title) values ('{MIRA}', '{NILS}', 'Knots')"
    options = ("null", "{}", '"a"', '["a", "b"]')
    questions = [
        f"insert into quiz_questions (creator_id, quiz_id, position, prompt, options)"
        f" values ('{MIRA}', '{NILS}', {place}, 'Which?', '{written}')"
        for place, written in enumerate(options)
    ]
    written_by_hand(released, a_creator_in("UTC", MIRA), for_quiz, *questions)

    migrate()

    mended = stored(MIRA, "quiz_questions", ("position", "options"))
    assert [row["options"] for row in mended] == [[], [], [], ["a", "b"]]


def test_every_json_column_has_a_shape_that_is_checked(database: URL) -> None:
    columns = text(
        """
        select c.table_name || '.' || c.column_name
        from information_schema.columns as c
        where
            c.table_schema = 'public'
            and c.data_type in ('json', 'jsonb')
            and c.table_name not like 'procrastinate%'
            and not exists (
                select
                from pg_constraint
                where
                    conrelid = c.table_name::regclass
                    and pg_get_constraintdef(oid) like '%jsonb_typeof(' || quote_ident(c.column_name) || ')%'
            )
        """
    )
    with engine().connect() as connection:
        assert connection.execute(columns).scalars().all() == []


def test_an_upgraded_database_is_closed_to_other_creators(released: URL) -> None:
    written_by_hand(released, a_creator_in("PST", MIRA))

    migrate()

    with engine().connect() as connection:
        assert tenancy_gaps(connection) == []
    with tenant_tx(MIRA) as connection:
        assert connection.execute(text("select timezone_was from creators")).scalar_one() == "PST"


def test_a_zone_cannot_be_added_by_the_application(database: URL) -> None:
    for door in (platform_tx(), tenant_tx(uuid4())):
        with pytest.raises(Exception, match="permission denied"), door as connection:
            connection.execute(text("insert into time_zones values ('PST')"))


def test_deleting_a_zone_that_is_used_is_impossible(database: URL) -> None:
    written_by_hand(database, a_creator_in("Europe/Berlin"))

    with pytest.raises(IntegrityError, match="timezone_is_one_of_time_zones"), engine().begin() as connection:
        connection.execute(text("delete from time_zones where name = 'Europe/Berlin'"))


def written_by_hand(database: URL, *statements: str) -> None:
    """As somebody with all rights writes them."""
    execute_on(database, *statements)


def a_creator_in(zone: str, creator_id: UUID | None = None) -> str:
    return (
        f"insert into creators (id, name, timezone) values ('{creator_id or uuid4()}', '{zone or 'nowhere'}', '{zone}')"
    )


def creator_for(odd: str) -> UUID:
    return UUID(int=10 + NOT_OBJECTS.index(odd))


def odd_rows_of(creator_id: UUID, odd: str) -> list[str]:
    return [
        a_creator_in("UTC", creator_id),
        an_export(creator_id, "pending", odd),
        an_export(creator_id, "pending", "{}"),  # the first must not be confused with this one
        an_export(creator_id, "failed", odd),
        f"insert into audit_log (creator_id, action, detail) values ('{creator_id}', 'x', '{odd}')",
        a_mail(creator_id, "pending", odd, odd),
        a_mail(creator_id, "sending", '{"a": 1}', odd),
    ]


def an_export(creator_id: UUID, status: str, filters: str) -> str:
    return (
        "insert into export_logs (creator_id, export_type, format, status, filters)"
        f" values ('{creator_id}', 'students', 'csv', '{status}', '{filters}')"
    )


def a_mail(creator_id: UUID, state: str, payload: str, snapshot: str) -> str:
    claimed = "now()" if state == "sending" else "null"
    return (
        "insert into mail_deliveries (creator_id, kind, period_start, recipient, recipient_key, payload, snapshot,"
        " state, claimed_until, due_at, next_attempt_at)"
        f" values ('{creator_id}', 'digest', '2026-03-02', '{uuid4()}@example.com', '{uuid4()}@example.com',"
        f" '{payload}', '{snapshot}', '{state}', {claimed}, now(), now())"
    )


def stored(creator_id: UUID, table: str, columns: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """These columns of the creator's rows, in their order."""
    named = ", ".join(columns or ("dashboard_layout", "notification_settings", "export_preferences"))
    with tenant_tx(creator_id) as connection:
        rows = connection.execute(text(f"select {named} from {table} order by {named}"))
        return [dict(row) for row in rows.mappings()]
