"""A creator's preferences: cards, period, notifications, exports."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from database.frames import one_row
from rules.errors import InputError
from rules.preferences import Preferences

PREFERENCES = """
    -- One row; of nulls for a creator who never chose.
    select
        creator_preferences.dashboard_layout,
        creator_preferences.notification_settings,
        creator_preferences.export_preferences
    from (values (true)) as always (is_there)
    left join creator_preferences on creator_preferences.creator_id = :creator_id
"""


def preferences(creator_id: UUID) -> Preferences:
    """The creator's preferences, from creator_preferences, with defaults for missing or unknown values.

    Never cached: a change shows immediately, and the one row costs no more than reading the data version.
    """
    columns = one_row(creator_id, PREFERENCES).values()
    stored = {name: _stored(value) for column in columns if column for name, value in column.items()}
    usable = {field.name: stored[field.name] for field in fields(Preferences) if _is_usable(field.name, stored)}
    return Preferences(**usable)


def _stored(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _is_usable(name: str, stored: dict[str, Any]) -> bool:
    try:
        Preferences(**{name: stored[name]})
    except (KeyError, TypeError, InputError):
        return False
    return True
