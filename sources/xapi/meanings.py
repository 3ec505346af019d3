"""What a statement is about, and which statements have to be understood together."""

import re
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sources.xapi.keys import Json, actor_name, key, occurrence_key
from sources.xapi.vocabulary import (
    ACTIVITIES,
    ANSWERS,
    ATTEMPT_TYPES,
    COURSE_TYPES,
    ENDINGS,
    EVALUATED,
    QUIZ_TYPES,
    SAYS_NOTHING,
    SECTION_TYPES,
    VERBS_OF_VIDEOS_TOO,
    VIDEO_VERBS,
    definition,
    is_about_a_video,
    of_types,
    parents,
)

Kind = Literal["video", "answer", "attempt", "activity", "nothing", "nobody", "unknown"]

SUB_CONTENT = re.compile(r"[?&]subContentId=[^&#]*")
EMBEDDED = ("Activity", "GroupActivity")


class Meaning(NamedTuple):
    """What a statement is taken for, and the group in which it is understood (None: it says nothing)."""

    kind: Kind
    group: UUID | None


def meaning(statement: Json) -> Meaning:
    """What a statement with an instant is about."""
    kind = _kind(statement)
    if kind == "video":
        return Meaning(kind, _group(kind, statement, statement["object"]["id"]))
    if kind in ("answer", "attempt"):
        return Meaning(kind, _group("quiz", statement, *_sitting(statement)))
    if kind == "activity":
        return Meaning(kind, occurrence_key(statement))
    return Meaning(kind, None)


def quiz_of(statement: Json) -> Json:
    """The activity that is the quiz of an answer or an attempt."""
    owners = [one for one in parents(statement) if definition(one).get("type") not in SECTION_TYPES | COURSE_TYPES]
    quiz = of_types(iter(owners), QUIZ_TYPES)
    attempts = [one for one in owners if definition(one).get("type") in ATTEMPT_TYPES]
    return quiz or next((one for one in owners if one not in attempts), statement["object"])


def course_of(statement: Json) -> Json | None:
    return of_types(parents(statement), COURSE_TYPES)


def content_id(activity_id: str) -> str:
    """The id of the content that a part of it, as H5P names parts, belongs to."""
    found = SUB_CONTENT.sub("", activity_id)
    return found.replace("&", "?", 1) if "?" not in found and "&" in found and "?" in activity_id else found


def attempt_id(statement: Json) -> str | None:
    """The id of the attempt, from senders that have one."""
    if definition(statement["object"]).get("type") in ATTEMPT_TYPES:
        return str(statement["object"]["id"])
    named = of_types(parents(statement), ATTEMPT_TYPES)
    return str(named["id"]) if named else None


def says_whether_correct(statement: Json) -> bool:
    result = statement.get("result", {})
    return "success" in result or bool(result.get("score"))


def _kind(statement: Json) -> Kind:
    actor, verb, about = statement["actor"], statement["verb"]["id"], statement["object"]
    if actor.get("objectType", "Agent") != "Agent":
        return "nobody"
    if verb in SAYS_NOTHING and verb not in VERBS_OF_VIDEOS_TOO:
        return "nothing"
    if about.get("objectType", "Activity") not in EMBEDDED:
        return "unknown"
    if verb in VIDEO_VERBS or (verb in VERBS_OF_VIDEOS_TOO and is_about_a_video(statement)):
        return "video"
    if verb in ANSWERS and says_whether_correct(statement):
        return "answer"
    if verb in ENDINGS and says_whether_correct(statement):
        return "attempt"
    if verb in SAYS_NOTHING:
        return "nothing"
    return "activity" if verb in ACTIVITIES else "unknown"


def _sitting(statement: Json) -> tuple[str, ...]:
    """What tells the attempts of a student at a quiz apart, as far as the sender does."""
    named = attempt_id(statement)
    if named:
        return ("attempt", named)
    if statement["verb"]["id"] == EVALUATED:
        whole = statement.get("context", {}).get("statement", {}).get("id") or statement["id"]
        return ("evaluated", str(whole).lower())
    registration = str(statement.get("context", {}).get("registration", ""))
    return ("content", content_id(quiz_of(statement)["id"]), registration)


def _group(kind: str, statement: Json, *parts: Any) -> UUID:
    return key("group", repr((kind, actor_name(statement["actor"]), *parts)))
