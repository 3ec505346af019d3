"""The staff page: creators, accounts, audit log; nobody else gets there."""

import re

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from actions.staff import settle_failure
from database.account_directory import listed_accounts
from database.accounts import NotStaff, account
from database.creators import creators
from database.each import of_creator
from database.engine import engine
from database.failures import Failure, Item, failure_counts, note_failure
from database.settings import PROJECT_DIR
from database.tenancy import tenant_tx
from database.workers import NO_WORKER, START_ONE
from queries.staff import audit_log, creator_states, failures
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student, add, an_event
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import does, table, went_to
from tests.workers import a_worker_heard


def test_every_creator_is_listed_with_the_state_of_the_figures() -> None:
    a_creator(a_student(), name="Amy First")
    waiting = a_creator(name="Zoe Second", subscription_tier="pro")
    add(waiting, a_student())

    app = opened(an_account(None), "staff")

    said = words(app)
    assert not app.exception
    assert "**1** of 2 creators have the dashboard; **1** are waiting for a refresh." in said
    shown = table(app, "creator_table")
    assert (shown.column("Creator"), shown.column("Tier")) == (["Amy First", "Zoe Second"], ["ENTERPRISE", "PRO"])
    assert shown.column("Students") == ["1", "0"]
    assert "data version 1" in (shown.column("Figures")[0] or "")
    assert "waiting" in (shown.column("Waiting")[1] or "")
    assert shown.column("Open") == ["Open", None]


def test_a_zone_that_was_none_is_told_with_its_old_name() -> None:
    creator = a_creator(name="Amy First")
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update creators set timezone_was = 'UTC+3'"))

    said = str(table(opened(an_account(None), "staff"), "creator_table").notes())

    assert "UTC, instead of “UTC+3”, which is not a time zone" in said


@pytest.mark.parametrize(("rows", "said"), [(1, "1 row is set aside"), (1_200, "1,200 rows are set aside")])
def test_rows_that_an_upgrade_set_aside_are_counted_with_the_reason(rows: int, said: str) -> None:
    creator = a_creator(name="Amy First")
    with engine().begin() as connection:
        connection.execute(text("select set_config('app.creator_id', :id, true)"), {"id": str(creator.id)})
        connection.execute(
            text(
                "insert into refused_rows (creator_id, table_name, row, reason)"
                " select :id, 'students', '{}', 'an example' from generate_series(1, :rows)"
            ),
            {"id": creator.id, "rows": rows},
        )

    assert f"{said}: a time in them is not between 1990 and 2100" in words(opened(an_account(None), "staff"))


def test_nothing_set_aside_is_not_mentioned() -> None:
    a_creator(name="Amy First")

    assert "set aside" not in words(opened(an_account(None), "staff"))


def test_the_memory_of_the_cache_stands_beside_its_figures() -> None:
    a_creator(a_student())

    said = words(opened(an_account(None), "staff"))

    assert re.search(r"Its memory holds \d+\.\d MB of cached results, at most 134\.2 MB\.", said)


def test_a_missing_worker_is_an_error_that_says_what_to_do() -> None:
    a_worker_heard(seconds_ago=60)
    staff = an_account(None)

    (error,) = opened(staff, "staff").error
    assert f"**{NO_WORKER}** {START_ONE}" in error.value

    a_worker_heard()
    assert not opened(staff, "staff").error


def test_a_refresh_is_done_at_once_and_raises_the_data_version() -> None:
    staff, creator = an_account(None), a_creator(a_student(), name="Amy First")
    add(creator, an_event())
    app = opened(staff, "staff")

    does(app, "creator_table", pressed={"button": "refresh", "id": str(creator.id)})

    assert "The figures of Amy First are up to date." in words(app)
    assert "all figures are up to date" in words(app)
    assert creator_states(staff)[0].version == 2


def test_a_dashboard_that_is_opened_is_read_only_and_in_the_log() -> None:
    a_creator(name="Amy First")
    second = a_creator(a_student("Zed"), name="Zoe Second")
    staff = an_account(None, name="Sam Staff")
    app = opened(staff, "staff")

    does(app, "creator_table", pressed={"button": "open", "id": str(second.id)})
    print(
        [e.proto.json[:200] for e in app.get("bidi_component")], app.exception, app.session_state["opened_creator_id"]
    )
    assert went_to(app) == "/"
    app.switch_page(str(PROJECT_DIR / "pages" / "overview.py")).run()

    assert "Read-only: you are viewing the dashboard of **Zoe Second**" in app.warning[0].value
    noted = audit_log(staff)
    assert ("Sam Staff", "dashboard opened", "Zoe Second") in zip(noted.who, noted.action, noted.creator, strict=True)


def test_each_opening_is_noted_again() -> None:
    first, second = a_creator(name="Amy First"), a_creator(name="Zoe Second")
    staff = an_account(None)
    app = opened(staff)

    for creator in (second, first):
        app.selectbox(key="opened_creator_id").set_value(creator.id).run()
        app.run()

    assert sorted(audit_log(staff).creator) == ["Amy First", "Amy First", "Zoe Second"]


