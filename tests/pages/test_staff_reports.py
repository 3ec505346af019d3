"""Reports on the staff page: chosen, started, followed, fetched."""

from datetime import date
from uuid import UUID

from streamlit.testing.v1 import AppTest

from actions.report_runs import request_waiting_reports
from queries.exports.known import exports
from queries.exports.report_runs import report_runs, run_reports
from reports.exports.run import run_export
from tests.builders import ACreator, a_creator
from tests.pages.opened import an_account, opened, words


def test_without_a_choice_every_entitled_creator_gets_a_report() -> None:
    amy, zoe = a_creator(name="Amy"), a_creator(name="Zoe")
    a_creator(name="Moe", subscription_tier="pro")
    staff = an_account(None)

    app = started(opened(staff, "staff"))

    (run,) = report_runs(staff)
    assert [report.creator_id for report in run_reports(staff, run.id)] == [amy.id, zoe.id]
    assert "**2 reports · PDF · Last 30 days**" in words(app)


def test_chosen_creators_period_and_format_are_those_of_the_run() -> None:
    a_creator(name="Amy")
    zoe = a_creator(name="Zoe")
    staff = an_account(None)
    app = opened(staff, "staff")

    app.multiselect(key="report_creators").set_value([zoe.id])
    app.selectbox(key="report_period").set_value("7d")
    app.selectbox(key="report_format").set_value("xlsx")
    app = started(app)

    (run,) = report_runs(staff)
    assert [report.creator_id for report in run_reports(staff, run.id)] == [zoe.id]
    assert (run.period, run.format) == ("7d", "xlsx")
    assert "**1 report · Excel · Last 7 days**" in words(app)


def test_reports_are_of_a_month_or_two_dates_and_compared_with_last_year() -> None:
    amy = a_creator(name="Amy")
    staff = an_account(None)
    app = opened(staff, "staff")

    app.selectbox(key="report_period").set_value("last-month")
    app = started(app)
    app.selectbox(key="report_period").set_value("dates")
    app.selectbox(key="report_compare").set_value("last-year")
    app.run()
    app.date_input(key="report_dates").set_value((date(2026, 1, 5), date(2026, 2, 10)))
    app = started(app)

    assert {(run.period, run.compare) for run in report_runs(staff)} == {
        ("last-month", "before"),
        ("2026-01-05..2026-02-10", "last-year"),
    }
    assert "**1 report · PDF · Last month**" in words(app)
    assert "**1 report · PDF · 2026-01-05 to 2026-02-10 · compared with last year**" in words(app).replace("\\", "")
    request_waiting_reports()
    filters = [export.filters for export in exports(amy.id)]  # asked for at one and the same instant
    assert sorted(filters, key=len) == [
        {"period": "last-month"},
        {"period": "2026-01-05..2026-02-10", "compare": "last-year"},
    ]


def test_no_report_is_started_with_one_of_two_dates() -> None:
    a_creator(name="Amy")
    app = opened(an_account(None), "staff")

    app.selectbox(key="report_period").set_value("dates").run()
    app.date_input(key="report_dates").set_value((date(2026, 1, 5),)).run()

    assert not app.exception
    assert start_button(app).disabled


def test_a_run_shows_its_progress_then_its_failures_and_its_zip() -> None:
    amy, zoe = a_creator(name="Amy"), a_creator(name="Zoe")
    staff = an_account(None)
    app = started(opened(staff, "staff"))
    assert "0 of 2 reports" in progress(app)

    request_waiting_reports()
    fail(amy)
    app.run()
    assert "1 of 2 reports" in progress(app)

    finish(zoe)
    app.run()

    assert not app.exception
    assert progress(app) == []
    assert "**Amy**: The export was cancelled\\." in words(app)
    assert [button.label for button in app.get("link_button")] == ["Download 1 report"]


def test_without_a_run_the_page_says_what_to_do() -> None:
    a_creator(name="Amy")

    app = opened(an_account(None), "staff")

    assert "No reports have been made in 30 days." in words(app)


def test_without_an_entitled_creator_nothing_can_be_started() -> None:
    a_creator(name="Moe", subscription_tier="pro")

    app = opened(an_account(None), "staff")

    assert start_button(app).disabled


def started(app: AppTest) -> AppTest:
    return start_button(app).click().run()


def start_button(app: AppTest):
    return next(button for button in app.button if button.label == "Create reports")


def progress(app: AppTest) -> list[str]:
    return [element.proto.text for element in app.get("progress")]


def finish(creator: ACreator) -> None:
    run_export(creator.id, _export(creator))


def fail(creator: ACreator) -> None:
    from actions.exports import Requester, cancel_export

    cancel_export(Requester("creator", "Ira Bloom"), creator.id, _export(creator))


def _export(creator: ACreator) -> UUID:
    return exports(creator.id)[0].id
