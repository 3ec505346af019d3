"""Answers kept as they were written: only for whom they are, only while nothing has changed."""

from uuid import uuid4

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

import api.routing
from api.remembered import MOST_BYTES, RememberedAnswers
from tests.api.asking import by_key
from tests.builders import a_creator, a_student, add, refreshed

pytestmark = pytest.mark.usefixtures("database")

OWNER = uuid4()


def test_an_answer_comes_back_as_it_was():
    answers = RememberedAnswers()
    answers.keep("tag", OWNER, JSONResponse({"name": "Zoë"}))

    again = answers.answer("tag", OWNER)

    assert again.body == JSONResponse({"name": "Zoë"}).body
    assert again.headers["content-type"] == "application/json"


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
    answers.keep("tag", OWNER, Response(b"x" * (MOST_BYTES + 1), media_type="text/plain"))

    assert answers.answer("tag", OWNER) is None


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
