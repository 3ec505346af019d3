"""How the addresses of xAPI are described: their parameters and bodies, which the specification fixes."""

from typing import Any

TEXTS = {
    "statementId": "The id of a statement.",
    "voidedStatementId": "The id of a statement that was voided.",
    "agent": "An agent, as JSON.",
    "verb": "The id of a verb.",
    "activity": "The id of an activity that is the object.",
    "registration": "A registration.",
    "related_activities": "Whether the activity may also stand in the context.",
    "related_agents": "Whether the agent may also stand elsewhere than as the actor or the object.",
    "since": "Only what was stored after this instant.",
    "until": "Only what was stored until this instant.",
    "limit": "How many at most; 0: as many as one page holds.",
    "ascending": "Whether the oldest come first.",
    "format": "exact, ids, or canonical (words in one language).",
    "attachments": "Whether as multipart/mixed with the attachments.",
    "activityId": "The id of an activity.",
    "stateId": "The id of a state.",
    "profileId": "The id of a profile.",
}
KINDS: dict[str, dict[str, Any]] = {
    "statementId": {"type": "string", "format": "uuid"},
    "voidedStatementId": {"type": "string", "format": "uuid"},
    "registration": {"type": "string", "format": "uuid"},
    "related_activities": {"type": "boolean", "default": False},
    "related_agents": {"type": "boolean", "default": False},
    "ascending": {"type": "boolean", "default": False},
    "attachments": {"type": "boolean", "default": False},
    "limit": {"type": "integer", "minimum": 0, "default": 0},
    "since": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
    "format": {"type": "string", "enum": ["exact", "ids", "canonical"], "default": "exact"},
}
MATCHES = tuple(name for name in TEXTS if name not in ("activityId", "stateId", "profileId"))
VERSION_HEADER = {
    "name": "X-Experience-API-Version",
    "in": "header",
    "required": True,
    "description": "1.0.3 or 2.0.0.",
    "schema": {"type": "string", "enum": ["1.0.3", "2.0.0"], "default": "1.0.3"},
}
AGENT = {"mbox": "mailto:ada@example.com"}
STATEMENT = {
    "actor": {"account": {"homePage": "https://school.example", "name": "17"}, "name": "Ada Moss"},
    "verb": {"id": "https://w3id.org/xapi/video/verbs/paused"},
    "object": {
        "id": "https://school.example/videos/knots",
        "definition": {"type": "https://w3id.org/xapi/video/activity-type/video", "name": {"en": "Knots"}},
    },
    "result": {
        "extensions": {
            "https://w3id.org/xapi/video/extensions/time": 42.6,
            "https://w3id.org/xapi/video/extensions/played-segments": "0[.]42.6",
        }
    },
    "context": {
        "extensions": {
            "https://w3id.org/xapi/video/extensions/length": 180,
            "https://w3id.org/xapi/video/extensions/session-id": "7d1c…",
        }
    },
    "timestamp": "2026-03-04T12:00:00Z",
}
IDS = ["7f1c7d3a-5b0e-4f0e-9d3c-0d9f1c1f7d3a"]


def described(*names: str, needed: tuple[str, ...] = (), body: Any = None, answer: Any = None) -> dict[str, Any]:
    """What FastAPI cannot know of an address: parameters by name, an example of the body, of the answer."""
    told: dict[str, Any] = {"parameters": [VERSION_HEADER, *(_parameter(name, name in needed) for name in names)]}
    if body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"example": body}}}}
    if answer is not None:
        content = {"application/json": {"schema": {"example": answer}}}
        told["responses"] = {"200": {"description": "As the specification of xAPI describes it.", "content": content}}
    return told


def _parameter(name: str, is_needed: bool) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": is_needed,
        "description": TEXTS[name],
        "schema": KINDS.get(name, {"type": "string"}),
    }
