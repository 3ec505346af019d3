"""The overview as a creator sees it."""

import json
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from queries.overview.engagement import active_in_period
from queries.overview.headline import overview_stats
from queries.periods.period import MONTH, WEEK
from tests.builders import (
    NOW,
    ACreator,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_student,
    a_watch,
    an_answer,
    an_event,
)
from tests.pages.opened import an_account, figures, opened, words

ADA, BEN, CLEO = "Ada Moss", "Ben Okoro", "Cleo Hart"


def test_the_cards_equal_the_queries() -> None:
    creator = a_busy_creator()
    stats, active = overview_stats.fresh(creator.id), active_in_period.fresh(creator.id, MONTH)

    app = opened(an_account(creator))

    assert not app.exception
    assert (stats.total_students, active.active_students) == (3, 2)
    assert figures(app) == {
        "Total students": "3",
        "Active in 30 days": "2",
        "Completion rate": "70%",
        "AI satisfaction": "75%",
    }
    assert "**67%** of students were active in the last 30 days" in words(app)


def test_a_shorter_period_counts_fewer_students() -> None:
    creator = a_busy_creator()
    app = opened(an_account(creator))

    app.button_group(key="period").set_value("7d").run()

    assert figures(app)["Active in 7 days"] == str(active_in_period.fresh(creator.id, WEEK).active_students) == "1"


def test_the_period_of_the_address_is_chosen() -> None:
    assert "Active in 90 days" in figures(opened(an_account(a_busy_creator()), period="90d"))


def test_a_period_that_does_not_exist_is_the_usual_one() -> None:
    app = opened(an_account(a_busy_creator()), period="1 week; drop")

    assert not app.exception
    assert "Active in 30 days" in figures(app)


def test_the_report_on_the_period_is_one_click_away() -> None:
    account = an_account(a_busy_creator())
    app = opened(account, period="7d")

    links = [link.proto for link in app.main.get("page_link") if link.proto.label.endswith(" report")]
    chosen = [dict(parse_qsl(link.query_string)) for link in links]
    exports = opened(account, "exports", **chosen[1])

    assert chosen[0] == {"type": "analytics", "format": "pdf", "export_period": "7d"}
    assert not exports.exception
    assert [exports.selectbox(key=key).value for key in ("type", "format", "export_period")] == [
        "analytics",
        "xlsx",
        "7d",
    ]


def test_everybody_sees_how_old_the_figures_are_and_only_staff_refresh_them() -> None:
    creator = a_busy_creator()

    app = opened(an_account(creator))
    (told,) = (json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.component_name == "ago")

    assert told["age_seconds"] == (NOW - overview_stats.fresh(creator.id).refreshed_at).total_seconds()
    assert told["exactly"].endswith("(UTC)")
    assert "refresh" not in [button.key for button in app.button]

    by_staff = opened(an_account(None))
    by_staff.button(key="refresh").click().run()

    assert not by_staff.exception
    assert [toast.value for toast in by_staff.toast] == ["The figures are up to date."]


def test_the_shortcuts_lead_to_what_is_done_most_often() -> None:
    creator = a_busy_creator()
    lookups = ["Find a student", "Top performers", "Low engagement"]

    assert shortcuts(opened(an_account(creator))) == [
        "Upload a video",
        "Invite students",
        "Generate a quiz",
        *lookups,
    ]
    assert shortcuts(opened(an_account(None))) == lookups


def test_there_is_a_chart_for_days_activity_and_hours() -> None:
    app = opened(an_account(a_busy_creator()))

    assert [header.value for header in app.header][-3:] == ["Daily active users", "Learning activity", "Peak hours"]
    assert len(app.get("vega_lite_chart")) == 3


def test_students_who_slip_away_are_named_with_the_reason() -> None:
    app = opened(an_account(a_busy_creator()))

    said = words(app)
    assert "1 student needs attention" in said
    assert CLEO in said
    assert "Never started; enrolled 30 days ago." in said
    assert "All inactive" in said
    assert "All at risk" not in said


def test_nobody_at_risk_is_said_so() -> None:
    ada = a_student(ADA)
    app = opened(an_account(a_creator(ada, a_watch(ada, days_ago=1))))

    assert "No student has been away for over 7 days without finishing the course." in words(app)


def test_without_students_it_says_why_it_is_empty_and_what_to_do() -> None:
    app = opened(an_account(a_creator()))

    assert not app.exception
    assert not app.metric
    assert "No students have enrolled yet." in words(app)
    assert "Invite students" in words(app)


def test_without_activity_in_the_period_it_says_so_below_the_figures() -> None:
    ada = a_student(ADA, enrolled_days_ago=80)
    app = opened(an_account(a_creator(ada, a_watch(ada, days_ago=50))), period="7d")

    assert figures(app)["Active in 7 days"] == "0"
    assert "No students were active in the last 7 days." in words(app)
    assert not app.get("vega_lite_chart")


def test_what_cannot_be_divided_is_a_dash() -> None:
    ada = a_student(ADA)
    app = opened(an_account(a_creator(ada, an_event(ada))))

    assert figures(app)["Completion rate"] == "-"
    assert figures(app)["AI satisfaction"] == "-"


@pytest.mark.parametrize(("seconds", "said"), [(60, "lasts 1 minute on average"), (120, "lasts 2 minutes on average")])
def test_the_session_time_is_in_words(seconds: int, said: str) -> None:
    ada = a_student(ADA)
    app = opened(an_account(a_creator(ada, a_watch(ada, days_ago=1, seconds=seconds))))

    assert said in words(app)


def a_busy_creator() -> ACreator:
    """Ada was here yesterday, Ben 15 days ago, Cleo never; 80% and 60% watched, rated 1 and 0.5."""
    ada, ben, cleo = a_student(ADA), a_student(BEN), a_student(CLEO)
    return a_creator(
        [ada, ben, cleo],
        a_watch(ada, days_ago=1),
        a_progress(ada, days_ago=1, watch_percentage=80, completed=True),
        a_watch(ben, days_ago=15),
        a_progress(ben, days_ago=15, watch_percentage=60, completed=True),
        a_chat(a_question(rating=1), an_answer(), student=ada, days_ago=1),
        a_chat(a_question(rating=0.5), an_answer(), student=ben, days_ago=15),
    )


def shortcuts(app: AppTest) -> list[str]:
    """The row of links above the charts: everything behind the reports."""
    labels = [link.proto.label for link in app.main.get("page_link")]
    return labels[-6:] if "Upload a video" in labels else labels[-3:]
