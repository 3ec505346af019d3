"""What is a statement and what is not, by the numbers of the specification's requirements (XAPI-00001 …)."""

from typing import Any

import pytest

from sources.xapi.arrivals import NotAStatement, checked
from sources.xapi.shapes import VOIDED
from tests.xapi import a_statement

AGENT = {"mbox": "mailto:ada@example.com"}
GROUP = {"objectType": "Group", "member": [AGENT]}
ID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
CHOICE = {"interactionType": "choice", "choices": [{"id": "a"}, {"id": "b"}]}
ACTIVITY = "https://school.example/a"
FILE = {
    "usageType": "https://school.example/use",
    "display": {"en": "A file"},
    "contentType": "text/plain",
    "length": 3,
    "sha2": "0" * 64,
    "fileUrl": "https://school.example/f",
}


def about(**definition: Any) -> dict[str, Any]:
    return {"object": {"id": ACTIVITY, "definition": definition}}


def within(**statement: Any) -> dict[str, Any]:
    made = {"objectType": "SubStatement", "actor": AGENT, "verb": {"id": "urn:v"}, "object": {"id": "urn:o"}}
    return {"object": made | statement}


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("XAPI-00001 null", {"actor": AGENT | {"name": None}}),
    ("XAPI-00001 null in a map", {"verb": {"id": "urn:v", "display": {"en": None}}}),
    ("XAPI-00003 number as text", {"result": {"score": {"raw": "5"}}}),
    ("XAPI-00005 spelling", {"Result": {}}),
    ("XAPI-00007 unknown property", {"verb": {"id": "urn:v", "iD": "urn:v"}}),
    ("XAPI-00008 key of a map", {"verb": {"id": "urn:v", "display": {"not a tag": "x"}}}),
    ("XAPI-00011 no scheme", {"verb": {"id": "school.example/verbs/v"}}),
    ("XAPI-00011 home page", {"actor": {"account": {"homePage": "school", "name": "a"}}}),
    ("XAPI-00016 voids no statement", {"verb": {"id": VOIDED}}),
    ("XAPI-00023 id too short", {"id": ID[:-1]}),
    ("XAPI-00023 id of other letters", {"id": ID[:-1] + "g"}),
    ("XAPI-00024 id is a number", {"id": 7}),
    ("XAPI-00028 two identifiers", {"actor": AGENT | {"openid": "https://ada.example"}}),
    ("XAPI-00030 no identifier", {"actor": {"name": "Ada"}}),
    ("XAPI-00032 kind of actor", {"actor": AGENT | {"objectType": "Person"}}),
    ("XAPI-00033 members of no agents", {"actor": {"objectType": "Group", "member": [GROUP]}}),
    ("XAPI-00034 nobody in a group", {"actor": {"objectType": "Group", "name": "All"}}),
    ("XAPI-00038 mbox without its scheme", {"actor": {"mbox": "ada@example.com"}}),
    ("XAPI-00039 mbox without an at", {"actor": {"mbox": "mailto:ada"}}),
    ("XAPI-00040 hash", {"actor": {"mbox_sha1sum": "0" * 39}}),
    ("XAPI-00041 account without a name", {"actor": {"account": {"homePage": "https://school.example"}}}),
    ("XAPI-00044 no verb", {"verb": {}}),
    ("XAPI-00046 kind of object", {"object": {"objectType": "activity", "id": ACTIVITY}}),
    ("XAPI-00048 activity without an id", {"object": {"definition": {}}}),
    ("XAPI-00050 type of an activity", about(type="lesson")),
    ("XAPI-00054 kind of interaction", about(interactionType="Choice")),
    ("XAPI-00056 choices of another kind", about(interactionType="numeric", choices=[{"id": "a"}])),
    ("XAPI-00058 equal components", about(interactionType="choice", choices=[{"id": "a"}, {"id": "a"}])),
    ("XAPI-00060 component without an id", about(interactionType="choice", choices=[{}])),
    ("XAPI-00066 within a sub-statement", within(object=within()["object"])),
    ("XAPI-00067 id of a sub-statement", within(id=ID)),
    ("XAPI-00068 stored of a sub-statement", within(stored="2026-03-02T08:00:00Z")),
    ("XAPI-00070 reference without an id", {"object": {"objectType": "StatementRef"}}),
    ("XAPI-00074 success is no text", {"result": {"success": "true"}}),
    ("XAPI-00076 response is no number", {"result": {"response": 7}}),
    ("XAPI-00077 duration", {"result": {"duration": "1 hour"}}),
    ("XAPI-00080 scaled above 1", {"result": {"score": {"scaled": 1.01}}}),
    ("XAPI-00081 raw above max", {"result": {"score": {"raw": 11, "max": 10}}}),
    ("XAPI-00082 min above max", {"result": {"score": {"min": 11, "max": 10}}}),
    ("XAPI-00085 registration", {"context": {"registration": "1"}}),
    ("XAPI-00087 team of one", {"context": {"team": AGENT}}),
    ("XAPI-00089 revision of an agent", {"object": AGENT | {"objectType": "Agent"}, "context": {"revision": "2"}}),
    ("XAPI-00092 place of an activity", {"context": {"contextActivities": {"course": [{"id": ACTIVITY}]}}}),
    ("XAPI-00094 language", {"context": {"language": "english please"}}),
    ("XAPI-00098 authority of three", {"authority": {"objectType": "Group", "member": [AGENT, AGENT, AGENT]}}),
    ("XAPI-00101 version", {"version": "0.9"}),
    ("XAPI-00104 attachment without a hash", {"attachments": [{k: v for k, v in FILE.items() if k != "sha2"}]}),
    ("XAPI-00105 attachment without words", {"attachments": [{k: v for k, v in FILE.items() if k != "display"}]}),
    ("XAPI-00118 extension without an IRI", {"context": {"extensions": {"place": 1}}}),
    ("XAPI-00122 timestamp", {"timestamp": "yesterday"}),
    ("XAPI-00123 zone that says nothing", {"timestamp": "2026-03-02T08:00:00-00:00"}),
    ("contextAgent 4.2.2.5", {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": GROUP}]}}),
]
TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("nothing more", {}),
    ("XAPI-00023 id in capitals", {"id": ID.upper()}),
    ("XAPI-00026 anonymous group", {"actor": GROUP}),
    ("XAPI-00035 group with an identifier", {"actor": AGENT | {"objectType": "Group"}}),
    ("XAPI-00047 agent as the object", {"object": AGENT | {"objectType": "Agent"}}),
    ("XAPI-00055 a choice", about(**CHOICE, correctResponsesPattern=["a[,]b"])),
    ("XAPI-00065 sub-statement", within()),
    ("XAPI-00080 scaled", {"result": {"score": {"scaled": -1, "raw": 0, "min": 0, "max": 10}}}),
    ("XAPI-00090 one activity without a list", {"context": {"contextActivities": {"parent": {"id": ACTIVITY}}}}),
    ("XAPI-00102 attachment elsewhere", {"attachments": [FILE]}),
    ("XAPI-00119 extensions of nothing", {"result": {"extensions": {"urn:a": None, "urn:b": {}, "urn:c": ""}}}),
    ("XAPI-00122 timestamp with a comma", {"timestamp": "2026-03-02T08:00:00,123456789+01"}),
    ("any verb", {"verb": {"id": "https://nobody.example/verbs/frobnicated"}}),
    ("duration in weeks", {"result": {"duration": "P4W"}}),
    ("Moodle: no response", {"result": {"response": None}}),
    ("Open edX: a group of activities", {"object": {"objectType": "GroupActivity", "id": ACTIVITY}}),
]


