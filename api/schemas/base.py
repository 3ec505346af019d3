"""What all shapes share."""

import math
from typing import Annotated, Any
from uuid import UUID

import pandas as pd
from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from database.frames import records
from queries.students import UNSENDABLE

MOST_ROWS_SKIPPED = 1_000_000_000
ALL_DIFFERENT: JsonDict = {"uniqueItems": True}


class Shape(BaseModel):
    """Part of an answer; attributes are snake_case here and camelCase outside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class Given(BaseModel):
    """The body of a request; a field that is not known is refused, so that no typing mistake is silent."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


def sendable(text: str) -> str:
    """The text, unless the database cannot hold it."""
    if UNSENDABLE.search(text):
        raise ValueError("a null character or half of a character cannot be used")
    return text


def whole(value: Any) -> Any:
    """8.0 as 8, which JSON does not tell apart."""
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
    """The value, or None where it is one of the many kinds of nothing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row by column name, with None where there is no value."""
    return [{name: known(value) for name, value in row.items()} for row in records(frame)]
