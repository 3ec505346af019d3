"""The page for importing files: a file is set up, asked about, checked and imported; nobody else sees it."""

import pytest

from actions.saved_mappings import keep_mapping
from queries.imports.files import import_files
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.file_imports import ONE_IS_WRONG, SEGMENTS, checked_file, sent_file, the_file, worked_on
from tests.pages.opened import an_account, opened, words
from tests.sources.mappings.mapped import mapping

pytestmark = pytest.mark.usefixtures("shared_database")

ROSTER = "Mail,Full name,Joined\na@x.org,Ann,03/04/2025\nb@x.org,Bob,04/04/2025\n"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


@pytest.fixture
def creator():
    return a_creator()


@pytest.fixture
def author(creator):
    return a_linked_account(creator)


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def select(app, label, option):
    next(box for box in app.selectbox if box.label == label).select(option)
    return app.run()


def test_without_a_file_there_are_templates(creator) -> None:
    app = opened(an_account(creator), "import_data")
    assert not app.exception
    assert "`student` (required)" not in words(app)
    assert "your own id" in words(app)


def test_a_filled_template_is_recognised_checked_and_imported(creator, author) -> None:
    sent_file(author, creator, SEGMENTS)
    app = opened(author.id, "import_data")
    assert "Template: watched segments" in app.selectbox[0].format_func(app.selectbox[0].value)

    press(app, "Check the file")
    assert "is being checked" in words(app)
    worked_on(creator, the_file(creator).file_import_id)
    app = opened(author.id, "import_data")
    assert "nothing is written yet" in words(app)
    press(app, "Import")
    worked_on(creator, the_file(creator).file_import_id)
    app = opened(author.id, "import_data")
    assert "has been imported" in words(app)
    assert "imported" in words(app)


def test_a_file_set_up_by_hand_is_asked_about_until_nothing_is_open(creator, author) -> None:
    sent_file(author, creator, ROSTER, "Roster.csv")
    app = opened(author.id, "import_data")
    app.multiselect[0].select("student")
    app.run()
    assert "Say which column is the id of the student." in words(app)
    select(app, "Id", "Mail")
    select(app, "Created at", "Joined")
    assert next(button for button in app.button if button.label == "Check the file").disabled
    select(app, "In dates such as 03/04/2026", "day-first")
    assert any(box.label == "Time zone of the times in the file" for box in app.selectbox)
    assert "3 April 2025" in words(app) or "3 Apr 2025" in words(app)
    assert not next(button for button in app.button if button.label == "Check the file").disabled


def test_refused_lines_are_counted_by_what_is_wrong_and_left_out_only_on_purpose(creator, author) -> None:
    checked_file(author, creator, ONE_IS_WRONG)
    app = opened(author.id, "import_data")
    assert "1 line would be refused" in words(app)
    assert "This is not a number." in words(app)
    assert any(button.label == "Import without 1 line" for button in app.button)


def test_a_saved_mapping_recognises_the_next_file(creator, author) -> None:
    rule = {"kind": "student", "fields": {"id": "Mail", "name": "Full name"}}
    keep_mapping(author, creator.id, mapping(rule, name="Our roster", headers=[["Mail", "Full name", "Joined"]]))
    sent_file(author, creator, ROSTER, "Roster.csv")
    app = opened(author.id, "import_data")
    assert app.selectbox[0].value == "saved/Our roster"


def test_staff_and_outsiders_see_no_file(creator, author) -> None:
    sent_file(author, creator, SEGMENTS)
    outsider = a_creator()
    assert import_files(outsider.id) == []
    assert "segments.csv" not in words(opened(an_account(outsider), "import_data"))
    assert "segments.csv" not in words(opened(an_account(None), "import_data"))
