"""Which signals hold, at their thresholds, and how they are worded."""

from typing import Any
from uuid import UUID

import pytest

from actions.courses import add_course, put_videos
from actions.enrolments import enrol
from database.frames import mappings, records
from database.levels import at_level
from queries.courses.known import courses, level_of
from queries.students.history import course_progress
from queries.students.lists import student
from queries.students.reasons import signal_in_words, tier_in_words
from queries.students.rows import StudentRow
from queries.students.signals import SignalRow, student_signals
from tests.builders import (
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_student,
    a_video,
    a_watch,
    an_attempt,
    an_event,
    refreshed,
)
from tests.pages.test_periods import author_of

pytestmark = pytest.mark.usefixtures("shared_database")

SECOND = 1 / 86_400


def said(creator: ACreator, of: Row) -> list[str]:
    return [signal_in_words(row) for row in records(student_signals(creator.id, of.id), SignalRow)]


def kinds(creator: ACreator, of: Row) -> list[str]:
    return list(student_signals(creator.id, of.id)["kind"])


def seen_on(ada: Row, *days_ago: float) -> list[Row]:
    return [an_event(ada, days_ago=days) for days in days_ago]


@pytest.mark.parametrize(
    ("enrolled", "words"),
    [(0.2, "Enrolled today, and has not started yet."), (9, "Never started; enrolled 9 days ago.")],
)
def test_never_started(enrolled, words):
    ada = a_student(enrolled_days_ago=enrolled)

    assert said(a_creator([ada, a_video()]), ada) == [words]


@pytest.mark.parametrize(
    ("days_ago", "holds"),
    [([7], False), ([7 + SECOND], True), ([9, 7, 5], True), ([11, 8, 5], False), ([5, 4, 3], False)],
)
def test_silent_from_a_week_on_or_from_twice_the_usual_gap(days_ago, holds):
    ada = a_student()
    creator = a_creator([ada, a_video()], seen_on(ada, *days_ago))

    assert kinds(creator, ada) == (["silent"] if holds else [])


def test_silence_is_worded_with_the_usual_gap():
    ada = a_student()

    assert said(a_creator([ada], seen_on(ada, 13, 11, 9)), ada) == ["Away 9 days, usually back every 2."]


@pytest.mark.parametrize(
    ("results", "failed"), [([True, False, False], 0), ([False, True], 0), ([True, *[False] * 3], 3)]
)
def test_three_failed_attempts_in_a_row_and_no_fewer(results, failed):
    ada, quiz = a_student(), a_quiz("Loops")
    tries = [
        an_attempt(ada, quiz, passed=passed, score_percent=41.5, days_ago=len(results) - place)
        for place, passed in enumerate(results)
    ]

    words = ["Failed the last 3 quizzes in a row; the latest was “Loops”, with 42%."] if failed else []
    assert said(a_creator([ada, quiz], tries), ada) == words


@pytest.mark.parametrize(
    ("days_ago", "completed", "later", "holds"),
    [(3, False, False, False), (3 + SECOND, False, False, True), (5, True, False, False), (5, False, True, False)],
)
def test_stuck_on_the_furthest_video_after_three_days(days_ago, completed, later, holds):
    ada = a_student()
    _, second, third = videos = [a_video(name, position=place) for place, name in enumerate(("One", "Two", "Three"))]
    rows = [a_watch(ada, second, days_ago=days_ago, seconds=300)]
    rows.append(a_progress(ada, second, days_ago=days_ago, completed=completed))
    rows += [a_progress(ada, third, days_ago=days_ago, completed=True)] if later else []
    creator = a_creator([ada, videos], rows)

    days = int(days_ago)
    stuck = f"Stuck on video 2, “Two”: stopped after 50% of it {days} days ago and started no later one."
    assert said(creator, ada) == ([stuck] if holds else [])


def test_the_video_is_numbered_as_on_the_page_in_a_course_and_over_all():
    """In the second course "Two" is the first video; over both courses it comes after all of the first one."""
    ada = a_student()
    one, two, three = [a_video(name, position=place) for place, name in enumerate(("One", "Two", "Three"))]
    creator = a_creator([ada, one, two, three], a_watch(ada, two, days_ago=4, seconds=300))
    author = author_of(creator)
    second = add_course(author, creator.id, "Sorting")
    put_videos(author, creator.id, second, [two.id])
    enrol(author, creator.id, courses.fresh(creator.id).courses[1].runs[0].run_id, [ada.id])
    refreshed(creator)

    over_all = course_progress(creator.id, ada.id)

    assert over_all["title"].tolist() == ["One", "Three", "Two"]
    assert [row["place"] for row in mappings(student_signals(creator.id, ada.id))] == [3]
    with at_level(level_of(creator.id, second)):
        assert [row["place"] for row in mappings(student_signals(creator.id, ada.id))] == [1]


