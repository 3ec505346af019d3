"""A creator's preferences: cards, period, notifications, exports."""

from uuid import UUID

from database.frames import one_row
from rules.preferences import Preferences, stored_preferences

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
    return stored_preferences(one_row(creator_id, PREFERENCES))
