"""The choice of a period on the pages: it says of which days the figures are, whoever chose them."""

from datetime import timedelta
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from actions.courses import RunDates, add_course, add_run, change_run
from actions.preferences import save_preferences
from actions.videos import VideoUpdates, update_video
from database.accounts import Account
from database.settings import PROJECT_DIR
from queries.courses.known import courses
from queries.overview.engagement import active_in_period
from queries.periods.period import PERIODS, resolve
from rules.preferences import Preferences
from tests.builders import NOW, ACreator, a_creator, a_student, a_video, a_watch, an_event, refreshed
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.test_overview import a_busy_creator

TODAY = NOW.date()


@pytest.mark.parametrize("preferred", PERIODS)
@pytest.mark.parametrize("asked", [None, *PERIODS, "this-month", "nonsense"])
def test_the_choice_shows_the_period_of_the_figures(preferred: str, asked: str | None) -> None:
    creator = a_busy_creator()
    save_preferences(author_of(creator), creator.id, Preferences(period=preferred))
    app = opened(an_account(creator), **({"period": asked} if asked else {}))

    for _ in range(2):
        shown = shown_period(app)
        of_figures = asked if asked in (*PERIODS, "this-month") else preferred
        assert shown == of_figures
        if of_figures in PERIODS:
            assert f"in the last {PERIODS[of_figures].label}" in words(app)
            assert f"Active in {PERIODS[of_figures].label}" in figures(app)
        else:
            assert "in March 2026 so far" in words(app)
        app.run()


@pytest.mark.parametrize(
    ("preferred", "said"), [("this-month", "in March 2026 so far"), ("last-month", "in February 2026")]
)
def test_a_month_may_be_what_the_overview_begins_with(preferred: str, said: str) -> None:
    creator = a_busy_creator()
    save_preferences(author_of(creator), creator.id, Preferences(period=preferred))

    app = opened(an_account(creator))
    compared = opened(an_account(creator), compare="last-year")

    assert shown_period(app) == shown_period(compared) == preferred
    assert said in words(app)
    app.button_group(key="period").set_value("7d").run()
    assert app.query_params["period"] == "7d"
    assert "in the last 7 days" in words(app)


@pytest.mark.parametrize("page", ["chat", "quizzes"])
def test_what_was_chosen_on_another_page_never_stands_above_other_figures(page: str) -> None:
    creator = a_busy_creator()
    save_preferences(author_of(creator), creator.id, Preferences(period="7d"))
    app = opened(an_account(creator))
    app.button_group(key="period").set_value("90d").run()

    app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py")).run()
    app.run()

    assert shown_period(app) == app.query_params.get("period", "30d")


def test_a_month_is_chosen_and_stands_in_the_address() -> None:
    creator = a_busy_creator()
    app = opened(an_account(creator))

    app.selectbox(key="more_periods").set_value("last-month").run()

    assert app.query_params["period"] == "last-month"
    assert app.button_group(key="period").value is None
    wanted = active_in_period.fresh(creator.id, resolve("last-month", TODAY)).active_students
    assert figures(app)["Active students"] == str(wanted) == "1"
    assert "1 to 28 Feb 2026, compared with 1 to 31 Jan 2026" in words(app)


def test_two_dates_are_chosen_and_half_a_choice_changes_nothing() -> None:
    app = opened(an_account(a_busy_creator()))
    first, last = TODAY - timedelta(days=20), TODAY - timedelta(days=10)

    app.date_input[0].set_value((first,)).run()
    half = dict(app.query_params)
    app.date_input[0].set_value((first, last)).run()

    assert "period" not in half
    assert app.query_params["period"] == "2026-02-12..2026-02-22"
    assert app.date_input[0].value == (first, last)
    assert "active from 12 to 22 Feb 2026" in words(app)


def test_the_period_is_compared_with_last_year_and_so_is_its_report() -> None:
    app = opened(an_account(a_busy_creator()), period="this-month")

    app.selectbox(key="compared_with").set_value("last-year").run()

    assert app.query_params["compare"] == "last-year"
    assert "1 to 4 Mar 2026, compared with 1 to 4 Mar 2025" in words(app)
    links = [link.proto for link in app.main.get("page_link") if link.proto.label.endswith(" report")]
    assert dict(parse_qsl(links[0].query_string))["export_compare"] == "last-year"


def test_a_choice_of_the_usual_periods_ends_that_of_a_month() -> None:
    app = opened(an_account(a_busy_creator()), period="last-month")

    app.button_group(key="period").set_value("7d").run()

    assert app.selectbox(key="more_periods").value is None
    assert "Active in 7 days" in figures(app)


def test_the_days_since_the_start_of_the_only_run() -> None:
    creator = a_creator(an_event(days_ago=0), an_event(days_ago=5))
    [course] = courses.fresh(creator.id).courses
    spring = RunDates("Spring", NOW - timedelta(days=2), None)
    change_run(author_of(creator), creator.id, course.runs[0].run_id, spring)
    app = opened(an_account(creator))

    app.selectbox(key="more_periods").set_value("run").run()

    assert app.query_params["period"] == "run"
    assert "active since the start of Spring" in words(app)
    assert "2 to 4 Mar 2026, compared with 27 Feb to 1 Mar 2026" in words(app)


@pytest.mark.parametrize("address", [{"period": "2027-01-01..2027-02-01"}, {"period": "7d", "compare": "yesterday"}])
def test_what_means_nothing_is_passed_over(address: dict[str, str]) -> None:
    app = opened(an_account(a_busy_creator()), **address)

    assert not app.exception
    assert shown_period(app) == ("7d" if "compare" in address else "30d")


