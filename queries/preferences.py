"""How a creator wants the dashboard: cards, period, notifications, exports."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from database.errors import InputError
from database.frames import frame, records
from database.preferences import Preferences

PREFERENCES = """
    -- One row, or none for a creator who never chose.
    select
        dashboard_layout,
        notification_settings,
        export_preferences
    from creator_preferences
    where creator_id = :creator_id
"""


def preferences(creator_id: UUID) -> Preferences:
    """What the creator chose, from creator_preferences; the usual wherever there is no choice that we know.

    Never remembered: a choice shows at once, and the one row costs no more than asking for the data version.
    """
    columns = [column for row in records(frame(creator_id, PREFERENCES)) for column in row.values()]
    stored = {name: _stored(value) for column in columns for name, value in column.items()}
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
