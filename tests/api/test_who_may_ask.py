"""Every route with every kind of caller."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.app import api
from api.problems import every_route
from api.routing import CreatorRoute
from tests.accounts import a_linked_account
from tests.api.asking import Asking, by_key, by_revoked_key, holding, in_browser, nobody
from tests.builders import a_creator
from tests.queries.every_answer import Told, a_told_creator

pytestmark = pytest.mark.usefixtures("shared_database")


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    right: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def declared() -> list[Route]:
    """Every route of a creator's data, as the application declares it."""
    found = [
        Route(method, route.path.replace(":uuid", ""), route.right)
        for route in every_route(api.routes)
        if isinstance(route, CreatorRoute)
        for method in sorted(route.methods)
    ]
    return sorted(found, key=str)


ROUTES = declared()
# Without a caller: what watches the server, links that are signed themselves, and what has keys of its own.
OPEN = {
    "/health",
    "/ready",
    "/metrics",
    "/docs",
    "/openapi.json",
    "/exports/{creator_id}/{export_id}/download",
    "/students/{creator_id}/{student_id}/everything",
    "/posters/{creator_id}/{video_id}",
    "/imports/{creator_id}/{file_import_id}/refused",
    "/uploads/{creator_id}/{upload_id}",
    "/uploads/{creator_id}/{upload_id}/complete",
    "/uploads/{creator_id}/{upload_id}/parts/{number}",
    "/unsubscribe",
    "/resubscribe",
    "/mail/bounce",
    "/invitation",
    "/ingest/v1/batch",
    "/ingest/v1/player.js",
    "/reports/{run_id}/{staff_id}/download",
    # Keys of another kind, given in another way: see tests/api/test_xapi.py.
    "/xapi/about",
    "/xapi/statements",
    "/xapi/agents",
    "/xapi/activities",
    "/xapi/activities/state",
    "/xapi/activities/profile",
    "/xapi/agents/profile",
    "/xapi/{rest:path}",
}
DONE = (200, 201, 204, 303)
BODIES = {
    "/creator/export": {"type": "videos", "format": "csv"},
    "/creator/preferences": {"digestHour": 9},
    "/creator/videos/{videoId}": {"title": "Anew"},
    "/creator/courses": {"title": "Sorting"},
    "/creator/courses/{courseId}": {"title": "Anew"},
    "/creator/courses/{courseId}/runs": {"title": "Autumn"},
    "/creator/courses/{courseId}/videos": {"videoIds": []},
    "/creator/courses/{courseId}/quizzes": {"quizIds": []},
    "/creator/runs/{runId}": {"title": "Anew"},
    "/creator/runs/{runId}/enrolments": {"studentIds": []},
    "/creator/runs/{runId}/enrolments/end": {"studentIds": []},
    "/creator/runs/{runId}/enrolments/move": {"toRunId": str(uuid4()), "studentIds": []},
}


@pytest.fixture(scope="module")
def told(shared_database) -> Told:
    return a_told_creator()


@pytest.fixture(scope="module")
def other(shared_database) -> Told:
    return a_told_creator()


def ask(asking: Asking, route: Route, about: Told, query: str = ""):
    course, *_ = by_key(about.creator_id).get("/creator/courses").json()["courses"]
    ids = {
        "studentId": about.student_id,
        "videoId": about.video_id,
        "exportId": export_of(about),
        "courseId": course["id"],
        "runId": course["runs"][0]["id"],
    }
    body = body_of(route, about, course) if route.method in ("POST", "PUT", "PATCH") else None
    return asking(route.method, route.path.format(**ids) + query, json=body)


def body_of(route: Route, about: Told, course: dict[str, Any]) -> Any:
    match route.path:
        case "/creator/videos/order":
            return {"videoIds": video_ids(about)}
        case "/creator/courses/order":
            return {"courseIds": [course["id"]]}
        case "/creator/runs/{runId}/enrolments/move":
            return BODIES[route.path] | {"toRunId": another_run(about, course)}  # type: ignore[operator]
    return BODIES.get(route.path)


def another_run(about: Told, course: dict[str, Any]) -> str:
    """Of the course; a key that may write creates one if there is none."""
    if len(course["runs"]) > 1:
        return course["runs"][1]["id"]
    return by_key(about.creator_id, "write")("POST", f"/creator/courses/{course['id']}/runs", json={}).json()["id"]


