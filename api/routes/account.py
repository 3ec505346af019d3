"""Whose data a key or a session reads."""

from typing import Any

from api.callers import CallerOf
from api.routing import CreatorRoute, routes
from api.schemas.account import AccountAnswer
from database.creators import creator_of_id

account = routes(CreatorRoute, "Account")


@account.get("/account", response_model=AccountAnswer)
def whose(caller: CallerOf) -> Any:
    """The creator: name, tier, time zone, and whether it is one of the demo."""
    return creator_of_id(caller.creator_id)
