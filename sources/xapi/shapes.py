"""The structure of statements: strict about form, and open to every vocabulary.

Checked are the rules whose breach makes a statement unreadable, as the specification's own tests do. Verbs, types
and extensions may be any. Two forms that it forbids are taken all the same, because widespread senders use them:
the `objectType` "GroupActivity" of Open edX and the null `response` of Moodle.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NotRequired, TypeAlias, TypeVar

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic reads those of `typing` from Python 3.12 on

from sources.xapi.keys import IDENTIFIER_NAMES as IDENTIFIERS
from sources.xapi.values import (
    ContentType,
    Duration,
    Extensions,
    Instant,
    InteractionType,
    Iri,
    LanguageMap,
    LanguageTag,
    Mbox,
    Response,
    Scaled,
    Sha1,
    Sha2,
    StatementId,
    Version,
)

T = TypeVar("T")

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
COMPONENTS = {
    "choices": ("choice", "sequencing"),
    "scale": ("likert",),
    "source": ("matching",),
    "target": ("matching",),
    "steps": ("performance",),
}
STRICT = ConfigDict(extra="forbid", strict=True)


@with_config(STRICT)
class Account(TypedDict):
    homePage: Iri
    name: Annotated[str, Field(min_length=1)]


@with_config(STRICT)
class AgentShape(TypedDict):
    objectType: NotRequired[Literal["Agent"]]
    name: NotRequired[str]
    mbox: NotRequired[Mbox]
    mbox_sha1sum: NotRequired[Sha1]
    openid: NotRequired[Iri]
    account: NotRequired[Account]


def _one_identifier(agent: Any) -> Any:
    found = [name for name in IDENTIFIERS if name in agent]
    if len(found) != 1:
        raise ValueError(f"An agent has exactly one of {', '.join(IDENTIFIERS)}; this one has {len(found)}.")
    return agent


Agent: TypeAlias = Annotated[AgentShape, AfterValidator(_one_identifier)]


@with_config(STRICT)
class GroupShape(TypedDict):
    objectType: Literal["Group"]
    name: NotRequired[str]
    member: NotRequired[list[Agent]]
    mbox: NotRequired[Mbox]
    mbox_sha1sum: NotRequired[Sha1]
    openid: NotRequired[Iri]
    account: NotRequired[Account]


def _identified_or_with_members(group: GroupShape) -> GroupShape:
    found = [name for name in IDENTIFIERS if name in group]
    if len(found) > 1:
        raise ValueError(f"A group has at most one of {', '.join(IDENTIFIERS)}; this one has {len(found)}.")
    if not found and "member" not in group:
        raise ValueError("A group without an identifier has members.")
    return group


Group: TypeAlias = Annotated[GroupShape, AfterValidator(_identified_or_with_members)]


def _kind(default: str) -> Callable[[Any], str]:
    def kind(value: Any) -> str:
        told = value.get("objectType", default) if isinstance(value, dict) else default
        return told if isinstance(told, str) else "?"

    return kind


Actor: TypeAlias = Annotated[
    Annotated[Agent, Tag("Agent")] | Annotated[Group, Tag("Group")], Discriminator(_kind("Agent"))
]


@with_config(STRICT)
class Verb(TypedDict):
    id: Iri
    display: NotRequired[LanguageMap]


@with_config(STRICT)
class Component(TypedDict):
    id: Annotated[str, Field(min_length=1)]
    description: NotRequired[LanguageMap]


def _unlike_ids(components: list[Component]) -> list[Component]:
    if len({one["id"] for one in components}) < len(components):
        raise ValueError("Two components have the same id.")
    return components


Components: TypeAlias = Annotated[list[Component], AfterValidator(_unlike_ids)]


@with_config(STRICT)
class DefinitionShape(TypedDict):
    name: NotRequired[LanguageMap]
    description: NotRequired[LanguageMap]
    type: NotRequired[Iri]
    moreInfo: NotRequired[Iri]
    extensions: NotRequired[Extensions]
    interactionType: NotRequired[InteractionType]
    correctResponsesPattern: NotRequired[list[str]]
    choices: NotRequired[Components]
    scale: NotRequired[Components]
    source: NotRequired[Components]
    target: NotRequired[Components]
    steps: NotRequired[Components]


def _components_of_its_kind(definition: DefinitionShape) -> DefinitionShape:
    kind = definition.get("interactionType")
    given = [name for name in (*COMPONENTS, "correctResponsesPattern") if name in definition]
    if given and kind is None:
        raise ValueError(f"{given[0]} needs an interactionType.")
    for name in given:
        if kind not in COMPONENTS.get(name, (kind,)):
            raise ValueError(f'{name} does not belong to the interactionType "{kind}".')
    return definition


@with_config(STRICT)
class Activity(TypedDict):
    objectType: NotRequired[Literal["Activity", "GroupActivity"]]
    id: Iri
    definition: NotRequired[Annotated[DefinitionShape, AfterValidator(_components_of_its_kind)]]


@with_config(STRICT)
class StatementRef(TypedDict):
    objectType: Literal["StatementRef"]
    id: StatementId


@with_config(STRICT)
class ScoreShape(TypedDict):
    scaled: NotRequired[Scaled]
    raw: NotRequired[float]
    min: NotRequired[float]
    max: NotRequired[float]


def _within(score: ScoreShape) -> ScoreShape:
    low, raw, high = score.get("min"), score.get("raw"), score.get("max")
    if low is not None and high is not None and low > high:
        raise ValueError("min is above max.")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise ValueError("raw is not between min and max.")
    return score


@with_config(STRICT)
class Result(TypedDict):
    score: NotRequired[Annotated[ScoreShape, AfterValidator(_within)]]
    success: NotRequired[bool]
    completion: NotRequired[bool]
    response: NotRequired[Response]
    duration: NotRequired[Duration]
    extensions: NotRequired[Extensions]


Activities: TypeAlias = Activity | list[Activity]


@with_config(STRICT)
class ContextActivities(TypedDict):
    parent: NotRequired[Activities]
    grouping: NotRequired[Activities]
    category: NotRequired[Activities]
    other: NotRequired[Activities]


@with_config(STRICT)
class ContextAgent(TypedDict):
    objectType: Literal["contextAgent"]
    agent: Agent
    relevantTypes: NotRequired[Annotated[list[Iri], Field(min_length=1)]]


@with_config(STRICT)
class ContextGroup(TypedDict):
    objectType: Literal["contextGroup"]
    group: Group
    relevantTypes: NotRequired[Annotated[list[Iri], Field(min_length=1)]]


@with_config(STRICT)
class Context(TypedDict):
    registration: NotRequired[StatementId]
    instructor: NotRequired[Actor]
    team: NotRequired[Group]
    contextActivities: NotRequired[ContextActivities]
    contextAgents: NotRequired[list[ContextAgent]]
    contextGroups: NotRequired[list[ContextGroup]]
    revision: NotRequired[str]
    platform: NotRequired[str]
    language: NotRequired[LanguageTag]
    statement: NotRequired[StatementRef]
    extensions: NotRequired[Extensions]


@with_config(STRICT)
class Attachment(TypedDict):
    usageType: Iri
    display: LanguageMap
    description: NotRequired[LanguageMap]
    contentType: ContentType
    length: Annotated[int, Field(ge=0)]
    sha2: Sha2
    fileUrl: NotRequired[Iri]


def _revised_is_an_activity(statement: T) -> T:
    told: Any = statement
    is_activity = _kind("Activity")(told["object"]) in ("Activity", "GroupActivity")
    context = told.get("context", {})
    for name in ("revision", "platform"):
        if name in context and not is_activity:
            raise ValueError(f"context.{name} is only for an object that is an activity.")
    if told["verb"]["id"] == VOIDED and told["object"].get("objectType") != "StatementRef":
        raise ValueError("What voids a statement has that statement as its object.")
    return statement


InnerObject: TypeAlias = Annotated[
    Annotated[Activity, Tag("Activity")]
    | Annotated[Activity, Tag("GroupActivity")]
    | Annotated[Agent, Tag("Agent")]
    | Annotated[Group, Tag("Group")]
    | Annotated[StatementRef, Tag("StatementRef")],
    Discriminator(_kind("Activity")),
]


@with_config(STRICT)
class SubStatementShape(TypedDict):
    objectType: Literal["SubStatement"]
    actor: Actor
    verb: Verb
    object: InnerObject
    result: NotRequired[Result]
    context: NotRequired[Context]
    timestamp: NotRequired[Instant]
    attachments: NotRequired[list[Attachment]]


Object: TypeAlias = Annotated[
    Annotated[Activity, Tag("Activity")]
    | Annotated[Activity, Tag("GroupActivity")]
    | Annotated[Agent, Tag("Agent")]
    | Annotated[Group, Tag("Group")]
    | Annotated[StatementRef, Tag("StatementRef")]
    | Annotated[Annotated[SubStatementShape, AfterValidator(_revised_is_an_activity)], Tag("SubStatement")],
    Discriminator(_kind("Activity")),
]


def _key_of_two(authority: Any) -> Any:
    """An application that acts for a person is a group of two without an identifier."""
    if authority.get("objectType") == "Group":
        members = authority.get("member", [])
        if any(name in authority for name in IDENTIFIERS) or len(members) != 2:
            raise ValueError("An authority that is a group has two members and no identifier.")
    return authority


@with_config(STRICT)
class StatementShape(TypedDict):
    id: NotRequired[StatementId]
    actor: Actor
    verb: Verb
    object: Object
    result: NotRequired[Result]
    context: NotRequired[Context]
    timestamp: NotRequired[Instant]
    stored: NotRequired[Instant]
    authority: NotRequired[Annotated[Actor, AfterValidator(_key_of_two)]]
    version: NotRequired[Version]
    attachments: NotRequired[list[Attachment]]


Statement: TypeAlias = Annotated[StatementShape, AfterValidator(_revised_is_an_activity)]

STATEMENT: TypeAdapter[Any] = TypeAdapter(Statement)
AGENT: TypeAdapter[Any] = TypeAdapter(Agent)
ACTOR: TypeAdapter[Any] = TypeAdapter(Actor)
