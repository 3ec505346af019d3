"""Saving a creator's preferences."""

import json
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from actions.mail_suppressions import come_back
from database.accounts import Account, may_write
from database.refresh import refresh_now
from database.tenancy import tenant_tx
from database.time_zones import check_time_zone
from rules.preferences import Preferences

SAVE = text(
    """
    insert into creator_preferences (creator_id, dashboard_layout, notification_settings, export_preferences)
    values (:creator_id, cast(:layout as jsonb), cast(:notifications as jsonb), cast(:exports as jsonb))
    on conflict (creator_id) do update set
        dashboard_layout = creator_preferences.dashboard_layout || excluded.dashboard_layout,
        notification_settings = creator_preferences.notification_settings || excluded.notification_settings,
        export_preferences = creator_preferences.export_preferences || excluded.export_preferences,
        updated_at = dashboard_now()
    """
)
EXPORTS = ("export_format", "csv_separator", "csv_decimal_mark", "csv_encoding")
MOVE = text("update creators set timezone = :timezone, timezone_was = null where id = :creator_id")


def save_preferences(author: Account, creator_id: UUID, chosen: Preferences) -> None:
    """Save the creator's preferences. Raises InputError for staff, who have read-only access.

    Turning on an email here also undoes an earlier unsubscription from it.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        connection.execute(
            SAVE,
            {
                "creator_id": creator_id,
                "layout": json.dumps({"cards": chosen.cards, "period": chosen.period}),
                "notifications": json.dumps(
                    {
                        "is_digest_on": chosen.is_digest_on,
                        "digest_weekday": chosen.digest_weekday,
                        "digest_hour": chosen.digest_hour,
                        "alerts_at_risk": chosen.alerts_at_risk,
                        "alerts_quizzes": chosen.alerts_quizzes,
                        "alerts_content": chosen.alerts_content,
                        "is_alert_mail_on": chosen.is_alert_mail_on,
                        "digest_has_report": chosen.digest_has_report,
                    }
                ),
                "exports": json.dumps({name: getattr(chosen, name) for name in EXPORTS}),
            },
        )
        if author.email:
            come_back(connection, creator_id, author.email, _mail_asked_for(chosen))
    refresh_now(creator_id)


def _mail_asked_for(chosen: Preferences) -> list[str]:
    asked = {"digest": chosen.is_digest_on, "alert": chosen.is_alert_mail_on}
    return [kind for kind, is_on in asked.items() if is_on]


def move_to_timezone(author: Account, creator_id: UUID, timezone: str) -> bool:
    """Change the time zone to one of `time_zones`, and recalculate all figures.

    False: another refresh is running, or this one took too long; the figures follow with the next. Raises InputError
    for an unknown zone, and for staff, who have read-only access.
    """
    may_write(author, creator_id)
    check_time_zone(timezone)
    with tenant_tx(creator_id) as connection:
        connection.execute(MOVE, {"creator_id": creator_id, "timezone": timezone})
    try:
        return refresh_now(creator_id)
    except OperationalError:
        return False  # the zone is saved and everything is marked as stale
