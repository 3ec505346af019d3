"""The contents of a digest: the figures of the page for the same period, and the lists."""

from datetime import UTC, datetime

import pytest

from database.clock import as_of
from mail.digest.gather import gathered
from mail.digest.mail import digest_mail
from mail.kind import NothingToSay
from mail.message import Mail
from queries.chat.figures import people_asking, satisfaction_breakdown
from queries.chat.questions import QuestionFilters
from queries.overview.engagement import active_in_period, daily_active_users, daily_total_students
from queries.periods.period import WEEK as SEVEN_DAYS
from queries.quizzes.results import period_results
from queries.students.lists import at_risk_students
from tests.builders import a_creator, a_student, a_watch, add, an_event, refreshed
from tests.mail.digest.a_week import TRANSCRIPT, WEEK, a_busy_creator, in_week, known

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture(scope="module")
def creator(shared_database):
    return a_busy_creator()


@pytest.fixture(scope="module")
def digest(creator):
    return gathered(known(creator), WEEK)


def figure(digest, title):
    return next(found for found in digest.figures if found.title == title)


def test_figures_equal_those_of_the_pages_for_the_same_period(creator, digest, monkeypatch):
    # What a page would show if its clock were set to the last moment of the week.
    monkeypatch.setenv("DASHBOARD_NOW", WEEK.last_moment.isoformat())
    active = active_in_period(creator.id, SEVEN_DAYS)
    results = period_results(creator.id, SEVEN_DAYS)
    asked = satisfaction_breakdown(creator.id, QuestionFilters(SEVEN_DAYS))
    days = daily_active_users(creator.id, SEVEN_DAYS)
    this = days[days["window"] == "this"]

    assert figure(digest, "Active students").value == active.seen_this_period == active.active_students == 12
    assert figure(digest, "Active students").before == active.seen_period_before == 4
    assert figure(digest, "Questions asked").value == asked.questions == 3
    assert figure(digest, "Questions asked").people == people_asking(creator.id, QuestionFilters(SEVEN_DAYS)) == 3
    assert figure(digest, "Quiz attempts").value == results.attempts == 10
    assert figure(digest, "Quiz attempts").people == results.students == 10
    assert figure(digest, "Passed").value == results.pass_rate_percent == 0
    assert figure(digest, "Minutes watched").value == pytest.approx(this["watched_minutes"].sum())
    assert [day.active_students for day in digest.days] == this["active_students"].tolist()
    assert digest.total_students == daily_total_students(creator.id, SEVEN_DAYS)["total_students"].iloc[-1] == 13
    slipped = at_risk_students(creator.id)
    assert [item.key for item in digest.slipped.items] == [
        str(row.student_id) for row in slipped.itertuples() if row.status == "at-risk"
    ]


def test_the_week_before_equals_the_page_of_a_week_earlier(creator, digest):
    with as_of(WEEK.before.last_moment):
        asked = satisfaction_breakdown.fresh(creator.id, QuestionFilters(SEVEN_DAYS))
        people = people_asking.fresh(creator.id, QuestionFilters(SEVEN_DAYS))

    assert figure(digest, "Questions asked").before == asked.questions == 1
    assert figure(digest, "Questions asked").people_before == people == 1


def test_who_slipped_is_named_with_the_reason_and_a_link(digest):
    assert [item.title for item in digest.slipped.items] == ["Ada Moss"]
    ada = digest.slipped.items[0]
    assert ada.detail == "Away 10 days."
    assert ada.url.endswith(f"/student?id={ada.key}")


def test_a_video_that_loses_viewers_is_named_with_second_and_line(digest):
    (video,) = digest.videos.items
    assert video.detail == "10 of the 11 viewers of “Loops” who get to 5:00 stop there (91%)."
    assert video.quote == TRANSCRIPT.split(". ")[1] + "."


