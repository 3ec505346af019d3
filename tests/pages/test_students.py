"""The list of students as a creator sees it."""

from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from queries.students.lists import SortBy, StudentFilters, students
from tests.builders import a_creator, a_student, a_watch
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import tables
from ui.students.table import COLUMNS

ADA, BEN, CLEO = "Ada Moss", "Ben Okoro", "Cleo Hart"


def test_the_table_equals_the_query() -> None:
    creator = three_students()

    app = opened(an_account(creator), "students")

    expected = students.fresh(creator.id, StudentFilters())
    assert listed(app) == expected.students["name"].tolist() == [ADA, BEN, CLEO]
    assert "1 to 3 of 3 students" in words(app)


@pytest.mark.parametrize(("status", "names"), [("active", [ADA]), ("at-risk", [BEN]), ("inactive", [CLEO])])
def test_the_address_chooses_a_status(status: str, names: list[str]) -> None:
    app = opened(an_account(three_students()), "students", status=status)

    assert listed(app) == names


def test_a_filter_narrows_the_list_and_stands_in_the_address() -> None:
    app = opened(an_account(three_students()), "students")

    app.selectbox(key="status").set_value("inactive").run()

    assert listed(app) == [CLEO]
    assert app.query_params["status"] == "inactive"


def test_search_finds_by_name_and_by_e_mail() -> None:
    app = opened(an_account(three_students()), "students")

    app.text_input(key="search").set_value("OKORO").run()
    by_name = listed(app)
    app.text_input(key="search").set_value("cleo@").run()

    assert (by_name, listed(app)) == ([BEN], [CLEO])


@pytest.mark.parametrize("typed", ["%", "_", "\\", "' or 1=1 --", "x" * 500])
def test_what_is_typed_is_searched_for_as_it_is(typed: str) -> None:
    app = opened(an_account(three_students()), "students", search=typed)

    assert not app.exception
    assert not app.error
    assert not tables(app) or len(typed) > 100  # longer than the field allows: ignored, like no search


def test_no_match_offers_to_clear_the_filters() -> None:
    app = opened(an_account(three_students()), "students", search="nobody", status="active")
    assert "No students match these filters." in words(app)

    button(app, "Clear all filters").click().run()

    assert listed(app) == [ADA, BEN, CLEO]


def test_every_column_sorts_the_whole_list() -> None:
    assert [column.key for column in COLUMNS if column.sorts] == [column.key for column in COLUMNS]
    assert {column.key for column in COLUMNS} == set(get_args(SortBy))


def test_sorting_turns_the_list() -> None:
    app = opened(an_account(three_students()), "students", sort="name", order="desc")

    assert listed(app) == [CLEO, BEN, ADA]


def test_an_unknown_value_in_the_address_is_ignored() -> None:
    app = opened(an_account(three_students()), "students", status="bogus", sort="password", page="0")

    assert not app.exception
    assert len(listed(app)) == 3


def test_the_second_page_shows_the_rest() -> None:
    app = opened(an_account(many_students()), "students", sort="name", order="asc")
    first = listed(app)

    app.get_by_key("page 0").set_value(2).run()

    assert (first[0], first[-1], listed(app)) == ("Student 00", "Student 49", ["Student 50", "Student 51"])
    assert "51 to 52 of 52 students" in words(app)


def test_the_address_of_the_second_page_shows_it_at_once() -> None:
    app = opened(an_account(many_students()), "students", sort="name", order="asc", page="2")

    assert listed(app) == ["Student 50", "Student 51"]
    assert app.get_by_key("page 0").value == 2


@pytest.mark.parametrize("page", ["3", "0", "-1", "x", "²", "9" * 30, pytest.param("9" * 5_000, id="huge")])
def test_a_page_that_does_not_exist_is_the_first(page: str) -> None:
    app = opened(an_account(many_students()), "students", sort="name", order="asc", page=page)

    assert not app.exception
    assert not app.error
    assert listed(app)[0] == "Student 00"


def test_a_new_filter_starts_at_the_first_page() -> None:
    app = opened(an_account(many_students()), "students", page="2")

    app.text_input(key="search").set_value("student").run()

    assert "1 to 50 of 52 students" in words(app)


def test_without_students_it_says_why_it_is_empty_and_what_to_do() -> None:
    app = opened(an_account(a_creator()), "students")

    assert not app.exception
    assert "No students have enrolled yet." in words(app)
    assert not tables(app)


def listed(app: AppTest) -> list[str]:
    return [name or "" for shown in tables(app) for name in shown.column("Student")]


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def three_students():
    """Seen yesterday, ten days ago, and never."""
    ada, ben = a_student(ADA), a_student(BEN)
    return a_creator([ada, ben, a_student(CLEO)], a_watch(ada, days_ago=1), a_watch(ben, days_ago=10))


def many_students():
    return a_creator([a_student(f"Student {number:02d}") for number in range(52)])
