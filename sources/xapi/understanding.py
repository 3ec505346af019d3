"""What statements say, as facts: a pure function of the statements of a group."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from database.instants import BETWEEN, is_taken
from sources.facts import Activity, Fact, Refusal
from sources.xapi import understanding_quizzes, understanding_videos
from sources.xapi.keys import Json, key
from sources.xapi.meanings import content_id, meaning
from sources.xapi.people import student
from sources.xapi.values import instant
from sources.xapi.vocabulary import ACTIVITIES, is_about_a_video

RULE_INSTANT = f"The timestamp lies {BETWEEN}."


class Understood(NamedTuple):
    """What a group of statements says, and what in it breaks which rule."""

    facts: tuple[Fact, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def understood(statements: Sequence[Json], own_home_pages: AbstractSet[str] = frozenset()) -> Understood:
    """The facts of a group: statements with equal `meaning(…).group`, in any order, equal ones as often as they came.

    Every fact but the student's describes the group alone. Same statements, same facts.
    """
    possible = [one for one in statements if is_taken(instant(one["timestamp"]))]
    refusals = [
        Refusal(0, "timestamp", str(one["timestamp"])[:100], RULE_INSTANT)
        for one in statements
        if not is_taken(instant(one["timestamp"]))
    ]
    if not possible:
        return Understood((), tuple(refusals))
    newest = max(possible, key=lambda one: (instant(one["timestamp"]), str(one["id"])))
    who = student(newest["actor"], own_home_pages)
    facts: list[Fact] = [who]
    match meaning(newest).kind:
        case "video":
            found, refused = understanding_videos.watched(possible, who.id)
            facts, refusals = [*facts, *found], [*refusals, *refused]
        case "answer" | "attempt":
            facts += understanding_quizzes.sitting(possible, who.id)
        case "activity":
            facts.append(_activity(newest, who.id))
        case _:
            return Understood((), tuple(refusals))
    return Understood(tuple(dict.fromkeys(facts)), tuple(refusals))


def _activity(statement: Json, student_id: str) -> Activity:
    """An activity is named by what happened, not by the statement: senders without ids send again with another one."""
    about, at = statement["object"]["id"], instant(statement["timestamp"])
    kind = ACTIVITIES[statement["verb"]["id"]]
    video = content_id(about) if is_about_a_video(statement) else None
    return Activity(student_id, kind, at, video, str(key("activity", f"{kind} {about} {at.isoformat()} {student_id}")))
