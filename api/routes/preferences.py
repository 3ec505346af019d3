"""How the creator wants the dashboard."""

from dataclasses import asdict, replace
from typing import Any

from actions.preferences import save_preferences
from api.callers import CallerOf
from api.routing import CreatorRoute, WritingRoute, routes
from api.schemas.subjects import PreferenceChanges, PreferencesAnswer
from queries.preferences import preferences as preferences_of

preferences = routes(CreatorRoute, "Preferences")
choices = routes(WritingRoute, "Preferences")


@preferences.get("/preferences", response_model=PreferencesAnswer)
def read(caller: CallerOf) -> Any:
    """The creator's preferences, with defaults where nothing was chosen."""
    return asdict(preferences_of(caller.creator_id))


@choices.patch("/preferences", response_model=PreferencesAnswer)
def choose(caller: CallerOf, wanted: PreferenceChanges) -> Any:
    """Change some preferences; the others stay."""
    given = {name: value for name in wanted.model_fields_set if (value := getattr(wanted, name)) is not None}
    if "cards" in given:
        given["cards"] = tuple(given["cards"])
    before = preferences_of(caller.creator_id)
    save_preferences(caller.author, caller.creator_id, replace(before, **given), opened=before)
    return asdict(preferences_of(caller.creator_id))
