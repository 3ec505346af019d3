"""The choice of a course in the top bar: kept from visit to visit, and never in the way of an address."""

from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import ScriptRunContext
from streamlit.testing.v1 import AppTest

from actions.chosen_course import keep_chosen_course
from actions.courses import RunDates, add_course, add_run, close_course, open_course
from database.accounts import Account
from database.settings import PROJECT_DIR
from database.tenancy import tenant_tx
from queries.courses.chosen_course import ChosenCourse, chosen_course
from queries.courses.known import Course, courses
from rules.errors import InputError
from tests.builders import ACreator, a_creator, a_student, a_video, refreshed
from tests.oracle import rows_of
from tests.pages.opened import an_account, opened, words

GONE = "That course no longer exists, so all courses are shown."


@pytest.fixture
def creator() -> ACreator:
    """With two courses, of which the second has two runs."""
    creator = a_creator(a_student("Ada Moss"), a_video("Loops"))
    author = author_of(creator)
    sorting = add_course(author, creator.id, "Sorting")
    add_run(author, creator.id, sorting, RunDates("Autumn"))
    refreshed(creator)
    return creator


def test_the_next_visit_begins_with_the_choice(creator: ACreator) -> None:
    account, sorting = an_account(creator), course_of(creator)
    app = opened(account)
    choose(app, "course", sorting.course_id)
    choose(app, "run", sorting.runs[1].run_id)

    again = opened(account, "videos")

    assert shown(again) == (str(sorting.course_id), str(sorting.runs[1].run_id))
    assert again.query_params["course"] == str(sorting.course_id)
    assert again.query_params["run"] == str(sorting.runs[1].run_id)


def test_all_courses_are_a_choice_too(creator: ACreator) -> None:
    account = an_account(creator)
    app = opened(account)
    choose(app, "course", course_of(creator).course_id)

    choose(app, "course", "all")

    assert rows_of(creator.id, "chosen_courses") == []
    assert shown(opened(account)) == ("all", None)
    assert "course" not in opened(account).query_params


def test_another_course_begins_with_all_of_its_runs(creator: ACreator) -> None:
    app, sorting = opened(an_account(creator)), course_of(creator)
    choose(app, "course", sorting.course_id)
    choose(app, "run", sorting.runs[1].run_id)

    choose(app, "course", course_of(creator, 0).course_id)
    choose(app, "course", sorting.course_id)

    assert shown(app) == (str(sorting.course_id), "all")
    assert "run" not in app.query_params


def test_an_address_wins_and_is_not_kept(creator: ACreator) -> None:
    account, first, sorting = an_account(creator), course_of(creator, 0), course_of(creator)
    app = opened(account)
    choose(app, "course", sorting.course_id)
    choose(app, "run", sorting.runs[1].run_id)

    assert shown(opened(account, course=str(first.course_id)))[0] == str(first.course_id)
    assert shown(opened(account, course=str(sorting.course_id))) == (str(sorting.course_id), "all")
    assert shown(opened(account, course="all"))[0] == "all"
    assert shown(opened(account)) == (str(sorting.course_id), str(sorting.runs[1].run_id))


def test_the_choice_follows_through_the_menu_and_the_way_back_undoes_it(creator: ACreator) -> None:
    app, sorting = opened(an_account(creator)), course_of(creator)
    choose(app, "course", sorting.course_id)

    to_page(app, "videos")
    followed = shown(app)
    assert app.query_params["course"] == str(sorting.course_id)
    del app.query_params["course"]  # one step back: the page before it wrote its address
    app.run()

    assert followed == shown(app) == (str(sorting.course_id), "all")
    to_page(app, "overview")
    choose(app, "course", "all")
    app.query_params["course"] = str(sorting.course_id)
    app.run()
    assert shown(app)[0] == str(sorting.course_id)