@pytest.mark.parametrize(("rule", "broken"), REFUSED, ids=[rule for rule, _ in REFUSED])
def test_what_breaks_a_requirement_is_refused(rule: str, broken: dict[str, Any]) -> None:
    with pytest.raises(NotAStatement) as refused:
        checked(a_statement(**broken))

    assert str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("rule", "given"), TAKEN, ids=[rule for rule, _ in TAKEN])
def test_what_breaks_none_is_taken_whatever_its_vocabulary(rule: str, given: dict[str, Any]) -> None:
    assert checked(a_statement(**given))


@pytest.mark.parametrize("missing", ["actor", "verb", "object"])
def test_actor_verb_and_object_are_needed(missing: str) -> None:
    statement = {name: value for name, value in a_statement().items() if name != missing}

    with pytest.raises(NotAStatement, match=missing):
        checked(statement)


def test_a_refusal_names_the_statement_the_field_and_the_value() -> None:
    with pytest.raises(NotAStatement, match=r"Statement 2: verb\.id: .* It is 'v'\."):
        checked([a_statement(), a_statement(verb={"id": "v"})])


def test_an_id_is_given_only_once_in_a_request() -> None:
    with pytest.raises(NotAStatement, match="more than one"):
        checked([a_statement(id=ID), a_statement(id=ID.upper())])