def test_an_account_is_disabled() -> None:
    other = a_linked_account(a_creator(name="Amy First"), name="Ira Bloom")
    app = opened(an_account(None), "staff")

    field = next(field for field in app.main.selectbox if field.label == "Disable an account")
    field.set_value(other.id)
    next(button for button in app.button if button.label == "Disable account").click().run()

    assert "Ira Bloom can no longer sign in." in words(app)
    assert "Disabled" in words(app)
    assert account(other.id) is None


def test_what_failed_is_loud_above_everything_and_listed_with_what_it_was() -> None:
    creator = a_creator(name="Amy First")
    for _ in range(2):
        note_failure(Failure.of("refresh", of_creator(creator.id), ValueError("ada@example.org")))
    note_failure(Failure.of("job", Item(None, "job 7"), KeyError()))

    app = opened(an_account(None), "staff")

    assert not app.exception
    assert "2 tasks failed and were skipped; everything else went on. See **Failures** below." in app.error[0].value
    shown = table(app, "failure_table")
    columns = [shown.column(title) for title in ("Problem", "Creator", "Error", "Times")]
    assert list(zip(*columns, strict=True)) == [
        ("Job of a lost worker not resumed", None, "KeyError", "1"),
        ("Figures not refreshed", "Amy First", "ValueError", "2"),
    ]


def test_a_failure_is_taken_off_the_list_by_hand() -> None:
    note_failure(Failure.of("job", Item(None, "job 7"), KeyError()))
    app = opened(an_account(None), "staff")

    next(field for field in app.main.selectbox if field.label == "Remove from the list").set_value(("job", "job 7"))
    next(button for button in app.button if button.label == "Mark as resolved").click().run()

    assert "Removed from the list: Job of a lost worker not resumed (job 7)" in words(app)
    assert "Nothing has failed." in words(app)
    assert not [error for error in app.error if "failed" in error.value]
    assert failure_counts() == ()


def test_only_staff_see_and_settle_failures() -> None:
    creator = an_account(a_creator())

    with pytest.raises(NotStaff):
        failures(creator)
    with pytest.raises(NotStaff):
        settle_failure(creator, "job", "job 7")


def test_creators_are_found_by_name() -> None:
    a_creator(name="Amy First")
    a_creator(name="Zoe Second")
    app = opened(an_account(None), "staff")

    app.text_input(key="creator_name").set_value("zoe").run()

    assert table(app, "creator_table").column("Creator") == ["Zoe Second"]


def test_staff_add_a_creator_with_its_owner() -> None:
    app = opened(an_account(None), "staff")

    add_creator(app, "My school", "mia@example.com")

    assert "My school was added. mia@example.com can sign in now." in app.success[0].value
    assert table(app, "creator_table").column("Creator") == ["My school"]
    assert [account.name for account in listed_accounts() if account.email == "mia@example.com"] == ["Mia Chen"]


@pytest.mark.parametrize(
    ("name", "email", "said"),
    [
        ("", "mia@example.com", "Give the school or channel a name first."),
        ("Amy First", "mia@example.com", 'a creator "Amy First" already'),
        ("My school", "mia", '"mia" is not an email address'),
    ],
)
def test_a_creator_that_cannot_be_added_is_explained(name: str, email: str, said: str) -> None:
    a_creator(name="Amy First")
    app = opened(an_account(None), "staff")

    add_creator(app, name, email)

    assert said in app.error[-1].value
    assert [creator.name for creator in creators()] == ["Amy First"]


def add_creator(app: AppTest, name: str, email: str) -> None:
    fields = {field.label: field for field in app.text_input}
    fields["Name of the school or channel"].set_value(name)
    fields["Email of the owner"].set_value(email)
    fields["Name of the owner"].set_value("Mia Chen")
    next(button for button in app.button if button.label == "Add creator").click()
    app.run()


def test_without_creators_the_page_still_opens() -> None:
    app = opened(an_account(None), "staff")

    assert not app.exception
    assert "No creators yet." in words(app)


def test_a_creator_does_not_get_there() -> None:
    a_creator(name="The Other")

    app = opened(an_account(a_creator(name="Amy First")))

    assert "The Other" not in everything_a_creator_reaches(app)


def everything_a_creator_reaches(app: AppTest) -> str:
    """The page's address, asked for by somebody whose menu does not have it."""
    page = AppTest.from_file(app._script_path, default_timeout=30)
    page.session_state["account_id"] = app.session_state["account_id"]
    page.run()
    script = AppTest.from_file(PROJECT_DIR / "pages" / "staff.py", default_timeout=30)
    script.session_state["account_id"] = app.session_state["account_id"]
    script.run()
    assert script.exception
    assert not script.title
    return words(page) + words(script)