@pytest.mark.parametrize(
    ("conversations", "words"),
    [
        ([1, 1], []),
        ([3], []),
        ([2, 1], ["Asks the same question again: “What is a loop?”, 3 times in 2 conversations."]),
    ],
)
def test_the_same_question_three_times_in_two_conversations(conversations, words):
    ada = a_student()
    chats = [
        a_chat(*[a_question("What is a loop?") for _ in range(times)], student=ada, days_ago=place)
        for place, times in enumerate(conversations, start=1)
    ]

    assert said(a_creator(ada, chats), ada) == words


@pytest.mark.parametrize(
    ("days_ago", "holds"),
    [
        ([40, 38, 36, 1], True),
        ([30, 28, 16, 1], True),  # 15 days
        ([30, 28, 15, 1], False),  # 14 days are no long silence
        ([60, 58, 56, 14, 12, 10, 8, 6], True),
        ([60, 58, 56, 15, 12, 10, 8, 6], False),  # back for over 14 days
        ([60, 40, 20, 1], False),  # their usual gap
        ([40, 1], False),  # too few days to know what is usual
    ],
)
def test_came_back_from_a_long_silence_lately(days_ago, holds):
    ada = a_student(enrolled_days_ago=90)

    assert ("came_back" in kinds(a_creator(ada, seen_on(ada, *days_ago)), ada)) is holds


def test_a_silence_is_not_measured_against_itself():
    ada = a_student(enrolled_days_ago=90)

    creator = a_creator(ada, seen_on(ada, 40, 38, 1))

    assert said(creator, ada) == ["Came back 1 day ago after 37 days away; usually back every 2 days."]


@pytest.mark.parametrize(
    ("published", "words"), [(1, "Finished the only published video."), (2, "Finished all 2 published videos.")]
)
def test_who_finished_is_neither_silent_nor_stuck(published, words):
    ada, videos = a_student(), [a_video() for _ in range(published)]
    creator = a_creator([ada, videos], [a_progress(ada, video, days_ago=20, completed=True) for video in videos])

    assert said(creator, ada) == [words]


def test_the_worst_comes_first():
    ada, quiz, video = a_student(), a_quiz(), a_video()
    chats = [a_chat(a_question("Why?"), student=ada, days_ago=days) for days in (9, 10, 11)]
    tries = [an_attempt(ada, quiz, passed=False, days_ago=days) for days in (9, 10, 11)]
    creator = a_creator([ada, quiz, video], a_progress(ada, video, days_ago=9), chats, tries)

    assert kinds(creator, ada) == ["silent", "failing", "stuck", "repeating"]


@pytest.mark.parametrize(
    ("videos", "share", "last_seen", "enrolled", "words"),
    [
        (0, None, 0, 20, "enrolled 20 days ago and never started; this tier begins after 14 days."),
        (1, None, 15, 20, "away 15 days; this tier begins after 14 days."),
        (1, None, 8, 20, "away 8 days; this tier begins after 7 days."),
        (1, None, 1, 20, "1 video started; a week after the enrolment it should be 3 or more."),
        (3, None, 1, 20, "3 videos started; from 5 on the tier is Engaged."),
        (5, None, 1, 20, "5 videos started; 5 or more, and an activity in the last 7 days."),
        (10, 80, 1, 20, "10 videos started, and 80% of them watched on average."),
    ],
)
def test_every_tier_has_its_reason(videos: int, share: Any, last_seen: float, enrolled: float, words: str):
    ada, made = a_student(enrolled_days_ago=enrolled), [a_video() for _ in range(videos)]
    progress = [a_progress(ada, video, days_ago=last_seen, watch_percentage=share) for video in made]
    creator = a_creator([ada, made], progress)

    assert tier_in_words(_row(creator.id, ada.id)) == words


def _row(creator_id: UUID, student_id: UUID) -> StudentRow:
    return records(student(creator_id, student_id), StudentRow)[0]