def test_quizzes_and_questions_that_do_not_work_are_named(digest):
    assert [item.detail for item in digest.quizzes.items] == ["10 of 10 attempts at “Loops” by 10 students failed."]
    assert "None of 10 students got it right" in digest.quiz_questions.items[0].detail
    assert [item.title for item in digest.questions.items] == ["What is recursion?"]
    assert digest.questions.items[0].detail == "“What is recursion?” went unanswered 3 times."


def test_good_news_is_told(digest):
    assert [(item.title, item.detail) for item in digest.came_back.items] == [
        ("Ben Ada Moss", "Back on Wednesday after 58 days away.")
    ]
    assert [(item.title, item.detail) for item in digest.finished.items] == [("Cleo", "Finished the only video.")]


def test_three_to_five_things_to_do_those_for_most_students_first(digest):
    people = [todo.people for todo in digest.todo]

    assert 3 <= len(people) <= 5
    assert people == sorted(people, reverse=True)


def test_a_quiet_week_still_has_three_things_to_do():
    creator = a_creator(ada := a_student(), an_event(ada, at=in_week(1)), timezone=WEEK.timezone)

    assert len(gathered(known(creator), WEEK).todo) == 3


def test_an_outsider_is_told_nothing_of_it(creator, digest):
    outsider = a_creator(timezone=WEEK.timezone)

    foreign = gathered(known(outsider), WEEK)

    assert digest.total_students
    assert foreign.total_students == 0
    assert foreign.keys == ()
    assert digest_mail(foreign) == NothingToSay("No student is enrolled.")


def test_nothing_to_say_is_not_sent_and_says_why():
    creator = a_creator(ada := a_student(enrolled_days_ago=200), an_event(ada, days_ago=100), timezone=WEEK.timezone)

    answer = digest_mail(gathered(known(creator), WEEK))

    assert isinstance(answer, NothingToSay)
    assert "Nobody was active" in answer.reason


@pytest.mark.parametrize(
    ("at", "active"),
    [
        (datetime(2026, 2, 23, 4, 59, 59, tzinfo=UTC), 0),  # Sunday, the last second before
        (datetime(2026, 2, 23, 5, 0, tzinfo=UTC), 1),  # Monday, the first instant
        (datetime(2026, 3, 2, 4, 59, 59, 999999, tzinfo=UTC), 1),  # Sunday, the last microsecond
        (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), 0),  # the next Monday
    ],
)
def test_the_week_has_its_edges_in_the_creators_zone(at, active):
    creator = a_creator(ada := a_student(), an_event(ada, at=at), timezone=WEEK.timezone)

    assert gathered(known(creator), WEEK).active_students == active


def test_who_came_back_after_the_week_is_not_called_slipped():
    creator = a_creator(ada := a_student(), an_event(ada, at=in_week(-4)), timezone=WEEK.timezone)
    assert gathered(known(creator), WEEK).slipped.total == 1

    add(creator, a_watch(ada, at=in_week(8)))

    assert gathered(known(refreshed(creator)), WEEK).slipped.total == 0


def test_the_mail_says_period_zone_and_why_the_reader_gets_it(digest):
    mail = digest_mail(digest)

    assert isinstance(mail, Mail)
    for part in (mail.text, mail.html):
        assert "23 February to 1 March 2026" in part
        assert "America/New York" in part
        assert "because the weekly digest of Mira Vale is turned on" in part
        assert TRANSCRIPT.split(". ")[1] in part
    assert mail.subject == "23 February to 1 March 2026: 12 active students, 1 slipping away, 1 finished"


def test_the_mail_needs_nothing_from_elsewhere_and_is_small(digest):
    mail = digest_mail(digest)

    assert 'src="cid:activity"' in mail.html
    assert mail.html.count("<img") == 1
    assert 'src="http' not in mail.html
    assert "url(" not in mail.html
    assert 'content="light dark"' in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert len(mail.html.encode()) + len(mail.text.encode()) < 100_000
    assert [image.name for image in mail.images] == ["activity"]
    assert "Monday" in mail.html.split('alt="')[1]
