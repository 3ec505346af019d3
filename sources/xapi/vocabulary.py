"""The verbs, types and extensions that widespread senders use, and how a statement says them."""

import math
from collections.abc import Iterator
from typing import Any

from sources.xapi.shapes import VOIDED

Json = dict[str, Any]

VIDEO = "https://w3id.org/xapi/video"
VIDEO_TYPE = f"{VIDEO}/activity-type/video"
ADL = "http://adlnet.gov/expapi"
PLAYED, PAUSED, SEEKED = (f"{VIDEO}/verbs/{verb}" for verb in ("played", "paused", "seeked"))
INITIALIZED, COMPLETED, TERMINATED, INTERACTED = (
    f"{ADL}/verbs/{verb}" for verb in ("initialized", "completed", "terminated", "interacted")
)
ANSWERED, PASSED, FAILED = (f"{ADL}/verbs/{verb}" for verb in ("answered", "passed", "failed"))
EVALUATED = "https://w3id.org/xapi/acrossx/verbs/evaluated"  # what Open edX sends for an answer

VIDEO_VERBS = {PLAYED, PAUSED, SEEKED}
VERBS_OF_VIDEOS_TOO = {INITIALIZED, COMPLETED, TERMINATED, INTERACTED}
ANSWERS = {ANSWERED, EVALUATED}
ENDINGS = {COMPLETED, PASSED, FAILED}
# Something that a student did, and what it is called.
ACTIVITIES = {
    INITIALIZED: "opened",
    COMPLETED: "completed",
    PASSED: "passed",
    FAILED: "failed",
    ANSWERED: "answered",
    EVALUATED: "answered",
    f"{ADL}/verbs/attempted": "attempted",
    f"{ADL}/verbs/experienced": "viewed",
    f"{ADL}/verbs/launched": "opened",
    f"{ADL}/verbs/commented": "commented",
    f"{ADL}/verbs/asked": "asked",
    "http://id.tincanapi.com/verb/viewed": "viewed",
    "http://activitystrea.ms/schema/1.0/open": "opened",
    "http://activitystrea.ms/schema/1.0/watch": "watched",
    "https://w3id.org/xapi/acrossx/verbs/viewed": "viewed",
}
# What goes on within an activity that counts already, and what is no doing of a student.
SAYS_NOTHING = {
    INTERACTED,
    TERMINATED,
    VOIDED,
    f"{ADL}/verbs/progressed",
    f"{ADL}/verbs/suspended",
    f"{ADL}/verbs/resumed",
    f"{ADL}/verbs/scored",
    "https://w3id.org/xapi/adl/verbs/abandoned",
    "https://w3id.org/xapi/adl/verbs/waived",
    "https://w3id.org/xapi/adl/verbs/satisfied",
}
ATTEMPT_TYPES = {f"{ADL}/activities/attempt"}
COURSE_TYPES = {f"{ADL}/activities/course", "https://w3id.org/xapi/cmi5/activitytype/course"}
QUIZ_TYPES = {f"{ADL}/activities/assessment", "http://id.tincanapi.com/activitytype/survey"}
SECTION_TYPES = {"http://id.tincanapi.com/activitytype/section", "http://id.tincanapi.com/activitytype/lms"}
SESSIONS = (f"{VIDEO}/extensions/session-id", "https://w3id.org/xapi/openedx/extensions/session-id")
ATTEMPT_NUMBER = "http://id.tincanapi.com/extension/attempt-id"
LONGEST_WORDS = 300  # characters of a title
WORDS_FIRST = ("en", "en-US", "en-GB", "und")


def definition(activity: Json) -> Json:
    found: Json = activity.get("definition", {})
    return found


def words(told: Json | None) -> str | None:
    """The words of a language map: the English ones, else the first that are not empty."""
    told = told or {}
    found = next((told[tag] for tag in WORDS_FIRST if told.get(tag)), None) or next(filter(None, told.values()), None)
    return " ".join(found.replace("\0", "").split())[:LONGEST_WORDS] or None if found else None


def title(activity: Json) -> str | None:
    """What an activity is called; None if nothing says so."""
    return words(definition(activity).get("name"))


def extension(statement: Json, place: str, name: str) -> Any:
    return statement.get(place, {}).get("extensions", {}).get(name)


def video_number(statement: Json, place: str, name: str) -> float | None:
    """A number of the Video Profile, also where it is written as a text; None for what is no finite number."""
    told = extension(statement, place, f"{VIDEO}/extensions/{name}")
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        number = float(told)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def parents(statement: Json) -> Iterator[Json]:
    """The activities that its object belongs to, nearest first as senders write them."""
    told = statement.get("context", {}).get("contextActivities", {}).get("parent", [])
    yield from told if isinstance(told, list) else (told,)


def of_types(activities: Iterator[Json], types: set[str]) -> Json | None:
    return next((one for one in activities if definition(one).get("type") in types), None)


def is_about_a_video(statement: Json) -> bool:
    """Whether it follows the Video Profile, as far as senders do."""
    if statement["verb"]["id"] in VIDEO_VERBS or definition(statement["object"]).get("type") == VIDEO_TYPE:
        return True
    told = [statement.get(place, {}).get("extensions", {}) for place in ("context", "result")]
    return any(name.startswith(f"{VIDEO}/extensions/") for extensions in told for name in extensions)


def session(statement: Json) -> str:
    """One sitting of a player; empty if nothing tells them apart."""
    for name in SESSIONS:
        told = extension(statement, "context", name)
        if isinstance(told, str) and told:
            return told
    return str(statement.get("context", {}).get("registration", ""))
