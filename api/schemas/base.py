"""What all shapes share."""

import math
from typing import Annotated, Any
from uuid import UUID

import pandas as pd
from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from database.frames import mappings
from queries.searching import UNSENDABLE

MOST_ROWS_SKIPPED = 1_000_000_000
ALL_DIFFERENT: JsonDict = {"uniqueItems": True}


class Shape(BaseModel):
    """Part of a response; attributes are snake_case here and camelCase outside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class Given(BaseModel):
    """The body of a request; unknown fields are refused, so that typing mistakes are noticed."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


def sendable(text: str) -> str:
    """The text; raises ValueError if the database cannot store it."""
    if UNSENDABLE.search(text):
        raise ValueError("a null character or half of a character cannot be used")
    return text


def whole(value: Any) -> Any:
    """8.0 as 8: JSON does not distinguish them."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


NO_NULL: JsonDict = {"pattern": "^[^\\u0000]*$"}
Text = Annotated[str, AfterValidator(sendable), Field(json_schema_extra=NO_NULL)]


async def ChosenCreator(  # reads as a type in the routes
    creator_id: Annotated[
        UUID | None,
        Query(alias="creatorId", description="For staff: whose data to read. Others may leave it out."),
    ] = None,
) -> None:
    """Only for the description: the route itself decides before anything else is read."""


def known(value: Any) -> Any:
    """The value, or None if it is NaN, NaT or another missing value."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row by column name, with None where there is no value."""
    return [{name: known(value) for name, value in row.items()} for row in mappings(frame)]
