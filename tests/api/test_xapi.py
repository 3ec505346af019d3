"""xAPI as players and plugins speak it: versions, keys, filters, documents, forms, pages of other hosts."""

import hashlib
import json
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest

from api.xapi.headers import CONSISTENT, VERSION
from database.api_keys import revoke_key
from sources.xapi.shapes import VOIDED
from tests.api.asking import by_key, nobody
from tests.builders import a_creator
from tests.xapi import a_sender, a_statement, an_agent, of_player

pytestmark = pytest.mark.usefixtures("shared_database")

ADA = quote(json.dumps(an_agent("17")))
STATE = f"/activities/state?activityId=urn:a&agent={ADA}&stateId=place"
PROFILE = "/activities/profile?activityId=urn:a&profileId=words"
PAGE = "https://school.example"
MIXED = "multipart/mixed; boundary=b"


@pytest.fixture(scope="module")
def creator(shared_database):
    return a_creator()


@pytest.fixture
def plugin(creator):
    return a_sender(creator.id, "xapi-server")


@pytest.fixture
def page(creator):
    return a_sender(creator.id, "xapi", (PAGE,))


def listed(sender, query: str = "") -> list[str]:
    return [one["id"] for one in sender("GET", f"/statements?{query}").json()["statements"]]


def sent(sender, *statements) -> list[str]:
    answer = sender("POST", "/statements", list(statements))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_about_needs_neither_a_key_nor_a_version():
    answer = nobody().get("/xapi/about")

    assert answer.json() == {"version": ["1.0.3", "2.0.0"]}
    assert answer.headers[VERSION] == "1.0.3"


@pytest.mark.parametrize(
    ("asked", "answered"), [("1.0.3", "1.0.3"), ("1.0", "1.0.3"), ("2.0.0", "2.0.0"), ("2.0", "2.0.0")]
)
def test_every_answer_says_its_version(plugin, asked, answered):
    for path in ("/statements", "/statements?nonsense=1", "/agents", "/nowhere", STATE):
        assert plugin("GET", path, X_Experience_API_Version=asked).headers[VERSION] == answered


@pytest.mark.parametrize("asked", ["", "1", "0.95", "3.0", "1.1.0", "2.1", "1.0.3.4", "x"])
def test_another_version_or_none_is_refused(plugin, asked):
    answer = plugin("GET", "/statements", X_Experience_API_Version=asked)

    assert (answer.status_code, VERSION in answer.headers) == (400, True)


def test_a_statement_is_written_and_read_back(plugin):
    statement = a_statement(id=str(uuid4()))

    assert plugin("PUT", f"/statements?statementId={statement['id']}", statement).status_code == 204
    answer = plugin("GET", f"/statements?statementId={statement['id']}")

    assert answer.json()["actor"] == statement["actor"]
    assert answer.headers["last-modified"]
    assert answer.headers[CONSISTENT].endswith("Z")
    assert plugin("HEAD", f"/statements?statementId={statement['id']}").content == b""


def test_the_filters_of_players(creator):
    plugin = a_sender(creator.id, "xapi-server")
    ids = sent(plugin, of_player(time=1), of_player(time=2, student="18"), of_player(time=3, video="urn:v"))
    ids += sent(plugin, a_statement(context={"registration": ids[0], "contextActivities": {"parent": {"id": "urn:v"}}}))
    stored = plugin("GET", f"/statements?statementId={ids[3]}").json()["stored"]
    paused = quote("https://w3id.org/xapi/video/verbs/paused")

    assert set(listed(plugin)) == set(ids)
    assert set(listed(plugin, f"agent={ADA}")) == {ids[0], ids[2], ids[3]}
    assert set(listed(plugin, f"agent={ADA}&verb={paused}&activity=urn:v")) == {ids[2]}
    assert set(listed(plugin, "activity=urn:v&related_activities=true")) == {ids[2], ids[3]}
    assert listed(plugin, f"registration={ids[0]}") == [ids[3]]
    assert listed(plugin, "limit=1") == listed(plugin)[:1]
    assert listed(plugin, f"since={stored}") == []
    assert set(listed(plugin, f"until={stored}")) == set(ids)
    assert listed(plugin, "ascending=true") == listed(plugin)[::-1]


