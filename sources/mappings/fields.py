"""The kinds of facts that a row can say, and the fields of each: derived from `sources.facts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from inspect import Parameter, signature
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from sources import facts
from sources.facts import Fact

Type = Literal["id", "text", "whole number", "seconds", "percent", "share", "instant", "yes or no", "list", "choice"]

IDS = ("id", "student", "course", "run", "video", "quiz", "question", "attempt", "conversation")
SECONDS = ("_second", "_seconds")
# These happened: an instant after today is a mistake of the clock or of the mapping.
IN_THE_PAST = frozenset({"watched_at", "first_watched", "last_watched", "at", "sent_at", "completed_at", "answered_at"})

KINDS: Mapping[str, type[Fact]] = {
    "student": facts.Student,
    "course": facts.Course,
    "run": facts.Run,
    "enrolment": facts.Enrolment,
    "video": facts.Video,
    "progress": facts.Progress,
    "segment": facts.Segment,
    "curve point": facts.CurvePoint,
    "quiz": facts.Quiz,
    "question": facts.Question,
    "attempt": facts.Attempt,
    "answer": facts.Answer,
    "message": facts.Message,
    "activity": facts.Activity,
}
PLURALS = {
    "student": "students",
    "course": "courses",
    "run": "runs",
    "enrolment": "enrolments",
    "video": "videos",
    "progress": "progress in videos",
    "segment": "watched segments",
    "curve point": "points of retention curves",
    "quiz": "quizzes",
    "question": "questions",
    "attempt": "quiz attempts",
    "answer": "answers",
    "message": "chat messages",
    "activity": "other activities",
}


@dataclass(frozen=True)
class Field:
    """A field of a kind of fact. `choices` are the words that it may have, where only some are possible."""

    name: str
    type: Type
    is_required: bool
    is_past: bool = False
    choices: tuple[str, ...] = ()


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of this kind, in order."""
    fact = KINDS[kind]
    hints = get_type_hints(fact)
    needed = {name for name, one in signature(fact).parameters.items() if one.default is Parameter.empty}
    return tuple(_field(name, hints[name], name in needed) for name in fact._fields)


def _field(name: str, hint: Any, is_required: bool) -> Field:
    (bare,) = [one for one in get_args(hint) if one is not NoneType] if NoneType in get_args(hint) else [hint]
    if get_origin(bare) is Literal:
        return Field(name, "choice", is_required, choices=get_args(bare))
    return Field(name, _type(name, bare), is_required, name in IN_THE_PAST)


def _type(name: str, bare: Any) -> Type:
    if name in IDS:
        return "id"
    if bare is datetime:
        return "instant"
    if bare is bool:
        return "yes or no"
    if bare is int:
        return "seconds" if name.endswith(SECONDS) else "whole number"
    if bare is float:
        return "percent" if name.endswith("_percent") else "share"
    return "list" if get_origin(bare) is tuple else "text"