def test_course_and_period_are_written_at_once(creator: ACreator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change of the address is a step of the browser's way back."""
    app, sorting = opened(an_account(creator)), course_of(creator)
    choose(app, "course", sorting.course_id)
    app.selectbox(key="more_periods").set_value("last-month").run()
    written: list[str] = []
    enqueue = ScriptRunContext.enqueue

    def noted(self: ScriptRunContext, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "page_info_changed":
            written.append(message.page_info_changed.query_string)
        enqueue(self, message)

    monkeypatch.setattr(ScriptRunContext, "enqueue", noted)
    to_page(app, "chat")

    assert [dict(parse_qsl(query)) for query in written] == [
        {"course": str(sorting.course_id), "period": "last-month"},
    ]


def test_a_course_that_was_closed_meanwhile_is_not_returned_to(creator: ACreator) -> None:
    account, sorting, author = an_account(creator), course_of(creator), author_of(creator)
    choose(opened(account), "course", sorting.course_id)
    made_older(creator)

    close_course(author, creator.id, sorting.course_id)
    app = opened(account)
    assert not app.exception
    assert shown(app) == ("all", None)
    assert GONE not in words(app)

    choose(app, "course", sorting.course_id)  # closed as it is
    assert shown(opened(account))[0] == str(sorting.course_id)
    open_course(author, creator.id, sorting.course_id)
    assert shown(opened(account))[0] == str(sorting.course_id)


@pytest.mark.parametrize("table", ["courses", "course_runs"])
def test_what_was_deleted_meanwhile_is_not_returned_to(creator: ACreator, table: str) -> None:
    account, sorting = an_account(creator), course_of(creator)
    app = opened(account)
    choose(app, "course", sorting.course_id)
    choose(app, "run", sorting.runs[1].run_id)

    gone = sorting.course_id if table == "courses" else sorting.runs[1].run_id
    with tenant_tx(creator.id) as connection:
        connection.execute(text(f"delete from {table} where id = :id"), {"id": gone})
    refreshed(creator)
    app = opened(account)

    assert not app.exception
    left = (None, None) if table == "courses" else (str(sorting.course_id), None)  # one course; one run
    assert shown(app) == left


@pytest.mark.parametrize(
    ("page", "unknown"),
    [("overview", "5b1c0c1e-6f0e-4d7e-9f6a-3a2f3e1d7c55"), ("courses", "sorting"), ("videos", "' or 1 = 1")],
)
def test_an_address_of_no_course_is_told_kindly(creator: ACreator, page: str, unknown: str) -> None:
    app = opened(an_account(creator), page, course=unknown)

    assert not app.exception
    assert GONE in words(app)
    assert shown(app) == ("all", None)
    choose(app, "course", course_of(creator).course_id)
    assert GONE not in words(app)


def test_an_address_of_no_run_is_told_kindly(creator: ACreator) -> None:
    sorting = course_of(creator)

    app = opened(an_account(creator), course=str(sorting.course_id), run=str(uuid4()))

    assert "That run no longer exists" in words(app)
    assert shown(app) == (str(sorting.course_id), "all")


def test_the_course_of_a_creator_with_one_is_no_unknown_one() -> None:
    creator = a_creator(a_student("Ada Moss"), a_video("Loops"))

    app = opened(an_account(creator), course=str(course_of(creator, 0).course_id))

    assert GONE not in words(app)
    assert GONE in words(opened(an_account(creator), course=str(uuid4())))


def test_each_account_has_its_own_choice(creator: ACreator) -> None:
    mine, other, sorting = an_account(creator), an_account(creator, "Cy Holt"), course_of(creator)

    choose(opened(mine), "course", sorting.course_id)

    assert shown(opened(other)) == ("all", None)
    assert chosen_course(creator.id, mine) == ChosenCourse(sorting.course_id)
    assert chosen_course(creator.id, other) == ChosenCourse()
    assert chosen_course(a_creator(name="The Outsider").id, mine) == ChosenCourse()


def test_staff_choose_for_their_visit_alone(creator: ACreator) -> None:
    account, first, sorting = an_account(creator), course_of(creator, 0), course_of(creator)
    choose(opened(account), "course", sorting.course_id)
    staff = an_account(None)

    app = opened(staff)
    began = shown(app)
    choose(app, "course", first.course_id)
    to_page(app, "videos")

    assert began == ("all", None)
    assert shown(app)[0] == str(first.course_id)
    assert shown(opened(account))[0] == str(sorting.course_id)
    assert shown(opened(staff)) == ("all", None)
    assert [row["course_id"] for row in rows_of(creator.id, "chosen_courses")] == [sorting.course_id]
    with pytest.raises(InputError):
        keep_chosen_course(Account(staff, "Vi", None, "staff", None, None, None), creator.id, first.course_id, None)


def test_staff_who_open_another_creator_begin_with_all_courses(creator: ACreator) -> None:
    other = a_creator(a_student("Bo Lind"), a_video("Sets"), name="The Other")
    add_course(author_of(other), other.id, "Lists")
    refreshed(other)
    app = opened(an_account(None))
    app.selectbox(key="opened_creator_id").select(creator.id).run()
    choose(app, "course", course_of(creator).course_id)

    app.selectbox(key="opened_creator_id").select(other.id).run()

    assert not app.exception
    assert shown(app) == ("all", None)
    assert GONE not in words(app)


def test_the_run_of_an_only_course_is_remembered() -> None:
    creator = a_creator(a_student("Ada Moss"), a_video("Loops"))
    autumn = add_run(author_of(creator), creator.id, course_of(creator, 0).course_id, RunDates("Autumn"))
    refreshed(creator)
    account = an_account(creator)

    choose(opened(account), "run", autumn)

    assert shown(opened(account)) == (None, str(autumn))
    assert opened(account).query_params["run"] == str(autumn)


def test_a_choice_that_cannot_be_kept_holds_for_the_visit(creator: ACreator, monkeypatch: pytest.MonkeyPatch) -> None:
    account, sorting = an_account(creator), course_of(creator)
    app = opened(account)

    choose(app, "course", sorting.course_id)
    with monkeypatch.context() as patch:
        patch.setattr("ui.top_bar.course_choice.keep_chosen_course", refused)
        choose(app, "course", "all")

    assert shown(app) == ("all", None)
    assert shown(opened(account))[0] == str(sorting.course_id)


def refused(*_arguments: object) -> None:
    raise OperationalError("insert", {}, Exception())


def author_of(creator: ACreator) -> Account:
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


def course_of(creator: ACreator, place: int = 1) -> Course:
    return courses.fresh(creator.id).courses[place]


def made_older(creator: ACreator) -> None:
    """The choice was made yesterday."""
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update chosen_courses set chosen_at = chosen_at - interval '1 day'"))


def choose(app: AppTest, key: str, chosen: UUID | str) -> None:
    app.selectbox(key=key).select(str(chosen)).run()
    assert not app.exception


def shown(app: AppTest) -> tuple[object, object]:
    """Which course and which run the bar says; None: it asks for none."""
    boxes = {box.key: box.value for box in app.selectbox if box.key in ("course", "run")}
    return boxes.get("course"), boxes.get("run")


def to_page(app: AppTest, page: str) -> None:
    """By the menu, which leads to an address without a word."""
    app.query_params.clear()
    app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py")).run()
