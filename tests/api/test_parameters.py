"""Unknown parameters are refused, at every address, by name."""

import pytest
from fastapi.testclient import TestClient

from api.app import api
from api.parameters import StrictRoute, parameter_names
from api.problems import every_route
from api.routing import CreatorRoute
from tests.api.asking import by_key, nobody
from tests.api.test_metrics import LOCAL, read, with_the_token
from tests.builders import a_creator, a_student
from tests.queries.every_answer import a_told_creator

pytestmark = pytest.mark.usefixtures("shared_database")

# They check by themselves, or are links in emails: programs that scan emails add parameters of their own to them.
NOT_STRICT = {
    "/metrics": "asks first who may know that it is there",
    "/mail/bounce": "reads mail as its body",
    "/unsubscribe": "a link of a mail",
    "/resubscribe": "a link of a mail",
    "/invitation": "a link of a mail",
    "/ingest/v1/batch": "reads a body in its own way; refuses parameters itself",
    "/ingest/v1/player.js": "refuses parameters itself",
    "/exports/{creator_id}/{export_id}/download": "a link of a mail; whatever is wrong, the same 404",
    "/reports/{run_id}/{staff_id}/download": "a link; whatever is wrong, the same 404",
    "/students/{creator_id}/{student_id}/everything": "a signed address; whatever is wrong, the same 404",
    "/posters/{creator_id}/{video_id}": "a signed address; whatever is wrong, the same 404",
    "/imports/{creator_id}/{file_import_id}/refused": "a signed address; whatever is wrong, the same 404",
    "/uploads/{creator_id}/{upload_id}": "a signed address; whatever is wrong, the same 404",
    "/uploads/{creator_id}/{upload_id}/complete": "a signed address; whatever is wrong, the same 404",
    "/uploads/{creator_id}/{upload_id}/parts/{number}": "a signed address; whatever is wrong, the same 404",
    "/xapi/about": "players may ask it with anything",
    "/xapi/{rest:path}": "what browsers ask before they ask",
    "/xapi/statements": "answers 400, as the specification wants",
    "/xapi/agents": "answers 400, as the specification wants",
    "/xapi/activities": "answers 400, as the specification wants",
    "/xapi/activities/state": "answers 400, as the specification wants",
    "/xapi/activities/profile": "answers 400, as the specification wants",
    "/xapi/agents/profile": "answers 400, as the specification wants",
}


@pytest.fixture(scope="module")
def about(shared_database):
    return a_told_creator()


def test_every_route_is_strict_or_says_why_not():
    lenient = {route.path for route in every_route(api.routes) if not isinstance(route, StrictRoute | CreatorRoute)}

    assert lenient == NOT_STRICT.keys()


@pytest.mark.parametrize(
    ("query", "name", "value", "nearest"),
    [
        ("last_active=week", "last_active", "week", "lastActive"),
        ("LASTACTIVE=week", "LASTACTIVE", "week", "lastActive"),
        ("sort=name", "sort", "name", "sortBy"),
        ("serach=ada", "serach", "ada", "search"),
        ("page=2", "page", "2", "progress"),
        ("%00=1", "\0", "1", "status"),
    ],
)
def test_an_unknown_parameter_is_named_with_its_value_and_the_nearest(about, query, name, value, nearest):
    answer = by_key(about.creator_id).get(f"/creator/students?{query}")

    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (error["field"], error["value"]) == (name, value)
    assert f'did you mean "{nearest}"' in error["message"]
    assert answer.json()["detail"] == f"{name}: {error['message']}"


def test_every_unknown_parameter_of_a_request_is_named_up_to_a_number(about):
    asking = by_key(about.creator_id)

    two = asking.get("/creator/students?last_active=week&limit=1&order=up").json()["errors"]
    many = asking.get("/creator/students?" + "&".join(f"{'x' * 500}{place}=1" for place in range(100))).json()["errors"]

    assert [error["field"] for error in two] == ["last_active", "order"]
    assert len(many) == 20


def test_a_parameter_that_is_given_twice_is_refused(about):
    answer = by_key(about.creator_id).get("/creator/students?status=active&status=all")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "status", "value": "all", "message": "It is given 2 times; give it once."}
    ]


