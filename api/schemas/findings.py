"""Recommendations from the figures."""

from typing import get_args

from pydantic import Field

from api.schemas.base import Shape
from findings.finding import Kind


class FoundThing(Shape):
    kind: str = Field(json_schema_extra={"enum": list(get_args(Kind))})
    subject: str | None = Field(
        description="The id of a video, quiz or quiz question, the key of a question of students; null: of students."
    )
    title: str | None = Field(description="The title of the subject.")
    people: int = Field(description="How many students or viewers it affects.")
    finding: str
    action: str
    advice: str
    quote: str | None = Field(description="What is said at that second of the video.")
    is_recommended: bool = Field(description="Among the first things to do, one of each kind.")
    url: str = Field(description="The dashboard page that shows it.")


class FindingsAnswer(Shape):
    """All findings, those that affect most people first."""

    findings: list[FoundThing]