def test_more_than_a_page_holds_is_behind_its_address(creator):
    plugin = a_sender(creator.id, "xapi-server")
    ids = sent(plugin, *(a_statement() for _ in range(5)))
    seen, path = [], "/statements?limit=2"
    while path:
        answer = plugin("GET", path.removeprefix("/xapi")).json()
        seen += [one["id"] for one in answer["statements"]]
        path = answer["more"]

    assert (len(seen), set(seen)) == (5, set(ids))
    address = plugin("GET", "/statements?limit=2").json()["more"].removeprefix("/xapi")
    assert a_sender(creator.id, "xapi-server")("GET", address).status_code == 400
    assert plugin("GET", address + "x").status_code == 400


def test_a_key_seen_in_a_page_lists_nobody(page):
    ids = sent(page, of_player(time=42), of_player(student="18"))

    for query in (
        "",
        "verb=urn:v",
        "activity=urn:v",
        f"registration={uuid4()}",
        "since=2026-03-02T08:00:00Z",
        "limit=1",
    ):
        answer = page("GET", f"/statements?{query}")
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_scope")
    assert listed(page, f"agent={ADA}&limit=1") == [ids[0]]
    assert page("GET", f"/statements?statementId={ids[1]}").status_code == 200


def test_a_key_reads_what_it_wrote_itself(creator, plugin, page):
    other, outsider = a_sender(creator.id, "xapi-server"), a_sender(a_creator().id, "xapi-server")
    (known,) = sent(plugin, a_statement())

    for asking in (other, outsider, page):
        assert asking("GET", f"/statements?statementId={known}").status_code == 404
        assert known not in listed(asking, f"agent={ADA}")


