"""The students hidden in the demo data each get their signal, in words, on their page."""

from uuid import UUID

import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.ids import stable_id
from database.demo.personas import Persona, numbers_of
from database.demo.planted import Planted, planted
from database.frames import frame, mappings
from queries.students.signals import student_signals
from tests.builders import ACreator
from tests.pages.opened import an_account, opened, words
from ui.shared.text import plain

SIZE = DemoSize(students=50, videos=16, days=120)
ADA = ACreator(PYTHON.creator_id, PYTHON.creator, PYTHON.subscription_tier, PYTHON.timezone)
STUDENTS = (
    "select student_id, silent_since < dashboard_now() - interval '3 days' as is_silent from student_engagement_tiers"
)
BADGES = ("Not started", "Away", "Failing", "Stuck", "Same question", "Came back", "Finished")


@pytest.fixture(scope="module", autouse=True)
def page_database(shared_database: object) -> None:
    """All tests look at one demo."""
    load_demo(SIZE)


@pytest.fixture
def facts() -> Planted:
    return planted(PYTHON, SIZE)


def said_about(student_id: UUID) -> str:
    app = opened(an_account(ADA), "student", id=str(student_id))
    assert not app.exception
    return words(app)


def silent_for_three_days() -> set[UUID]:
    return {row["student_id"] for row in mappings(frame(ADA.id, STUDENTS)) if row["is_silent"]}


def test_stuck_students_are_told_with_the_video(facts: Planted) -> None:
    title = frame(ADA.id, "select title from videos where id = :id", id=facts.stuck_video_id)["title"][0]
    stuck = facts.stuck_student_ids & silent_for_three_days()
    assert len(stuck) >= 3

    for student_id in stuck:
        said = said_about(student_id)
        assert "Stuck]" in said
        assert plain(f"Stuck on video 14, “{title}”: stopped after") in said


def test_who_stopped_there_a_short_while_ago_is_not_stuck_yet(facts: Planted) -> None:
    for student_id in facts.stuck_student_ids - silent_for_three_days():
        assert "Stuck]" not in said_about(student_id)


def test_failing_students_are_told_with_the_number(facts: Planted) -> None:
    assert len(facts.failing_student_ids) == 3
    for student_id in facts.failing_student_ids:
        said = said_about(student_id)
        assert "Failing]" in said
        assert "quizzes in a row; the latest was" in said


def test_the_repeating_student_is_told_with_the_question(facts: Planted) -> None:
    (student_id,) = facts.repeating_student_ids

    assert plain(
        f"Asks the same question again: “{facts.repeated_question}”, 6 times in 6 conversations."
    ) in said_about(student_id)


def test_returning_students_are_told_with_the_silence(facts: Planted) -> None:
    assert facts.returning_student_ids
    for student_id in facts.returning_student_ids:
        said = said_about(student_id)
        assert "Came back]" in said
        assert "days away; usually back every" in said


def test_never_started_and_finished_students_are_told(facts: Planted) -> None:
    for student_id in facts.never_started_student_ids:
        assert "Not started]" in said_about(student_id)
    published = frame(ADA.id, "select 1 from videos where status = 'completed' and deleted_at is null")
    for student_id in facts.finished_student_ids:
        assert f"Finished all {len(published)} published videos" in said_about(student_id)


def test_no_other_student_gets_a_signal_of_theirs(facts: Planted) -> None:
    planted_for = {
        "never_started": facts.never_started_student_ids,
        "repeating": facts.repeating_student_ids,
        "came_back": facts.returning_student_ids,
        "finished": facts.finished_student_ids,
    }
    for student_id in frame(ADA.id, STUDENTS)["student_id"]:
        for kind in student_signals(ADA.id, student_id)["kind"]:
            assert student_id in planted_for.get(kind, {student_id}), kind


def test_most_devoted_students_have_no_signal_and_the_page_says_so() -> None:
    numbers = numbers_of(Persona.DEVOTED, SIZE.students)
    devoted = {stable_id(PYTHON.subject, "student", number) for number in numbers}
    quiet = {student_id for student_id in devoted if student_signals(ADA.id, student_id).empty}

    assert len(quiet) >= len(devoted) / 2 > 1
    said = said_about(sorted(quiet)[0])
    assert "All well] Nothing needs attention." in said
    assert not [badge for badge in BADGES if f"{badge}]" in said]
