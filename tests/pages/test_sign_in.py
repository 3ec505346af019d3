"""The sign-in page of one's own computer: look at the demo, start with one's own data, or continue."""

import pytest
from streamlit.testing.v1 import AppTest

from actions.creators import NewCreator, start_with_own_data
from database.accounts import demo_accounts
from database.creators import creators
from database.demo import DemoSize, load_demo
from tests.pages.opened import opened, words
from ui.account import start_form


@pytest.fixture(autouse=True)
def on_ones_own_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_LOCAL_SIGN_IN", "1")


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, str]]:
    """Whom the browser is signed in as, and where it goes: its cookie needs a server."""
    gone: list[tuple[object, str]] = []
    monkeypatch.setattr(start_form, "choose", lambda account_id, page: gone.append((account_id, page)))
    return gone


def test_without_any_data_there_is_the_form_and_how_to_load_the_demo() -> None:
    app = opened(None)

    assert not app.exception
    assert [heading.value for heading in app.header] == ["Start with my own data", "Look at the demo"]
    assert "make demo" in words(app)


def test_the_form_makes_creator_and_account_and_leads_to_the_ways_in(went: list[tuple[object, str]]) -> None:
    app = opened(None)

    started(app, "Riverside School", "Mia Chen", zone="Europe/Berlin")

    (creator,), (account,) = creators(), demo_accounts()
    assert (creator.name, creator.timezone, creator.subscription_tier) == (
        "Riverside School",
        "Europe/Berlin",
        "enterprise",
    )
    assert (account.name, account.creator_id) == ("Mia Chen", creator.id)
    assert went == [(account.id, "/own_data")]


@pytest.mark.parametrize(
    ("name", "said"), [("", "Give the school or channel a name first."), ("My school", 'a creator "My school" already')]
)
def test_a_mistake_is_said_and_nothing_is_made(name: str, said: str, went: list[tuple[object, str]]) -> None:
    start_with_own_data(NewCreator("My school"), "")
    app = opened(None)

    started(app, name, "")

    assert said in app.error[0].value
    assert len(creators()) == 1
    assert went == []


@pytest.mark.parametrize(
    ("reported", "proposed"),
    [("America/New_York", "America/New_York"), ("Mars/Olympus", "UTC"), (None, "UTC"), ("", "UTC")],
)
def test_the_zone_of_the_browser_is_proposed(
    reported: str | None, proposed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_form, "reported_zone", lambda: reported)

    assert opened(None).selectbox[0].value == proposed


def test_own_accounts_stand_before_those_of_the_demo() -> None:
    load_demo(DemoSize(students=3, videos=3, days=30))
    start_with_own_data(NewCreator("My school"), "Mia Chen")

    said = words(opened(None))

    places = [said.index(text) for text in ("Continue", "Mia Chen", "My school", "Look at the demo", "Ada Lindner")]
    assert places == sorted(places)
    assert "Noor Haddad" in said
    assert "no access to the dashboard" in said  # the demo creator of a smaller plan


def test_with_a_provider_there_is_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHBOARD_LOCAL_SIGN_IN")

    app = opened(None)

    assert not app.text_input
    assert not app.header


def started(app: AppTest, school: str, person: str, zone: str = "UTC") -> None:
    app.text_input[0].set_value(school)
    app.selectbox[0].set_value(zone)
    app.text_input[1].set_value(person)
    next(button for button in app.button if button.label == "Start").click()
    app.run()