def shown_period(app: AppTest) -> object:
    """What the choice says: one of the buttons, else the month of the list."""
    return app.button_group(key="period").value or app.selectbox(key="more_periods").value


def author_of(creator: ACreator) -> Account:
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


def test_what_happened_is_marked_and_one_click_away() -> None:
    ada, video = a_student("Ada Moss"), a_video("Loops")
    creator = a_creator(ada, video, a_watch(ada, video, days_ago=1))
    update_video(author_of(creator), creator.id, video.id, VideoUpdates(title="Loops", transcript="Loops run."))

    app = opened(an_account(creator))

    said = "4 Mar 2026: video changed, **Loops**"
    [link] = [link.proto for link in app.main.get("page_link") if link.proto.label == said]
    assert link.page.endswith("video")
    assert dict(parse_qsl(link.query_string)) == {"id": str(video.id)}
    for chart in app.get("vega_lite_chart")[:2]:
        assert f"video?id={video.id}".encode() in chart.proto.SerializeToString()


def test_the_running_day_is_no_part_of_the_cards_story() -> None:
    ada = a_student("Ada Moss")
    creator = a_creator(ada, [an_event(ada, days_ago=days) for days in (1, 2, 8, 9)])

    app = opened(an_account(creator), period="7d")

    [active] = [metric for metric in app.metric if metric.label == "Active in 7 days"]
    assert active.proto.chart_data == [0, 0, 0, 0, 1, 1]
    assert active.delta == "0"


def test_the_start_of_a_run_leads_to_its_course() -> None:
    creator = a_creator(a_student("Ada Moss"), a_video("Loops"), an_event(days_ago=1))
    author = author_of(creator)
    sorting = add_course(author, creator.id, "Sorting")
    autumn = add_run(author, creator.id, sorting, RunDates("Autumn", NOW - timedelta(days=2), None))
    refreshed(creator)

    app = opened(an_account(creator))

    said = "2 Mar 2026: run started, **Autumn**"
    [link] = [link.proto for link in app.main.get("page_link") if link.proto.label == said]
    assert link.page.endswith("courses")
    assert dict(parse_qsl(link.query_string)) == {"course": str(sorting), "run": str(autumn)}
    for chart in app.get("vega_lite_chart")[:2]:
        assert f"courses?course={sorting}&run={autumn}".encode() in chart.proto.SerializeToString()
    there = opened(an_account(creator), "courses", **dict(parse_qsl(link.query_string)))
    assert {box.key: box.value for box in there.selectbox if box.key in ("course", "run")} == {
        "course": str(sorting),
        "run": str(autumn),
    }
    assert [header.value for header in there.header] == ["Sorting", "Course 1"]


def test_the_period_follows_through_the_menu() -> None:
    app = opened(an_account(a_busy_creator()))
    app.selectbox(key="more_periods").set_value("last-month").run()
    app.selectbox(key="compared_with").set_value("last-year").run()

    for page in ("chat", "quizzes", "overview"):
        to_page(app, page)
        assert shown_period(app) == "last-month"
        assert dict(app.query_params) == {"period": "last-month", "compare": "last-year"}
        assert "1 to 28 Feb 2026, compared with 1 to 28 Feb 2025" in words(app)


def test_a_usual_period_follows_too_and_not_only_what_is_unusual_on_a_page() -> None:
    creator = a_busy_creator()
    save_preferences(author_of(creator), creator.id, Preferences(period="7d"))
    app = opened(an_account(creator))
    to_page(app, "chat")
    assert shown_period(app) == "30d"  # nothing was chosen yet

    app.button_group(key="period").set_value("90d").run()
    app.button_group(key="period").set_value("30d").run()
    assert "period" not in app.query_params
    to_page(app, "overview")

    assert shown_period(app) == app.query_params["period"] == "30d"
    assert "Active in 30 days" in figures(app)


def test_two_dates_follow_and_an_address_wins() -> None:
    app = opened(an_account(a_busy_creator()))
    first, last = TODAY - timedelta(days=20), TODAY - timedelta(days=10)
    app.date_input[0].set_value((first, last)).run()

    to_page(app, "chat")
    assert app.date_input[0].value == (first, last)
    to_page(app, "quizzes", period="7d")
    assert shown_period(app) == "7d"
    to_page(app, "overview")
    assert shown_period(app) == "7d"


def test_the_way_back_leads_to_what_was_shown() -> None:
    app = opened(an_account(a_busy_creator()), period="last-month")
    to_page(app, "chat")
    app.button_group(key="period").set_value("90d").run()

    app.query_params["period"] = "last-month"
    app.run()
    back = shown_period(app)
    app.query_params.clear()  # as the menu opened the page
    app.run()

    assert back == shown_period(app) == "last-month"


def test_the_start_of_a_run_follows_as_far_as_there_is_that_run() -> None:
    creator = a_creator(a_student("Ada Moss"), a_video("Loops"), an_event(days_ago=1))
    author = author_of(creator)
    first = courses.fresh(creator.id).courses[0]
    change_run(author, creator.id, first.runs[0].run_id, RunDates("Spring", NOW - timedelta(days=2), None))
    sorting = add_course(author, creator.id, "Sorting")
    refreshed(creator)
    app = opened(an_account(creator), course=str(first.course_id))
    app.selectbox(key="more_periods").set_value("run").run()

    to_page(app, "chat")
    followed = shown_period(app)
    app.selectbox(key="course").select(str(sorting)).run()

    assert followed == "run"
    assert not app.exception
    assert shown_period(app) == "30d"


def to_page(app: AppTest, page: str, **address: str) -> None:
    """By the menu, which leads to an address without a word; or by a link, which says some."""
    app.query_params.clear()
    for key, value in address.items():
        app.query_params[key] = value
    app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py")).run()
    assert not app.exception
