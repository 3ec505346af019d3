"""The exports page: choose, start, watch, download, cancel; and who may."""

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from streamlit.testing.v1 import AppTest

from actions.preferences import save_preferences
from api.app import api
from database.accounts import account
from database.settings import PROJECT_DIR
from queries.courses.known import courses
from queries.exports.known import exports
from queries.exports.waiting import NOBODY
from reports.exports.run import run_export
from rules.preferences import Preferences
from tests.builders import a_chat, a_creator, a_question, a_quiz, a_student, a_video, a_watch
from tests.exports import CONTENT, a_finished_export, an_export
from tests.pages.opened import an_account, opened, words
from tests.reports.two_courses import in_two_courses
from tests.workers import a_worker_heard

TYPES = ["students", "progress", "chat", "analytics", "quiz_results", "videos", "finished"]


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def choice(app, label):
    return next(field for field in app.main.selectbox if field.label == label)


def start(app):
    return next(button for button in app.button if button.label == "Create file").click().run()


def links(app):
    return [element.proto.url for element in app.get("link_button")]


def test_without_exports_the_page_says_what_to_do():
    app = opened(an_account(a_creator()), "exports")

    assert not app.exception
    assert app.title[0].value == "Exports"
    assert "No files yet." in words(app)
    assert links(app) == []


@pytest.mark.parametrize("export_type", TYPES)
def test_every_type_is_offered_with_its_filters(export_type):
    creator = a_creator(a_student(), a_video(), a_watch(days_ago=1), a_quiz("Loops"), a_chat(a_question("Why?")))

    app = start(opened(an_account(creator), "exports", type=export_type))

    assert not app.exception
    assert [(one.export_type, one.status) for one in exports(creator.id)] == [(export_type, "pending")]
    assert ":blue-badge[Waiting]" in words(app)
    assert [button.label for button in app.main.button].count("Cancel") == 1


def test_an_export_that_waits_says_why():
    creator = a_creator()
    an_export(creator)
    account_id = an_account(creator)

    assert [warning.value for warning in opened(account_id, "exports").warning] == [NOBODY]

    a_worker_heard()
    an_export(a_creator(), days_ago=1)
    app = opened(account_id, "exports")
    assert not app.warning
    assert [bar.proto.text for bar in app.get("progress")] == ["Waiting for 1 export asked for before"]


def test_the_filters_that_are_chosen_are_stored():
    creator = a_creator(a_student())
    app = opened(an_account(creator), "exports")
    choice(app, "Status").set_value("at-risk").run()

    start(app)

    (found,) = exports(creator.id)
    assert found.filters["status"] == "at-risk"
    assert "At risk · Ira Bloom" in words(app)


def test_the_address_fills_in_the_form():
    creator = a_creator(a_student())

    app = opened(
        an_account(creator), "exports", type="students", format="xlsx", status="inactive", search="Zoë", sort="name"
    )

    assert choice(app, "Format").value == "xlsx"
    assert choice(app, "Status").value == "inactive"
    start(app)
    (found,) = exports(creator.id)
    assert (found.filters["search"], found.filters["sort_by"]) == ("Zoë", "name")


@pytest.mark.parametrize(("address", "format"), [({}, "json"), ({"format": "pdf"}, "pdf"), ({"format": "exe"}, "json")])
def test_the_format_begins_with_the_creators_choice(address, format):
    creator = a_creator()
    account_id = an_account(creator)
    save_preferences(account(account_id), creator.id, Preferences(export_format="json"))

    assert choice(opened(account_id, "exports", **address), "Format").value == format


def test_csv_begins_with_the_creators_style_and_columns_come_from_the_address():
    creator = a_creator(a_student())
    account_id = an_account(creator)
    save_preferences(account(account_id), creator.id, Preferences(csv_separator="semicolon", csv_decimal_mark="comma"))

    app = opened(account_id, "exports", columns="email,name,shoe_size", encoding="utf-8")

    assert [choice(app, label).value for label in ("Separator", "Decimal mark", "Encoding")] == [
        *("semicolon", "comma", "utf-8")
    ]
    start(app)
    (found,) = exports(creator.id)
    assert found.filters["columns"] == "email,name"
    assert (found.filters["separator"], found.filters["encoding"]) == ("semicolon", "utf-8")


def test_a_video_of_somebody_else_in_the_address_is_not_taken():
    creator = a_creator(a_student())
    foreign = a_video("Not yours")
    a_creator(foreign)

    app = start(opened(an_account(creator), "exports", type="progress", video=str(foreign.id)))

    assert not app.exception
    assert "video_id" not in exports(creator.id)[0].filters


def test_a_finished_export_is_downloaded_by_its_link():
    creator = a_creator(timezone="Asia/Kolkata")
    a_finished_export(creator)

    app = opened(an_account(creator), "exports")

    (link,) = links(app)
    with TestClient(api) as client:
        assert client.get(link.removeprefix("/api")).content == CONTENT
    said = words(app)
    assert "**Students · CSV** :green-badge[Ready]" in said
    assert "4 Mar 2026, 17:30 · 1 row · 32 bytes · kept until 3 Apr 2026" in said