def test_a_voided_statement_is_only_read_as_such(plugin):
    (known,) = sent(plugin, a_statement())
    (voiding,) = sent(plugin, a_statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": known}))

    assert plugin("GET", f"/statements?statementId={known}").status_code == 404
    assert plugin("GET", f"/statements?voidedStatementId={known}").json()["id"] == known
    assert known not in listed(plugin)
    assert voiding in listed(plugin)


def test_who_may_not_ask(creator):
    page = a_sender(creator.id)
    reader = by_key(creator.id)
    revoked = a_sender(creator.id)
    revoke_key(revoked.key_id)
    basic = a_sender(a_creator(subscription_tier="basic").id)
    other = a_sender(creator.id)

    answers = [
        (nobody()("GET", "/xapi/statements"), 401, "missing_key"),
        (reader.get("/xapi/statements"), 401, "unknown_key"),
        (a_sender(creator.id, "read")("GET", "/statements"), 403, "wrong_scope"),
        (page("GET", "/statements", Authorization="Basic !"), 401, "unknown_key"),
        (type(page)(page.creator_id, other.key_id, page.key)("GET", "/statements"), 401, "unknown_key"),
        (revoked("POST", "/statements", a_statement()), 401, "revoked_key"),
        (basic("POST", "/statements", a_statement()), 403, "feature_access_denied"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer, _, _ in answers] == [
        (status, code) for _, status, code in answers
    ]
    assert by_key(creator.id, "xapi").get("/creator/dashboard").json()["code"] == "wrong_scope"


def test_pages_of_other_hosts(page):
    preflight = nobody()("OPTIONS", "/xapi/statements", origin=PAGE)
    allowed = page("GET", f"/statements?agent={ADA}", Origin=PAGE)
    missing = page("GET", STATE, Origin=PAGE)
    refused = page("GET", f"/statements?agent={ADA}", Origin="https://elsewhere.example")

    assert (preflight.status_code, preflight.headers["access-control-max-age"]) == (204, "7200")
    assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
    for answer in (preflight, allowed, missing):
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "access-control-allow-credentials" not in answer.headers
        assert VERSION in answer.headers["access-control-expose-headers"]
    assert (missing.status_code, missing.content) == (404, b"")
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_origin")
    assert "access-control-allow-origin" not in refused.headers


def test_the_form_of_storyline(page):
    statement = of_player(time=3)
    form = {"Authorization": authorization(page), "Content-Type": "application/json", "statementId": statement["id"]}
    asked = urlencode({**form, "X-Experience-API-Version": "1.0.3", "content": json.dumps(statement)})

    answer = nobody_with(asked, "/statements?method=PUT")
    got = nobody_with(urlencode({**form, "X-Experience-API-Version": "1.0.3"} | {}), "/statements?method=GET")

    assert answer.status_code == 204, answer.text
    assert got.json()["id"] == statement["id"]
    for broken in (asked.replace("1.0.3", "2.0.0"), asked.replace("content=", "contents="), "\xff"):
        assert nobody_with(broken, "/statements?method=PUT").status_code == 400
    assert nobody_with(asked, "/statements?method=PUT&statementId=1").status_code == 400


def authorization(sender) -> str:
    from base64 import b64encode

    return "Basic " + b64encode(f"{sender.key_id}:{sender.key}".encode()).decode()


def nobody_with(form: str, path: str):
    from fastapi.testclient import TestClient

    from api.app import api

    client = TestClient(api, raise_server_exceptions=False)
    return client.post(f"/xapi{path}", content=form.encode("latin-1"), headers={"Content-Type": "text/plain"})


def test_a_state_is_written_merged_read_listed_and_removed(page):
    assert page("GET", STATE).status_code == 404
    assert page("PUT", STATE, {"at": 40}).status_code == 204
    assert page("POST", STATE, {"rate": 2}).status_code == 204
    answer = page("GET", STATE)

    assert (answer.json(), answer.headers["content-type"]) == ({"at": 40, "rate": 2}, "application/json")
    assert page("GET", STATE.replace("&stateId=place", "")).json() == ["place"]
    assert page("GET", STATE.replace("&stateId=place", "&since=2100-01-01T00:00:00Z")).json() == []
    assert page("DELETE", STATE, If_Match='"another"').status_code == 412
    assert page("DELETE", STATE, If_Match=answer.headers["etag"]).status_code == 204
    assert page("GET", STATE).status_code == 404


def test_a_profile_is_only_replaced_by_who_has_seen_it(page):
    assert page("PUT", PROFILE, content="one", Content_Type="text/plain", If_None_Match="*").status_code == 204
    tag = page("GET", PROFILE).headers["etag"]

    assert page("PUT", PROFILE, content="two", Content_Type="text/plain").status_code == 409
    assert page("PUT", PROFILE, content="two", Content_Type="text/plain", If_None_Match="*").status_code == 412
    assert page("POST", PROFILE, {"a": 1}).status_code == 400
    assert page("PUT", PROFILE, content="two", Content_Type="text/plain", If_Match=tag).status_code == 204
    assert page("GET", PROFILE).content == b"two"


def test_documents_of_others_are_others(page):
    outsider = a_sender(a_creator().id)
    path = f"/agents/profile?agent={ADA}&profileId=x"
    page("PUT", path, {"a": 1}, If_None_Match="*")

    assert outsider("GET", path).status_code == 404
    assert page("GET", path.replace("17", "18")).status_code == 404


def test_an_activity_has_the_words_of_all_its_statements(plugin):
    about = {"id": "urn:words", "definition": {"name": {"en": "Knots"}}}
    sent(plugin, a_statement(object=about), a_statement(object=about | {"definition": {"name": {"fr": "Nœuds"}}}))

    assert plugin("GET", "/activities?activityId=urn:words").json()["definition"] == {
        "name": {"en": "Knots", "fr": "Nœuds"}
    }
    assert plugin("GET", f"/agents?agent={ADA}").json()["account"] == [an_agent("17")["account"]]


def test_an_attachment_comes_back_as_it_was_sent(plugin):
    content = b"\x00\xff\r\n--no boundary"
    sha2 = hashlib.sha256(content).hexdigest()
    named = {"usageType": "urn:u", "display": {}, "contentType": "image/png", "length": len(content), "sha2": sha2}
    statement = a_statement(id=str(uuid4()), attachments=[named])
    heading = f"Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}"
    part = f"\r\n--b\r\n{heading}\r\n\r\n"
    body = (
        b"--b\r\nContent-Type: application/json\r\n\r\n"
        + json.dumps(statement).encode()
        + part.encode()
        + content
        + b"\r\n--b--"
    )

    answer = plugin("POST", "/statements", content=body, Content_Type=MIXED)
    back = plugin("GET", f"/statements?statementId={statement['id']}&attachments=true")

    assert answer.status_code == 200, answer.text
    assert back.headers["content-type"].startswith("multipart/mixed")
    assert content in back.content
    assert plugin("POST", "/statements", a_statement(attachments=[named])).status_code == 400
    assert plugin("POST", "/statements", content=body[:-9], Content_Type=MIXED).status_code == 400


BODIES: list[bytes | str] = [
    b"",
    b"{",
    b"[]]",
    b"\xff\xfe",
    b"null",
    b"7",
    b'"text"',
    b"[" * 200_000,
    b'{"a":' * 50_000,
    b'{"actor": NaN}',
    "1" * 10_000,
    json.dumps(a_statement(result={"score": {"raw": 1}})).replace('"raw": 1', '"raw": 1e999'),
    json.dumps(a_statement(context={"extensions": {"urn:a": 1}})).replace('"urn:a": 1', '"urn:a": 1e999'),
    json.dumps(a_statement(context={"extensions": {"urn:a": 1}})).replace(
        '"urn:a": 1', '"urn:a": ' + "[" * 900 + "]" * 900
    ),
    json.dumps(a_statement(actor={"account": {"homePage": PAGE, "name": "\0"}})),
    json.dumps(a_statement(actor={"account": {"homePage": PAGE, "name": "\ud800"}})),
    json.dumps(a_statement(verb={"id": "urn:\ud800"})),
    json.dumps(a_statement(context={"extensions": {"urn:a": "\0\ud800"}})),
    json.dumps(a_statement(timestamp="9999-12-31T23:59:59-23:59")),
    json.dumps(a_statement(timestamp="0001-01-01T00:00:00+14:00")),
    json.dumps(a_statement(timestamp="2026-02-30T00:00:00Z")),
    json.dumps(a_statement(id="x" * 100_000)),
    json.dumps(a_statement(verb={"id": "urn:" + "v" * 50_000})),
    json.dumps(a_statement(object={"id": "urn:" + "o" * 50_000})),
    json.dumps([[a_statement()]]),
    json.dumps([None]),
    json.dumps({"objectType": {}}),
    json.dumps(a_statement(object={"objectType": []})),
    json.dumps(of_player(segments="[,]".join(["0[.]1"] * 20_000), time="x" * 1_000)),
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_whatever_the_body_nothing_breaks(creator, plugin, body):
    from sources.xapi.working import understand

    addresses = [("PUT", f"/statements?statementId={uuid4()}"), ("PUT", STATE), ("POST", STATE), ("POST", PROFILE)]
    asked = [
        ("POST", "/statements", kind) for kind in ("application/json", MIXED, "multipart/mixed", "", "text/plain\x01")
    ]
    for method, path, kind in [*asked, *((*address, "application/json") for address in addresses)]:
        answer = plugin(method, path, content=body, Content_Type=kind)
        assert answer.status_code < 500, (method, path, kind, answer.text)
    understand(creator.id)


@pytest.mark.parametrize(
    "text", ["", "x", "\0", "%ED%A0%80", "{}", "[]", "null", "9" * 5_000, "-1", "{" * 3_000, "ünï", "'; --"]
)
def test_whatever_the_parameters_nothing_breaks(plugin, text):
    names = (
        "statementId",
        "agent",
        "verb",
        "activity",
        "registration",
        "since",
        "until",
        "limit",
        "format",
        "ascending",
    )
    told = text if text.startswith("%") else quote(text)
    for name in (*names, "attachments", "related_agents", "voidedStatementId", "more", "method", "nonsense"):
        assert plugin("GET", f"/statements?{name}={told}").status_code < 500
    for path in (
        f"{STATE}{told}",
        f"/activities/state?activityId={told}&agent={told}&registration={told}",
        f"/agents?agent={told}",
    ):
        assert plugin("GET", path).status_code < 500
    assert plugin("GET", f"/activities?activityId={told}").status_code < 500


def test_a_body_may_not_be_endless(plugin):
    answer = plugin("POST", "/statements", content=b" " * 5_000_001)

    assert (answer.status_code, answer.headers[VERSION]) == (413, "1.0.3")


@pytest.mark.parametrize(
    ("format", "object_keys", "display"),
    [
        ("exact", {"id", "definition"}, {"en": "saw", "de": "sah"}),
        ("ids", {"id"}, None),
        ("canonical", {"id", "definition"}, {"de": "sah"}),
    ],
)
def test_the_formats_of_a_statement(plugin, format, object_keys, display):
    verb = {"id": "urn:saw", "display": {"en": "saw", "de": "sah"}}
    (known,) = sent(plugin, a_statement(verb=verb, object={"id": "urn:o", "definition": {"name": {"fr": "x"}}}))

    told = plugin("GET", f"/statements?statementId={known}&format={format}", Accept_Language="de-CH;q=0.5, de").json()

    assert (set(told["object"]), told["verb"].get("display")) == (object_keys, display)