def test_every_address_refuses_what_it_does_not_know(about):
    for route in every_route(api.routes):
        if isinstance(route, StrictRoute | CreatorRoute):
            for query in ("nonsense=1", *(f"{name}=1&{name}=1" for name in parameter_names(route.dependant))):
                method, path = next(iter(route.methods)), address(route, about)
                answer = asking(about, route)(method, f"{path}?{query}")
                if not query.startswith("creatorId"):  # the caller is checked first
                    assert answer.status_code == 422, (method, path, query)
                    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


def test_the_creator_given_twice_is_refused_too(about):
    query = f"creatorId={about.creator_id}&creatorId={about.creator_id}"

    assert by_key(about.creator_id).get(f"/creator/chat?{query}").json()["errors"][0]["field"] == "creatorId"


def test_an_answer_in_memory_does_not_let_an_unknown_parameter_pass(about):
    asking = by_key(about.creator_id)
    tag = asking.get("/creator/students").headers["etag"]

    for _ in range(2):
        assert asking.get("/creator/students?last_active=week", **{"if-none-match": tag}).status_code == 422


def test_who_may_not_ask_does_not_learn_what_is_known():
    assert nobody().get("/creator/students?last_active=week").status_code == 401


def test_metrics_take_no_parameter_and_stay_hidden_from_others():
    assert read(with_the_token(), query=b"name=up")[0] == 422
    assert read(LOCAL, query=b"name=up")[0] == 404
    assert read(with_the_token(), query=b"name=up", client="10.0.0.5")[0] == 404


def test_a_body_where_none_is_taken_is_refused(about):
    for route in every_route(api.routes):
        if isinstance(route, StrictRoute | CreatorRoute) and not route.body_field:
            answer = asking(about, route)(next(iter(route.methods)), address(route, about), json={"force": True})
            assert answer.status_code == 422, route.path
            assert answer.json()["errors"][0]["field"] == "body"


def test_an_empty_body_is_no_body(about):
    assert by_key(about.creator_id)("GET", "/creator/chat", json={}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"period": "7d", "Period": "30d"}', "Period"),
        ('{"is_digest_on": true}', "is_digest_on"),
        ('{"period": "7d", "period": "30d"}', "period"),
    ],
)
def test_a_field_that_is_unknown_or_given_twice_is_refused(about, body, field):
    headers = by_key(about.creator_id, "write").headers | {"content-type": "application/json"}

    answer = TestClient(api).patch("/creator/preferences", content=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_field_given_twice_deep_in_a_body_is_refused_and_what_is_no_json_is_a_bad_request(about):
    headers = by_key(about.creator_id, "export").headers | {"content-type": "application/json"}
    twice = '{"type": "students", "format": "csv", "filters": {"status": "active", "status": "all"}}'

    answers = [
        TestClient(api).post("/creator/export", content=body, headers=headers) for body in (twice, "[" * 100_000)
    ]

    assert [answer.status_code for answer in answers] == [422, 400]
    assert answers[0].json()["errors"][0]["field"] == "status"


def test_a_notice_of_a_bounce_names_what_it_does_not_know():
    notice = {"return_address": "bounces@example.com", "kind": "bounced", "Status": "5.1.1"}

    answer, with_parameter = nobody()("POST", "/mail/bounce", json=notice), nobody()("POST", "/mail/bounce?x=1")

    assert [error["field"] for error in answer.json()["errors"]] == ["Status"]
    assert with_parameter.json()["errors"][0]["field"] == "x"


def test_what_is_known_still_answers():
    asking = by_key(a_creator(a_student("Ada Moss")).id)

    assert asking.get("/creator/students?status=all&search=ada&limit=10").json()["total"] == 1


def asking(about, route):
    return by_key(about.creator_id, route.right if isinstance(route, CreatorRoute) else "read")


def address(route, about) -> str:
    ids = {
        "{studentId:uuid}": about.student_id,
        "{videoId:uuid}": about.video_id,
        "{exportId:uuid}": about.quiz_id,
        "{courseId:uuid}": about.quiz_id,
        "{runId:uuid}": about.quiz_id,
    }
    path = route.path
    for place, known in ids.items():
        path = path.replace(place, str(known))
    return path
