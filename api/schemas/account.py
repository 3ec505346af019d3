"""Whose data a caller reads."""

from uuid import UUID

from pydantic import Field

from api.schemas.base import Shape


class AccountAnswer(Shape):
    """The creator, without figures."""

    id: UUID
    name: str
    subscription_tier: str
    timezone: str
    is_demo: bool = Field(description="Whether everything of this creator is invented.")