def export_of(about: Told) -> UUID:
    """An existing export that may be cancelled and fetched."""
    asking = by_key(about.creator_id, "export")
    asking("POST", "/creator/export", json={"type": "videos", "format": "csv"})
    return asking.get("/creator/exports").json()["exports"][0]["id"]


def video_ids(about: Told) -> list[str]:
    return [video["id"] for video in by_key(about.creator_id).get("/creator/videos").json()["videos"]]


def has_ids(route: Route) -> bool:
    return "{" in route.path


def test_every_route_is_in_the_table():
    paths = {route.path.replace(":uuid", "") for route in every_route(api.routes)}

    assert len(ROUTES) >= 18
    assert paths - OPEN == {route.path for route in ROUTES}
    assert {route.right for route in ROUTES} == {"read", "write", "export"}


@pytest.mark.parametrize("route", ROUTES, ids=str)
@pytest.mark.parametrize("scope", ["read", "write", "export"])
def test_a_key_may_do_what_its_scope_says(told, route, scope):
    about = a_told_creator() if route.right == "write" else told
    answer = ask(by_key(about.creator_id, scope), route, about)

    if route.right in ("read", scope):
        assert answer.status_code in DONE, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_scope")
        assert f'"{route.right}"' in answer.json()["detail"]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nobody_gets_in_without_a_key_that_is_known_and_not_revoked(told, route):
    for asking, code in (
        (nobody(), "missing_key"),
        (holding("cdk_" + "x" * 43), "unknown_key"),
        (holding(""), "unknown_key"),
        (Asking({"authorization": "Basic bWlyYTp2YWxl"}), "unknown_key"),
        (by_revoked_key(told.creator_id, route.right), "revoked_key"),
    ):
        answer = ask(asking, route, told)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "etag" not in answer.headers


@pytest.mark.parametrize("tier", ["basic", "pro"])
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_creator_below_enterprise_is_told_what_to_do(told, route, tier):
    creator = a_creator(subscription_tier=tier)
    for asking in (by_key(creator.id, route.right), in_browser(a_linked_account(creator))):
        answer = ask(asking, route, told)

        assert answer.status_code == 403
        assert answer.json()["title"] == "Feature Access Denied"
        assert tier.upper() in answer.json()["detail"]
        assert "Upgrade" in answer.json()["detail"]


@pytest.mark.parametrize("route", [route for route in ROUTES if has_ids(route)], ids=str)
def test_what_is_another_creators_looks_like_what_does_not_exist(told, other, route):
    asking = by_key(other.creator_id, route.right)
    before = ask(by_key(told.creator_id), Route("GET", "/creator/videos", "read"), told).content

    foreign = ask(asking, route, told)
    missing = asking(
        route.method,
        route.path.format(studentId=uuid4(), videoId=uuid4(), exportId=uuid4(), courseId=uuid4(), runId=uuid4()),
        json=BODIES.get(route.path) if route.method in ("POST", "PUT", "PATCH") else None,
    )

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert same_headers(foreign) == same_headers(missing)
    assert ask(by_key(told.creator_id), Route("GET", "/creator/videos", "read"), told).content == before


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_key_cannot_name_another_creator(told, other, route):
    asking = by_key(other.creator_id, route.right)

    foreign = ask(asking, route, other, f"?creatorId={told.creator_id}")
    missing = ask(asking, route, other, f"?creatorId={uuid4()}")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_staff_read_a_chosen_creator_and_change_nothing(told, route):
    answer = ask(in_browser(a_linked_account()), route, told, f"?creatorId={told.creator_id}")

    if route.right == "read":
        assert answer.status_code == 200, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "staff_only_read")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.right == "read"], ids=str)
def test_staff_must_say_whose_data(told, route):
    staff = in_browser(a_linked_account())

    unsaid, unknown = ask(staff, route, told), ask(staff, route, told, f"?creatorId={uuid4()}")

    assert (unsaid.status_code, unsaid.json()["errors"][0]["field"]) == (422, "creatorId")
    assert unknown.status_code == 404


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_signed_in_creator_may_do_everything_from_the_dashboards_own_pages(route):
    about = a_told_creator()
    account = a_linked_account(creator_of(about))

    assert ask(in_browser(account), route, about).status_code in DONE
    for origin in (None, "https://elsewhere.example.com", "null"):
        answer = ask(in_browser(account, origin), route, about)
        if route.method == "GET":
            assert answer.status_code in (200, 303, 404)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


def same_headers(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "server-timing")}


def creator_of(about: Told):
    from tests.builders import ACreator

    return ACreator(about.creator_id, "Mira Vale", "enterprise", "UTC")
