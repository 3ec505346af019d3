"""The description of the API."""

import re

from tests.api.asking import nobody


def test_the_page_shows_every_address_and_loads_nothing_from_anywhere():
    page, described = nobody().get("/docs"), nobody().get("/openapi.json").json()

    assert page.status_code == 200
    for path in described["paths"]:
        assert path in page.text
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|src=", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_examples_hold_the_published_figures():
    page = nobody().get("/docs").text.replace("&#34;", '"')

    for told in ('"total": 245', '"activePercentage": 76', '"satisfactionRate": 0.92', '"fileSize": 12345'):
        assert told in page


def test_every_operation_is_described_with_its_problems():
    for methods in nobody().get("/openapi.json").json()["paths"].values():
        for operation in methods.values():
            assert operation["description"]
            if operation["tags"] == ["xAPI"] and operation["summary"] != "About":
                assert {"400", "401", "403", "404", "413", "429", "503"} <= set(operation["responses"])
                assert operation["security"]
            elif operation["tags"] not in (["Operation"], ["xAPI"]):
                assert {"401", "403", "404", "422", "429", "503"} <= set(operation["responses"])
                assert operation["security"]


def test_code_in_descriptions_is_shown_as_code():
    page = nobody().get("/docs").text

    assert "<code>Authorization: Bearer</code>" in page
    assert "`" not in page
    assert page.startswith("<!")
