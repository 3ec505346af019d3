"""Keys of what statements name: short values of one length, by which statements are found and told apart."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from database.canonical import canonical
from database.mail_addresses import address_key

Json = dict[str, Any]

NAMES = UUID("6a3c1f0e-5f0e-5c66-9d0f-3d8e7b1f2a90")  # so that no key of ours is one of somebody else's
IDENTIFIER_NAMES = ("mbox", "mbox_sha1sum", "openid", "account")
NOT_COMPARED = ("id", "stored", "timestamp", "version", "authority")  # set or repaired on the way
FINER = re.compile(r"(?<=[.,]\d\d)\d+")  # than hundredths of a second, in which durations are compared
NOT_MEANT = ("display", "definition")  # words about a verb or an activity, which may be corrected


def key(kind: str, text: str) -> UUID:
    """The key of a text; different kinds have different keys."""
    return uuid5(NAMES, f"{kind} {text}".encode("utf-8", "surrogatepass").hex())


def actor_name(agent: Json) -> str | None:
    """What identifies an agent or a group, as one text; None for a group without an identifier."""
    if "mbox" in agent:
        return address_key(str(agent["mbox"]))
    if "account" in agent:  # a home page has no space in it that could be taken for this one
        return f"{agent['account']['homePage']} {agent['account']['name']}"
    if "openid" in agent:
        return str(agent["openid"])
    return f"sha1:{str(agent['mbox_sha1sum']).lower()}" if "mbox_sha1sum" in agent else None


def actor_key(agent: Json) -> UUID | None:
    """The key of an agent or a group; None without an identifier."""
    name = actor_name(agent)
    return None if name is None else key("agent", name)


def activity_key(activity_id: str) -> UUID:
    return key("activity", activity_id)


def verb_key(verb_id: str) -> UUID:
    return key("verb", verb_id)


def people(statement: Json) -> Iterator[Json]:
    """Every agent and group that a statement names, those within its sub-statement and its groups included."""
    context = statement.get("context", {})
    named = [statement["actor"], statement["object"], context.get("instructor"), context.get("team")]
    named += [one["agent"] for one in context.get("contextAgents", ())]
    named += [one["group"] for one in context.get("contextGroups", ())]
    for one in named:
        if one and is_actor(one, one is not statement["object"]):
            yield one
            yield from one.get("member", ())
    if statement["object"].get("objectType") == "SubStatement":
        yield from people(statement["object"])


def is_actor(value: Json, by_default: bool = True) -> bool:
    """Whether it is an agent or a group; what says nothing is one where an actor stands."""
    told = value.get("objectType")
    return told in ("Agent", "Group") or (told is None and by_default and "id" not in value)


def activities(statement: Json) -> Iterator[Json]:
    """Every activity that a statement names, those of its context and of its sub-statement included."""
    inner = statement["object"]
    if inner.get("objectType", "Activity") in ("Activity", "GroupActivity"):
        yield inner
    for named in statement.get("context", {}).get("contextActivities", {}).values():
        yield from named if isinstance(named, list) else (named,)
    if inner.get("objectType") == "SubStatement":
        yield from activities(inner)


def content_key(statement: Json) -> UUID:
    """Equal for statements that say the same, whatever their instants and their words for verbs and activities."""
    compared = {name: _meant(value) for name, value in statement.items() if name not in NOT_COMPARED}
    return key("content", canonical(compared))


def occurrence_key(statement: Json) -> UUID:
    """Equal for statements about the same event that were sent with different ids."""
    told = (
        actor_name(statement["actor"]),
        statement["verb"]["id"],
        statement["object"].get("id"),
        statement["timestamp"],
    )
    return key("occurrence", json.dumps(told))


def _meant(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        if name == "extensions":
            return value
        return {inner: _meant(part, inner) for inner, part in value.items() if inner not in NOT_MEANT}
    if isinstance(value, list):
        return [_meant(part) for part in value]
    return FINER.sub("", value) if name == "duration" and isinstance(value, str) else value
