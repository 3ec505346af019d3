"""The simple values of xAPI 1.0.3 and 2.0, as the tests of the specification draw their limits."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

UUID_FORM = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
IRI_FORM = r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x1f\x7f]+"
# RFC 5646: language, extended language, script, region, variants, extensions, private use; or private use alone.
TAG_FORM = (
    r"(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[Xx](?:-[A-Za-z0-9]{1,8})+|[Ii]-[A-Za-z0-9-]+)"
)
NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
DURATION_FORM = (
    rf"P(?:{NUMBER}W|(?:{NUMBER}Y)?(?:{NUMBER}M)?(?:{NUMBER}D)?"
    rf"(?:T(?:{NUMBER}H)?(?:{NUMBER}M)?(?:{NUMBER}S)?)?)"
)
INSTANT_FORM = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?P<fraction>[.,]\d+)?)?(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?"
)
DURATION = re.compile(DURATION_FORM)
NO_ZONE = re.compile(r"-00(?::?00)?")
PARTS_OF_DURATION = re.compile(rf"({NUMBER})([WYMDHS])")
SECONDS = {"W": 604_800, "Y": 31_536_000, "D": 86_400, "H": 3_600, "S": 1}
SECONDS_OF_M = {False: 2_592_000, True: 60}  # before the T a month, behind it a minute
LONGEST_TEXT = 100_000


def instant(text: str) -> datetime:
    """The instant that a timestamp says, in UTC if it says no zone. Raises ValueError for what is none."""
    found = INSTANT_FORM.fullmatch(text)
    if found is None:
        raise ValueError("This is no timestamp of ISO 8601.")
    if NO_ZONE.fullmatch(found["zone"] or ""):
        raise ValueError("The zone -00:00 says nothing; write Z.")
    fraction, upper = found["fraction"], text.upper()
    if fraction:  # as many digits as Python reads
        upper = upper.replace(fraction, "." + fraction[1:7].ljust(6, "0"), 1)
    told = datetime.fromisoformat(upper)
    try:
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("This timestamp lies outside of the calendar.") from None


def seconds(duration: str) -> float:
    """The length of a duration; a year has 365 days, a month 30."""
    date, _, time = duration[1:].partition("T")
    return sum(
        float(number.replace(",", ".")) * (SECONDS_OF_M[part is time] if unit == "M" else SECONDS[unit])
        for part in (date, time)
        for number, unit in PARTS_OF_DURATION.findall(part)
    )


def _an_instant(text: str) -> str:
    instant(text)
    return text


def _a_duration(text: str) -> str:
    if not DURATION.fullmatch(text) or text in ("P", "PT") or text.endswith("T"):
        raise ValueError("This is no duration of ISO 8601.")
    return text


def _null_as_nothing(value: Any) -> Any:
    return "" if value is None else value


Iri: TypeAlias = Annotated[str, StringConstraints(pattern=rf"^{IRI_FORM}$", max_length=LONGEST_TEXT)]
Mbox: TypeAlias = Annotated[str, StringConstraints(pattern=r"^mailto:[^\s@]+@[^\s@]+$", max_length=1_000)]
Sha1: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{40}$")]
Sha2: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$")
]
StatementId: TypeAlias = Annotated[str, StringConstraints(pattern=rf"^{UUID_FORM}$")]
LanguageTag: TypeAlias = Annotated[str, StringConstraints(pattern=rf"^{TAG_FORM}$")]
LanguageMap: TypeAlias = dict[LanguageTag, str]
Extensions: TypeAlias = dict[Iri, Any]
Instant: TypeAlias = Annotated[str, AfterValidator(_an_instant)]
Duration: TypeAlias = Annotated[str, AfterValidator(_a_duration)]
# The specification takes no null; Moodle sends one for an essay without words.
Response: TypeAlias = Annotated[str, BeforeValidator(_null_as_nothing)]
Scaled: TypeAlias = Annotated[float, Field(ge=-1, le=1)]
Version: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(?:1\.0(?:\.[0-9]+)?|2\.0(?:\.[0-9]+)?)$")]
ContentType: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^\s/;]+/[^\s/;]+(?:\s*;.*)?$", max_length=255)]
InteractionType: TypeAlias = Literal[
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
]
