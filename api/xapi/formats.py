"""Other forms of a statement: with ids only, or with the words of one language."""

from typing import Any

from sources.xapi.keys import IDENTIFIER_NAMES, Json

MAPS = ("display", "name", "description")


def ids_only(statement: Json) -> Json:
    """The statement with nothing of agents, verbs and activities but what identifies them."""
    return {name: _ids(name, value) for name, value in statement.items()}


def in_language(statement: Json, accepted: str) -> Json:
    """The statement with one entry in each language map: the one that is accepted first, else its first."""
    tags = _tags(accepted)
    return {name: _in_language(value, tags, name) for name, value in statement.items()}


def _ids(name: str, value: Any) -> Any:
    if name == "verb":
        return {"id": value["id"]}
    if name in ("actor", "authority", "instructor", "team", "object", "agent", "group"):
        return _object_ids(value)
    if name == "context":
        return {inner: _ids(inner, part) for inner, part in value.items()}
    if name == "contextActivities":
        return {place: [{"id": one["id"]} for one in named] for place, named in value.items()}
    return value


def _object_ids(value: Json) -> Json:
    kind = value.get("objectType")
    if kind == "SubStatement":
        return ids_only(value)
    if kind == "StatementRef":
        return value
    if "definition" in value or ("id" in value and kind in (None, "Activity", "GroupActivity")):
        return {"id": value["id"]}
    known = {name: value[name] for name in ("objectType", *IDENTIFIER_NAMES) if name in value}
    if "member" in value and len(known) <= 1:  # members identify a group that nothing else does
        known["member"] = [_object_ids(one) for one in value["member"]]
    return known


def _in_language(value: Any, tags: list[str], name: str = "") -> Any:
    if isinstance(value, list):
        return [_in_language(one, tags) for one in value]
    if not isinstance(value, dict) or name == "extensions":
        return value
    if name in MAPS and value:
        chosen = _chosen(value, tags)
        return {chosen: value[chosen]}
    return {inner: _in_language(part, tags, inner) for inner, part in value.items()}


def _chosen(words: dict[str, str], tags: list[str]) -> str:
    for tag in tags:
        for known in words:
            if known.lower() == tag or known.lower().startswith(f"{tag}-"):
                return known
    return next(iter(words))


def _tags(accepted: str) -> list[str]:
    """The language tags of the header, best first."""
    told = []
    for place, part in enumerate(accepted.split(",")[:50]):
        tag, _, quality = part.partition(";q=")
        try:
            told.append((-float(quality or 1), place, tag.strip().lower()))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(told) if tag and tag != "*"]
