"""The page of one's own data: what there is, the ways in, and the removal of the demo."""

from uuid import UUID

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from actions.creators import NewCreator, start_with_own_data
from actions.demo import remove_demo
from database.accounts import Account, NotStaff, account
from database.creators import creators
from database.settings import PROJECT_DIR
from database.tenancy import platform_tx
from manage import cli
from sources.doors import COMMAND, DOORS
from tests.accounts import a_linked_account
from tests.builders import ACreator, a_creator, a_quiz, a_student, a_video
from tests.pages.opened import an_account, opened, words
from ui.navigation import ENTRIES

DEMO = text("update creators set is_demo = true where id = :id")


def a_demo_creator() -> ACreator:
    creator = a_creator(a_student("Ada Moss"), name="Ada Lindner")
    with platform_tx() as connection:
        connection.execute(DEMO, {"id": creator.id})
    return creator


def test_every_door_is_listed_with_what_opens_it() -> None:
    app = opened(an_account(a_creator(name="Mia's school")), "own_data")

    said = words(app)
    assert [door.name for door in DOORS if door.name not in said] == []
    assert [code.value for code in app.code] == [door.command_for("Mia's school") for door in DOORS if door.command]
    assert "'Mia'\"'\"'s school'" in app.code[0].value  # as a shell takes it


def test_what_is_there_is_counted() -> None:
    creator = a_creator(a_student("Ada Moss"), a_student("Bo Lind"), a_video("Loops"), a_quiz("Loops quiz"))

    assert "2 students, 1 video, 1 quiz, 0 questions of students." in words(opened(an_account(creator), "own_data"))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_door_leads_to_what_exists(door: object) -> None:
    page, command, docs = door.page, door.command, door.docs  # type: ignore[attr-defined]
    assert page or command or docs
    assert not page or page in [entry.address for entry in ENTRIES]
    assert not docs or (PROJECT_DIR / docs).is_file()
    if command:
        helped = CliRunner().invoke(cli, [*command.split(" --")[0].replace(" FOLDER", "").split(), "--help"])
        assert helped.exit_code == 0
        assert [option for option in command.split() if option.startswith("--") and option not in helped.stdout] == []


def test_a_command_is_for_this_folder() -> None:
    assert COMMAND == ".venv/bin/python manage.py"


def test_staff_see_it_without_the_links_that_change_something() -> None:
    a_creator()

    app = opened(an_account(None), "own_data")

    assert "Upload videos" in words(app)
    assert not {"videos", "invitations"} & {link.proto.page for link in app.main.get("page_link")}


@pytest.fixture
def on_ones_own_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_LOCAL_SIGN_IN", "1")


@pytest.mark.usefixtures("on_ones_own_computer")
def test_on_ones_own_computer_every_account_may() -> None:
    a_demo_creator()
    own = start_with_own_data(NewCreator("My school"), "Mia Chen")
    app = opened(own, "own_data")

    pressed(app, "remove_demo")
    assert len(creators()) == 2  # only asked so far
    pressed(app, "remove_demo_now")

    assert [creator.name for creator in creators()] == ["My school"]
    assert not [button for button in app.button if button.key == "remove_demo"]


@pytest.mark.usefixtures("on_ones_own_computer")
def test_whoever_looks_at_the_demo_is_signed_out_with_it() -> None:
    app = opened(an_account(a_demo_creator()), "own_data")
    assert "everything in it is invented" in app.info[0].value

    pressed(app, "remove_demo")
    pressed(app, "remove_demo_now")
    app.run()

    assert creators() == []
    assert "Start with my own data" in [heading.value for heading in app.header]


@pytest.mark.usefixtures("on_ones_own_computer")
def test_keeping_it_keeps_it() -> None:
    app = opened(an_account(a_demo_creator()), "own_data")

    pressed(app, "remove_demo")
    pressed(app, "keep_demo")

    assert len(creators()) == 1


def test_hosted_staff_may_on_their_page() -> None:
    a_demo_creator()
    a_creator(name="Nova Reyes")
    app = opened(an_account(None), "staff")

    pressed(app, "remove_demo")
    pressed(app, "remove_demo_now")

    assert [creator.name for creator in creators()] == ["Nova Reyes"]
    assert not app.exception


def test_hosted_creators_may_not() -> None:
    demo = a_demo_creator()
    for creator in (demo, a_creator(name="Nova Reyes")):
        app = opened(an_account(creator), "own_data")
        assert not [button for button in app.button if button.key == "remove_demo"]


@pytest.mark.parametrize("who", ["a creator", "staff who were disabled"])
def test_the_action_refuses_everybody_else(who: str) -> None:
    a_demo_creator()
    creator = a_linked_account(a_creator(name="Nova Reyes"))
    staff = Account(UUID(int=1), "Sam Staff", None, "staff", None, None, None)

    with pytest.raises(NotStaff):
        remove_demo(creator if who == "a creator" else staff, is_local=False)

    assert len(creators()) == 2
    assert account(creator.id) == creator


def pressed(app: AppTest, key: str) -> None:
    next(button for button in app.button if button.key == key).click()
    app.run()
