"""What a page shows when the database is away or slow."""

import psycopg2
import pytest
from sqlalchemy import URL
from streamlit.testing.v1 import AppTest

from database.seldom import SeldomTold
from tests.builders import ACreator, a_creator, a_student, a_watch
from tests.pages.opened import an_account, opened, words
from ui.shared import errors

ADA = "Ada Moss"
PAGES = ("overview", "students", "student")


@pytest.fixture(autouse=True)
def nothing_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "TROUBLE", SeldomTold(errors.logger))


@pytest.mark.parametrize("page", PAGES)
def test_a_database_that_went_away_is_said_inside_the_frame(
    page: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    creator, ada = a_creator_with_ada()
    app = opened(an_account(creator), page, id=str(ada), search=ADA)
    assert not app.error

    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/nowhere")
    app.run()

    explained(app, "The database is not responding.")
    assert "Sign out" in [button.label for button in app.sidebar.button]
    silent(caplog, words(app))

    app.run()
    assert caplog.text.count("database trouble") == 1  # a minute, however many look


def test_a_database_that_is_away_from_the_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    account = an_account(a_creator_with_ada()[0])
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/nowhere")

    app = opened(account)

    explained(app, "The database is not responding.")


@pytest.mark.parametrize(("page", "table"), [("overview", "days"), ("students", "students")])
def test_a_statement_that_takes_too_long_is_said_inside_the_frame(
    page: str, table: str, database: URL, caplog: pytest.LogCaptureFixture
) -> None:
    creator, _ = a_creator_with_ada()
    account = an_account(creator)
    with psycopg2.connect(database.set(drivername="postgresql").render_as_string(hide_password=False)) as blocker:
        with blocker.cursor() as cursor:
            cursor.execute(f"lock table {table} in access exclusive mode")
        app = opened(account, page, search=ADA)
    blocker.close()

    explained(app, "took too long")
    assert app.title[0].value == page.title()
    silent(caplog, words(app))

    next(button for button in app.main.button if button.label == "Try again").click().run()
    assert not app.error


def explained(app: AppTest, said: str) -> None:
    assert not app.exception
    assert len(app.error) == 1
    assert said in app.error[0].value
    assert "Try again" in [button.label for button in app.main.button]


def silent(caplog: pytest.LogCaptureFixture, said: str) -> None:
    """Neither the log nor the message holds a name, a password or a statement."""
    assert "database trouble" in caplog.text
    for secret in ("ada@", "secret", "select "):
        assert secret not in caplog.text
        assert secret not in said
    assert ADA not in caplog.text


def a_creator_with_ada() -> tuple[ACreator, object]:
    ada = a_student(ADA)
    return a_creator(ada, a_watch(ada, days_ago=10)), ada.id
