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
from rules.edits import merged_fields
from rules.preferences import Preferences, stored_preferences

ADD = text("insert into creator_preferences (creator_id) values (:creator_id) on conflict (creator_id) do nothing")
SAVED = text(
    """
    select
        dashboard_layout,
        notification_settings,
        export_preferences
    from creator_preferences
    where creator_id = :creator_id
    for update
    """
)
SAVE = text(
    """
    update creator_preferences
    set
        dashboard_layout = dashboard_layout || cast(:layout as jsonb),
        notification_settings = notification_settings || cast(:notifications as jsonb),
        export_preferences = export_preferences || cast(:exports as jsonb),
        updated_at = dashboard_now()
    where creator_id = :creator_id
    """
)
EXPORTS = ("export_format", "csv_separator", "csv_decimal_mark", "csv_encoding")
MOVE = text("update creators set timezone = :timezone, timezone_was = null where id = :creator_id")


def save_preferences(author: Account, creator_id: UUID, chosen: Preferences, opened: Preferences | None = None) -> None:
    """Save the creator's preferences. Turning on an email here also undoes an earlier unsubscription from it.

    With what the form was `opened` with, only its own changes are written, and what others have saved since stays.
    Raises EditConflict where both changed the same, and InputError for staff, who have read-only access.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        connection.execute(ADD, {"creator_id": creator_id})
        saved = stored_preferences(dict(connection.execute(SAVED, {"creator_id": creator_id}).mappings().one()))
        wanted = merged_fields(opened or saved, saved, chosen)
        connection.execute(SAVE, {"creator_id": creator_id} | _columns(wanted))
        if author.email:
            come_back(connection, creator_id, author.email, _mail_asked_for(wanted))
    refresh_now(creator_id)


def _columns(chosen: Preferences) -> dict[str, str]:
    notifications = {
        "is_digest_on": chosen.is_digest_on,
        "digest_weekday": chosen.digest_weekday,
        "digest_hour": chosen.digest_hour,
        "alerts_at_risk": chosen.alerts_at_risk,
        "alerts_quizzes": chosen.alerts_quizzes,
        "alerts_content": chosen.alerts_content,
        "is_alert_mail_on": chosen.is_alert_mail_on,
        "digest_has_report": chosen.digest_has_report,
    }
    return {
        "layout": json.dumps({"cards": chosen.cards, "period": chosen.period}),
        "notifications": json.dumps(notifications),
        "exports": json.dumps({name: getattr(chosen, name) for name in EXPORTS}),
    }


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
