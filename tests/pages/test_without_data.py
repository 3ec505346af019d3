"""Pages of a creator without data: each says what is missing and leads to where data comes in; none draws nothing."""

import pytest
from streamlit.testing.v1 import AppTest

from database.settings import PROJECT_DIR
from tests.builders import ACreator, a_creator, a_quiz, a_student, a_video
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import tables

STATES = {
    "nothing": (lambda: (), "There are no students and no videos yet."),
    "videos": (lambda: a_video("Loops"), "There are no students yet."),
    "students": (lambda: a_student("Ada Moss"), "There are no videos yet."),
    "students and videos": (
        lambda: (a_student("Ada Moss"), a_video("Loops"), a_quiz("Loops quiz")),
        "No activity of students has arrived yet.",
    ),
}
PAGES = sorted(path.stem for path in (PROJECT_DIR / "pages").glob("*.py") if path.stem != "__init__")
# They show nothing that comes with the data, or are a way in, or are opened from a list that is empty.
SHOW_NO_DATA = {"settings", "changed_figures", "staff", "import_data"}
OF_ONE_THING = {"student", "video", "quiz", "quiz_edit", "announcement"}
OWN_DATA = "own_data"


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in SHOW_NO_DATA | OF_ONE_THING])
def test_a_page_says_what_is_missing_and_leads_to_the_ways_in(page: str, state: str) -> None:
    rows, _ = STATES[state]
    app = opened(an_account(a_creator(rows())), page)

    assert_leads_to_data(app, page)


@pytest.mark.parametrize(("page", "shown"), [("student", 0), ("video", 1), ("quiz", 2)])
def test_a_page_about_one_thing_leads_there_too_if_nobody_did_anything(page: str, shown: int) -> None:
    rows = a_student("Ada Moss"), a_video("Loops"), a_quiz("Loops quiz")
    app = opened(an_account(a_creator(rows)), page, id=str(rows[shown].id))

    assert_leads_to_data(app, page)


def test_what_is_missing_is_said_most_important_first(state: str) -> None:
    rows, said = STATES[state]

    assert said in words(opened(an_account(a_creator(rows())), "own_data"))


def test_staff_are_led_there_too() -> None:
    creator = a_creator()

    app = opened_by_staff(creator, "students")

    assert leads_to_data(app)


def assert_leads_to_data(app: AppTest, page: str) -> None:
    assert not app.exception
    assert leads_to_data(app) or page == OWN_DATA, words(app)
    assert len(app.get("vega_lite_chart")) == (1 if page == "student" else 0)  # the videos of the course, as a strip
    assert [table.key for table in tables(app) if not table.ids] == []


def leads_to_data(app: AppTest) -> bool:
    return OWN_DATA in [link.proto.page for link in app.main.get("page_link")]


def opened_by_staff(_creator: ACreator, page: str) -> AppTest:
    """With one creator, that is the one staff have opened."""
    return opened(an_account(None), page)
