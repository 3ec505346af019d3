"""Who came back and who finished, the same as on the student's own page."""

import pytest

from queries.overview.good_news import finished_students, returned_students
from queries.periods.period import WEEK
from queries.students.signals import student_signals
from tests.builders import a_creator, a_progress, a_student, a_video, an_event

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.mark.parametrize(
    ("days_ago", "is_back"),
    [
        ((40, 38, 36, 2), True),
        ((40, 38, 36, 6), True),  # the first day of the week
        ((40, 38, 36, 8), False),  # before it
        ((22, 20, 18, 4), False),  # 14 days of silence are not over 14
        ((23, 21, 19, 4), True),
        ((60, 40, 20, 2), False),  # such gaps are usual for them
    ],
)
def test_who_came_back_is_the_students_own_signal(days_ago, is_back):
    ada = a_student(enrolled_days_ago=90)
    creator = a_creator(ada, [an_event(ada, days_ago=days) for days in days_ago])

    found = returned_students.fresh(creator.id, WEEK)

    assert found["student_id"].tolist() == ([ada.id] if is_back else [])
    if is_back:
        assert "came_back" in student_signals.fresh(creator.id, ada.id)["kind"].tolist()


@pytest.mark.parametrize(("days_ago", "is_told"), [(0, True), (6.4, True), (6.6, False)])
def test_who_finished_in_the_week_is_told(days_ago, is_told):
    ada, ben = a_student(), a_student("Ben")
    one, two = a_video("One"), a_video("Two")
    creator = a_creator(
        [ada, ben, one, two],
        a_progress(ada, one, days_ago=20, completed=True),
        a_progress(ada, two, days_ago=days_ago, completed=True),
        a_progress(ben, two, days_ago=days_ago, completed=True),
    )

    assert finished_students.fresh(creator.id, WEEK)["name"].tolist() == (["Ada Moss"] if is_told else [])


def test_an_outsider_hears_no_good_news():
    ada, video = a_student(enrolled_days_ago=90), a_video()
    a_creator(
        [ada, video],
        [an_event(ada, days_ago=days) for days in (40, 38, 36)],
        a_progress(ada, video, days_ago=1, completed=True),
    )
    outsider = a_creator()

    assert returned_students.fresh(outsider.id, WEEK).empty
    assert finished_students.fresh(outsider.id, WEEK).empty
