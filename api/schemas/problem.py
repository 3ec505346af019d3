"""The shape of a problem, and the problems that any route may return."""

from typing import Any

from pydantic import BaseModel, Field

from api.problems import (
    ACCESS_DENIED,
    AWAY,
    BAD_REQUEST,
    INVALID,
    KINDS,
    MEDIA_TYPE,
    NOT_FOUND,
    TOO_MANY,
    UNKNOWN_KEY,
    Kind,
)

DESCRIBED = (BAD_REQUEST, UNKNOWN_KEY, ACCESS_DENIED, NOT_FOUND, INVALID, TOO_MANY, AWAY)
WORDS = {
    400: "The request is not JSON in UTF-8 over HTTP.",
    401: "The key is missing, unknown or revoked.",
    403: "The creator does not have the ENTERPRISE tier, or the caller may not do this.",
    404: "It does not exist, or is not yours; both look the same.",
    409: "This cannot be done in its present state.",
    412: "It is not what `If-Match` or `If-None-Match` expects.",
    413: "The request, or what is stored already, is too large.",
    422: "A parameter or field is not known, is given twice, or has a value that cannot be used; `errors` says "
    "which one, with what value, and what is allowed.",
    429: "Too many requests; `Retry-After` says when to try again.",
    503: "The database is not responding; `Retry-After` says when to try again.",
}


class FieldError(BaseModel):
    field: str = Field(examples=["period"])
    value: Any = Field(default=None, examples=["5d"])
    message: str = Field(examples=["Input should be '7d', '30d' or '90d'"])


class ProblemAnswer(BaseModel):
    """A problem as RFC 9457 describes it, with a code for programs."""

    type: str = Field(description="Where this kind of problem is described.", examples=["/api/docs#not_found"])
    title: str
    status: int
    detail: str = Field(description="What was wrong here, and what to do.")
    code: str = Field(description="Never changes: " + ", ".join(sorted({kind.code for kind in KINDS})))
    errors: list[FieldError] | None = None


def responses(*more: Kind) -> dict[int | str, dict[str, Any]]:
    """The problems of a route for a creator's data, for its description."""
    return responses_of(*DESCRIBED, *more)


def responses_of(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Only these problems."""
    return {
        kind.status: {"description": WORDS[kind.status], "content": {MEDIA_TYPE: {"schema": REFERENCE}}}
        for kind in kinds
    }


REFERENCE = {"$ref": "#/components/schemas/ProblemAnswer"}