def test_what_failed_says_why_as_plain_text():
    creator = a_creator()
    an_export(creator, "failed", error_message="The file would be *larger* than 100 MB.")

    said = words(opened(an_account(creator), "exports"))

    assert ":red-badge[Failed]" in said
    assert "The file would be \\*larger\\* than 100 MB\\." in said


def test_a_running_export_shows_how_far_it_is():
    creator = a_creator()
    an_export(creator, "processing", rows_written=12_000, rows_total=48_000)

    app = opened(an_account(creator), "exports")

    (bar,) = app.get("progress")
    assert (bar.proto.value, bar.proto.text) == (25, "12,000 of 48,000 rows")


def test_the_page_stops_looking_when_all_is_finished():
    creator = a_creator(a_student())
    app = start(opened(an_account(creator), "exports"))
    run_export(creator.id, exports(creator.id)[0].id)

    app.run()

    assert len(links(app)) == 1
    assert "Students · CSV is ready." in [toast.value for toast in app.toast]
    assert not app.get("progress")


def test_an_export_is_cancelled():
    creator = a_creator()
    export_id = an_export(creator)
    app = opened(an_account(creator), "exports")

    app.button(key=f"cancel_{export_id}").click().run()

    assert exports(creator.id)[0].status == "cancelled"
    assert ":gray-badge[Cancelled]" in words(app)


def test_an_eleventh_export_at_once_is_refused_in_words():
    creator = a_creator()
    for place in range(10):
        an_export(creator, filters={"search": str(place)})

    app = start(opened(an_account(creator), "exports"))

    assert "10 exports are already waiting or running" in app.error[0].value
    assert len(exports(creator.id)) == 10


def test_older_exports_are_shown_on_demand():
    creator = a_creator()
    for place in range(12):
        an_export(creator, "failed", days_ago=place)
    app = opened(an_account(creator), "exports")
    shown = words(app).count("Failed")

    next(button for button in app.button if button.label == "Show 2 earlier files").click().run()

    assert (shown, words(app).count("Failed")) == (10, 12)


def test_staff_export_for_the_creator_they_opened_and_are_named():
    creator = a_creator(a_student(), name="Amy First")
    app = opened(an_account(None, name="Noor Haddad"), "exports")

    start(app)

    (found,) = exports(creator.id)
    assert (found.requested_as, found.requested_by_name) == ("staff", "Noor Haddad")
    assert "Noor Haddad (staff)" in words(app)


def test_an_outsider_sees_no_export_even_after_the_owner_looked():
    owner, outsider = a_creator(), a_creator(name="The Outsider")
    a_finished_export(owner)
    assert len(links(opened(an_account(owner), "exports"))) == 1

    app = opened(an_account(outsider), "exports")

    assert links(app) == []
    assert "No files yet." in words(app)


def test_nobody_and_lesser_tiers_see_no_export():
    creator = a_creator(subscription_tier="pro")
    an_export(creator, "completed")

    for account_id in (None, an_account(creator)):
        page = AppTest.from_file(PROJECT_DIR / "pages" / "exports.py", default_timeout=30)
        page.session_state["account_id"] = account_id
        page.run()
        assert page.exception
        assert not page.title


@pytest.mark.parametrize(
    ("page", "address", "leads_with"),
    [
        (
            "students",
            {"status": "active", "sort": "name", "page": "2"},
            {"type": "students", "status": "active", "sort": "name"},
        ),
        ("students", {"search": "ada"}, {"type": "students", "search": "ada"}),
        ("videos", {"find": "loops", "band": "too-few"}, {"type": "videos", "band": "too-few", "find": "loops"}),
        ("quizzes", {"period": "90d"}, {"type": "quiz_results", "export_period": "90d"}),
        ("chat", {"words": "why"}, {"type": "chat", "export_period": "30d", "words": "why"}),
    ],
)
def test_the_lists_lead_to_their_export_with_their_filters(page, address, leads_with):
    ada = a_student("Ada Moss")
    creator = a_creator(
        ada, a_video("Loops"), a_watch(ada, days_ago=1), a_quiz("Loops"), a_chat(a_question("Why?"), days_ago=1)
    )

    app = opened(an_account(creator), page, **address)

    assert not app.exception
    (link,) = [element.proto for element in app.main.get("page_link") if element.proto.label == "Export"]
    assert {key: values[0] for key, values in parse_qs(urlsplit(link.query_string).path).items()} == leads_with


def test_where_there_are_several_courses_the_export_is_of_the_one_that_is_chosen():
    creator = in_two_courses()
    course = courses.fresh(creator.id).courses[1]

    app = start(opened(an_account(creator), "exports", type="students", course=str(course.course_id)))

    assert not app.exception
    assert "Only “Algorithms”" in words(app)
    assert "“Algorithms”" in words(app)
    assert [one.filters["course_id"] for one in exports(creator.id)] == [str(course.course_id)]


def test_of_all_of_several_courses_the_page_says_so():
    app = opened(an_account(in_two_courses()), "exports", type="students")

    assert "All courses. To narrow this down" in words(app)


def test_with_one_course_the_page_says_nothing_of_courses():
    assert "course" not in words(opened(an_account(a_creator(a_student())), "exports", type="students")).lower()
