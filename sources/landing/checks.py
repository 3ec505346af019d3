"""What a fact may say: the same limits for every door, as sentences for people."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from database.instants import BETWEEN, is_taken
from sources.facts import (
    Activity,
    Answer,
    Attempt,
    Course,
    CurvePoint,
    Enrolment,
    Fact,
    Message,
    Progress,
    Question,
    Quiz,
    Refusal,
    Run,
    Segment,
    Student,
    Video,
)

GREATEST = 2_147_483_647
LONGEST_ID, LONGEST_NAME, LONGEST_TEXT, LONGEST_TRANSCRIPT = 500, 300, 100_000, 5_000_000  # characters
LONGEST_VALUE = 100  # characters of a refused value that are kept
MOST_OF_A_LIST = 200

Check = Callable[[Any], str | None]  # the rule that the value breaks


def text(longest: int, least: int = 1) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "It must be text."
        if not least <= len(value) <= longest:
            return f"It must have {least:,} to {longest:,} characters."
        if "\0" in value or not (value.isascii() or _is_unicode(value)):
            return "It must be text without NUL characters, in valid Unicode."
        return None

    return check


def whole(least: int = 0) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= GREATEST:
            return None
        return f"It must be a whole number from {least} to {GREATEST:,}."

    return check


def number(greatest: int) -> Check:
    def check(value: Any) -> str | None:
        # NaN is not between anything.
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and 0 <= value <= greatest:
            return None
        return f"It must be a number from 0 to {greatest}."

    return check


def one_of(*known: str) -> Check:
    def check(value: Any) -> str | None:
        return None if value in known else f"It must be one of {', '.join(known)}."

    return check


def instant(value: Any) -> str | None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return "It must be a time with a time zone."
    return None if is_taken(value) else f"It must be a time {BETWEEN}."


def yes_or_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "It must be true or false."


def texts(value: Any) -> str | None:
    if not isinstance(value, tuple | list) or len(value) > MOST_OF_A_LIST:
        return f"It must be a list of up to {MOST_OF_A_LIST} texts."
    return next((rule for one in value if (rule := NAME_OR_EMPTY(one))), None)


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


ID, NAME, NAME_OR_EMPTY = text(LONGEST_ID), text(LONGEST_NAME), text(LONGEST_TEXT, least=0)
LONG, LONG_OR_EMPTY = text(LONGEST_TEXT), text(LONGEST_TEXT, least=0)
COUNT, PERCENT = whole(), number(100)

# Fields that every fact of the kind has, and those that it may have.
NEEDED: dict[type, tuple[tuple[str, Check], ...]] = {
    Student: (("id", ID),),
    Course: (("id", ID),),
    Run: (("id", ID), ("course", ID)),
    Enrolment: (("student", ID), ("course", ID)),
    Video: (("id", ID),),
    Progress: (("student", ID), ("video", ID), ("first_watched", instant), ("last_watched", instant)),
    Segment: (
        ("student", ID),
        ("video", ID),
        ("start_second", COUNT),
        ("end_second", COUNT),
        ("watched_at", instant),
    ),
    CurvePoint: (("video", ID), ("position_percent", PERCENT), ("viewers_percent", PERCENT)),
    Quiz: (("id", ID),),
    Question: (("id", ID), ("quiz", ID)),
    Attempt: (
        ("quiz", ID),
        ("student", ID),
        ("completed_at", instant),
        ("score_percent", PERCENT),
        ("passed", yes_or_no),
    ),
    Answer: (("quiz", ID), ("question", ID), ("student", ID), ("answered_at", instant), ("is_correct", yes_or_no)),
    Message: (
        ("id", ID),
        ("student", ID),
        ("role", one_of("user", "assistant")),
        ("content", LONG_OR_EMPTY),
        ("sent_at", instant),
    ),
    Activity: (("student", ID), ("kind", NAME), ("at", instant)),
}
OPTIONAL: dict[type, tuple[tuple[str, Check], ...]] = {
    Student: (
        ("name", NAME),
        ("email", NAME),
        ("created_at", instant),
        ("removed_at", instant),
        ("xp_points", COUNT),
        ("level", COUNT),
        ("streak_days", COUNT),
    ),
    Course: (("title", NAME), ("position", COUNT)),
    Run: (("title", NAME), ("starts_at", instant), ("ends_at", instant)),
    Enrolment: (("run", ID), ("enrolled_at", instant), ("ended_at", instant), ("access_expires_at", instant)),
    Video: (
        ("title", NAME),
        ("course", ID),
        ("duration_seconds", COUNT),
        ("position", COUNT),
        ("description", LONG_OR_EMPTY),
        ("category", NAME),
        ("tags", texts),
        ("difficulty", one_of("beginner", "intermediate", "advanced")),
        ("transcript", text(LONGEST_TRANSCRIPT, least=0)),
        ("created_at", instant),
        ("removed_at", instant),
    ),
    Progress: (("watched_seconds", COUNT), ("watched_percent", PERCENT), ("completed", yes_or_no)),
    Quiz: (
        ("title", NAME),
        ("course", ID),
        ("video", ID),
        ("position", COUNT),
        ("created_at", instant),
        ("removed_at", instant),
    ),
    Question: (("prompt", LONG), ("options", texts), ("correct_answer", LONG_OR_EMPTY), ("position", COUNT)),
    Attempt: (("id", ID), ("number", whole(least=1)), ("time_taken_seconds", COUNT)),
    Answer: (("answer", LONG_OR_EMPTY), ("attempt", ID)),
    Message: (("conversation", ID), ("video", ID), ("video_second", COUNT), ("helpful", number(1))),
    Activity: (("video", ID), ("id", ID)),
}
# Pairs of fields of which the first may not be greater.
IN_ORDER = {
    Segment: ("start_second", "end_second", "The end lies before the start."),
    Progress: ("first_watched", "last_watched", "It was last watched before it was first watched."),
    Run: ("starts_at", "ends_at", "The end lies before the start."),
    Enrolment: ("enrolled_at", "ended_at", "The end lies before the start."),
}


def refusals(line: int, fact: Fact) -> list[Refusal]:
    """The rules that the fact breaks, field by field; none if it may be written."""
    found = []
    kind = type(fact)
    for name, check in NEEDED[kind]:
        if rule := check(getattr(fact, name)):
            found.append(Refusal(line, name, shown(getattr(fact, name)), rule))
    for name, check in OPTIONAL.get(kind, ()):
        value = getattr(fact, name)
        if value is not None and (rule := check(value)):
            found.append(Refusal(line, name, shown(value), rule))
    if not found and kind in IN_ORDER:
        first, last, rule = IN_ORDER[kind]
        known = getattr(fact, first), getattr(fact, last)
        if None not in known and (known[0] > known[1] or (kind is Run and known[0] == known[1])):
            found.append(Refusal(line, last, shown(known[1]), rule))
    return found


def shown(value: Any) -> str | None:
    """A value of the input as it may be kept: cut, and without characters that a database refuses."""
    if value is None:
        return None
    told = value.isoformat() if isinstance(value, datetime) else str(value)
    if len(told) > LONGEST_VALUE:
        told = told[: LONGEST_VALUE - 1] + "…"
    return told.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
