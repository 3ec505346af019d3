"""Cached serialized responses: only for the creator they belong to, only while nothing has changed."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st

import api.routing
from api.app import api as dashboard_api
from api.problems import every_route
from api.remembered import MOST_ANSWERS, MOST_BYTES, RememberedAnswers
from api.routing import FiguresRoute, entity_tag
from database.accounts import Account
from queries.cache.editions import Edition
from tests.api.asking import by_key
from tests.builders import a_creator, a_student, add, refreshed
from tests.queries.every_answer import a_told_creator

pytestmark = pytest.mark.usefixtures("database")

OWNER = uuid4()
ACCOUNT = Account(OWNER, "A program", None, "creator", OWNER, "Nova Reyes", "enterprise")
EDITION = Edition(OWNER, 1, 1, None)

few_characters = st.text(st.sampled_from("ab\n=&%+é\0"), max_size=3)
parameter_lists = st.lists(st.tuples(few_characters.filter(bool), few_characters), max_size=3)


def test_an_answer_comes_back_as_it_was():
    answers = RememberedAnswers()
    written = JSONResponse({"name": "Zoë"}, 203, {"Link": "<there>"})
    written.headers.append("Link", "<and there>")
    answers.keep("tag", OWNER, written)
    kept = list(written.raw_headers)
    written.headers["ETag"] = "later"

    again = answers.answer("tag", OWNER)

    assert (again.status_code, again.raw_headers, again.body) == (203, kept, written.body)
    assert again.headers.getlist("link") == ["<there>", "<and there>"]


def test_another_creator_never_gets_it_whatever_the_tag_says():
    answers = RememberedAnswers()
    answers.keep("tag", OWNER, JSONResponse({"total": 12}))

    assert answers.answer("tag", uuid4()) is None


def test_the_one_that_was_not_asked_for_for_longest_is_forgotten_first():
    answers = RememberedAnswers(most=2)
    for tag in ("first", "second"):
        answers.keep(tag, OWNER, JSONResponse({}))
    answers.answer("first", OWNER)
    answers.keep("third", OWNER, JSONResponse({}))

    assert [bool(answers.answer(tag, OWNER)) for tag in ("first", "second", "third")] == [True, False, True]


def test_a_large_answer_is_not_kept():
    answers = RememberedAnswers()
    answers.keep("body", OWNER, Response(b"x" * (MOST_BYTES + 1), media_type="text/plain"))
    answers.keep("headers", OWNER, Response(b"", headers={"Link": "x" * MOST_BYTES}))

    assert answers.answer("body", OWNER) is None
    assert answers.answer("headers", OWNER) is None


def test_the_second_answer_is_the_first_until_the_figures_change(monkeypatch):
    creator = a_creator([a_student("Ada Moss")])
    asking, counted = by_key(creator.id), []
    keep = api.routing.ANSWERS.keep
    monkeypatch.setattr(api.routing.ANSWERS, "keep", lambda *given: (counted.append(given), keep(*given)))

    first, second = (asking.get("/creator/dashboard") for _ in range(2))
    add(creator, a_student("Ben Okoro"))
    refreshed(creator)
    third = asking.get("/creator/dashboard")

    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert [first.json()["students"]["total"], third.json()["students"]["total"]] == [1, 2]
    assert len(counted) == 2


def test_an_error_is_not_kept(monkeypatch):
    monkeypatch.setattr(api.routing.ANSWERS, "keep", lambda *_given: pytest.fail("it was kept"))

    assert by_key(a_creator().id).get("/creator/dashboard?period=1d").status_code == 422


@given(parameters=parameter_lists, others=parameter_lists)
def test_other_parameters_are_never_the_same_tag(parameters, others):
    assert (tag_of(parameters) == tag_of(others)) == (parameters == others)


@given(parameters=parameter_lists.filter(bool), before=st.sampled_from("\n&\0"), between=st.sampled_from("=\n\0"))
def test_no_value_passes_for_further_parameters(parameters, before, between):
    (name, value), *rest = parameters
    swallowed = value + "".join(f"{before}{other}{between}{text}" for other, text in rest)

    assert (tag_of([(name, swallowed)]) == tag_of(parameters)) == ([(name, swallowed)] == parameters)


def test_a_search_cannot_pass_for_another_parameter():
    """The second of these once got the answer of the first."""
    asking = by_key(a_creator(a_student("Ada"), a_student("Bo")).id)

    poison = asking.get("/creator/students?search=ada%0AsortBy=name")
    honest = asking.get("/creator/students?search=ada&sortBy=name")

    assert (poison.json()["total"], honest.json()["total"]) == (0, 1)


def test_the_second_page_is_found_from_memory_too():
    asking = by_key(a_creator([a_student(f"Student {number}") for number in range(3)]).id)

    first, second = (asking.get("/creator/students?limit=1&search=student") for _ in range(2))

    assert 'rel="next"' in first.headers["link"]
    assert second.headers["link"] == first.headers["link"]


def test_an_answer_from_memory_is_the_fresh_one_for_every_address(monkeypatch):
    about = a_told_creator()
    asking = by_key(about.creator_id, "export")
    addresses = [address for route in gettable() for address in addresses_of(route, about)]
    monkeypatch.setattr(api.routing.ANSWERS, "_most", 0)
    fresh = {address: whole(asking.get(address)) for address in addresses}
    monkeypatch.setattr(api.routing.ANSWERS, "_most", MOST_ANSWERS)

    for address in addresses:
        assert whole(asking.get(address)) == fresh[address], address  # stored by this one
        assert whole(asking.get(address)) == fresh[address], address  # returned again by this one

    figures = [route for route in gettable() if isinstance(route, FiguresRoute)]
    assert len(figures) == 10
    assert len(api.routing.ANSWERS._answers) == sum(len(addresses_of(route, about)) for route in figures)


def gettable() -> list[APIRoute]:
    """The routes whose response does not change at every moment, as metrics and exports do."""
    routes = [route for route in every_route(dashboard_api.routes) if "GET" in route.methods]
    return [route for route in routes if route.path.startswith("/creator/") and "export" not in route.path]


def addresses_of(route: APIRoute, about) -> list[str]:
    ids = {"{studentId:uuid}": about.student_id, "{videoId:uuid}": about.video_id}
    path = route.path
    for place, known in ids.items():
        path = path.replace(place, str(known))
    pages = [f"{path}?limit=1", f"{path}?limit=1&search=a&sortOrder=desc"]
    return [path, *(pages if "limit" in {field.alias for field in route.dependant.query_params} else [])]


def whole(response) -> tuple[int, dict[str, str], bytes]:
    """Everything in a response except what belongs to the single request."""
    own = {"x-request-id", "server-timing"}
    headers = {name: value for name, value in response.headers.multi_items() if name not in own}
    return response.status_code, headers, response.content


def tag_of(parameters: list[tuple[str, str]]) -> str:
    query = urlencode(parameters).encode()
    scope = {"type": "http", "path": "/creator/students", "query_string": query, "headers": [], "server": ("a", 80)}
    return entity_tag(Request(scope), EDITION)
