"""A run of a page reads in one transaction, looks at the data version once, and reads nothing while it draws."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from actions.announcements import Sending, announce
from actions.chosen_course import keep_chosen_course
from actions.courses import add_course
from database import tenancy
from database.announcements import Announcement
from database.engine import engine
from database.refresh import refresh
from database.settings import PROJECT_DIR
from queries.cache.caching import ANSWERS, forget_everything
from tests.accounts import a_linked_account
from tests.builders import NOW, ACreator, a_creator, a_student, a_video, add, an_event, refreshed
from tests.mailing import chosen
from tests.pages.opened import an_account, opened
from tests.queries.every_answer import Told, a_told_creator
from tests.queries.overview.test_notices import an_export
from ui.top_bar.notices import OPENED

PAGES = sorted(path.stem for path in (PROJECT_DIR / "pages").glob("*.py") if path.stem != "__init__")
OF_STAFF = ("staff", "delivery", "exports", "overview")
SHOWING = {
    "metric",
    "vega_lite_chart",
    "arrow_data_frame",
    "arrow_table",
    "alert",
    "progress",
    "link_button",
}
VERSION = "as has_arrivals"


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a run does, in order: "begin", each statement, and "drawn …" for each element that shows an answer."""
    done: list[str] = []
    enqueue = DeltaGenerator._enqueue

    def noted(self: DeltaGenerator, delta_type: str, *arguments: Any, **options: Any) -> Any:
        component = getattr(arguments[0], "component_name", "") if arguments else ""
        if delta_type in SHOWING or "list_table" in component:
            done.append(f"drawn {delta_type}")
        return enqueue(self, delta_type, *arguments, **options)

    def begun(_connection: Any) -> None:
        done.append("begin")

    def sent(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        done.append(statement)

    event.listen(engine(), "begin", begun)
    event.listen(engine(), "before_cursor_execute", sent)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(DeltaGenerator, "_enqueue", noted)
            yield done
    finally:
        event.remove(engine(), "begin", begun)
        event.remove(engine(), "before_cursor_execute", sent)


@contextmanager
def rows_of(name: str) -> Iterator[list[int]]:
    """How many rows each statement with this name in it sends meanwhile."""
    sent: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if name in statement:
            sent.append(cursor.rowcount)

    event.listen(engine(), "after_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine(), "after_cursor_execute", note)


@pytest.fixture
def told() -> Told:
    return a_told_creator()


@pytest.mark.parametrize("page", [page for page in PAGES if page != "staff"])
def test_a_page_of_a_creator(told: Told, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(told, page)

    for prepare in (ANSWERS.clear, lambda: None, lambda: change_figures(told)):
        prepare()
        assert_one_look(run(app, monkeypatch), page)


@pytest.mark.parametrize("page", OF_STAFF)
def test_a_page_of_staff(told: Told, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(an_account(None), page)

    ANSWERS.clear()
    done = [step for step in run(app, monkeypatch) if step != "drawn alert"]  # whose dashboard staff read
    done = [step for step in done if "procrastinate" not in step]

    assert drawn_before_read(done) == [], page
    assert done.count("begin") <= (2 if page == "staff" else 1)  # one for the queue


def test_a_process_that_has_just_started_asks_who_looks_and_then_once(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = shown(told, "overview")
    forget_everything()

    done = run(app, monkeypatch)

    assert done.count("begin") == 2  # the account, of the directory; the creator and all figures
    assert sum(VERSION in step for step in done) == 1


@pytest.mark.parametrize("page", ["overview", "students", "video", "quiz", "chat", "funnel", "student"])
def test_a_page_that_knows_its_answers_only_looks(told: Told, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(told, page)

    done = run(app, monkeypatch)

    asked = [step for step in done if "--" in step]
    # Never cached: what the creator prefers, the emails to a student, the file of a video and its latest upload.
    more = {"overview": 1, "student": 1, "video": 2}
    assert len(asked) == 1 + more.get(page, 0), asked


def test_a_visit_reads_the_course_chosen_last_once_and_with_its_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator(a_student("Ada Moss"), a_video("Loops"))
    account = a_linked_account(creator)
    sorting = add_course(account, creator.id, "Sorting")
    refreshed(creator)
    opened(account.id)  # who looks is known
    keep_chosen_course(account, creator.id, sorting, None)
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=30)
    app.session_state["account_id"] = account.id

    for asked in (1, 0, 0):
        done = run(app, monkeypatch)
        assert_one_look(done, "overview")
        assert sum("chosen_courses" in step for step in done) == asked
        assert app.selectbox(key="course").value == str(sorting)


@pytest.mark.parametrize("dialog", ["upload", "order", "edit", "delete"])
def test_a_dialog_is_read_with_its_page(told: Told, dialog: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(told, "videos")
    app.session_state["video_dialog"] = (dialog, told.video_id)
    ANSWERS.clear()

    assert_one_look(run(app, monkeypatch), dialog)


def test_a_click_on_edit_is_followed_before_the_table_is_drawn(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    app = shown(told, "videos")
    app.session_state["videos_table"] = {"pressed": {"button": "edit", "id": str(told.video_id)}}

    assert_one_look(run(app, monkeypatch), "edit")
    assert "Save" in [button.label for button in app.button]


def test_an_announcement_under_way(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_one_look(run(shown(told, "announcement"), monkeypatch), "announcement")


def test_closed_notifications_ask_for_their_number_once_and_open_ones_for_five_of_each_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = [a_student(f"Silent {number}") for number in range(9)]
    account = an_account(a_creator(silent, [an_event(student, days_ago=10) for student in silent]))
    app = opened(account, "changed_figures")

    closed = run(app, monkeypatch)
    app.session_state[OPENED] = True
    with rows_of("notices_ranked") as sent:
        run(app, monkeypatch)

    assert not [step for step in closed if "notices" in step or "export_logs" in step]
    assert sent == [5]
    assert "4 more" in [link.proto.label for link in app.get("page_link")]


def test_a_statement_after_a_chart_is_found() -> None:
    done = ["begin", "-- one", "drawn metric", "-- two"]

    assert drawn_before_read(done) == ["-- two"]


def shown(told: Told, page: str) -> AppTest:
    """The page with something to show, once opened."""
    creator = ACreator(told.creator_id, "Mira Vale", "enterprise", "UTC")
    account = a_linked_account(creator)
    ids = {"student": told.student_id, "video": told.video_id, "quiz": told.quiz_id, "quiz_edit": told.quiz_id}
    if page == "announcement":
        sending = Sending(uuid4(), Announcement("Hello", "Words"), "All", NOW, "UTC")
        announce(account, creator.id, sending, chosen(creator, told.student_id))
        ids[page] = sending.id
    if page == "exports":
        an_export(creator, "completed", NOW)
    address = {"id": str(ids[page])} if page in ids else {}
    if page == "video":
        address["t"] = "10"
    app = opened(account.id, page, **address)
    assert not app.exception, page
    return app


def change_figures(told: Told) -> None:
    add(ACreator(told.creator_id, "Mira Vale", "enterprise", "UTC"), an_event(days_ago=1))
    assert refresh(told.creator_id)


def run(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    with watched(monkeypatch) as done:
        app.run()
    assert not app.exception
    return done


def assert_one_look(done: list[str], page: str) -> None:
    assert done.count("begin") <= 1, (page, done)
    assert sum(VERSION in step for step in done) <= 1, page
    assert drawn_before_read(done) == [], page
    assert not tenancy.READ_LATE.was_met, page


def drawn_before_read(done: list[str]) -> list[str]:
    """The statements after the first element that shows an answer."""
    first = next((place for place, step in enumerate(done) if step.startswith("drawn")), len(done))
    return [step for step in done[first:] if not step.startswith("drawn")]
